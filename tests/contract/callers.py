"""The users that call the tested server."""

import json
import urllib.parse
from collections.abc import Mapping
from email.message import Message
from typing import Any

from tests.support.client import JSON, Client, HttpError, TestFailure

# The examples of the contract log in as the first of them.
USERS = {"first": ("admin", "latchkey-demo"), "second": ("second", "latchkey-second")}
SPARE_KEYS = 400


class Caller:
    """A user with keys, authenticated by a token or by a key of the user; `bearer` is empty for the latter."""

    def __init__(self, client: Client, credential: Mapping[str, str]):
        self.client, self.credential = client, dict(credential)
        self.bearer = self.credential if "Authorization" in self.credential else {}
        # The keys that the user has already are left alone.
        self.existing_ids = self._all_ids()

    @classmethod
    def logged_in(cls, client: Client, username: str, password: str) -> "Caller":
        return cls(client, client.log_in(username, password))

    def create_keys(self, examples: int) -> None:
        """Creates the keys that a run with this many examples uses up, and one that serves as a credential."""
        # The contract's example of `item_id` is 1, so the very first key must be one that may be lost.
        self.spare_ids: list[int] = [self._create_key()["id"] for _ in range(SPARE_KEYS + examples)]
        key = self._create_key()
        self.key: dict[str, str] = {"X-API-Key": key["full_key"]}
        self.key_id: int = key["id"]

    def create_project(self) -> str:
        """Creates a project with an owner and a service account, and one more.

        The slug, the external id and the id of the owner, the slug of the other, and the id of the service account.
        """
        for slug in ("contract", "changed"):
            body = json.dumps({"slug": slug}).encode()
            self.client.request("POST", "/v1/projects", self.credential | JSON, body)
        owner = self.client.request_json(
            "POST", "/v1/projects/contract/owners", self.credential | JSON, b'{"external_id": "acme"}'
        )
        account = self.client.request_json(
            "POST",
            "/v1/projects/contract/service-accounts",
            self.credential | JSON,
            b'{"name": "contract", "role": "verifier"}',
        )
        return f"contract,acme,{owner['id']},changed,{account['user_id']}"

    def cursor(self) -> str:
        """A valid cursor of the list of keys."""
        cursor = _next_cursor(self.client.request("GET", "/v1/api-keys/?limit=10", self.credential)[0])
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

    def _create_key(self) -> dict[str, Any]:
        key: dict[str, Any] = self.client.request_json("POST", "/v1/api-keys/", self.credential | JSON, b"{}")
        return key

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
