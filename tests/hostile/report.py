"""The aims, and the page with the tables."""

from dataclasses import dataclass
from pathlib import Path

from tests.hostile.anonymous import Cost

# Of the valid requests in a baseline.
BASELINE_CONNECTIONS = 32
MAX_RATIO = 3.0
MAX_REVOCATION_SECONDS = 1.0
MAX_MEMORY_MB = 300.0
MAX_PROBE_MS = 100.0
MAX_RESPONSE_BYTES = 8 * 1024
MAX_CPU_MS = 1.0

INTRODUCTION = """\
# Under attack

Written by `make hostile`, from `tests/hostile/`. This page says what one hostile client does to a node and to its other
clients.

One node runs on a Postgres with durable settings, all on one machine. The load generator is a process that is pinned to
one processor, and connects from 127.0.0.3 without credentials. The victim connects from 127.0.0.2: it verifies a cached
key 100 times a second (`GET /v1/forward-auth`), and revokes another key once a second. `/livez` of the management
listener is requested 20 times a second. Each attack lasts {seconds:g} s and has a node and a database of its own.

- The *baseline* of an attack is a run without it, in which the load generator verifies a valid key at the rate of the
  attack's requests instead, on as many connections, {connections} at most.
- *p50* and *p99* are of the victim's verifications. All times count from the moment when a request was due, so that a
  stall counts for each request that it delays. *Failed* counts verifications without a 200.
- *Revocation* is the longest time until a revocation was acknowledged. *Refused* counts those that were not.
- *Memory* is the peak of the node's resident set. *In sockets* is by how much the kernel's memory of all TCP sockets of
  the machine has grown at the end of the attack; a control group counts it as the node's.
- *`/livez`* is the slowest response.
- *Attack* counts the load generator's requests and connections for each second, with their outcomes: a status, or what
  happened to a connection. Connections that the server closes are opened again.

Aims: the p99 is at most {ratio:g} times the baseline's, no verification fails, each revocation is acknowledged within
{revocation:g} s, the memory stays below {memory:g} MB and that in sockets too, and `/livez` responds within {probe:g}
ms. What misses its aim is in bold, and the command fails.
"""

TITLES = (
    "attack",
    "attack /s",
    "outcomes",
    "p50",
    "p99",
    "baseline p99",
    "ratio",
    "failed",
    "revocation",
    "refused",
    "memory",
    "in sockets",
    "`/livez`",
)

COSTS = """
## Requests without a good credential

Each operation of the contract is sent ten kinds of hostile requests, {count} of each: bodies with thousands of faults,
two keys, forged keys, tokens that are not valid, long headers, paths and queries. *Response* is the largest one with
its head, *processor time* the largest mean of one kind, of the node and Postgres together, above that of a request of
the same size to a path that does not exist. Passwords are not among them: a login costs its hash until the
[limits](OPERATIONS.md#logins) are reached.

Aims: at most {size} bytes and {cpu:g} ms.

| operation | response | to | processor time | of |
|---|---|---|---|---|
"""


@dataclass
class Row:
    """What was measured under one attack."""

    name: str
    # Requests and connections per second, and how many had each outcome.
    rate: float
    outcomes: dict[str, int]
    # In milliseconds.
    p50: float
    p99: float
    # `None` if there was no baseline.
    baseline_p99: float | None
    # Verifications by status or error.
    failed: dict[str, int]
    # In seconds.
    revocation: float
    refused: int
    # In MB.
    memory: float
    socket_memory: float
    # In milliseconds.
    probe: float
    failed_probes: int

    def ratio(self) -> float:
        return self.p99 / self.baseline_p99 if self.baseline_p99 else 0.0

    def cells(self) -> list[tuple[str, bool]]:
        """The cells of the table, each with whether it misses its aim."""
        outcomes, failed = _counts(self.outcomes), _counts(self.failed) or "0"
        baseline = _milliseconds(self.baseline_p99) if self.baseline_p99 else "–"
        probe = _milliseconds(self.probe) + (f", {self.failed_probes} failed" if self.failed_probes else "")
        return [
            (self.name, False),
            (f"{self.rate:.0f}", False),
            (outcomes, False),
            (_milliseconds(self.p50), False),
            (_milliseconds(self.p99), False),
            (baseline, False),
            (f"{self.ratio():.1f}" if self.p99 < float("inf") else "–", self.ratio() > MAX_RATIO),
            (failed, bool(self.failed)),
            (_milliseconds(self.revocation * 1000), self.revocation > MAX_REVOCATION_SECONDS),
            (str(self.refused), self.refused > 0),
            (f"{self.memory:.0f} MB", self.memory >= MAX_MEMORY_MB),
            (f"{self.socket_memory:.0f} MB", self.socket_memory >= MAX_MEMORY_MB),
            (probe, self.probe > MAX_PROBE_MS or self.failed_probes > 0),
        ]

    def violations(self) -> list[str]:
        """The bounds that hold at any speed of the machine."""
        bounds = {
            "revocations were refused": self.refused,
            "probes of /livez failed": self.failed_probes,
            "MB of memory": round(self.memory) if self.memory >= MAX_MEMORY_MB else 0,
        }
        return [f"{self.name}: {count} {text}" for text, count in bounds.items() if count]


def _counts(outcomes: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(outcomes.items()))


def _milliseconds(value: float) -> str:
    """Infinity is without a response."""
    if value == float("inf"):
        return "none"
    return f"{value:.1f} ms" if value < 10 else f"{value:.0f} ms"


def cost_cells(cost: Cost) -> list[tuple[str, bool]]:
    return [
        (f"`{cost.operation}`", False),
        (f"{cost.response_bytes} B", cost.response_bytes > MAX_RESPONSE_BYTES),
        (cost.largest, False),
        (f"{cost.cpu_ms:.2f} ms", cost.cpu_ms > MAX_CPU_MS),
        (cost.costliest, False),
    ]


def line(cells: list[tuple[str, bool]]) -> str:
    """A row of a table, with what misses its aim in bold."""
    return f"| {' | '.join(f'**{text}**' if misses else text for text, misses in cells)} |\n"


def misses(cells: list[tuple[str, bool]]) -> bool:
    return any(missed for _, missed in cells)


def columns() -> str:
    return f"| {' | '.join(TITLES)} |\n{'|---' * len(TITLES)}|\n"


def write(path: Path, run: str, seconds: float, rows: list[Row], count: int, costs: list[Cost]) -> None:
    """Writes the page."""
    introduction = INTRODUCTION.format(
        seconds=seconds,
        connections=BASELINE_CONNECTIONS,
        ratio=MAX_RATIO,
        revocation=MAX_REVOCATION_SECONDS,
        memory=MAX_MEMORY_MB,
        probe=MAX_PROBE_MS,
    )
    text = introduction + f"\n{run}\n\n" + columns() + "".join(line(row.cells()) for row in rows)
    text += COSTS.format(count=count, size=MAX_RESPONSE_BYTES, cpu=MAX_CPU_MS)
    path.write_text(text + "".join(line(cost_cells(cost)) for cost in costs))
