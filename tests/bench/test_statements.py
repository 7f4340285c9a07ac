"""The benchmarks' statements are those of the program, and pgbench runs them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.bench import prepare
from bench.postgres import Postgres, Script, Statement
from bench.processes import Program
from bench.statements import ID, Sample, find, read_scripts, samples, script

# More than the id that the requests name.
ROWS = ID + 1
GET = Sample("GET", "GET", "/v1/api-keys/7", expressions={"7": ":id"})


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with Postgres.serve() as postgres:
        yield postgres


@pytest.fixture(scope="module")
def scripts(postgres: Postgres, program: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Script]:
    directory, pepper = tmp_path_factory.mktemp("bench"), os.urandom(32)
    keys = directory / "keys"
    environment = prepare(postgres, program, pepper, keys, ROWS)
    environment["DATABASE_URL"] = postgres.logging_url
    key = keys.read_text().split("\n", 1)[0]
    with Program.serve(program, environment, directory) as server:
        return read_scripts(postgres, server, samples(key, pepper, ROWS))


@pytest.mark.parametrize("operation", ["GET", "PATCH", "LIST 50", "VERIFY uncached"])
def test_pgbench_runs_the_statement(postgres: Postgres, scripts: dict[str, Script], operation: str) -> None:
    postgres.sql("SELECT pg_stat_statements_reset()")
    transactions = postgres.bench(scripts[operation], 1, 1).rate
    # Each reads, or updates and returns, the rows that the request of the program does.
    per_call = {"LIST 50": 51}.get(operation, 1)
    calls, rows = postgres.sql(
        "SELECT sum(calls), sum(rows) FROM pg_stat_statements WHERE query LIKE '%api_keys%'"
    ).split("|")
    assert transactions > 0
    assert int(rows) == int(calls) * per_call


def test_parameters_become_expressions_variables_or_null() -> None:
    statement = Statement("SELECT $1, $2 FROM api_keys WHERE id = $3 AND x = $10", {1: "a'b", 2: None, 3: "7", 10: "t"})
    sample = GET._replace(commands=(r"\set id 1",))
    assert script(statement, sample) == Script(
        "\\set id 1\nSELECT :p1, NULL FROM api_keys WHERE id = :id AND x = :p10;\n", {"p1": "a'b", "p10": "t"}
    )


@pytest.mark.parametrize(
    ("count", "statements"),
    [
        (0, []),
        (0, [Statement("SELECT FROM users WHERE id = $1", {1: "7"})]),
        (0, [Statement("SELECT FROM api_keys WHERE id = $1", {1: "8"})]),
        (2, [Statement("SELECT FROM api_keys WHERE id = $1", {1: "7"})] * 2),
    ],
    ids=["none", "another table", "another id", "two"],
)
def test_an_operation_without_exactly_one_statement_is_an_error(count: int, statements: list[Statement]) -> None:
    message = rf"^GET runs {count} statements on api_keys with the parameter 7 instead of one"
    with pytest.raises(SystemExit, match=message):
        find(GET, statements)
