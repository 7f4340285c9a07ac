"""The faults. Each is injected into a new cluster under load, and repaired afterwards."""

import contextlib
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

from tests.failover.cluster import BINARIES, SCOPE, Cluster
from tests.failover.machines import run

Fault = Callable[[Cluster], AbstractContextManager[None]]


@dataclass(frozen=True)
class Scenario:
    """A fault: entering it injects it, leaving it repairs it."""

    name: str
    fault: Fault
    # Whether it needs machines with networks of their own.
    needs_isolation: bool = False


@contextlib.contextmanager
def _kill(cluster: Cluster) -> Iterator[None]:
    primary = cluster.primary()
    assert primary.patroni
    # Patroni first, which would start Postgres again.
    primary.patroni.kill()
    primary.signal(signal.SIGKILL)
    yield
    cluster.start_patroni(primary)


@contextlib.contextmanager
def _switch_over(cluster: Cluster) -> Iterator[None]:
    cluster.patronictl("switchover", SCOPE, "--force")
    yield


@contextlib.contextmanager
def _stop(cluster: Cluster) -> Iterator[None]:
    """Patroni starts Postgres again, while a standby is behind."""
    primary, standby = cluster.primary(), cluster.standby()
    standby.sql("SELECT pg_wal_replay_pause()")
    time.sleep(1)
    run(*primary.machine.command(BINARIES / "pg_ctl", "-D", primary.data, "-m", "fast", "stop"))
    yield
    if standby.sql("SELECT pg_is_in_recovery()") == "t":
        standby.sql("SELECT pg_wal_replay_resume()")


@contextlib.contextmanager
def _suspend_standby(cluster: Cluster) -> Iterator[None]:
    standby = cluster.standby()
    standby.signal(signal.SIGSTOP)
    yield
    standby.signal(signal.SIGCONT)


@contextlib.contextmanager
def _cut_off(cluster: Cluster) -> Iterator[None]:
    """The primary's machine loses its link."""
    machine = cluster.primary().machine
    run("ip", "link", "set", machine.link(), "down")
    yield
    run("ip", "link", "set", machine.link(), "up")


@contextlib.contextmanager
def _cut_off_from_standbys(cluster: Cluster) -> Iterator[None]:
    """The primary reaches neither the standbys nor a majority of etcd; the nodes reach all of them."""
    primary = cluster.primary()
    pairs = [(primary, other) for other in cluster.members if other is not primary]
    pairs += [(other, primary) for _, other in pairs]
    for one, other in pairs:
        one.machine.lose_packets_to(other.machine)
    yield
    for one, other in pairs:
        one.machine.deliver_packets_to(other.machine)


SCENARIOS = [
    Scenario("the primary's Postgres and Patroni are killed", _kill),
    Scenario("switchover by `patronictl`", _switch_over),
    Scenario("Postgres is stopped on the primary while a standby's replay is paused", _stop),
    Scenario("a standby is suspended", _suspend_standby),
    Scenario("the network between the primary and everything else is cut", _cut_off, needs_isolation=True),
    Scenario("the network between the primary and the standbys is cut", _cut_off_from_standbys, needs_isolation=True),
]
