"""Fuzzes `latchkey serve`: as an administrator with a bearer token and with an API key, as an owner and as a manager.

Each on a server of its own.
"""

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract.broken_proxy import VIOLATIONS, BrokenProxy
from tests.contract.callers import USERS, Caller
from tests.contract.fuzzing import CONTRACT, TESTED, Result, Settings, fuzz
from tests.support.client import TestFailure
from tests.support.server import Server

# Fixed, because the subject is the test and not the server.
ENOUGH_TO_DETECT = Settings(examples=15, seed=1)
# Schemathesis ends the stateful phase at a failure, which may be another one each time.
STATEFUL_RUNS = 4
# An owner and a manager have one in this many of the examples: what differs from administrators is who may do what.
FRACTION = 4


@pytest.fixture(scope="module")
def settings(pytestconfig: pytest.Config, summarize: Callable[[str], None]) -> Settings:
    seed = pytestconfig.getoption("seed")
    examples = pytestconfig.getoption("examples")
    settings = Settings(examples) if seed is None else Settings(examples, seed)
    summarize(f"contract: `make test-contract {settings}` repeats this run")
    return settings


def fuzz_server(program: Path, settings: Settings, kind: str, reports: Path, *, is_broken: bool = False) -> Result:
    """One run on a new server; a broken one is behind a proxy that violates the contract."""
    with Server(program, USERS["first"][1]) as server:
        if server.request("GET", "/openapi.yaml")[1] != CONTRACT.read_bytes():
            raise TestFailure(f"{program} was built from another contract than {CONTRACT}")
        server.create_user(*USERS["second"])
        users = [Caller.logged_in(server, *login) for login in USERS.values()]
        project = users[0].create_project()
        callers, login = users, USERS["first"] if kind in ("bearer", "key") else None
        match kind:
            case "owner":
                callers = users[0].create_owners()
            case "manager":
                callers = users[0].create_managers()
        for caller in callers:
            caller.create_keys(settings.examples)
        with contextlib.ExitStack() as stack:
            url = server.url
            arguments: tuple[str, ...] = ()
            if is_broken:
                url = f"http://{stack.enter_context(BrokenProxy(server.address, callers[0].bearer)).address}"
                arguments = ("--no-shrink",)
            result = fuzz(
                settings,
                url,
                callers,
                kind,
                login,
                may_fail_logins=True,
                reports=reports,
                project=project,
                arguments=arguments,
                stateful_runs=STATEFUL_RUNS if is_broken else 1,
            )
        server.stop()
        return result


@pytest.mark.parametrize("kind", TESTED)
def test_server_conforms_to_the_contract(
    kind: str, program: Path, settings: Settings, tmp_path: Path, summarize: Callable[[str], None]
) -> None:
    if kind in ("owner", "manager"):
        settings = Settings(max(settings.examples // FRACTION, 1), settings.seed)
    result = fuzz_server(program, settings, kind, tmp_path)
    summarize(result.summary(TESTED[kind].name))
    if problems := result.problems():
        raise TestFailure("\n".join([result.output, *problems]))


def test_each_violation_is_detected(program: Path, tmp_path: Path) -> None:
    result = fuzz_server(program, ENOUGH_TO_DETECT, "bearer", tmp_path, is_broken=True)
    detected = {check for check, count in result.report.failed_checks.items() if count}
    if "POST /token: no success at all" in result.report.unreached():
        detected.add("no success")
    missed = [f"{violation} ({check})" for violation, check in VIOLATIONS.items() if check not in detected]
    if missed:
        raise TestFailure("\n".join([result.output, "not detected:", *missed]))
    assert result.status != 0
