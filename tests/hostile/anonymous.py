"""What a request without a good credential costs, at each operation of the contract: the bytes of its response, and
processor time."""

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.hostile import requests
from tests.hostile.node import ATTACKER, Node
from tests.hostile.requests import FORM, JSON, MAX_ANONYMOUS_BODY_BYTES, MAX_BODY_BYTES, TWO_KEYS
from tests.support.client import TestFailure

CONTRACT = Path(__file__).resolve().parents[2] / "openapi.yaml"
METHODS = ("get", "post", "put", "patch", "delete")
TIMEOUT = 30.0
# Less than the head may have.
LONG_BYTES = 20_000
UNKNOWN_TOKEN = ("Authorization", "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.AAAA")


@dataclass(frozen=True)
class Cost:
    """The costliest requests of one operation."""

    operation: str
    # The size of the whole response, and what was sent.
    response_bytes: int
    largest: str
    # Processor time in ms for each request, of the node and of Postgres, above that of a request of the same size to a
    # path that does not exist.
    cpu_ms: float
    costliest: str


def operations() -> Iterator[tuple[str, str, str, str]]:
    """The operations of the contract: id, method, path and the media type of its body."""
    contract: dict[str, Any] = yaml.safe_load(CONTRACT.read_text())
    for path, item in contract["paths"].items():
        for method in METHODS:
            if operation := item.get(method):
                media_type = next(iter(operation.get("requestBody", {}).get("content", {JSON: None})))
                yield operation["operationId"], method.upper(), path, media_type


def hostile_requests(method: str, path: str, media_type: str) -> Iterator[tuple[str, bytes]]:
    """Requests to one operation, each with what is hostile about it."""
    target, content = path.replace("{item_id}", "1"), ("Content-Type", media_type)
    faulty = requests.faulty_form if media_type == FORM else requests.faulty_json
    largest, smaller = faulty(MAX_BODY_BYTES), faulty(MAX_ANONYMOUS_BODY_BYTES)

    def send(headers: list[tuple[str, str]], body: bytes = b"", to: str = target) -> bytes:
        return requests.request(method, to, headers, body)

    yield "nothing", send([])
    yield "a body of 64 KiB with faults", send([content], largest)
    yield "a body of 20 KiB with faults", send([content], smaller)
    yield "a body of another type", send([("Content-Type", "text/plain")], smaller)
    yield "two keys, and a body with faults", send([*TWO_KEYS, content], largest)
    yield "a token that is not valid, and a body with faults", send([UNKNOWN_TOKEN, content], largest)
    yield "a forged key, and a body with faults", send([("X-API-Key", requests.forged_key()), content], largest)
    yield "a key of 20 kB", send([("X-API-Key", "x" * LONG_BYTES), content], smaller)
    query = "&".join(["limit=x", "status=x", "scope=x", "since=x"] * (LONG_BYTES // 32))
    yield "20 kB of query parameters", send([content], to=f"{target}?{query}")
    headers = [(name, "x") for name in ("If-Match", "Idempotency-Key", "X-Request-Id", "Prefer")] * 20
    yield "headers and a path with faults", send([*headers, content], smaller, path.replace("{item_id}", "x" * 8000))


def costs(node: Node, count: int) -> Iterator[Cost]:
    """Sends each hostile request `count` times."""
    references: dict[int, float] = {}
    for operation, method, path, media_type in operations():
        sizes: list[tuple[int, str]] = []
        times: list[tuple[float, str]] = []
        for name, data in hostile_requests(method, path, media_type):
            size, seconds = _cost(node, data, count)
            if len(data) not in references:
                references[len(data)] = _cost(node, _reference(len(data)), count)[1]
            sizes.append((size, name))
            times.append(((seconds - references[len(data)]) / count * 1000, name))
        (response_bytes, largest), (cpu_ms, costliest) = max(sizes), max(times)
        yield Cost(operation, response_bytes, largest, max(0.0, cpu_ms), costliest)


def _reference(size: int) -> bytes:
    """A request of this size to a path that does not exist."""
    empty = len(requests.request("POST", "/nothing"))
    return requests.request("POST", "/nothing", body=b"x" * max(0, size - empty - len(str(size)) + 1))


def _cost(node: Node, data: bytes, count: int) -> tuple[int, float]:
    begin = node.cpu_seconds()
    size = largest_response(node, data, count)
    return size, node.cpu_seconds() - begin


def largest_response(node: Node, data: bytes, count: int) -> int:
    """Sends a request `count` times; returns the size of the largest response, with its head."""
    host, port = node.address.split(":")
    largest, sent = 0, 0
    while sent < count:
        with socket.create_connection((host, int(port)), TIMEOUT, (ATTACKER, 0)) as connection:
            is_open = True
            while is_open and sent < count:
                # The server does not read what it does not need, and its response may have arrived.
                with contextlib.suppress(OSError):
                    connection.sendall(data)
                response, is_open = _read(connection)
                largest = max(largest, len(response))
                sent += 1
    if not largest:
        raise TestFailure(f"no response to {data[:60]!r}")
    return largest


def _read(connection: socket.socket) -> tuple[bytes, bool]:
    """Reads a response; returns it, and whether the connection stays open."""
    received = b""
    length = None
    while length is None or len(received) < length:
        try:
            data = connection.recv(64 * 1024)
        except ConnectionError:
            data = b""
        if not data:
            return received, False
        received += data
        head, end, _ = received.lower().partition(b"\r\n\r\n")
        if length is None and end:
            fields = [line for line in head.split(b"\r\n") if line.startswith(b"content-length:")]
            length = len(head) + len(end) + (int(fields[0][15:]) if fields else 0)
    return received, b"connection: close" not in received.partition(b"\r\n\r\n")[0].lower()
