"""Runs the scenarios, as `make failover` does."""

import argparse
import os
import signal
import sys
import time
from pathlib import Path

from tests.failover import report
from tests.failover.cluster import HEAL_TIMEOUT, LEASE_SECONDS, Cluster, haproxy
from tests.failover.load import BOUND_SECONDS, Load, losses
from tests.failover.machines import RigError, are_isolated, machines
from tests.failover.nodes import Node, nodes
from tests.failover.scenarios import SCENARIOS, Scenario

ROOT = Path(__file__).resolve().parents[2]
# The shortest time from the fault until it is repaired: Patroni needs up to its lease to notice some of them.
FAULT_SECONDS = LEASE_SECONDS + 10.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="make failover")
    parser.add_argument("--program", type=Path, default=ROOT / "target/debug/latchkey", help="the latchkey program")
    parser.add_argument("--seconds", type=float, default=5.0, help="load before each fault and after its repair")
    parser.add_argument("--only", default="", help="scenarios whose name has this text")
    parser.add_argument("--report", type=Path, help="the page to write")
    parser.add_argument("--run", default="", help="what the page says of this run")
    parser.add_argument("directory", type=Path, help="an empty directory")
    options = parser.parse_args()
    # So that contexts are left.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    isolated = are_isolated()
    scenarios = [scenario for scenario in SCENARIOS if options.only in scenario.name]
    skipped = [] if isolated else [scenario.name for scenario in scenarios if scenario.needs_isolation]
    for name in skipped:
        print(f"NOT RUN: {name}: network namespaces are not permitted here (they need root)", file=sys.stderr)
    rows: list[report.Row] = []
    failures: list[str] = []
    print(report.COLUMNS, end="")
    for number, scenario in enumerate(scenarios):
        for synchronous in (True, False):
            if scenario.name in skipped:
                continue
            directory = options.directory / f"{number}-{'synchronous' if synchronous else 'asynchronous'}"
            directory.mkdir()
            try:
                row = _run(scenario, synchronous, isolated, options.program, directory, options.seconds)
            except (RigError, TimeoutError) as error:
                failures.append(f"{scenario.name}: {error}")
                print(failures[-1], file=sys.stderr)
                continue
            rows.append(row)
            failures += row.violations()
            print(row.markdown(), flush=True)
            if options.report:
                report.write(options.report, LEASE_SECONDS, options.run, rows, skipped)
    for failure in failures:
        print(f"FAILED: {failure}", file=sys.stderr)
    return 1 if failures else 0


def _run(
    scenario: Scenario, synchronous: bool, isolated: bool, program: Path, directory: Path, seconds: float
) -> report.Row:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("LATCHKEY_", "DATABASE_URL", "PG"))
    }
    with (
        machines(directory, environment, isolated) as hosts,
        Cluster(hosts, directory, synchronous, environment) as cluster,
        haproxy(cluster, environment) as proxy,
        nodes(cluster, proxy, program, directory, environment) as servers,
    ):
        with Load(servers) as records:
            time.sleep(seconds)
            begin = time.monotonic()
            with scenario.fault(cluster):
                time.sleep(FAULT_SECONDS)
            cluster.wait_until_healthy(HEAL_TIMEOUT)
            time.sleep(seconds)
        lost = losses(servers, records, HEAL_TIMEOUT)
    kept = [key for key in records.revoked if key not in lost.revocations]
    paths: dict[str, list[Node]] = {}
    for node in servers:
        paths.setdefault(node.path, []).append(node)
    return report.Row(
        scenario=scenario.name,
        synchronous=synchronous,
        revoked=len(records.revoked),
        last_valid=max((key.seconds_valid() for key in kept), default=0.0),
        late=sum(key.seconds_valid() > BOUND_SECONDS for key in kept),
        lost_revocations=len(lost.revocations),
        lost_keys=len(lost.keys),
        pauses={path: records.pause(group, begin) for path, group in paths.items()},
        outcomes=records.outcomes,
    )


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
