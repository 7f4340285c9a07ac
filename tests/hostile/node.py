"""A node on a database of its own, with a user and keys."""

import base64
import contextlib
import http.client
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.postgres import Postgres
from bench.processes import STOP_TIMEOUT, cpu_seconds, number, reserved_address, responds
from tests.support.client import JSON, Client, TestFailure

START_TIMEOUT = 60.0
USERNAME, PASSWORD = "admin", "a-password-of-the-victim"
# Where clients connect from: the loopback network lets each have an address of its own.
ATTACKER, VICTIM = "127.0.0.3", "127.0.0.2"
TEMPLATE = "migrated"


@dataclass
class Node:
    """A running `latchkey serve`."""

    process: subprocess.Popen[bytes]
    postgres: Postgres
    address: str
    management: str
    # Of the user, as headers.
    token: Mapping[str, str]
    # A key that nobody revokes.
    key: str
    # The ids of keys to revoke.
    revocable: list[int]

    def peak_memory(self) -> float:
        """The largest resident set so far, in MB."""
        return number(r"VmHWM:\s+(\d+)", Path(f"/proc/{self.process.pid}/status").read_text()) / 1024

    def cpu_seconds(self) -> float:
        """The processor time of the node and of Postgres so far."""
        pids = (self.process.pid, self.postgres.pid)
        return cpu_seconds(lambda pid, parent: pid in pids or parent == self.postgres.pid)


class Nodes:
    """Starts nodes on one Postgres."""

    def __init__(self, program: Path, postgres: Postgres) -> None:
        self._program = program
        self._postgres = postgres
        self._databases = 0
        secret = base64.b64encode(os.urandom(32)).decode()
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LATCHKEY_")},
            "DATABASE_URL": self._url(TEMPLATE),
            "LATCHKEY_TOKEN_SECRET": secret,
            # All requests have one credential.
            "LATCHKEY_WRITE_RATE_LIMIT": "none",
            "LATCHKEY_READ_RATE_LIMIT": "none",
            "LATCHKEY_PEPPERS": f"1:{secret}",
        }
        postgres.sql(f"CREATE DATABASE {TEMPLATE}")
        command: list[str | Path] = [program, "user", "create", USERNAME, "--role", "admin", "--password-stdin"]
        subprocess.run(
            command,
            env=self._environment,
            input=f"{PASSWORD}\n".encode(),
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def _url(self, database: str) -> str:
        return self._postgres.url.removesuffix("postgres") + database

    @contextlib.contextmanager
    def serve(self, settings: Mapping[str, str], keys: int, *, log_is_read: bool = True) -> Iterator[Node]:
        """A node on a new database, whose user has this many keys to revoke."""
        self._databases += 1
        database = f"attacked_{self._databases}"
        self._postgres.sql(f"CREATE DATABASE {database} TEMPLATE {TEMPLATE}")
        with contextlib.ExitStack() as stack:
            stack.callback(self._postgres.sql, f"DROP DATABASE {database} WITH (FORCE)")
            address, management = stack.enter_context(reserved_address()), stack.enter_context(reserved_address())
            environment = {
                **self._environment,
                "DATABASE_URL": self._url(database),
                "LATCHKEY_LISTEN": address,
                "LATCHKEY_MANAGEMENT_LISTEN": management,
                # What the attack has left pending.
                "LATCHKEY_DRAIN_TIMEOUT": "1s",
                **settings,
            }
            process = stack.enter_context(self._running(environment, f"http://{management}/readyz", log_is_read))
            client = Client(f"http://{address}")
            token = client.log_in(USERNAME, PASSWORD)
            created = [client.request_json("POST", "/v1/api-keys/", token | JSON, b"{}") for _ in range(keys + 1)]
            revocable = [int(key["id"]) for key in created[1:]]
            yield Node(process, self._postgres, address, management, token, str(created[0]["full_key"]), revocable)

    @contextlib.contextmanager
    def _running(
        self, environment: Mapping[str, str], ready: str, log_is_read: bool
    ) -> Iterator[subprocess.Popen[bytes]]:
        with tempfile.TemporaryFile() as log:
            process = subprocess.Popen(
                [self._program, "serve"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log if log_is_read else subprocess.PIPE,
                stderr=log,
            )
            try:
                end = time.monotonic() + START_TIMEOUT
                while not responds(ready):
                    if process.poll() is not None or time.monotonic() > end:
                        log.seek(0)
                        raise TestFailure(f"the node did not start:\n{log.read().decode(errors='replace')[-2000:]}")
                    time.sleep(0.02)
                yield process
            finally:
                process.terminate()
                if process.stdout:
                    process.stdout.close()
                try:
                    process.wait(STOP_TIMEOUT)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def socket_memory() -> float:
    """What the buffers of all TCP sockets of the machine take, in MB."""
    pages = number(r"TCP: .* mem (\d+)", Path("/proc/net/sockstat").read_text())
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


def connect(address: str, source: str, timeout: float) -> http.client.HTTPConnection:
    """A connection from the address `source`, opened by its first request."""
    return http.client.HTTPConnection(address, timeout=timeout, source_address=(source, 0))


def json_body(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
