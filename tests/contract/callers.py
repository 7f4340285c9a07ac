"""The users, owners and service accounts that call the tested server."""

import json
import urllib.parse
from collections.abc import Mapping
from email.message import Message
from typing import Any

from tests.support.client import JSON, Client, HttpError, TestFailure

# The examples of the contract log in as the first of them.
USERS = {"first": ("admin", "latchkey-demo"), "second": ("second", "latchkey-second")}
SPARE_KEYS = 400
# What an owner may do with its keys, and a service account that is a manager.
OWNER_SCOPES = ["latchkey:keys.read", "latchkey:keys.write"]
MANAGER_SCOPES = [*OWNER_SCOPES, "latchkey:owners.read", "latchkey:owners.write", "latchkey:audit.read"]


class Caller:
    """A principal with keys, authenticated by a token or by a key of its own; `bearer` is empty for the latter.

    `key_policy` is that of the key that serves as a credential. `issued_to` is an owner, as a project and an external
    id: the keys that a run uses up are issued to it. Without one they are the caller's own.
    """

    def __init__(
        self,
        client: Client,
        credential: Mapping[str, str],
        key_policy: Mapping[str, Any] | None = None,
        issued_to: tuple[str, str] | None = None,
    ):
        self.client, self.credential, self.key_policy, self.issued_to = client, dict(credential), key_policy, issued_to
        self.bearer = self.credential if "Authorization" in self.credential else {}
        # The keys that the user has already are left alone.
        self.existing_ids = self._all_ids()

    @classmethod
    def logged_in(cls, client: Client, username: str, password: str) -> "Caller":
        return cls(client, client.log_in(username, password))

    def create_keys(self, examples: int) -> None:
        """Creates the keys that a run with this many examples uses up, and one that serves as a credential."""
        # The contract's example of `item_id` is 1, so the very first key must be one that may be lost.
        self.spare_ids: list[int] = [self._create_spare_key()["id"] for _ in range(SPARE_KEYS + examples)]
        key = self._create_key(self.key_policy)
        self.key: dict[str, str] = {"X-API-Key": key["full_key"]}
        self.key_id: int = key["id"]

    def create_project(self) -> str:
        """Creates a project with two owners and a service account, one more, and a user.

        The slug, the external id and the id of the first owner, the slug of the other project, and the ids of the
        service account, the second owner and the user.
        """
        for slug in ("contract", "changed"):
            self._post("/v1/projects", {"slug": slug})
        owner = self._post("/v1/projects/contract/owners", {"external_id": "acme"})
        doomed = self._post("/v1/projects/contract/owners", {"external_id": "doomed"})
        account = self._post("/v1/projects/contract/service-accounts", {"name": "contract", "role": "verifier"})
        user = self._post("/v1/users", {"username": "changed"})
        return f"contract,acme,{owner['id']},changed,{account['user_id']},{doomed['id']},{user['id']}"

    def create_owners(self) -> list["Caller"]:
        """Two owners of the project, each with an owner token."""
        owners = []
        for external_id in ("first", "second"):
            self._post("/v1/projects/contract/owners", {"external_id": external_id})
            request = {
                "external_id": external_id,
                "scopes": OWNER_SCOPES,
                "key_scopes": OWNER_SCOPES,
                "expires_in": 900,
            }
            token = self._post("/v1/projects/contract/owner-tokens", request)["access_token"]
            credential = {"Authorization": f"Bearer {token}"}
            owners.append(Caller(self.client, credential, {"scopes": OWNER_SCOPES}))
        return owners

    def create_managers(self) -> list["Caller"]:
        """Service accounts that are managers, one of the project and one of the other, each with an API key."""
        managers, policy = [], {"scopes": MANAGER_SCOPES}
        for slug in ("contract", "changed"):
            self._post(f"/v1/projects/{slug}/service-accounts", {"name": "manager", "role": "manager"})
            request = {"service_account": "manager", "policy": policy}
            key = self._post(f"/v1/projects/{slug}/api-keys", request)
            managers.append(Caller(self.client, {"X-API-Key": key["full_key"]}, policy, issued_to=(slug, "acme")))
        return managers

    def cursor(self) -> str:
        """A valid cursor of the list of keys."""
        cursor = _next_cursor(self.client.request("GET", "/v1/api-keys/?limit=1", self.credential)[0])
        if cursor is None:
            raise TestFailure("the list of keys has no second page")
        return cursor

    def audit_cursor(self) -> str:
        """A valid cursor of the list of audit events."""
        cursor = self.client.request_json("GET", "/v1/audit/events?limit=10", self.credential)["next_cursor"]
        if cursor is None:
            raise TestFailure("the list of audit events has no second page")
        return str(cursor)

    def check_credentials(self) -> None:
        """Fails when a credential of the run has become invalid."""
        for credential in (self.credential, self.key):
            try:
                self.client.request("GET", "/v1/users/me", credential)
            except TestFailure as failure:
                raise TestFailure(f"the run invalidated one of its own credentials: {failure}") from None

    def delete_keys(self) -> tuple[int, int]:
        """Deletes the keys that the user did not have before; returns how many were deleted and how many remain."""
        created = set(self._all_ids()) - set(self.existing_ids)
        remaining = 0
        for key_id in created:
            try:
                self.client.request("DELETE", f"/v1/api-keys/{key_id}", self.credential)
            except HttpError as error:
                remaining += error.status != 404
            except TestFailure:
                remaining += 1
        return len(created) - remaining, remaining

    def _create_spare_key(self) -> dict[str, Any]:
        if not self.issued_to:
            return self._create_key()
        project, external_id = self.issued_to
        return self._post(f"/v1/projects/{project}/api-keys", {"external_id": external_id})

    def _create_key(self, policy: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return self._post("/v1/api-keys/", {"policy": policy} if policy else {})

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        created: dict[str, Any] = self.client.request_json(
            "POST", path, self.credential | JSON, json.dumps(body).encode()
        )
        return created

    def _all_ids(self) -> list[int]:
        ids: list[int] = []
        cursor: str | None = ""
        while cursor is not None:
            target = f"/v1/api-keys/?limit=1000{cursor and f'&cursor={cursor}'}"
            headers, body = self.client.request("GET", target, self.credential)
            ids += [record["id"] for record in json.loads(body)]
            cursor = _next_cursor(headers)
        return ids


def _next_cursor(headers: Message) -> str | None:
    if not (link := headers.get("Link")):
        return None
    return urllib.parse.parse_qs(urllib.parse.urlsplit(link[1 : link.index(">")]).query)["cursor"][0]
