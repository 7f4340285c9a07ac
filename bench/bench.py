#!/usr/bin/env python3
"""Measures the program against pgbench, which runs the same statements on the same database, and against the baseline,
an axum server with the same routes and constant responses. One run, one machine; the three take turns, and medians are quoted.

Prints a table and writes docs/BENCHMARKS.md. `--quick` is a smoke test: its numbers mean little, and it writes no report.
"""

import argparse
import base64
import hmac
import http.client
import json
import os
import platform
import re
import secrets
import shutil
import statistics
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Self, TextIO

ROOT = Path(__file__).resolve().parents[1]
PROGRAM, BASELINE = (ROOT / "target/release" / name for name in ("latchkey", "latchkey-bench-baseline"))
SETTINGS = {
    "shared_buffers": "512MB",
    "max_connections": "200",
    "max_wal_size": "4GB",
    "shared_preload_libraries": "pg_stat_statements",
}
ROWS = 1_000_000
# How many keys a warm verification chooses from, at random.
WARM = 10_000
CONNECTIONS = (1, 8, 32)
# Requests per second, and p50 and p99 in milliseconds.
Latency = tuple[float, float, float]
# Method, path before the id, and number of ids, as bench/requests.lua takes them.
Request = tuple[str, str, int]
RECORD = (
    "k.id, k.user_id, k.key_prefix, k.description, k.created_at, k.expires_at, k.disabled_at, k.revoked_at, k.version, "
    "k.predecessor_id, k.successor_id, k.scopes, k.networks, k.not_before, k.rate_limit_requests, k.rate_limit_seconds"
)
# The caller is user 1, with a bearer token.
CALLER_IS_ACTIVE = "u.id = 1::bigint AND (false OR u.token_generation = 1::bigint AND u.disabled_at IS NULL)"
# The statements of crates/domain/src/store, with pgbench's own random ids. A cold
# verification looks for hashes that SQL can compute: the keys of user 2 have such hashes.
STATEMENTS = {
    "GET": rf"""\set id random(1, {ROWS})
SELECT {RECORD} FROM api_keys k INNER JOIN users u ON k.user_id = u.id
WHERE u.id = 1::bigint AND u.token_generation = 1::bigint AND u.disabled_at IS NULL AND k.id = :id AND k.deleted_at IS NULL;""",
    "PATCH": rf"""\set id random(1, {ROWS})
\set text random(100000, 999999)
WITH old AS MATERIALIZED (SELECT k.id, audited_state(k) AS state FROM api_keys k INNER JOIN users u ON u.id = k.user_id
WHERE k.id = :id AND k.deleted_at IS NULL AND true AND k.version = COALESCE(NULL, k.version) AND {CALLER_IS_ACTIVE} FOR UPDATE OF k),
new AS (UPDATE api_keys k SET version = k.version + 1, description = CASE WHEN true THEN :text::text ELSE k.description END,
expires_at = CASE WHEN true THEN '2031-06-30T12:00:00Z'::timestamptz ELSE k.expires_at END FROM old WHERE k.id = old.id
RETURNING k.*, old.state AS old_state, audited_state(k) AS state), event AS (INSERT INTO audit_events (at, action, key_id,
actor_user_id, actor_key_id, credential, address, before, after) SELECT '2031-01-01T00:00:00Z'::timestamptz, 'update', k.id, 1,
NULL, 'bearer_token', '127.0.0.1'::inet, k.old_state, k.state FROM new k) SELECT {RECORD} FROM new k;""",
    "LIST 50": rf"""SELECT {RECORD} FROM api_keys k INNER JOIN users u
ON u.id = 1::bigint AND u.token_generation = 1::bigint AND u.disabled_at IS NULL WHERE k.user_id >= 1::bigint
AND k.user_id <= 1::bigint AND k.id < 9223372036854775807 AND k.deleted_at IS NULL ORDER BY k.user_id, k.id DESC LIMIT 51;""",
    "VERIFY cold": rf"""\set id random(1, {ROWS})
SELECT k.hash, k.id, k.user_id, k.pepper, k.created_at, k.expires_at, k.disabled_at IS NOT NULL, k.revoked_at IS NOT NULL,
k.deleted_at IS NOT NULL, k.scopes, k.networks, k.not_before, k.rate_limit_requests, k.rate_limit_seconds, u.name, u.role,
u.token_generation, u.disabled_at IS NOT NULL FROM api_keys k INNER JOIN users u ON k.user_id = u.id
WHERE k.hash = ANY(ARRAY[sha256(int8send(:id))]);""",
}
# Method, path before the id, and number of ids, for requests.lua.
REQUESTS = {
    "GET": ("GET", "/v1/api-keys/", ROWS),
    "PATCH": ("PATCH", "/v1/api-keys/", ROWS),
    "LIST 50": ("GET", "/v1/api-keys/?limit=50", 0),
    "VERIFY cold": ("VERIFY", "/v1/api-keys/verify", 0),
    "VERIFY warm": ("VERIFY", "/v1/api-keys/verify", WARM),
}
BASELINE_ADDRESS = "127.0.0.1:18081"
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Postgres:
    """A temporary cluster with durable settings."""

    def __init__(self) -> None:
        self.binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        self.directory = Path(tempfile.mkdtemp(prefix="latchkey-bench.", dir="/tmp"))
        self.directory.chmod(0o755)
        self.account = (
            ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        )
        if self.account:
            shutil.chown(self.directory, "postgres")
        self.url = f"postgres://postgres@{urllib.parse.quote(str(self.directory), safe='')}/postgres"

    def __enter__(self) -> Self:
        data = self.directory / "data"
        self._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
        settings = {**SETTINGS, "listen_addresses": "''", "unix_socket_directories": f"'{self.directory}'"}
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self._run("pg_ctl", "-D", data, "-l", self.directory / "log", "-w", "-o", options, "start")
        return self

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "-D", self.directory / "data", "-m", "immediate", "stop", check=False)
        shutil.rmtree(self.directory)

    def sql(self, *statements: str) -> str:
        commands = [word for statement in statements for word in ("-c", statement)]
        return self._run("psql", "-qAt", "-h", self.directory, "-U", "postgres", *commands).stdout

    def bench(self, script: str, connections: int, seconds: int) -> Latency:
        """Returns the rate per second, and p50 and p99 in milliseconds."""
        with tempfile.TemporaryDirectory(dir=self.directory) as logs:
            Path(logs).chmod(0o777)
            file = Path(logs) / "script.sql"
            file.write_text(script)
            output = self._run(
                "pgbench",
                "-n",
                "-M",
                "prepared",
                "-c",
                connections,
                "-j",
                1,
                "-T",
                seconds,
                "-l",
                "-h",
                self.directory,
                "-U",
                "postgres",
                "-f",
                file,
                "postgres",
                cwd=logs,
            ).stdout
            times = sorted(int(line.split()[2]) for log in Path(logs).glob("pgbench_log*") for line in log.open())
        rate = number(r"tps = ([\d.]+)", output)
        return rate, times[len(times) // 2] / 1000, times[len(times) * 99 // 100] / 1000

    def _run(
        self, program: str, *arguments: object, check: bool = True, cwd: str = "/"
    ) -> subprocess.CompletedProcess[str]:
        command: list[str | Path] = [*self.account, self.binaries / program, *map(str, arguments)]
        # pg_ctl's child keeps a pipe open for ever, so its output goes nowhere.
        output = subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE
        return subprocess.run(command, stdout=output, stderr=output, text=True, check=check, cwd=cwd)


def number(pattern: str, text: str) -> float:
    """Returns the number that the pattern's group matches."""
    match = re.search(pattern, text)
    if not match:
        raise SystemExit(f"{pattern} does not occur in: {text}")
    return float(match[1])


def make_keys(count: int, pepper: bytes) -> Iterator[tuple[str, str]]:
    """Yields keys and their hashes, as the domain crate generates them."""
    for _ in range(count):
        covered = "lk_" + "".join(ALPHABET[byte % 62] for byte in secrets.token_bytes(40))
        rest, checksum = zlib.crc32(covered.encode()), ""
        for _ in range(6):
            rest, digit = divmod(rest, 62)
            checksum = ALPHABET[digit] + checksum
        key = covered + checksum
        yield key, hmac.digest(pepper, key.encode(), "sha256").hex()


def load(
    address: str,
    request: Request,
    connections: int,
    seconds: int,
    token: str,
    first: int = 1,
    keys: Path = Path("/dev/null"),
) -> Latency:
    """Returns the rate per second, and p50 and p99 in milliseconds."""
    method, path, ids = request
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--latency",
        "-s",
        ROOT / "bench/requests.lua",
        f"http://{address}",
        "--",
        method,
        path,
        first,
        1,
        ids,
        token,
        secrets.randbelow(2**31),
    ]
    run = subprocess.run(
        list(map(str, command)),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "CONNECTIONS": str(connections), "KEYS": str(keys)},
    )
    result = json.loads(run.stdout.strip().splitlines()[-1])
    if result["bad_status"] or result["bad_socket"]:
        raise SystemExit(f"{method} {path} returned errors: {result}")
    return result["requests"] / result["microseconds"] * 1e6, result["p50"] / 1000, result["p99"] / 1000


def cpu_seconds(match: Callable[[str, int], bool]) -> float:
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, fields = stat.read_text().rsplit(")", 1)
        except OSError:
            continue
        if match(name.split("(", 1)[1], int(stat.parent.name)):
            total += sum(map(int, fields.split()[11:13])) / os.sysconf("SC_CLK_TCK")
    return total


def wait_for(url: str) -> float:
    begin = time.monotonic()
    while time.monotonic() - begin < 20:
        try:
            with urllib.request.urlopen(url) as response:
                response.read()
                return time.monotonic() - begin
        except OSError:
            time.sleep(0.005)
    raise SystemExit(f"{url} does not respond")


class Program:
    """`latchkey serve`, for as long as it is measured."""

    def __init__(self, environment: dict[str, str], log: TextIO, **settings: str) -> None:
        self.process = subprocess.Popen([PROGRAM, "serve"], env={**environment, **settings}, stdout=log, stderr=log)
        self.address = environment["LATCHKEY_LISTEN"]
        self.start = wait_for(f"http://{self.address}/readyz")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()

    def token(self) -> str:
        form = urllib.parse.urlencode({"grant_type": "password", "username": "bench", "password": "bench-bench"})
        with urllib.request.urlopen(f"http://{self.address}/token", form.encode()) as response:
            return json.load(response)["access_token"]

    def memory(self, field: str) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return number(rf"{field}:\s+(\d+)", status) / 1024

    def verify(self, token: str, keys: Iterable[str]) -> int:
        """Verifies the keys one after another on one connection; returns how many were valid."""
        connection, valid = http.client.HTTPConnection(self.address), 0
        for key in keys:
            connection.request(
                "POST",
                "/v1/api-keys/verify",
                json.dumps({"key": key}),
                {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            )
            valid += json.load(connection.getresponse())["valid"]
        connection.close()
        return valid


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=3, help="of each cell [default: 3]")
    parser.add_argument("--seconds", type=int, default=5, help="of each round [default: 5]")
    parser.add_argument("--only", help="operations that begin so, such as VERIFY; writes nothing")
    options = parser.parse_args()
    rounds, seconds, rows = (1, 1, 10_000) if options.quick else (options.rounds, options.seconds, ROWS)
    subprocess.run(
        ["cargo", "build", "--release", "-p", "latchkey-server", "-p", "latchkey-bench-baseline"], cwd=ROOT, check=True
    )
    secret = secrets.token_bytes(32)
    with Postgres() as postgres, tempfile.TemporaryDirectory(prefix="latchkey-bench-scratch.") as scratch:
        log = (Path(scratch) / "log").open("w")
        encoded = base64.b64encode(secret).decode()
        environment = {
            **os.environ,
            "DATABASE_URL": postgres.url,
            "LATCHKEY_TOKEN_SECRET": encoded,
            "LATCHKEY_PEPPERS": f"1:{encoded}",
            "LATCHKEY_LISTEN": "127.0.0.1:18080",
        }
        for name in ("bench", "other"):
            subprocess.run(
                [PROGRAM, "user", "create", name, "--role", "verifier", "--password-stdin"],
                env=environment,
                input="bench-bench\n",
                text=True,
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        keys = fill(postgres, Path(scratch), secret, rows)
        baseline = subprocess.Popen([BASELINE, BASELINE_ADDRESS], stdout=log, stderr=log)
        try:
            wait_for(f"http://{BASELINE_ADDRESS}/v1/api-keys/1")
            with Program(environment, log) as program:
                for name in [
                    name for name in REQUESTS if options.only and not name.startswith(tuple(options.only.split(",")))
                ]:
                    del REQUESTS[name]
                if options.quick:
                    for name, request in REQUESTS.items():
                        REQUESTS[name] = (*request[:2], min(request[2], rows))
                lines, limits = measure(postgres, program, keys, rounds, seconds)
                start, memory = program.start, (limits.pop(), program.memory("VmHWM"))
            facts = [
                *verification_facts(postgres, environment, log, keys, rows),
                *gateway_facts(environment, log, Path(scratch), keys, seconds),
            ]
        finally:
            baseline.kill()
    report(lines, limits, facts, start, memory, rounds, seconds, write=not options.quick and not options.only)


def fill(postgres: Postgres, scratch: Path, pepper: bytes, rows: int) -> Path:
    """A million real keys of the user 1, and as many of the user 2 with hashes that SQL can compute; returns the file of the real ones."""
    keys, rows_file = scratch / "keys", postgres.directory / "rows"
    with keys.open("w") as plain, rows_file.open("w") as kept:
        for key, digest in make_keys(rows, pepper):
            plain.write(key + "\n")
            kept.write(f"1\t1\t\\\\x{digest}\t{key[:12]}\t2026-01-01T00:00:00Z\n")
    postgres.sql(
        "CREATE EXTENSION pg_stat_statements",
        f"\\copy api_keys (user_id, pepper, hash, key_prefix, created_at) FROM '{rows_file}'",
        "INSERT INTO api_keys (user_id, pepper, hash, key_prefix, created_at) SELECT 2, 1, sha256(int8send(i)), "
        f"'lk_012345678', now() FROM generate_series(1, {rows}) i",
        "VACUUM (ANALYZE) api_keys",
        "CHECKPOINT",
    )
    rows_file.unlink()
    return keys


def measure(postgres: Postgres, program: Program, keys: Path, rounds: int, seconds: int) -> tuple[list[Any], list[Any]]:
    lines, limits = [], []
    token, next_cold = program.token(), 1
    memory = None
    for operation in REQUESTS:
        if operation.startswith("VERIFY") and memory is None:
            memory = program.memory("VmHWM")
        script = STATEMENTS.get(operation)
        for connections in CONNECTIONS:
            cells: dict[str, list[Latency]] = {
                name: [] for name in ("service", "baseline", *(["pgbench"] if script else []))
            }
            cpu = {"server": 0.0, "Postgres": 0.0, "wrk": 0.0, "requests": 0.0}
            if operation == "VERIFY warm":
                with keys.open() as file:
                    program.verify(token, [next(file).strip() for _ in range(min(WARM, REQUESTS[operation][2]))])
            for _ in range(rounds):
                if script:
                    cells["pgbench"].append(postgres.bench(script, connections, seconds))
                of = {
                    "server": lambda _, pid: pid == program.process.pid,
                    "Postgres": lambda name, _: name == "postgres",
                }
                before = {name: cpu_seconds(match) for name, match in of.items()}
                children = os.times().children_user + os.times().children_system
                cells["service"].append(
                    load(program.address, REQUESTS[operation], connections, seconds, token, next_cold, keys)
                )
                for name, match in of.items():
                    cpu[name] += cpu_seconds(match) - before[name]
                cpu["wrk"] += os.times().children_user + os.times().children_system - children
                cpu["requests"] += cells["service"][-1][0] * seconds
                if operation == "VERIFY cold":
                    # No key is verified twice, or it would not be cold.
                    next_cold += int(cells["service"][-1][0] * seconds) + 1_000
                cells["baseline"].append(
                    load(BASELINE_ADDRESS, REQUESTS[operation], connections, seconds, token, 1, keys)
                )
            median = {
                name: [statistics.median(column) for column in zip(*values, strict=True)]
                for name, values in cells.items()
            }
            rates = {name: values[0] for name, values in median.items()}
            of_pgbench = rates["service"] / rates["pgbench"] if script else None
            lines.append((operation, connections, median, of_pgbench, rates["service"] / rates["baseline"]))
            limits.append(
                (
                    operation,
                    connections,
                    {name: cpu[name] / cpu["requests"] * 1e6 for name in ("server", "Postgres", "wrk")},
                )
            )
            print(
                operation,
                connections,
                {name: round(rate) for name, rate in rates.items()},
                f"of pgbench {of_pgbench or 0:.2f}, of the baseline {lines[-1][4]:.2f}",
                flush=True,
            )
    return lines, [*limits, memory]


def verification_facts(
    postgres: Postgres, environment: dict[str, str], log: TextIO, keys: Path, rows: int
) -> list[str]:
    """The cost of malformed keys, and the memory that a million valid ones take."""
    calls = 'SELECT coalesce(sum(calls), 0) FROM pg_stat_statements WHERE query LIKE \'%"api_keys"."hash" = ANY%\''
    count = min(100_000, rows)
    with Program(environment, log) as program:
        token = program.token()
        with keys.open() as file:
            bad = [
                line.strip()[:-1] + ("0" if line.strip()[-1] != "0" else "1")
                for line, _ in zip(file, range(count), strict=False)
            ]
        unknown = [key for key, _ in make_keys(count, b"nobody's")]
        before = int(postgres.sql(calls))
        assert program.verify(token, bad) == 0
        after_bad = int(postgres.sql(calls))
        assert program.verify(token, unknown) == 0
        after_unknown = int(postgres.sql(calls))
    facts = [
        f"{count:,} distinct keys with a bad checksum: **{after_bad - before:,} queries**. "
        f"{count:,} distinct well-formed keys that do not exist: **{after_unknown - after_bad:,} queries**."
    ]
    with Program(environment, log, LATCHKEY_KEY_CACHE_CAPACITY=str(rows + rows // 5)) as program:
        token, empty = program.token(), program.memory("VmRSS")
        connections, seconds, first = 32, 2, 1
        while first <= rows:
            rate = load(program.address, REQUESTS["VERIFY cold"], connections, seconds, token, first, keys)[0]
            # A few keys are repeated, as wrk stops in the middle.
            first += int(rate * seconds) - connections
        with urllib.request.urlopen(f"http://{program.address}/metrics") as response:
            cached = int(number(r"latchkey_cache_entries (\d+)", response.read().decode()))
        full = program.memory("VmRSS")
    facts.append(f"{cached:,} keys in the cache: **{full:.0f} MB** resident, of which {empty:.0f} MB before the first.")
    return facts


def gateway_facts(environment: dict[str, str], log: TextIO, scratch: Path, keys: Path, seconds: int) -> list[str]:
    """What forward authentication adds to nginx's own time for a small static response."""
    (scratch / "index.html").write_text("hello\n")
    (scratch / "nginx.conf").write_text(f"""
daemon off; pid {scratch}/nginx.pid; error_log {scratch}/error.log; worker_processes 1; user root;
events {{}}
http {{
  access_log off; client_body_temp_path {scratch}/b; proxy_temp_path {scratch}/p; fastcgi_temp_path {scratch}/f;
  uwsgi_temp_path {scratch}/u; scgi_temp_path {scratch}/s;
  upstream latchkey {{ server {environment["LATCHKEY_LISTEN"]}; keepalive 64; }}
  upstream baseline {{ server {BASELINE_ADDRESS}; keepalive 64; }}
  proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass_request_body off; proxy_set_header Content-Length "";
  server {{
    listen 127.0.0.1:18082; keepalive_requests 1000000000; root {scratch};
    location = /plain {{ try_files /index.html =404; }}
    location = /guarded {{ auth_request /latchkey; try_files /index.html =404; }}
    location = /guarded-by-baseline {{ auth_request /baseline; try_files /index.html =404; }}
    location = /latchkey {{ internal; proxy_pass http://latchkey/v1/forward-auth; }}
    location = /baseline {{ internal; proxy_pass http://baseline/v1/forward-auth; }}
  }}
}}
""")
    scratch.chmod(0o755)
    key = keys.open().readline().strip()
    facts = []
    with Program(environment, log):
        nginx = subprocess.Popen(
            ["nginx", "-c", scratch / "nginx.conf", "-e", scratch / "error.log"], stdout=log, stderr=log
        )
        try:
            wait_for("http://127.0.0.1:18082/plain")
            for connections in CONNECTIONS:
                cells: dict[str, list[Latency]] = {path: [] for path in ("/plain", "/guarded-by-baseline", "/guarded")}
                for _ in range(3):
                    for path, cell in cells.items():
                        cell.append(load("127.0.0.1:18082", ("FORWARD", path, 0), connections, seconds, key))
                (_, p50, _), (_, baseline_p50, _), (rate, guarded_p50, _) = [
                    [statistics.median(c) for c in zip(*cell, strict=True)] for cell in cells.values()
                ]
                facts.append(
                    f"Forward authentication through nginx, {connections} connections: p50 {p50:.3f} ms without, {guarded_p50:.3f} ms "
                    f"with it (**{guarded_p50 / p50 - 1:+.0%}**), {rate:,.0f} requests/s; {baseline_p50:.3f} ms when nginx asks the baseline "
                    f"instead, which always responds with 200 ({baseline_p50 / p50 - 1:+.0%})."
                )
                print(facts[-1], flush=True)
        finally:
            nginx.terminate()
            nginx.wait()
    return facts


def report(
    lines: list[Any],
    limits: list[Any],
    facts: list[str],
    start: float,
    memory: tuple[float, float],
    rounds: int,
    seconds: int,
    *,
    write: bool,
) -> None:
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    table = [
        "| operation | connections | service /s (p50, p99 ms) | pgbench /s (p50, p99 ms) | baseline /s (p50, p99 ms) | of pgbench | of the baseline |",
        "|---|---|---|---|---|---|---|",
    ]
    for operation, connections, median, of_pgbench, of_baseline in lines:
        cells = [
            f"{rate:,.0f} ({p50:.2f}, {p99:.2f})" if rate else ""
            for rate, p50, p99 in (median.get(name, (None, None, None)) for name in ("service", "pgbench", "baseline"))
        ]
        of_pgbench = f"**{of_pgbench:.2f}**" if of_pgbench else ""
        table.append(f"| {operation} | {connections} | {' | '.join(cells)} | {of_pgbench} | **{of_baseline:.2f}** |")
    costs = ["| operation | connections | server | Postgres | wrk |", "|---|---|---|---|---|"]
    costs += [
        f"| {operation} | {connections} | {cost['server']:.0f} | {cost['Postgres']:.0f} | {cost['wrk']:.0f} |"
        for operation, connections, cost in limits
    ]
    text = "\n".join(
        [
            "# Benchmarks",
            "",
            "Written by `make bench`. Aims: PATCH, GET and cold verification at 0.75 of pgbench's rate or more; warm verification at 0.85 of "
            "the baseline's rate, its p99 within twice the baseline's; memory under 60 MB, a million cached keys in 400 MB; start under 1 s; "
            "forward authentication adds less than 25 % to nginx's p50.",
            "",
            f"{date.today()}, commit {commit}; {os.cpu_count()} processors ({model[1] if model else platform.machine()}), shared by "
            f"the server, Postgres and the load generator; {ROWS:,} keys; {rounds} rounds of {seconds} s for each cell, in turn, medians. "
            f"Postgres: durable, {', '.join(f'{name}={value}' for name, value in SETTINGS.items())}. The server runs with its defaults, "
            "its log of requests included; pgbench runs `-M prepared` over the Unix socket; the baseline is `bench/baseline`.",
            "",
            *table,
            "",
            f"Start, database initialised, to the first successful `/readyz`: **{start * 1000:.0f} ms**. "
            f"Largest memory of the server (VmHWM): **{memory[0]:.0f} MB** before the verifications, {memory[1]:.0f} MB after them, with "
            "100,000 cached keys.",
            "",
            *[line for fact in facts for line in (fact, "")],
            "## What limits it",
            "",
            "Microseconds of processor time for each request of the service:",
            "",
            *costs,
            "",
            "Where the three add up to the processors' whole time, the processors are the limit; what pgbench does in one process and one "
            "round trip, the service does with HTTP on top. At one connection, the limit is the time of one round trip. A PATCH also "
            "waits for the disk: every commit is flushed. A warm verification runs no statement; beyond the baseline it "
            "verifies the caller's token, computes the key's HMAC, counts its use and logs the request. Concurrent cold verifications share a statement, unlike "
            "pgbench's. Through nginx each request becomes two, the second of which goes to another process and back: the baseline shows what any "
            "subrequest costs.",
            "",
        ]
    )
    print(text)
    if write:
        (ROOT / "docs/BENCHMARKS.md").write_text(text)


if __name__ == "__main__":
    main()
