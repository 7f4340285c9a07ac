"""docs/SEARCH.md."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.load import Latency
from bench.postgres import SETTINGS
from bench.report import run
from bench.searches import BEGINNING, DIGEST, EXECUTIONS, EXPIRY, MAX_EXAMINED, NEWEST, OWNER, Plan, Search

# The bytes of a key in release 0.1.0 that the growth is compared with, and the target.
RELEASED_BYTES, MAX_GROWTH = 757, 0.2
# Milliseconds.
MAX_P99, MAX_P99_AT_LIMIT = 10, 25
# What drives a search, by its index.
DRIVERS = {
    DIGEST: ("`key`, a whole one", "its hashes, one for each pepper"),
    OWNER: ("`owner`", "the keys of the owner, newest first"),
    BEGINNING: ("`key`, how it begins", "the keys of the project that begin so, in alphabetical order"),
    EXPIRY: (
        "`expires_after`, `expires_before`, or the status `expired`",
        "the keys of the project that expire in that time, the earliest first",
    ),
    NEWEST: ("none of these", "the keys of the project, newest first"),
}


@dataclass(frozen=True)
class Measured:
    """A search, how Postgres executed it, its latencies with 1 and 8 connections, and its cost."""

    search: Search
    plan: Plan
    found: int
    latencies: Sequence[Latency]
    # Milliseconds of processor time for each request: of Postgres and of the server.
    cpu: tuple[float, float]

    @property
    def at_limit(self) -> bool:
        """Whether it examined all that it may."""
        return self.plan.examined >= MAX_EXAMINED


@dataclass(frozen=True)
class Scale:
    """How much is measured, for how long, with how many keys the sizes are, how long it took to fill the database, and
    what else ran."""

    rows: int
    owners: int
    rounds: int
    seconds: int
    sized_rows: int
    fill_seconds: float
    # Processes of other programs that ran or waited for a processor.
    other_load: float


@dataclass(frozen=True)
class Page:
    """All that a run has measured."""

    scale: Scale
    # Of Postgres.
    settings: Mapping[str, str]
    measured: Sequence[Measured]
    # How many keys a request revokes, and the latencies of dry runs and of revocations.
    revoked: int
    revocations: Sequence[Latency]
    # Of the search, and of the statement that revokes.
    revocation_plans: Sequence[Plan]
    bytes_per_key: float
    # Bytes for each key in the layouts of release 0.1.0 and of this version.
    layouts: Sequence[float]


def shown(latency: Latency) -> str:
    return f"{latency.p50:.2f}, {latency.p99:.2f}, {latency.longest:.2f}"


def plan_text(plan: Plan) -> str:
    """The plan without the text of the statement, and with long conditions shortened."""
    lines = plan.text.splitlines()
    first = next(number for number, line in enumerate(lines) if re.search(r"\(cost=", line))
    cut = (line if len(line) <= 200 else f"{line[:197]}..." for line in lines[first:])
    return "\n".join(re.sub(r"cost=\S+ rows=\d+ width=\d+\) \(actual ", "", line) for line in cut)


def worst(measured: Sequence[Measured], index: str) -> Measured:
    """The search by an index that examines most, and of these the slowest."""
    return max(
        (each for each in measured if each.search.index == index),
        key=lambda each: (each.plan.examined, each.plan.milliseconds),
    )


def render(page: Page) -> str:
    """Returns the page."""
    searches = "\n".join(
        f"| {each.search.name} | `{each.plan.index}` | {each.plan.examined:,} | {each.found} | {each.cpu[0]:.2f} + {each.cpu[1]:.2f} | "
        + " | ".join(map(shown, each.latencies))
        + " |"
        for each in page.measured
    )
    drivers = "\n".join(f"| {condition} | {order} | `{index}` |" for index, (condition, order) in DRIVERS.items())
    plans = "\n\n".join(
        f"### {worst(page.measured, index).search.name}: `{index}`\n\n```text\n{plan_text(worst(page.measured, index).plan)}\n```"
        for index in DRIVERS
    )
    within = [each for each in page.measured if not each.at_limit]
    at_limit = [each for each in page.measured if each.at_limit]
    revocation = "\n\n".join(f"```text\n{plan_text(plan)}\n```" for plan in page.revocation_plans)
    dry_run, real = page.revocations
    released, current = page.layouts
    slowest, slowest_at_limit = (
        max(each.latencies[0].p99 for each in group) if group else 0 for group in (within, at_limit)
    )
    settings = ", ".join(f"{name}={value}" for name, value in {**SETTINGS, **page.settings}.items())
    return f"""# Search

Written by `make bench-search`. This page says what `searchApiKeys` and `revokeApiKeys` read, and how long that takes in a database
with {page.scale.rows:,} keys of {page.scale.owners:,} owners.

## What drives a search

One ordered index drives each search: that of the first of these conditions that the filter has. It is read in order, for
{MAX_EXAMINED:,} keys at most. All other conditions are checked on each of these keys. A page ends when it is full, or where the
reading ended: it then has fewer keys, or none, and a `next_cursor`.

| the filter has | what is read | index |
|---|---|---|
{drivers}

All but the first are partial: deleted keys are not in them. The next page begins in the index at the key where the page before
ended, so late pages cost what the first one does. `revokeApiKeys` searches in the same way, and then locks and changes the keys
that were found, by their ids, in one statement. A dry run only searches.

## Results

Targets: a p99 below {MAX_P99} ms, and below {MAX_P99_AT_LIMIT} ms for searches that examine {MAX_EXAMINED:,} keys, with one
connection. A key takes at most {MAX_GROWTH:.0%} more than the {RELEASED_BYTES} bytes that it took in release 0.1.0.

{run()}
- **Keys**: in one project nearly all, a tenth of them of one owner; 30 % expire, half of these have; 5 % are revoked, 2 % disabled,
  3 % deleted; 30 % have metadata, 50 % a description; 60 % were used. Filling the database took {page.scale.fill_seconds / 60:.0f} minutes.
- **Method**: medians of {page.scale.rounds} rounds of {page.scale.seconds} s over HTTP, with 50 keys a page, by a manager of the project. Each
  request has another key, beginning, owner or week where the name does not say which. `EXPLAIN (ANALYZE, BUFFERS)` by `auto_explain`
  on the program's own connection, when it had executed the statement {EXECUTIONS} times.
- **Postgres**: durable; {settings}.
- **Server**: default settings, but no limit of requests.
- **Other programs**: {page.scale.other_load:.1f} processes that ran or waited for a processor (load average before the measurements).

| search | index | examined | found | processor ms | 1 connection: p50, p99, max ms | 8 connections: p50, p99, max ms |
|---|---|---|---|---|---|---|
{searches}

With one connection, the highest p99 is **{slowest:.1f} ms**, and **{slowest_at_limit:.1f} ms** of searches that examine
{MAX_EXAMINED:,} keys. With eight, requests wait for the processors. Processor time is that of Postgres and of the server for a request,
with one connection; unlike the latencies, it hardly depends on what else runs on the machine. `number` in the plans counts the keys
that were examined.

`revokeApiKeys` of {page.revoked:,} keys: dry run p50 {dry_run.p50:.1f} ms, p99 {dry_run.p99:.1f} ms; revoked p50 **{real.p50:.1f} ms**, p99
{real.p99:.1f} ms, each key with its audit event and its entry of the change log.

A key with its usage and all indexes takes {page.bytes_per_key:.0f} bytes after indexes were built in one go. With {page.scale.sized_rows:,} keys that
were inserted one after another it takes **{current:.0f} bytes**, and {released:.0f} bytes in the layout of release 0.1.0: {current - released:.0f} bytes
more, which is **{(current - released) / RELEASED_BYTES:.0%}** of {RELEASED_BYTES} bytes and {current / released - 1:.0%} of these smaller keys.

## Plans

Of the searches by each index, the one that examined most.

{plans}

### Revocation of {page.revoked:,} keys of one owner

{revocation}
"""
