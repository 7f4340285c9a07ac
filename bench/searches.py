"""The searches that are measured, and the plans by which Postgres finds the keys."""

import contextlib
import http.client
import json
import random
import re
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.keys import make_keys
from bench.many_keys import BIG_OWNER, BUSY_OWNER, PROJECT, SMALL_OWNERS
from bench.postgres import Postgres
from bench.processes import Program

# The most keys that a search examines.
MAX_EXAMINED = 5_000
# Postgres may plan a prepared statement without its parameters from its sixth execution on.
EXECUTIONS = 7
DIGEST, BEGINNING, OWNER, EXPIRY, NEWEST = INDEXES = (
    "api_keys_hash_key",
    "api_keys_project_id_key_prefix_id_idx",
    "api_keys_user_id_id_idx",
    "api_keys_project_id_expires_at_id_idx",
    "api_keys_project_id_id_idx",
)
SEARCH_PATH = f"/v1/projects/{PROJECT}/api-keys/search"
REVOKE_PATH = f"/v1/projects/{PROJECT}/api-keys/revoke"
# Conditions that no key meets, for which searches examine all that they may.
NOTHING = {"description": "no key has this"}
ACTIVE = {"status": "active", "metadata": {"plan": "pro"}}
EXPLAIN = "-c session_preload_libraries=auto_explain -c auto_explain.log_min_duration=0 -c auto_explain.log_analyze=on \
-c auto_explain.log_buffers=on"
LOGGED_PLAN = re.compile(
    r"^LOG:  duration: (?P<duration>[\d.]+) ms  plan:\n\tQuery Text: (?P<rest>.*(?:\n\t.*)*)", re.MULTILINE
)
SCAN = re.compile(
    r"^( *)->  (?P<kind>Index(?: Only)? Scan|Bitmap Heap Scan|Seq Scan|Parallel Seq Scan)(?: using (?P<index>\w+))? on api_keys k\S*  "
    r"\(cost=\S+ rows=\d+ width=\d+\) \(actual time=\S+ rows=(?P<rows>\d+) loops=(?P<loops>\d+)\)\n(?P<details>(?:\1      .*\n?)*)",
    re.MULTILINE,
)
PAGE = "Index Cond: (id = w.id)\n"
REMOVED = re.compile(r"Rows Removed by (?:Filter|Index Recheck): (\d+)")


@dataclass(frozen=True)
class Search:
    """Requests of one kind, with the index that drives them."""

    name: str
    index: str
    # The filters, of which each request has one.
    filters: Sequence[Mapping[str, Any]]
    # How many pages precede the one that is requested, with 200 keys each.
    pages_before: int = 0


@dataclass(frozen=True)
class Plan:
    """What Postgres did for a search, or for the statement that revokes what it found."""

    # As EXPLAIN (ANALYZE, BUFFERS) prints it.
    text: str
    milliseconds: float

    @property
    def scans(self) -> list[re.Match[str]]:
        """How keys are found. Those of the page are then read by their ids."""
        return [scan for scan in SCAN.finditer(self.text) if PAGE not in scan["details"]]

    @property
    def index(self) -> str:
        """The index that the keys are read by; otherwise how they are."""
        return " and ".join(scan["index"] or scan["kind"] for scan in self.scans)

    @property
    def examined(self) -> int:
        """How many keys were read."""
        return sum(
            int(scan["loops"]) * (int(scan["rows"]) + sum(map(int, REMOVED.findall(scan["details"]))))
            for scan in self.scans
        )


def searches(postgres: Postgres, known: Sequence[str], owners: int) -> list[Search]:
    """The searches. `known` are whole keys, `owners` is how many there are."""
    chosen = random.Random(1)
    others = [f"customer-{chosen.randrange(2, owners - SMALL_OWNERS)}" for _ in range(1_000)]
    beginnings = postgres.sql(
        "SELECT k.key_prefix FROM api_keys k INNER JOIN projects p ON p.id = k.project_id "
        f"WHERE p.slug = '{PROJECT}' AND k.deleted_at IS NULL ORDER BY k.hash LIMIT 1000"
    ).split()
    days = [f"2026-{1 + day // 28:02}-{1 + day % 28:02}T00:00:00Z" for day in range(12 * 28)]
    weeks = [{"expires_after": begin, "expires_before": end} for begin, end in zip(days, days[7:], strict=False)]
    used = {"unused_since": "2026-10-31T00:00:00Z"}
    broad = [{"key": f"lk_{character}"} for character in "abcdefghijklmnopqrstuvwxyABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    expiring = {"expires_after": "2026-11-01T00:00:00Z"}
    return [
        Search("a whole key", DIGEST, [{"key": key} for key in known]),
        Search("a whole key that does not exist", DIGEST, [{"key": key} for key in make_keys(1_000)]),
        Search("how a key begins, 12 characters", BEGINNING, [{"key": beginning} for beginning in beginnings]),
        Search("how a key begins, 6 characters", BEGINNING, [{"key": beginning[:6]} for beginning in beginnings]),
        Search("how a key begins, 4 characters", BEGINNING, broad),
        Search("the same, 40,000 keys later", BEGINNING, broad[:1], 200),
        Search("the same, active with metadata", BEGINNING, [{**each, **ACTIVE} for each in broad]),
        Search("the same, nothing matches", BEGINNING, [{**each, **NOTHING} for each in broad]),
        Search("an owner", OWNER, [{"owner": owner} for owner in others]),
        Search("an owner, unused", OWNER, [{"owner": owner, **used} for owner in others]),
        Search("the owner of a tenth of the keys", OWNER, [{"owner": BIG_OWNER}]),
        Search("the same, 40,000 keys later", OWNER, [{"owner": BIG_OWNER}], 200),
        Search("the same, active with metadata", OWNER, [{"owner": BIG_OWNER, **ACTIVE}]),
        Search("the same, nothing matches", OWNER, [{"owner": BIG_OWNER, **NOTHING}]),
        Search("an owner who uses all keys, unused", OWNER, [{"owner": BUSY_OWNER, **used}]),
        Search("expiring within a week", EXPIRY, weeks),
        Search("expired", EXPIRY, [{"status": "expired"}]),
        Search("expiring from now on", EXPIRY, [expiring]),
        Search("the same, 40,000 keys later", EXPIRY, [expiring], 200),
        Search("the same, nothing matches", EXPIRY, [{**expiring, **NOTHING}]),
        Search("all keys", NEWEST, [{}]),
        Search("all keys, 40,000 keys later", NEWEST, [{}], 200),
        Search("active with metadata", NEWEST, [ACTIVE]),
        Search("revoked", NEWEST, [{"status": "revoked"}]),
        Search("disabled", NEWEST, [{"status": "disabled"}]),
        Search("pending", NEWEST, [{"status": "pending"}]),
        Search("unused", NEWEST, [used]),
        Search("metadata that no key has", NEWEST, [{"metadata": {"plan": "none"}}]),
        Search("a description that no key has", NEWEST, [NOTHING]),
        Search("created before the newest 5,000 keys", NEWEST, [{"created_before": "2024-06-01T00:00:00Z"}]),
    ]


def request(program: Program, connection: http.client.HTTPConnection, path: str, body: object) -> Any:
    return program.request(connection, "POST", path, json.dumps(body))


def target(program: Program, search: Search) -> str:
    """Returns the path and query of the search's page."""
    cursor = None
    with contextlib.closing(http.client.HTTPConnection(program.address)) as connection:
        for _ in range(search.pages_before):
            page = request(program, connection, path_of(cursor, limit=200), search.filters[0])
            cursor = page["next_cursor"]
    return path_of(cursor)


def path_of(cursor: str | None, limit: int | None = None) -> str:
    query = {name: str(value) for name, value in (("cursor", cursor), ("limit", limit)) if value is not None}
    return f"{SEARCH_PATH}?{urllib.parse.urlencode(query)}" if query else SEARCH_PATH


def explain(postgres: Postgres, program: Program, search: Search) -> tuple[Plan, int]:
    """Returns the plan of the search when it was executed often, and how many keys it found. The program must be connected to
    `explaining_url`."""
    path = target(program, search)
    with contextlib.closing(http.client.HTTPConnection(program.address)) as connection:
        for number in range(EXECUTIONS):
            with logged_plans(postgres) as plans:
                page = request(program, connection, path, search.filters[number % len(search.filters)])
    return the_one(plans, "row_number()"), len(page["items"])


def revocation(owner: str, limit: int, dry_run: bool, cursor: str | None) -> dict[str, Any]:
    """Returns the body of a request that revokes the next keys of an owner."""
    body = {"filter": {"owner": owner}, "dry_run": dry_run, "limit": limit}
    return {**body, "cursor": cursor} if cursor else body


def explain_revocation(
    postgres: Postgres, program: Program, limit: int, dry_run: bool, owner: str = BIG_OWNER
) -> tuple[list[Plan], int]:
    """Returns the plans of the statements of a revocation, and how many keys matched."""
    cursor = None
    with contextlib.closing(http.client.HTTPConnection(program.address)) as connection:
        for _ in range(EXECUTIONS):
            # Revoked keys do not match, but they are examined.
            body = revocation(owner, limit, dry_run, cursor)
            with logged_plans(postgres) as plans:
                result = request(program, connection, REVOKE_PATH, body)
            cursor = result["next_cursor"]
    statements = ["row_number()"] if dry_run else ["row_number()", "FOR NO KEY UPDATE OF k"]
    return [the_one(plans, statement) for statement in statements], int(result["matched"])


def the_one(plans: list[Plan], statement: str) -> Plan:
    """Returns the plan of the one statement with this text."""
    found = [plan for plan in plans if statement in plan.text]
    if len(found) != 1:
        raise SystemExit(f"{len(found)} statements with {statement} ran instead of one")
    return found[0]


def explaining_url(postgres: Postgres) -> str:
    """The URL of the database with settings under which Postgres logs the plan of each statement."""
    return f"{postgres.url}?options={urllib.parse.quote(EXPLAIN)}"


@contextlib.contextmanager
def logged_plans(postgres: Postgres) -> Iterator[list[Plan]]:
    """A list that receives, on exit, the plans of the statements that have run meanwhile."""
    plans: list[Plan] = []
    with postgres.logged() as texts:
        yield plans
    for match in LOGGED_PLAN.finditer("".join(texts)):
        plans.append(Plan(match["rest"].replace("\n\t", "\n"), float(match["duration"])))
