"""Short attacks refuse no revocation, stop no probe of liveness, and take no more memory than is allowed.

How fast other clients are served meanwhile, `make hostile` measures.
"""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from bench.postgres import Postgres
from tests.hostile.anonymous import hostile_requests, largest_response, operations
from tests.hostile.attacks import SCENARIOS, Scenario
from tests.hostile.measure import attack
from tests.hostile.node import Nodes
from tests.hostile.report import MAX_RESPONSE_BYTES

SECONDS = 1.0
# On one node, one after another, because a node takes longer to start than an attack.
GROUPS = [
    list(group)
    for _, group in groupby(
        (scenario for scenario in SCENARIOS if scenario.is_tested),
        lambda scenario: (dict(scenario.settings), scenario.log_is_read),
    )
]
KEYS = 50


@pytest.fixture(scope="module")
def nodes(program: Path) -> Iterator[Nodes]:
    with Postgres.serve() as postgres:
        yield Nodes(program, postgres)


@pytest.mark.parametrize("scenarios", GROUPS, ids=[group[0].name for group in GROUPS])
def test_other_clients_are_served(nodes: Nodes, scenarios: list[Scenario]) -> None:
    with nodes.serve(scenarios[0].settings, KEYS, log_is_read=scenarios[0].log_is_read) as node:
        for scenario in scenarios:
            row = attack(node, scenario, SECONDS)
            assert row.rate > 0, row
            assert row.violations() == []


def test_no_response_without_a_good_credential_is_large(nodes: Nodes) -> None:
    with nodes.serve({}, 0) as node:
        sizes = {
            (operation, name): largest_response(node, data, 1)
            for operation, *request in operations()
            for name, data in hostile_requests(*request)
        }
    assert {request: size for request, size in sizes.items() if size > MAX_RESPONSE_BYTES} == {}
