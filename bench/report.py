"""The results, and docs/BENCHMARKS.md."""

import os
import platform
import re
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.load import Latency
from bench.postgres import SETTINGS
from bench.processes import ROOT


@dataclass(frozen=True)
class Cell:
    """The medians of one operation with one number of connections."""

    operation: str
    connections: int
    service: Latency
    baseline: Latency
    # `None` for an operation without a statement.
    pgbench: Latency | None
    # Microseconds of processor time for each request: of the server, of Postgres and of wrk.
    cpu: tuple[float, float, float]

    @property
    def of_pgbench(self) -> float | None:
        """The share of pgbench's rate that the service reaches."""
        return self.service.rate / self.pgbench.rate if self.pgbench else None

    @property
    def of_baseline(self) -> float:
        """The share of the baseline's rate that the service reaches."""
        return self.service.rate / self.baseline.rate

    def __str__(self) -> str:
        of_pgbench = f"{self.of_pgbench:.2f} of pgbench, " if self.of_pgbench else ""
        return (
            f"{self.operation}, {self.connections} connections: {self.service.rate:.0f}/s, "
            f"{of_pgbench}{self.of_baseline:.2f} of the baseline"
        )


@dataclass(frozen=True)
class Results:
    """All that a run has measured."""

    cells: list[Cell]
    # Paragraphs.
    facts: list[str]
    start_seconds: float
    # VmHWM in MB, before and after the verifications.
    memory: tuple[float, float]


def latency(value: Latency | None) -> str:
    return f"{value.rate:,.0f} ({value.p50:.2f}, {value.p99:.2f})" if value else ""


def run() -> str:
    """What all results depend on."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    return f"""- **Run**: {date.today()}, commit {commit}.
- **Machine**: {os.cpu_count()} processors ({model[1] if model else platform.machine()}), shared by the server, Postgres and the load generator."""


def render(results: Results, rows: int, rounds: int, seconds: int) -> str:
    """Returns the page."""
    rates = [
        "| operation | connections | service /s (p50, p99 ms) | pgbench /s (p50, p99 ms) | baseline /s (p50, p99 ms) | of pgbench | of the baseline |",
        "|---|---|---|---|---|---|---|",
    ]
    costs = ["| operation | connections | server | Postgres | wrk |", "|---|---|---|---|---|"]
    for cell in results.cells:
        columns = " | ".join(latency(value) for value in (cell.service, cell.pgbench, cell.baseline))
        of_pgbench = f"**{cell.of_pgbench:.2f}**" if cell.of_pgbench else ""
        rates.append(
            f"| {cell.operation} | {cell.connections} | {columns} | {of_pgbench} | **{cell.of_baseline:.2f}** |"
        )
        costs.append(f"| {cell.operation} | {cell.connections} | {' | '.join(f'{cost:.0f}' for cost in cell.cpu)} |")
    facts = "\n\n".join(results.facts)
    before, after = results.memory
    newline = "\n"
    return f"""# Benchmarks

Written by `make bench`. This page compares the service with two references that run on the same machine:

- **pgbench** runs the same statements on the same database, without HTTP.
- **The baseline** (`bench/baseline`) is a bare axum server with the same routes and constant responses, without a database.

Targets:

- PATCH, GET and uncached verification reach at least 0.75 of pgbench's rate.
- Cached verification reaches at least 0.85 of the baseline's rate, with a p99 of at most twice the baseline's.
- The server needs less than 60 MB of memory, and less than 400 MB with a million cached keys.
- The server starts in less than 1 s.
- Forward authentication adds less than 25 % to nginx's p50.
- issueApiKey reaches at least 0.9 of createApiKey's rate.

[SEARCH.md](SEARCH.md) has the measurements of searches and of bulk revocation, which `make bench-search` writes.

## Results

{run()}
- **Method**: {rows:,} keys; {rounds} rounds of {seconds} s for each cell, alternating; medians.
- **Postgres**: durable; {", ".join(f"{name}={value}" for name, value in SETTINGS.items())}.
- **Server**: default settings, including the access log. pgbench runs with `-M prepared` over the Unix socket.

{newline.join(rates)}

Start with an initialized database, until `/readyz` returns 200: **{results.start_seconds * 1000:.0f} ms**. Peak memory of the server (VmHWM): **{before:.0f} MB** before the verifications, {after:.0f} MB after them, with 100,000 cached keys.

{facts}

## Limiting factors

Processor time for each request of the service, in microseconds:

{newline.join(costs)}

- Where the three columns add up to the total time of the processors, the processors are the limit. pgbench needs one process and one round trip; the service adds HTTP.
- With one connection, the limit is the latency of one round trip.
- A PATCH also waits for the disk, because every commit is flushed.
- A cached verification runs no statement. Compared with the baseline, it adds the caller's token, the key's HMAC, the usage counter and the log line.
- Concurrent uncached verifications share statements. pgbench's do not.
- Through nginx, each request becomes two, and the second one crosses to another process and back. The baseline shows what any subrequest costs nginx.
"""
