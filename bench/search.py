"""Measures the searches of keys, and bulk revocation, in a database with ten million keys of a hundred thousand owners.

Prints a page and writes it to docs/SEARCH.md. `--quick` is a smoke test of this benchmark with an unoptimised program: its numbers
mean nothing, and it writes no page.
"""

import argparse
import base64
import contextlib
import http.client
import json
import os
import secrets
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.load import Latency, Operation, load, median, percentile
from bench.many_keys import BIG_OWNER, PROJECT, SIZED_ROWS, bytes_per_key, fill, layout_sizes
from bench.postgres import Postgres
from bench.processes import PASSWORD, ROOT, USERNAME, Program, build, cpu_times, stop_on_signals
from bench.search_report import Measured, Page, Scale, render
from bench.searches import (
    EXECUTIONS,
    REVOKE_PATH,
    Search,
    explain,
    explain_revocation,
    explaining_url,
    request,
    revocation,
    searches,
    target,
)

# All keys and their indexes are in the buffers, as they are in those of a server for that many. No server reads what this one writes.
POSTGRES = {"shared_buffers": "6GB", "effective_cache_size": "12GB", "wal_level": "minimal", "max_wal_senders": "0"}
CONNECTIONS = (1, 8)
# How many keys a request revokes, and how many requests are measured.
REVOKED, REVOCATIONS = 1_000, 20


def prepare(
    postgres: Postgres, executable: Path, pepper: bytes, rows: int, owners: int
) -> tuple[dict[str, str], list[str]]:
    """Fills the database, and returns the environment of the program and some keys. The user is a manager of the project."""
    encoded = base64.b64encode(pepper).decode()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("LATCHKEY_")},
        "DATABASE_URL": postgres.url,
        "LATCHKEY_TOKEN_SECRET": encoded,
        "LATCHKEY_PEPPERS": f"1:{encoded}",
        # All requests have one credential.
        "LATCHKEY_WRITE_RATE_LIMIT": "none",
        "LATCHKEY_READ_RATE_LIMIT": "none",
    }
    command: list[str | Path] = [executable, "user", "create", USERNAME, "--role", "member", "--password-stdin"]
    subprocess.run(command, env=environment, input=f"{PASSWORD}\n", text=True, check=True, stdout=subprocess.DEVNULL)
    known = fill(postgres, pepper, rows, owners)
    postgres.sql(
        "INSERT INTO members (principal_id, kind, project_id, role) SELECT u.id, 'user', p.id, 'manager' "
        f"FROM principals u, projects p WHERE u.name = '{USERNAME}' AND p.slug = '{PROJECT}'"
    )
    return environment, known


def measure(
    postgres: Postgres, program: Program, search: Search, scratch: Path, rounds: int, seconds: int
) -> tuple[list[Latency], tuple[float, float]]:
    """Returns the latencies of the search, for each number of connections, and the milliseconds of processor time that a request
    takes in Postgres and in the server, with the first of these."""
    bodies = scratch / "bodies"
    bodies.write_text("".join(json.dumps(body) + "\n" for body in search.filters))
    path = target(program, search)
    operation = Operation(search.name, "POST", path, len(search.filters))
    with contextlib.closing(http.client.HTTPConnection(program.address)) as connection:
        for number in range(EXECUTIONS):
            request(program, connection, path, search.filters[number % len(search.filters)])
    latencies = []
    costs: list[list[float]] = []
    processes = (lambda _, parent: parent == postgres.pid, lambda pid, _: pid == program.process.pid)
    for connections in CONNECTIONS:
        measured = []
        for _ in range(rounds):
            before = [cpu_times(each) for each in processes]
            latency = load(program.address, operation, connections, seconds, program.token, keys=bodies)
            # Backends that end meanwhile do not count.
            after = [cpu_times(each) for each in processes]
            costs.append(
                [
                    sum(time - begin.get(pid, 0) for pid, time in end.items()) * 1000 / (latency.rate * seconds)
                    for begin, end in zip(before, after, strict=True)
                ]
            )
            measured.append(latency)
        latencies.append(median(measured))
    database, server = (statistics.median(column) for column in zip(*costs[:rounds], strict=True))
    return latencies, (database, server)


def measure_revocation(program: Program, keys: int, requests: int, dry_run: bool) -> Latency:
    """Returns how long requests take that revoke the next keys of one owner."""
    times, cursor = [], None
    with contextlib.closing(http.client.HTTPConnection(program.address)) as connection:
        for _ in range(requests):
            body = revocation(BIG_OWNER, keys, dry_run, cursor)
            begin = time.monotonic_ns()
            result = request(program, connection, REVOKE_PATH, body)
            times.append((time.monotonic_ns() - begin) // 1000)
            cursor = result["next_cursor"]
    times.sort()
    return Latency(
        1e6 * len(times) / sum(times), percentile(times, 50) / 1000, percentile(times, 99) / 1000, times[-1] / 1000
    )


def run(
    postgres: Postgres,
    executable: Path,
    environment: dict[str, str],
    scratch: Path,
    chosen: Sequence[Search],
    scale: Scale,
) -> Page:
    """Measures these searches and revocations in a database that is filled."""
    # A small database has few keys to revoke.
    revoked, requests = min(REVOKED, scale.rows // 1_000), REVOCATIONS
    results = []
    with Program.serve(executable, environment, scratch) as program:
        for search in chosen:
            results.append(measure(postgres, program, search, scratch, scale.rounds, scale.seconds))
            print(search.name, *results[-1], flush=True)
        revocations = [measure_revocation(program, revoked, requests, dry_run) for dry_run in (True, False)]
    with Program.serve(executable, {**environment, "DATABASE_URL": explaining_url(postgres)}, scratch) as program:
        plans = [explain(postgres, program, search) for search in chosen]
        revocation_plans, _ = explain_revocation(postgres, program, revoked, dry_run=False)
    measured = [
        Measured(search, plan, found, latencies, cpu)
        for search, (plan, found), (latencies, cpu) in zip(chosen, plans, results, strict=True)
    ]
    sizes = bytes_per_key(postgres, "postgres"), layout_sizes(postgres, scale.sized_rows)
    return Page(scale, POSTGRES, measured, revoked, revocations, revocation_plans, *sizes)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python3 -m bench.search", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke test")
    parser.add_argument("--rows", type=int, default=10_000_000, help="keys [default: 10,000,000]")
    parser.add_argument("--rounds", type=int, default=3, help="of each search [default: 3]")
    parser.add_argument("--seconds", type=int, default=2, help="of each round [default: 2]")
    options = parser.parse_args()
    rows = 120_000 if options.quick else options.rows
    rounds, seconds = (1, 2) if options.quick else (options.rounds, options.seconds)
    owners, pepper = rows // 100, secrets.token_bytes(32)
    stop_on_signals()
    executable = build(options.quick, "latchkey-server") / "latchkey"
    with contextlib.ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="latchkey-bench.")))
        postgres = stack.enter_context(Postgres.serve(**POSTGRES))
        begin = time.monotonic()
        environment, known = prepare(postgres, executable, pepper, rows, owners)
        fill_seconds = time.monotonic() - begin
        # After a minute, the load average of the last minute is that of other programs.
        time.sleep(0 if options.quick else 60)
        sized_rows = 2_000 if options.quick else SIZED_ROWS
        scale = Scale(rows, owners, rounds, seconds, sized_rows, fill_seconds, os.getloadavg()[0])
        page = run(postgres, executable, environment, scratch, searches(postgres, known, owners), scale)
    text = render(page)
    print(text)
    if not options.quick:
        (ROOT / "docs/SEARCH.md").write_text(text)


if __name__ == "__main__":
    main()
