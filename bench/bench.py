"""Measures the program against pgbench, which runs the same statements on the same database, and against the baseline,
an axum server with the same routes and constant responses. One run, one machine; the three take turns, and medians are quoted.

Prints a page and writes it to docs/BENCHMARKS.md. `--quick` is a smoke test of this benchmark with unoptimised programs:
its numbers mean nothing, and it writes no page.
"""

import argparse
import base64
import contextlib
import os
import secrets
import subprocess
import tempfile
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bench.keys import digest, make_keys
from bench.load import Latency, Operation, load, median
from bench.postgres import Postgres, Script
from bench.processes import (
    PASSWORD,
    ROOT,
    USERNAME,
    Program,
    build,
    cpu_of,
    number,
    serve_baseline,
    serve_nginx,
    stop_on_signals,
)
from bench.report import Cell, Results, render
from bench.statements import TABLE, read_scripts, samples

VERIFY_UNCACHED = Operation("VERIFY uncached", "VERIFY", "/v1/api-keys/verify")
# A manager of the project with this slug, without keys. The project has as many owners.
ISSUER, PROJECT, OWNERS = "issuer", "shop", 1_000


@dataclass(frozen=True)
class Plan:
    """What a run measures."""

    rows: int
    rounds: int
    seconds: int
    connections: tuple[int, ...]
    # How many invalid keys are verified one after another.
    invalid: int
    operations: Sequence[Operation]


@dataclass(frozen=True)
class Bench:
    """What all measurements need."""

    plan: Plan
    postgres: Postgres
    executable: Path
    environment: dict[str, str]
    scratch: Path
    # The address of the baseline.
    baseline: str
    # The file of the keys of user 1.
    keys: Path

    def serve(self, username: str = USERNAME, **settings: str) -> contextlib.AbstractContextManager[Program]:
        return Program.serve(self.executable, {**self.environment, **settings}, self.scratch, username)

    def first_keys(self, count: int) -> list[str]:
        with self.keys.open() as file:
            return [line.strip() for line in islice(file, count)]


def prepare(postgres: Postgres, executable: Path, pepper: bytes, keys: Path, rows: int) -> dict[str, str]:
    """Creates the users and their keys, and returns the environment of the program.

    The keys of user 1 are written to the file `keys`. User 2 has as many, with hashes that SQL can compute.
    """
    encoded = base64.b64encode(pepper).decode()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("LATCHKEY_")},
        "DATABASE_URL": postgres.url,
        "LATCHKEY_TOKEN_SECRET": encoded,
        # All requests have one credential.
        "LATCHKEY_WRITE_RATE_LIMIT": "none",
        "LATCHKEY_READ_RATE_LIMIT": "none",
        "LATCHKEY_PEPPERS": f"1:{encoded}",
    }
    for name in (USERNAME, "other", ISSUER):
        command: list[str | Path] = [executable, "user", "create", name, "--role", "verifier", "--password-stdin"]
        subprocess.run(
            command, env=environment, input=f"{PASSWORD}\n", text=True, check=True, stdout=subprocess.DEVNULL
        )
    rows_file = postgres.directory / "rows"
    with keys.open("w") as plain, rows_file.open("w") as stored:
        for key in make_keys(rows):
            plain.write(key + "\n")
            stored.write(f"1\t1\t\\\\x{digest(key, pepper)}\t{key[:12]}\t2026-01-01T00:00:00Z\n")
    postgres.sql(
        "CREATE EXTENSION pg_stat_statements",
        f"INSERT INTO projects (slug, created_at) VALUES ('{PROJECT}', now())",
        "INSERT INTO members (principal_id, kind, project_id, role) SELECT u.id, 'user', p.id, 'manager' "
        f"FROM principals u, projects p WHERE u.name = '{ISSUER}' AND p.slug = '{PROJECT}'",
        "INSERT INTO principals (kind, project_id, external_id, created_at) SELECT 'owner', p.id, 'customer-' || i, now() "
        f"FROM projects p, generate_series(1, {OWNERS}) i WHERE p.slug = '{PROJECT}'",
        f"\\copy {TABLE} (user_id, pepper, hash, key_prefix, created_at) FROM '{rows_file}'",
        f"INSERT INTO {TABLE} (user_id, pepper, hash, key_prefix, created_at) SELECT 2, 1, sha256(int8send(i)), "
        f"'lk_012345678', now() FROM generate_series(1, {rows}) i",
        f"VACUUM (ANALYZE) {TABLE}",
        "CHECKPOINT",
    )
    rows_file.unlink()
    return environment


def measure(bench: Bench, program: Program, scripts: dict[str, Script]) -> tuple[list[Cell], float]:
    """Returns the cells, and the peak memory of the program in MB before the first verification."""
    cells: list[Cell] = []
    memory: float | None = None
    plan, server, postmaster = bench.plan, program.process.pid, bench.postgres.pid
    next_key = 1
    for operation in plan.operations:
        if operation.method == "VERIFY" and memory is None:
            memory = program.memory("VmHWM")
        script = scripts.get(operation.name)
        for connections in plan.connections:
            if operation.method == "VERIFY" and operation.ids > 0:
                program.verify(bench.first_keys(operation.ids))
            service, baseline, pgbench = [], [], []
            cpu, requests = [0.0] * 3, 0.0
            for _ in range(plan.rounds):
                if script:
                    pgbench.append(bench.postgres.bench(script, connections, plan.seconds))
                before = cpu_of(server, postmaster)
                latency = load(
                    program.address,
                    operation,
                    connections,
                    plan.seconds,
                    program.token,
                    first=next_key,
                    keys=bench.keys,
                )
                cpu = [
                    total + end - begin
                    for total, begin, end in zip(cpu, before, cpu_of(server, postmaster), strict=True)
                ]
                service.append(latency)
                requests += latency.rate * plan.seconds
                if operation is VERIFY_UNCACHED:
                    # No key is verified twice, or it would be cached.
                    next_key += int(latency.rate * plan.seconds) + 1_000
                baseline.append(
                    load(bench.baseline, operation, connections, plan.seconds, program.token, keys=bench.keys)
                )
            cells.append(
                Cell(
                    operation.name,
                    connections,
                    median(service),
                    median(baseline),
                    median(pgbench) if pgbench else None,
                    (cpu[0] / requests * 1e6, cpu[1] / requests * 1e6, cpu[2] / requests * 1e6),
                )
            )
            print(cells[-1], flush=True)
    return cells, memory or program.memory("VmHWM")


def verification_facts(bench: Bench) -> list[str]:
    """The queries that invalid keys cost, and the memory that a cache of all keys takes."""
    postgres, rows, count = bench.postgres, bench.plan.rows, bench.plan.invalid
    calls = f"SELECT coalesce(sum(calls), 0) FROM pg_stat_statements WHERE query LIKE '%{TABLE}%'"
    with bench.serve() as program:
        wrong_checksums = [key[:-1] + ("0" if key[-1] != "0" else "1") for key in bench.first_keys(count)]
        before = int(postgres.sql(calls))
        valid = program.verify(wrong_checksums)
        after_wrong = int(postgres.sql(calls))
        valid += program.verify(make_keys(count))
        after_unknown = int(postgres.sql(calls))
    if valid:
        raise SystemExit(f"{valid} of {2 * count} invalid keys are valid")
    with bench.serve(LATCHKEY_KEY_CACHE_CAPACITY=str(rows + rows // 5)) as program:
        empty = program.memory("VmRSS")
        connections, seconds, first = 32, min(bench.plan.seconds, 2), 1
        while first <= rows:
            rate = load(
                program.address, VERIFY_UNCACHED, connections, seconds, program.token, first=first, keys=bench.keys
            ).rate
            # A few keys are repeated, as wrk stops in the middle.
            first += int(rate * seconds) - connections
        with urllib.request.urlopen(f"http://{program.address}/metrics") as response:
            cached = int(number(r"latchkey_cache_entries (\d+)", response.read().decode()))
        full = program.memory("VmRSS")
    return [
        f"Verifying {count:,} distinct keys with a wrong checksum: **{after_wrong - before:,} queries**. "
        f"Verifying {count:,} distinct well-formed keys that do not exist: **{after_unknown - after_wrong:,} queries**.",
        f"{cached:,} cached keys: **{full:.0f} MB** resident, of which {empty:.0f} MB before the first key.",
    ]


def issuing_facts(bench: Bench) -> list[str]:
    """How the rate of issueApiKey compares with that of createApiKey."""
    plan, path = bench.plan, f"/v1/projects/{PROJECT}/api-keys"
    create, one_owner, many_owners = operations = (
        Operation("create", "POST", "/v1/api-keys/", 1),
        Operation("issue to one owner", "POST", path, 1),
        Operation("issue to many owners", "POST", path, OWNERS),
    )
    bodies = bench.scratch / "bodies"
    facts = []
    with bench.serve(ISSUER, LATCHKEY_MAX_KEYS_PER_USER="10000000") as program:
        for connections in plan.connections:
            latencies: dict[Operation, list[Latency]] = {operation: [] for operation in operations}
            for _ in range(plan.rounds):
                for operation, measured in latencies.items():
                    owners = () if operation is create else range(1, operation.ids + 1)
                    texts = [f'{{"external_id":"customer-{owner}","description":"CI"}}\n' for owner in owners]
                    bodies.write_text("".join(texts or ['{"description":"CI"}\n']))
                    measured.append(
                        load(program.address, operation, connections, plan.seconds, program.token, keys=bodies)
                    )
            created, to_one, to_many = (median(latencies[operation]) for operation in (create, one_owner, many_owners))
            facts.append(
                f"createApiKey, {connections} connections: {created.rate:,.0f}/s, p50 {created.p50:.2f} ms. issueApiKey to one owner: "
                f"{to_one.rate:,.0f}/s, p50 {to_one.p50:.2f} ms (**{to_one.rate / created.rate - 1:+.0%}**); to {OWNERS:,} owners: "
                f"{to_many.rate:,.0f}/s, p50 {to_many.p50:.2f} ms (**{to_many.rate / created.rate - 1:+.0%}**)."
            )
            print(facts[-1], flush=True)
    return facts


def gateway_facts(bench: Bench) -> list[str]:
    """What forward authentication adds to nginx's own time for a small static response."""
    plan, key = bench.plan, bench.first_keys(1)[0]
    facts = []
    with bench.serve() as program, serve_nginx(program.address, bench.baseline) as address:
        for connections in plan.connections:
            latencies: dict[str, list[Latency]] = {"/plain": [], "/guarded-by-baseline": [], "/guarded": []}
            for _ in range(plan.rounds):
                for path, measured in latencies.items():
                    operation = Operation(f"GET {path} through nginx", "FORWARD", path)
                    measured.append(load(address, operation, connections, plan.seconds, key))
            plain, of_baseline, guarded = map(median, latencies.values())
            facts.append(
                f"Forward authentication through nginx, {connections} connections: p50 {plain.p50:.3f} ms without it, "
                f"{guarded.p50:.3f} ms with it (**{guarded.p50 / plain.p50 - 1:+.0%}**), {guarded.rate:,.0f} requests/s. With the "
                f"baseline in place of Latchkey, which returns 200 to every request: {of_baseline.p50:.3f} ms "
                f"({of_baseline.p50 / plain.p50 - 1:+.0%})."
            )
            print(facts[-1], flush=True)
    return facts


def plan_of(options: argparse.Namespace) -> Plan:
    rows = 10_000 if options.quick else 1_000_000
    operations = (
        Operation("GET", "GET", "/v1/api-keys/", rows),
        Operation("PATCH", "PATCH", "/v1/api-keys/", rows),
        Operation("LIST 50", "GET", "/v1/api-keys/?limit=50"),
        VERIFY_UNCACHED,
        Operation("VERIFY cached", "VERIFY", "/v1/api-keys/verify", 100 if options.quick else 10_000),
    )
    prefixes = tuple(options.only.split(",")) if options.only else ("",)
    return Plan(
        rows=rows,
        rounds=1 if options.quick else options.rounds,
        seconds=1 if options.quick else options.seconds,
        connections=(8,) if options.quick else (1, 8, 32),
        invalid=100 if options.quick else 100_000,
        operations=[operation for operation in operations if operation.name.startswith(prefixes)],
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python3 -m bench.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke test")
    parser.add_argument("--rounds", type=int, default=3, help="of each cell [default: 3]")
    parser.add_argument("--seconds", type=int, default=5, help="of each round [default: 5]")
    parser.add_argument("--only", help="operations that begin so, such as GET,VERIFY, and nothing else; writes no page")
    options = parser.parse_args()
    plan = plan_of(options)
    stop_on_signals()
    directory = build(options.quick, "latchkey-server", "latchkey-bench-baseline")
    executable, baseline_executable = directory / "latchkey", directory / "latchkey-bench-baseline"
    pepper = secrets.token_bytes(32)
    with contextlib.ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="latchkey-bench.")))
        keys = scratch / "keys"
        postgres = stack.enter_context(Postgres.serve())
        environment = prepare(postgres, executable, pepper, keys, plan.rows)
        baseline = stack.enter_context(serve_baseline(baseline_executable, scratch))
        bench = Bench(plan, postgres, executable, environment, scratch, baseline, keys)
        with bench.serve(DATABASE_URL=postgres.logging_url) as program:
            scripts = read_scripts(postgres, program, samples(bench.first_keys(1)[0], pepper, plan.rows))
        with bench.serve() as program:
            cells, memory = measure(bench, program, scripts)
            results = Results(cells, [], program.start_seconds, (memory, program.memory("VmHWM")))
        if options.only:
            return
        results.facts.extend([*verification_facts(bench), *issuing_facts(bench), *gateway_facts(bench)])
    page = render(results, plan.rows, plan.rounds, plan.seconds)
    print(page)
    if not options.quick:
        (ROOT / "docs/BENCHMARKS.md").write_text(page)


if __name__ == "__main__":
    main()
