"""A database with many keys of many customers: skewed, and with keys in every state.

The project `shop` has nearly all keys. Its first owner has a tenth of them, the others ever fewer. 50 small projects share two keys
in a thousand.
"""

from collections.abc import Sequence

from bench.keys import digest, make_keys
from bench.postgres import Postgres
from bench.processes import ROOT

# The project that has nearly all keys, its owner of a tenth of them, and the projects that share the last owners.
PROJECT, BIG_OWNER, SMALL_PROJECTS = "shop", "customer-0", 50
# How many owners are in the small projects: the last ones.
SMALL_OWNERS = 10 * SMALL_PROJECTS
# An owner who used all keys after they were created.
BUSY_OWNER = "customer-1"
# How many keys of the project are known in full: the newest.
KNOWN_KEYS = 1_000
# Until when keys are created. Half of those that expire have done so then.
END = "timestamptz '2026-11-01T00:00:00Z'"
# What the database stores of a key `i`, as columns of `api_keys` and their values; `r1` to `r4` are random between 0 and 1.
COLUMNS = {
    "id": "i",
    "user_id": "o.id",
    "pepper": "1",
    "hash": "sha256(int8send(i))",
    # Of the characters that keys have, nearly all equally often.
    "key_prefix": "'lk_' || left(translate(encode(sha256(int8send(-i)), 'base64'), '+/', 'az'), 9)",
    "description": "CASE WHEN r1 < 0.5 THEN (ARRAY['Production', 'Staging', 'Laptop', 'CI'])[1 + i % 4] || ' ' || i END",
    "created_at": "created_at",
    "expires_at": f"CASE WHEN r2 < 0.3 THEN {END} + (r2 / 0.3 - 0.5) * interval '1000 days' END",
    "not_before": "CASE WHEN r3 < 0.001 THEN timestamptz '2100-01-01T00:00:00Z' END",
    "disabled_at": "CASE WHEN r3 BETWEEN 0.01 AND 0.03 THEN created_at + interval '1 day' END",
    "revoked_at": "CASE WHEN r3 BETWEEN 0.03 AND 0.08 THEN created_at + interval '1 day' END",
    "deleted_at": "CASE WHEN r3 BETWEEN 0.08 AND 0.11 THEN created_at + interval '2 days' END",
    "revocation_reason": "CASE WHEN r3 BETWEEN 0.03 AND 0.08 THEN 'rotated' END",
    "scopes": "ARRAY['orders:read']",
    "rate_limit_requests": "CASE WHEN r1 < 0.1 THEN 100 END",
    "rate_limit_seconds": "CASE WHEN r1 < 0.1 THEN 60 END",
}
# Those that release 0.1.0 did not have.
NEW_COLUMNS = {
    "project_id": "o.project_id",
    "metadata": "CASE WHEN r4 < 0.3 THEN jsonb_build_object('plan', (ARRAY['free', 'pro'])[1 + i % 2], 'seats', (i % 100)::text) "
    "ELSE '{}' END",
    "managed": "true",
}
RELEASED_MIGRATIONS = "2026-11-24-*"
# How many keys the sizes of both layouts are measured with.
SIZED_ROWS = 200_000


def random(salt: int) -> str:
    """A number between 0 and 1 for each key, the same in each run."""
    return f"(hashint8extended(i, {salt}) & 1073741823) / 1073741824.0"


def owners(count: int) -> list[str]:
    """Statements that create the projects and their owners, and number the owners."""
    small = f"(number - {count - SMALL_OWNERS}) / 10"
    return [
        f"INSERT INTO projects (slug, created_at) SELECT 'small-' || i, now() FROM generate_series(0, {SMALL_PROJECTS - 1}) i",
        f"INSERT INTO projects (slug, created_at) VALUES ('{PROJECT}', now())",
        f"INSERT INTO principals (kind, project_id, external_id, metadata, created_at) SELECT 'owner', p.id, 'customer-' || number, "
        f'\'{{"plan": "pro"}}\', now() FROM generate_series(0, {count - 1}) number INNER JOIN projects p ON p.slug = '
        f"CASE WHEN number < {count - SMALL_OWNERS} THEN '{PROJECT}' ELSE 'small-' || {small} END",
        "CREATE TABLE numbered_owners AS SELECT id, project_id, substr(external_id, 10)::int AS number FROM principals "
        "WHERE kind = 'owner'",
        "ANALYZE numbered_owners",
    ]


def keys(columns: dict[str, str], rows: int, owner_count: int) -> str:
    """The statement that inserts the keys, in the order of their ids."""
    randoms = ", ".join(f"{random(salt)} AS r{salt}" for salt in range(1, 7))
    return (
        f"INSERT INTO api_keys ({', '.join(columns)}) OVERRIDING SYSTEM VALUE SELECT {', '.join(columns.values())} "
        f"FROM (SELECT i, {randoms}, {END} - (1 - i::float8 / {rows}) * interval '1000 days' AS created_at "
        f"FROM generate_series(1::bigint, {rows}) i) i INNER JOIN numbered_owners o ON o.number = "
        f"CASE WHEN r5 < 0.1 THEN 0 ELSE least(floor({owner_count} * r6 ^ 3), {owner_count - 1}) END"
    )


def usage(rows: int) -> str:
    """The statement that inserts when keys were used; 6 of 10 were."""
    return (
        "INSERT INTO key_usage (key_id, valid_count, invalid_count, last_used_at) "
        f"SELECT i, i % 1000, 0, {END} - {random(7)} * interval '300 days' "
        f"FROM generate_series(1::bigint, {rows}) i WHERE {random(8)} < 0.6"
    )


def fill(postgres: Postgres, pepper: bytes, rows: int, owner_count: int) -> list[str]:
    """Fills the database of the program, and returns the keys that are known in full.

    Indexes are built afterwards, which takes a third of the time.
    """
    known = list(make_keys(KNOWN_KEYS))
    file = postgres.directory / "known"
    file.write_text("".join(f"{key[:12]}\t\\\\x{digest(key, pepper)}\n" for key in known))
    definitions = postgres.sql(
        "SELECT indexdef FROM pg_indexes WHERE tablename = 'api_keys' AND indexname NOT IN ('api_keys_pkey', 'api_keys_hash_key')"
    ).splitlines()
    names = postgres.sql(
        "SELECT indexname FROM pg_indexes WHERE tablename = 'api_keys' AND indexname NOT IN ('api_keys_pkey', 'api_keys_hash_key')"
    ).splitlines()
    postgres.sql(
        *owners(owner_count),
        f"DROP INDEX {', '.join(names)}",
        "ALTER TABLE api_keys DROP CONSTRAINT api_keys_hash_key",
        # The rows are right, and the tables are empty before, so neither foreign keys nor a log of writes are needed.
        f"SET session_replication_role = replica; BEGIN; TRUNCATE api_keys, key_usage RESTART IDENTITY CASCADE; "
        f"{keys(COLUMNS | NEW_COLUMNS, rows, owner_count)}; {usage(rows)}; COMMIT",
        f"SELECT setval('api_keys_id_seq', {rows})",
        "CREATE TEMPORARY TABLE known (key_prefix text, hash bytea)",
        f"\\copy known FROM '{file}'",
        "INSERT INTO api_keys (user_id, project_id, pepper, hash, key_prefix, created_at, scopes) SELECT o.id, o.project_id, 1, "
        f"k.hash, k.key_prefix, {END}, '{{orders:read}}' FROM known k, numbered_owners o WHERE o.number = 7",
        "SET maintenance_work_mem = '1GB'; SET max_parallel_maintenance_workers = 1",
        "ALTER TABLE api_keys ADD CONSTRAINT api_keys_hash_key UNIQUE (hash)",
        *definitions,
        "INSERT INTO key_usage (key_id, valid_count, invalid_count, last_used_at) SELECT k.id, 1, 0, "
        f"{END} FROM api_keys k INNER JOIN principals o ON o.id = k.user_id WHERE o.external_id = '{BUSY_OWNER}' "
        "ON CONFLICT (key_id) DO UPDATE SET last_used_at = excluded.last_used_at",
        "DROP TABLE numbered_owners",
        "VACUUM (ANALYZE) api_keys, key_usage, principals, projects",
        "CREATE EXTENSION pg_prewarm",
        "SELECT pg_prewarm(c.oid) FROM pg_class c WHERE c.relkind IN ('r', 'i') AND c.relname ~ '^(api_keys|key_usage|principals)'",
        "CHECKPOINT",
    )
    return known


def bytes_per_key(postgres: Postgres, database: str) -> float:
    """What a key takes in a database: its row, its usage, and their indexes."""
    size = "pg_total_relation_size('api_keys') + pg_total_relation_size('key_usage')"
    return float(postgres.sql(f"SELECT ({size})::float8 / (SELECT count(*) FROM api_keys)", database=database))


def layout_sizes(postgres: Postgres, rows: int) -> Sequence[float]:
    """What a key takes in the layouts of release 0.1.0 and of this version, with the same keys, inserted with all indexes in place."""
    sizes = []
    for name, pattern, columns in (("released", RELEASED_MIGRATIONS, COLUMNS), ("current", "*", COLUMNS | NEW_COLUMNS)):
        migrations = sorted((ROOT / "migrations").glob(f"{pattern}/up.sql"))
        postgres.sql(f"CREATE DATABASE {name}")
        for migration in migrations:
            postgres.sql(migration.read_text(), database=name)
        postgres.sql(
            "SET session_replication_role = replica",
            "CREATE TEMPORARY TABLE numbered_owners AS SELECT i AS id, i AS project_id, i AS number "
            "FROM generate_series(0, 1999) i",
            "ANALYZE numbered_owners",
            keys(columns, rows, 2_000),
            usage(rows),
            "VACUUM (ANALYZE) api_keys, key_usage",
            database=name,
        )
        sizes.append(bytes_per_key(postgres, name))
        postgres.sql(f"DROP DATABASE {name}")
    return sizes
