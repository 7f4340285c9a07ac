"""What is tested: a server of our own, or one that runs elsewhere; and who calls it."""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

# The contract's own example logs in as this user.
USERS = {"first": ("admin", "latchkey-demo"), "second": ("second", "latchkey-second")}
SPARE_KEYS = 400
START_TIMEOUT = STOP_TIMEOUT = 60.0
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Failed(Exception):
    """What a person must know."""


class Refused(Failed):
    """An answer that is no success."""

    def __init__(self, message: str, status: int):
        super().__init__(message)
        self.status = status


class Site:
    """A Latchkey that runs somewhere."""

    def __init__(self, url: str):
        self.url = url.rstrip("/")

    def ask(self, method: str, target: str, headers: Mapping[str, str] = {}, body: bytes | None = None):
        request = urllib.request.Request(self.url + target, body, dict(headers), method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.headers, response.read()
        except urllib.error.HTTPError as error:
            raise Refused(f"{method} {target.partition('?')[0]} was answered {error.code}: {error.read().decode(errors='replace')}", error.code) from None
        except OSError as error:
            raise Failed(f"{self.url} does not answer: {error}") from None


class Server(Site):
    """`latchkey serve` with a database of its own, which is gone afterwards."""

    def __init__(self, program: Path):
        self.program = program
        self.directory = Path(tempfile.mkdtemp(prefix="latchkey-contract.", dir="/tmp"))
        # Postgres, which is not run by root, must be able to pass.
        self.directory.chmod(0o755)
        self.log = self.directory / "log"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LATCHKEY_")},
            "LATCHKEY_ADMIN_PASSWORD": USERS["first"][1],
            "LATCHKEY_CONNECTION_LIMIT": "16384",
            "LATCHKEY_DATA_DIR": str(self.directory / "data"),
            "LATCHKEY_LISTEN": "127.0.0.1:0",
            # A run with many examples takes longer than a token's usual hour.
            "LATCHKEY_TOKEN_LIFETIME": "1day",
            "LATCHKEY_TRUSTED_PROXIES": "127.0.0.0/8",
        }
        self.environment.pop("DATABASE_URL", None)
        (self.directory / "data").mkdir(mode=0o755)

    def __enter__(self) -> "Server":
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [self.program, "serve"], env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )
        try:
            self.address = self._wait_for_address()
            super().__init__(f"http://{self.address}")
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(self, kind: type | None, exception: BaseException | None, traceback: object) -> None:
        status, log = self.process.poll(), self.log.read_text(errors="replace")
        self._remove()
        if isinstance(exception, Exception) and status not in (None, 0):
            end = "\n".join(log.splitlines()[-30:])
            raise Failed(f"the server ended with {status}; the end of its log:\n{end}") from exception

    def _wait_for_address(self) -> str:
        end = time.monotonic() + START_TIMEOUT
        while time.monotonic() < end and self.process.poll() is None:
            for entry in self.entries():
                if entry.get("message") == "serving":
                    return entry["address"]
            time.sleep(0.1)
        raise Failed(f"the server did not start:\n{self.log.read_text(errors='replace')}")

    def entries(self) -> Iterator[dict]:
        for line in self.log.read_text(errors="replace").splitlines():
            with contextlib.suppress(ValueError):
                yield json.loads(line)

    def stop(self) -> None:
        """Stops it as an operator would, and looks for what it would tell an operator."""
        self.process.terminate()
        try:
            status = self.process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            raise Failed("the server did not stop") from None
        if status != 0:
            raise Failed(f"the server stopped with {status}")
        if errors := [entry for entry in self.entries() if entry.get("level") == "ERROR"]:
            raise Failed("the server logged errors:\n" + "\n".join(json.dumps(error) for error in errors[:10]))

    def _remove(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def make_user(self, name: str, password: str) -> None:
        subprocess.run(
            [self.program, "user", "create", name, "--role", "member", "--password-stdin"],
            env=self.environment, input=password.encode(), check=True, stdout=subprocess.DEVNULL,
        )


class Caller:
    """A user with keys, by a token or by a key of theirs; `bearer` is empty for the latter."""

    def __init__(self, site: Site, credential: Mapping[str, str]):
        self.site, self.credential = site, dict(credential)
        self.bearer = self.credential if "Authorization" in self.credential else {}
        # What the user has already is left alone.
        self.kept_ids = self._all_ids()
        # The contract's example of `item_id` is 1, so the first key of all is one that may be lost.
        self.spare_ids = [self._make_key()["id"] for _ in range(SPARE_KEYS)]
        key = self._make_key()
        self.key, self.key_id = {"X-API-Key": key["full_key"]}, key["id"]

    @classmethod
    def logged_in(cls, site: Site, name: str, password: str) -> "Caller":
        return cls(site, log_in(site, name, password))

    def _make_key(self) -> dict:
        return json.loads(self.site.ask("POST", "/v1/api-keys/", self.credential | JSON, b"{}")[1])

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

    def remove_keys(self) -> int:
        """Deletes what the user did not have before; how many that were."""
        made = set(self._all_ids()) - set(self.kept_ids)
        for id in made:
            self.site.ask("DELETE", f"/v1/api-keys/{id}", self.credential)
        return len(made)


def log_in(site: Site, name: str, password: str) -> dict[str, str]:
    form = urllib.parse.urlencode({"grant_type": "password", "username": name, "password": password})
    return {"Authorization": f"Bearer {json.loads(site.ask('POST', '/token', FORM, form.encode())[1])['access_token']}"}


def _next_cursor(headers: Mapping[str, str]) -> str | None:
    if not (link := headers.get("Link")):
        return None
    return urllib.parse.parse_qs(urllib.parse.urlsplit(link[1:link.index(">")]).query)["cursor"][0]
