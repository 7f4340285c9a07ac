"""The load: at every node a client creates and revokes keys, and another verifies all keys without pause."""

import itertools
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.failover.machines import wait_for
from tests.failover.nodes import Connection, Node

# How long a node may report a key as valid after its revocation was acknowledged.
BOUND_SECONDS = 1.0
# For so long after its revocation, every second verification is of such a key; the others go through all keys.
RECENT_SECONDS = 3.0
KEPT_KEYS = 20
# Between two keys of one client.
WRITE_PAUSE = 0.05
VALID, INVALID = 200, 401


@dataclass(eq=False)
class Key:
    """A key, and what was observed of it. All times are of the monotonic clock, in seconds.

    Keys are told apart by their identity: after a failover that loses keys, their ids are used again.
    """

    id: int
    secret: str
    # When the response to its revocation arrived.
    revoked: float | None = None
    # The latest time at which a request was sent that found it valid and not stale.
    last_valid: float = 0.0

    def seconds_valid(self) -> float:
        """How long it was valid after its revocation."""
        return max(0.0, self.last_valid - self.revoked) if self.revoked else 0.0


@dataclass
class Records:
    """What the clients observed."""

    # Keys that are never revoked.
    kept: list[Key] = field(default_factory=list)
    # Keys whose revocation was acknowledged, in that order.
    revoked: list[Key] = field(default_factory=list)
    # When a write was acknowledged, by node.
    writes: dict[str, list[float]] = field(default_factory=dict)
    # Verifications by outcome.
    outcomes: Counter[str] = field(default_factory=Counter)
    # When the clients stopped.
    end: float = 0.0

    def pause(self, nodes: list[Node], since: float) -> float:
        """The longest time after `since` in which one of the nodes' clients had no write acknowledged, in seconds."""
        acknowledged = [[at for at in self.writes[node.name] if at > since] for node in nodes]
        gaps = (itertools.pairwise([since, *times, self.end]) for times in acknowledged)
        return max(after - before for pairs in gaps for before, after in pairs)


class Load:
    """Clients of all nodes; they run within the context."""

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes
        self.records = Records(writes={node.name: [] for node in nodes})
        self._authorization = nodes[0].log_in()
        self._stop = threading.Event()
        # Daemons, so that an interrupted run does not wait for them.
        self._clients = [
            threading.Thread(target=target, args=(node,), daemon=True)
            for node in nodes
            for target in (self._write, self._read)
        ]

    def __enter__(self) -> Records:
        connection = self.nodes[0].connect()
        for _ in range(KEPT_KEYS):
            key = wait_for("a new key", 30, lambda: self._create(connection))
            self.records.kept.append(key)
        for client in self._clients:
            client.start()
        return self.records

    def __exit__(self, *_: object) -> None:
        self.records.end = time.monotonic()
        self._stop.set()
        for client in self._clients:
            client.join()

    def _create(self, connection: Connection) -> Key | None:
        response = connection.request("POST", "/v1/api-keys/", self._authorization, {})
        if response is None or response.status != 201:
            return None
        created = response.json()
        return Key(created["id"], created["full_key"])

    def _write(self, node: Node) -> None:
        own = node.connect()
        all_nodes = [each.connect() for each in self.nodes]
        acknowledged = self.records.writes[node.name]
        while not self._stop.wait(WRITE_PAUSE):
            if not (key := self._create(own)):
                continue
            acknowledged.append(time.monotonic())
            # So that every node has it in its cache.
            for connection in all_nodes:
                connection.verify(key.secret)
            response = own.request("POST", f"/v1/api-keys/{key.id}/revoke", self._authorization, {})
            if response is not None and response.status == 200:
                key.revoked = time.monotonic()
                acknowledged.append(key.revoked)
                self.records.revoked.append(key)

    def _read(self, node: Node) -> None:
        connection = node.connect()
        position = 0
        while not self._stop.is_set():
            revoked = self.records.revoked
            recent = list(itertools.takewhile(_is_recent, reversed(revoked)))
            everything = [*self.records.kept, *revoked]
            steps = len(recent) + 1
            others = [everything[(position + step) % len(everything)] for step in range(steps)]
            for key in [*recent, *others]:
                self._verify(connection, key)
            position += steps

    def _verify(self, connection: Connection, key: Key) -> None:
        sent = time.monotonic()
        response = connection.verify(key.secret)
        outcomes = self.records.outcomes
        if response is None or response.status not in (VALID, INVALID):
            outcomes["unavailable"] += 1
        elif response.stale:
            outcomes["stale"] += 1
        elif response.status == VALID:
            outcomes["valid"] += 1
            key.last_valid = max(key.last_valid, sent)
        else:
            outcomes["invalid"] += 1
            if key.revoked is None:
                outcomes["wrongly invalid"] += 1


def _is_recent(key: Key) -> bool:
    return key.revoked is not None and time.monotonic() - key.revoked < RECENT_SECONDS


@dataclass
class Losses:
    """What every node says of the keys in the end."""

    # Keys that are valid although their revocation was acknowledged.
    revocations: set[Key] = field(default_factory=set)
    # Revoked keys that do not exist any more.
    keys: set[Key] = field(default_factory=set)


def losses(nodes: list[Node], records: Records, seconds: float) -> Losses:
    """Verifies all revoked keys at all nodes, within a time."""
    found = Losses()
    end = time.monotonic() + seconds
    authorization = nodes[0].log_in()
    for node in nodes:
        connection = node.connect()
        for key in records.revoked:
            while True:
                response = connection.request("POST", "/v1/api-keys/verify", authorization, {"key": key.secret})
                if response is not None and response.status == VALID and not response.json().get("stale"):
                    break
                if time.monotonic() > end:
                    raise TimeoutError(f"{node.name} ({node.path}) does not verify keys after the recovery")
                time.sleep(0.1)
            verification = response.json()
            if verification["valid"]:
                found.revocations.add(key)
            elif verification["code"] == "not_found":
                found.keys.add(key)
    return found
