"""What is tested over HTTP: a Latchkey that runs somewhere, or `latchkey serve` of our own, with a Postgres of its own."""

import contextlib
import http.client
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

START_TIMEOUT = STOP_TIMEOUT = 60.0


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
            said = error.read().decode(errors="replace")[:500]
            raise Refused(f"{method} {target.partition('?')[0]} was answered {error.code}: {said}", error.code) from None
        except OSError as error:
            raise Failed(f"{self.url} does not answer: {error}") from None
        except (ValueError, http.client.HTTPException) as error:
            # Its words may hold a header that was given.
            raise Failed(f"{self.url} cannot be asked: {type(error).__name__}") from None

    def ask_json(self, method: str, target: str, headers: Mapping[str, str] = {}, body: bytes | None = None) -> object:
        try:
            return json.loads(self.ask(method, target, headers, body)[1])
        except ValueError:
            raise Failed(f"{self.url} is no Latchkey: {target.partition('?')[0]} was not answered by JSON") from None

    def log_in(self, name: str, password: str) -> dict[str, str]:
        """The headers with a token of this user."""
        form = urllib.parse.urlencode({"grant_type": "password", "username": name, "password": password})
        token = self.ask_json("POST", "/token", {"Content-Type": "application/x-www-form-urlencoded"}, form.encode())
        return {"Authorization": f"Bearer {token['access_token']}"}


class Server(Site):
    """`latchkey serve`, gone afterwards with its database. The user `admin` has the given password."""

    def __init__(self, program: Path, admin_password: str):
        self.program = program
        self.directory = Path(tempfile.mkdtemp(prefix="latchkey-test.", dir="/tmp"))
        # Postgres, which is not run by root, must be able to pass.
        self.directory.chmod(0o755)
        self.log = self.directory / "log"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LATCHKEY_")},
            "LATCHKEY_ADMIN_PASSWORD": admin_password,
            "LATCHKEY_MAX_CONNECTIONS": "16384",
            "LATCHKEY_DATA_DIR": str(self.directory / "data"),
            "LATCHKEY_LISTEN": "127.0.0.1:0",
            # A run with many examples takes longer than a token's usual hour.
            "LATCHKEY_TOKEN_TTL": "1day",
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

    def make_user(self, name: str, password: str, role: str = "member") -> None:
        subprocess.run(
            [self.program, "user", "create", name, "--role", role, "--password-stdin"],
            env=self.environment, input=password.encode(), check=True, stdout=subprocess.DEVNULL,
        )
