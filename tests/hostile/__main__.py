"""Runs the attacks, as `make hostile` does."""

import argparse
import signal
import sys
from pathlib import Path

from bench.postgres import Postgres
from tests.hostile import report
from tests.hostile.anonymous import Cost, costs
from tests.hostile.attacks import SCENARIOS
from tests.hostile.measure import measure
from tests.hostile.node import Nodes

ROOT = Path(__file__).resolve().parents[2]
# Of each kind of request without a good credential.
COUNT = 200


def main() -> int:
    parser = argparse.ArgumentParser(prog="make hostile")
    parser.add_argument("--program", type=Path, default=ROOT / "target/release/latchkey", help="the latchkey program")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each attack lasts")
    parser.add_argument("--only", default="", help="attacks whose name has this text, and nothing else")
    parser.add_argument("--report", type=Path, help="the page to write")
    parser.add_argument("--run", default="", help="what the page says of this run")
    options = parser.parse_args()
    # So that contexts are left.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    rows: list[report.Row] = []
    requests: list[Cost] = []
    missed: list[str] = []
    with Postgres.serve() as postgres:
        nodes = Nodes(options.program, postgres)
        print(report.columns(), end="")
        for scenario in SCENARIOS:
            if options.only not in scenario.name:
                continue
            row = measure(nodes, scenario, options.seconds)
            rows.append(row)
            print(report.line(row.cells()), end="", flush=True)
            if report.misses(row.cells()):
                missed.append(row.name)
        if not options.only:
            with nodes.serve({}, 0) as node:
                for cost in costs(node, COUNT):
                    requests.append(cost)
                    print(report.line(report.cost_cells(cost)), end="", flush=True)
                    if report.misses(report.cost_cells(cost)):
                        missed.append(cost.operation)
    if options.report:
        report.write(options.report, options.run, options.seconds, rows, COUNT, requests)
    for name in missed:
        print(f"AIM MISSED: {name}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
