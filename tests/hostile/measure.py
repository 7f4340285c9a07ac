"""Measures one attack."""

import time
from functools import partial

from tests.hostile import requests
from tests.hostile.attacker import attacking, flood
from tests.hostile.attacks import Scenario
from tests.hostile.node import ATTACKER, Node, Nodes, socket_memory
from tests.hostile.report import BASELINE_CONNECTIONS, Row
from tests.hostile.victim import REVOKE_INTERVAL, Victim

# Keys to revoke, beyond one for each interval.
SPARE_KEYS = 10


def measure(nodes: Nodes, scenario: Scenario, seconds: float) -> Row:
    """Attacks a new node, and then loads another one with as many valid requests."""
    keys = int(seconds / REVOKE_INTERVAL) + SPARE_KEYS
    with nodes.serve(scenario.settings, keys, log_is_read=scenario.log_is_read) as node:
        row = attack(node, scenario, seconds)
    row.baseline_p99 = _baseline(nodes, row.rate, seconds, keys)
    return row


def attack(node: Node, scenario: Scenario, seconds: float) -> Row:
    """Attacks a node; the row has no baseline."""
    before = socket_memory()
    with attacking(scenario.attack, node.address, ATTACKER) as attacker:
        victim = _observe(node, seconds)
        after = socket_memory()
        attacker.stop()
    return Row(
        name=scenario.name,
        rate=attacker.rate,
        outcomes=dict(attacker.outcomes),
        p50=victim.verifications.percentile(50),
        p99=victim.verifications.percentile(99),
        baseline_p99=None,
        failed=dict(victim.verifications.failures),
        revocation=victim.revocations.percentile(100) / 1000,
        refused=victim.revocations.failures.total(),
        memory=node.peak_memory(),
        socket_memory=max(0.0, after - before),
        probe=victim.probes.percentile(100),
        failed_probes=victim.probes.failures.total(),
    )


def _observe(node: Node, seconds: float) -> Victim:
    with Victim(node) as victim:
        time.sleep(seconds)
    return victim


def _baseline(nodes: Nodes, rate: float, seconds: float, keys: int) -> float:
    """The victim's p99 in milliseconds, while another client sends this many valid requests each second."""
    with nodes.serve({}, keys) as node:
        connections = max(1, min(BASELINE_CONNECTIONS, int(rate)))
        make_request = partial(requests.forward_auth, node.key)
        load = partial(flood, connections=connections, make_request=make_request, rate=max(1.0, rate))
        with attacking(load, node.address, ATTACKER):
            return _observe(node, seconds).verifications.percentile(99)
