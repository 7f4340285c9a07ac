"""Who calls the server that is tested."""

import json
import sys
import urllib.parse
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from server import Failed, Site

# The contract's own example logs in as the first of them.
USERS = {"first": ("admin", "latchkey-demo"), "second": ("second", "latchkey-second")}
SPARE_KEYS = 400
JSON = {"Content-Type": "application/json"}


class Caller:
    """A user with keys, by a token or by a key of theirs; `bearer` is empty for the latter."""

    def __init__(self, site: Site, credential: Mapping[str, str]):
        self.site, self.credential = site, dict(credential)
        self.bearer = self.credential if "Authorization" in self.credential else {}
        # What the user has already is left alone.
        self.kept_ids = self._all_ids()

    def make_keys(self) -> None:
        """Those that a run uses up, and one that is a credential."""
        # The contract's example of `item_id` is 1, so the first key of all is one that may be lost.
        self.spare_ids = [self._make_key()["id"] for _ in range(SPARE_KEYS)]
        key = self._make_key()
        self.key, self.key_id = {"X-API-Key": key["full_key"]}, key["id"]

    @classmethod
    def logged_in(cls, site: Site, name: str, password: str) -> "Caller":
        return cls(site, site.log_in(name, password))

    def _make_key(self) -> dict:
        return self.site.ask_json("POST", "/v1/api-keys/", self.credential | JSON, b"{}")

    def _all_ids(self) -> list[int]:
        ids, cursor = [], ""
        while cursor is not None:
            headers, body = self.site.ask("GET", f"/v1/api-keys/?limit=1000{cursor and f'&cursor={cursor}'}", self.credential)
            ids += [record["id"] for record in json.loads(body)]
            cursor = _next_cursor(headers)
        return ids

    def cursor(self) -> str:
        return _next_cursor(self.site.ask("GET", "/v1/api-keys/?limit=10", self.credential)[0])

    def check_credentials(self) -> None:
        for credential in (self.credential, self.key):
            try:
                self.site.ask("GET", "/v1/users/me", credential)
            except Failed as failed:
                raise Failed(f"a credential that the run began with was lost on the way: {failed}") from None

    def remove_keys(self) -> tuple[int, int]:
        """Deletes what the user did not have before; how many that were, and how many stay."""
        made = set(self._all_ids()) - set(self.kept_ids)
        stay = 0
        for id in made:
            try:
                self.site.ask("DELETE", f"/v1/api-keys/{id}", self.credential)
            except Failed as failed:
                stay += getattr(failed, "status", None) != 404
        return len(made) - stay, stay


def _next_cursor(headers: Mapping[str, str]) -> str | None:
    if not (link := headers.get("Link")):
        return None
    return urllib.parse.parse_qs(urllib.parse.urlsplit(link[1:link.index(">")]).query)["cursor"][0]
