"""The benchmarked operations, and the load that wrk generates of them."""

import json
import os
import secrets
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

# What a PATCH sends, with a random number as the description.
PATCH_BODY = '{"description":"%d","expires_at":"2031-06-30T12:00:00Z"}'


class Latency(NamedTuple):
    """Requests or transactions per second, and percentiles of their latency and the longest, in milliseconds."""

    rate: float
    p50: float
    p99: float
    longest: float


@dataclass(frozen=True)
class Operation:
    """A request as bench/requests.lua sends it."""

    name: str
    # An HTTP method; VERIFY is a POST with a key, FORWARD a GET with X-API-Key. A POST has a line of the file of keys as its body.
    method: str
    # What precedes the id.
    path: str
    # How many ids, keys or bodies it chooses from at random; 0: none, or the keys one after another.
    ids: int = 0


def percentile(values: Sequence[int], percent: int) -> int:
    """Returns a percentile of sorted values."""
    return values[len(values) * percent // 100]


def median(values: list[Latency]) -> Latency:
    """Returns the median of each figure."""
    return Latency(*(statistics.median(column) for column in zip(*values, strict=True)))


def load(
    address: str,
    operation: Operation,
    connections: int,
    seconds: int,
    credential: str,
    *,
    first: int = 1,
    keys: Path = Path("/dev/null"),
) -> Latency:
    """Runs wrk. `keys` is a file with a key or a body in each line, `first` the line to begin with."""
    script = Path(__file__).with_name("requests.lua")
    arguments = [operation.method, operation.path, first, operation.ids, credential, secrets.randbelow(2**31)]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", script, f"http://{address}", "--"]
    environment = {"CONNECTIONS": str(connections), "KEYS": str(keys), "PATCH_BODY": PATCH_BODY}
    run = subprocess.run(
        [*map(str, command), *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )
    result = json.loads(run.stdout.strip().splitlines()[-1])
    if result["bad_status"] or result["bad_socket"]:
        raise SystemExit(f"{operation.name} returned errors: {result}")
    rate = result["requests"] / result["microseconds"] * 1e6
    return Latency(rate, *(result[field] / 1000 for field in ("p50", "p99", "longest")))
