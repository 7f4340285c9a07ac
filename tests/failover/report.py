"""The table of scenarios: printed row by row, and written to a file."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

INTRODUCTION = """\
# Failover

Written by `make failover`, from `tests/failover/`.

Three Postgres servers run under Patroni, which keeps the primary's lease of {lease} s in etcd, on three machines:
network namespaces that a bridge connects. Two Latchkey nodes connect by a URL that names all servers
(`postgres://…@db1,db2,db3/…?target_session_attrs=read-write`), a third through HAProxy, which asks Patroni for the
primary (`/primary`). At each node one client creates and revokes keys, and another verifies all keys without pause.
Each fault is injected into a new cluster and repaired afterwards.

- *Late* counts keys that some node called valid, and not stale, in response to a request that was sent more than 1 s
  after the acknowledgement of their revocation, and whose revocation was not lost.
- *Lost* counts keys that are valid in the end, at any node, although their revocation was acknowledged. *Keys lost*
  counts revoked keys that do not exist in the end. The clients revoke keys that they have just created, so a lost
  revocation mostly shows as a lost key.
- *No writes for* is the longest time without an acknowledged write after the fault, of the nodes with several hosts in
  their URL and of the one behind HAProxy: the time to recovery.
- *Unavailable* and *stale* count verifications. A key that was not revoked and was called invalid is *wrongly
  invalid*.

With synchronous replication (`synchronous_mode: true`), *late*, *lost*, *keys lost* and *wrongly invalid* must be 0;
with asynchronous replication, *late* and *wrongly invalid*. Otherwise the command fails. Asynchronously, a failover
loses what the new primary had not received.
"""

TITLES = [
    "scenario",
    "replication",
    "revoked",
    "last valid: max",
    "late",
    "lost",
    "keys lost",
    "no writes for: several hosts",
    "HAProxy",
    "unavailable",
    "stale",
    "wrongly invalid",
]
COLUMNS = f"| {' | '.join(TITLES)} |\n{'|---' * len(TITLES)}|\n"


@dataclass
class Row:
    """What was measured in one run of a scenario."""

    scenario: str
    synchronous: bool
    revoked: int
    # In seconds, of the keys whose revocation was not lost.
    last_valid: float
    late: int
    lost_revocations: int
    lost_keys: int
    # In seconds, by how the nodes reach the primary.
    pauses: dict[str, float]
    outcomes: Counter[str]

    def violations(self) -> list[str]:
        """What must not have happened."""
        counts = {"revocations were late": self.late, "keys were wrongly invalid": self.outcomes["wrongly invalid"]}
        if self.synchronous:
            counts |= {"revocations were lost": self.lost_revocations, "keys were lost": self.lost_keys}
        return [f"{self}: {count} {text}" for text, count in counts.items() if count]

    def __str__(self) -> str:
        return f"{self.scenario} ({self.replication()})"

    def replication(self) -> str:
        return "synchronous" if self.synchronous else "asynchronous"

    def markdown(self) -> str:
        """The row of the table."""
        pauses = [f"{pause:.1f} s" for pause in self.pauses.values()]
        counts = [self.outcomes[name] for name in ("unavailable", "stale", "wrongly invalid")]
        last_valid = f"{self.last_valid * 1000:.0f} ms"
        losses = [self.late, self.lost_revocations, self.lost_keys]
        cells = [self.scenario, self.replication(), self.revoked, last_valid, *losses, *pauses, *counts]
        return f"| {' | '.join(map(str, cells))} |"


def write(path: Path, lease: int, run: str, rows: list[Row], skipped: list[str]) -> None:
    """Writes the page."""
    notes = "".join(f"\nNot run, because network namespaces are not permitted here: {name}.\n" for name in skipped)
    table = COLUMNS + "".join(f"{row.markdown()}\n" for row in rows)
    path.write_text(f"{INTRODUCTION.format(lease=lease)}\n{run}\n\n{table}{notes}")
