"""`latchkey serve` with a data directory of its own, or on a database."""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.support.client import Client, TestFailure

START_TIMEOUT = STOP_TIMEOUT = 60.0
NO_VARIABLES: Mapping[str, str] = {}


class Server(Client):
    """A server with its own Postgres, both removed on exit. The user `admin` has the given password.

    With `DATABASE_URL` among the variables, it is a node on that database, which gets no user.
    """

    def __init__(self, program: Path, admin_password: str, variables: Mapping[str, str] = NO_VARIABLES):
        self.program = program
        self.directory = Path(tempfile.mkdtemp(prefix="latchkey-test.", dir="/tmp"))
        # Postgres does not run as root, and must be able to reach its data.
        self.directory.chmod(0o755)
        self.log = self.directory / "log"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LATCHKEY_")},
            "LATCHKEY_ADMIN_PASSWORD": admin_password,
            "LATCHKEY_MAX_CONNECTIONS": "16384",
            "LATCHKEY_DATA_DIR": str(self.directory / "data"),
            "LATCHKEY_LISTEN": "127.0.0.1:0",
            # A run with many examples outlasts the usual hour of a token.
            "LATCHKEY_TOKEN_TTL": "1day",
            # Most requests have one credential.
            "LATCHKEY_WRITE_RATE_LIMIT": "none",
            "LATCHKEY_READ_RATE_LIMIT": "none",
            "LATCHKEY_TRUSTED_PROXIES": "127.0.0.0/8",
        }
        self.environment.pop("DATABASE_URL", None)
        self.environment.update(variables)
        if "DATABASE_URL" in variables:
            del self.environment["LATCHKEY_DATA_DIR"]
        (self.directory / "data").mkdir(mode=0o755)

    def __enter__(self) -> Self:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [self.program, "serve"],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self.address = self._wait_for_address()
            super().__init__(f"http://{self.address}")
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exception: BaseException | None, traceback: TracebackType | None
    ) -> None:
        status, log = self.process.poll(), self.log.read_text(errors="replace")
        self._remove()
        if isinstance(exception, Exception) and status not in (None, 0):
            end = "\n".join(log.splitlines()[-30:])
            raise TestFailure(f"the server exited with {status}; the end of its log:\n{end}") from exception

    def _wait_for_address(self) -> str:
        end = time.monotonic() + START_TIMEOUT
        while time.monotonic() < end and self.process.poll() is None:
            for entry in self.log_entries():
                if entry.get("message") == "serving":
                    return str(entry["address"])
            time.sleep(0.1)
        raise TestFailure(f"the server did not start:\n{self.log.read_text(errors='replace')}")

    def log_entries(self) -> Iterator[dict[str, Any]]:
        """The JSON lines of the log so far."""
        for line in self.log.read_text(errors="replace").splitlines():
            with contextlib.suppress(ValueError):
                yield json.loads(line)

    def stop(self) -> None:
        """Stops the server by SIGTERM; fails when it does not exit with 0, or has logged errors."""
        self.process.terminate()
        try:
            status = self.process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            raise TestFailure("the server did not stop") from None
        if status != 0:
            raise TestFailure(f"the server stopped with {status}")
        if errors := [entry for entry in self.log_entries() if entry.get("level") == "ERROR"]:
            raise TestFailure("the server logged errors:\n" + "\n".join(json.dumps(error) for error in errors[:10]))

    def _remove(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def create_user(self, username: str, password: str, role: str = "member") -> None:
        """Creates a user by the command line."""
        subprocess.run(
            [self.program, "user", "create", username, "--role", role, "--password-stdin"],
            env=self.environment,
            input=password.encode(),
            check=True,
            stdout=subprocess.DEVNULL,
        )
