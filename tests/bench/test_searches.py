"""Each search is driven by its index and reads no more than it may, also where reading and sorting all costs less."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.postgres import Postgres
from bench.processes import Program
from bench.search import prepare, run
from bench.search_report import Scale, render
from bench.searches import (
    INDEXES,
    MAX_EXAMINED,
    OWNER,
    Search,
    explain,
    explain_revocation,
    explaining_url,
    searches,
)

# One owner has more keys than a search examines.
ROWS, OWNERS = 120_000, 1_200
LIMIT = 1_000


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with Postgres.serve() as postgres:
        yield postgres


@pytest.fixture(scope="module")
def filled(postgres: Postgres, program: Path) -> tuple[dict[str, str], list[Search]]:
    environment, known = prepare(postgres, program, os.urandom(32), ROWS, OWNERS)
    return environment, searches(postgres, known, OWNERS)


@pytest.fixture(scope="module")
def server(
    postgres: Postgres,
    program: Path,
    filled: tuple[dict[str, str], list[Search]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Program]:
    environment = {**filled[0], "DATABASE_URL": explaining_url(postgres)}
    with Program.serve(program, environment, tmp_path_factory.mktemp("bench")) as server:
        yield server


def test_each_search_is_driven_by_its_index(
    postgres: Postgres, server: Program, filled: tuple[dict[str, str], list[Search]]
) -> None:
    examined = set()
    for search in filled[1]:
        plan, _ = explain(postgres, server, search)
        assert (search.name, plan.index) == (search.name, search.index), plan.text
        assert plan.examined <= MAX_EXAMINED, plan.text
        examined.add(plan.examined)
    assert MAX_EXAMINED in examined


def test_revocation_searches_and_then_reads_what_was_found(postgres: Postgres, server: Program) -> None:
    (search,), matched = explain_revocation(postgres, server, LIMIT, dry_run=True)
    assert (search.index, matched) == (OWNER, LIMIT)
    (search, revocation), matched = explain_revocation(postgres, server, LIMIT, dry_run=False)
    assert (search.index, matched) == (OWNER, LIMIT)
    assert revocation.examined == 2 * LIMIT


def test_all_is_measured(
    postgres: Postgres, program: Path, filled: tuple[dict[str, str], list[Search]], tmp_path: Path
) -> None:
    environment, all_searches = filled
    one_by_each = list({search.index: search for search in reversed(all_searches)}.values())
    page = run(postgres, program, environment, tmp_path, one_by_each, Scale(ROWS, OWNERS, 1, 1, 2_000, 1.0, 0.0))
    assert all(measured.found and min(measured.latencies[0]) > 0 for measured in page.measured)
    released, current = page.layouts
    assert 300 < released < current < 1_000
    text = render(page)
    assert all(text.count(f"`{index}`") >= 3 for index in INDEXES)
