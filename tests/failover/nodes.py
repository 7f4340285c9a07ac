"""Latchkey nodes on the cluster."""

import contextlib
import http.client
import json
import subprocess
import urllib.parse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.failover.cluster import Cluster
from tests.failover.machines import running, wait_for

SECRET = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
USERNAME, PASSWORD = "failover", "the user's own password"
REQUEST_TIMEOUT = 30.0
START_TIMEOUT = 60.0


class Response(NamedTuple):
    """A response of a node."""

    status: int
    stale: bool
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Connection:
    """A connection to a node, which is opened again after an error."""

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(address, timeout=REQUEST_TIMEOUT)

    def request(self, method: str, target: str, headers: Mapping[str, str], body: Any = None) -> Response | None:
        """Sends a request; `None` if there is no response."""
        try:
            text = None if body is None else json.dumps(body)
            self._connection.request(method, target, text, {"Content-Type": "application/json", **headers})
            response = self._connection.getresponse()
            return Response(response.status, response.headers.get("X-Latchkey-Stale") == "true", response.read())
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return None

    def verify(self, key: str) -> Response | None:
        """Verifies a key as a gateway does."""
        return self.request("GET", "/v1/forward-auth", {"X-API-Key": key})


class Node:
    """A running node."""

    def __init__(self, name: str, path: str, address: str) -> None:
        self.name = name
        # How it reaches the primary.
        self.path = path
        self.address = address

    def connect(self) -> Connection:
        return Connection(self.address)

    def log_in(self) -> dict[str, str]:
        """The headers that authenticate the user."""
        form = urllib.parse.urlencode({"grant_type": "password", "username": USERNAME, "password": PASSWORD})
        connection = http.client.HTTPConnection(self.address, timeout=REQUEST_TIMEOUT)
        with contextlib.closing(connection):
            connection.request("POST", "/token", form, {"Content-Type": "application/x-www-form-urlencoded"})
            token = json.load(connection.getresponse())["access_token"]
        return {"Authorization": f"Bearer {token}"}


@contextlib.contextmanager
def nodes(
    cluster: Cluster, proxy: str, program: Path, directory: Path, environment: dict[str, str]
) -> Iterator[list[Node]]:
    """Two nodes with a URL that names all servers, and one behind HAProxy."""
    hosts = [member.postgres.partition(":")[0] for member in cluster.members]
    ports = [member.postgres.partition(":")[2] for member in cluster.members]
    servers = ",".join(f"{host}:{port}" for host, port in zip(hosts, ports, strict=True))
    urls = {
        "several hosts": f"postgres://postgres@{servers}/postgres?target_session_attrs=read-write&sslmode=disable",
        "HAProxy": f"postgres://postgres@{proxy}/postgres?sslmode=disable",
    }
    create: list[str | Path] = [program, "user", "create", USERNAME, "--role", "admin", "--password-stdin"]
    url = {"DATABASE_URL": urls["several hosts"]}
    subprocess.run(create, env=environment | url, input=PASSWORD.encode(), check=True, stdout=subprocess.DEVNULL)
    with contextlib.ExitStack() as stack:
        started = []
        for number, path in enumerate(["several hosts", "several hosts", "HAProxy"], 1):
            log = directory / f"node{number}.log"
            variables = {
                "DATABASE_URL": urls[path],
                "LATCHKEY_LISTEN": "127.0.0.1:0",
                "LATCHKEY_TOKEN_SECRET": SECRET,
                # All requests have one credential.
                "LATCHKEY_WRITE_RATE_LIMIT": "none",
                "LATCHKEY_READ_RATE_LIMIT": "none",
                "LATCHKEY_PEPPERS": f"1:{SECRET}",
            }
            stack.enter_context(running([program, "serve"], log, environment | variables))
            address = wait_for("a node to listen", START_TIMEOUT, lambda log=log: _address(log))  # type: ignore[misc]
            started.append(Node(f"node {number}", path, address))
        yield started


def _address(log: Path) -> str | None:
    for line in log.read_text(errors="replace").splitlines():
        with contextlib.suppress(ValueError):
            entry = json.loads(line)
            if entry.get("message") == "serving":
                return str(entry["address"])
    return None
