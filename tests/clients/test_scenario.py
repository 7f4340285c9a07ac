"""Takes each client through the scenario, and checks that a client which makes mistakes fails."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.clients.languages import build, environment_of, require
from tests.clients.recording_proxy import RecordingProxy
from tests.clients.runner import FAILED, LEGEND, NOT_RUN, PASSED, Outcome, execute_steps, running
from tests.clients.scenario import CONTRACT, load_steps
from tests.support.client import TestFailure
from tests.support.server import Server

# The mistakes of the client in broken/, and the steps that must detect them.
MISTAKES = {
    "absent is sent as null": "update nothing",
    "null is sent as absent": "update to null",
    "microseconds are lost": "create",
    "a time is sent without an offset": "update to a microsecond",
    "an offset is invented for a naive time": "update to a naive time",
    "a token is sent without Bearer": "disable",
    "null in a response is read as absent": "get",
    "absent is read as null": "introspect an unknown key",
    "a request is sent twice": "page 2",
    "an unknown property is an error": "unknown property",
    "an unknown value of an enumeration is an error": "unknown code",
    "an unknown status is an error": "unknown status",
    "loc is read as strings": "422 with a list index in loc",
    "ids are read as 32 bits": "id of more than 32 bits",
    "ids are read as floating point": "id of more than 53 bits",
    "no response is returned": "usage",
}
PASSWORD = "latchkey-clients"
STEPS = load_steps()
# The steps that an owner takes as well, and what they capture from the others: the owner is the caller there.
OWNER_STEPS = [{**step, "step": f"{step['step']}, as an owner"} for step in STEPS if step.get("frozen")]
OWNER_CAPTURES = {"token": "customer_token", "user_id": "customer_id", "username": "customer"}


@pytest.fixture(scope="module")
def server(program: Path) -> Iterator[Server]:
    """One server for all clients; it may not log errors."""
    with Server(program, PASSWORD) as server:
        yield server
        server.stop()


@pytest.fixture(scope="module")
def outcomes(summarize: Callable[[str], None]) -> Iterator[dict[str, dict[str, Outcome]]]:
    """The outcomes by language and step, which are shown as a table at the end."""
    outcomes: dict[str, dict[str, Outcome]] = {}
    yield outcomes
    rows = [step["step"] for step in (*STEPS, *OWNER_STEPS)]
    width = max(map(len, rows)) + 2
    summarize(" " * (width + 2) + "".join(f"{language:>12}" for language in outcomes))
    for row in rows:
        marks = [by_step[row].mark if row in by_step else NOT_RUN for by_step in outcomes.values()]
        summarize(f"  {row:<{width}}" + "".join(f"{mark:>12}" for mark in marks))
    summarize(LEGEND)


def run_scenario(server: Server, language: str) -> dict[str, Outcome]:
    """Builds a client and takes it through the scenario, as a user of its own."""
    log, environment = server.directory / f"{language}.log", environment_of(language)
    build(language, environment, log)
    username = f"client-{language}"
    server.create_user(username, PASSWORD, "admin")
    with RecordingProxy(server.address) as proxy, running(language, environment, log) as runner:
        captured = {"username": username, "password": PASSWORD}
        outcomes = execute_steps(runner, STEPS, proxy, captured, language)
        as_owner = {name: captured[source] for name, source in OWNER_CAPTURES.items() if source in captured}
        return outcomes | execute_steps(runner, OWNER_STEPS, proxy, as_owner, language)


def test_scenario_calls_every_operation() -> None:
    assert CONTRACT.missing(STEPS) == set()


def test_client(
    language: str, server: Server, outcomes: dict[str, dict[str, Outcome]], pytestconfig: pytest.Config
) -> None:
    require(language, pytestconfig)
    outcomes[language] = run_scenario(server, language)
    problems = [f"{step}: {problem}" for step, outcome in outcomes[language].items() for problem in outcome.problems]
    if problems:
        log = (server.directory / f"{language}.log").read_text(errors="replace")[-4000:]
        raise TestFailure("\n".join([*problems, f"the runner's log: {log}"]))


def test_mistakes_are_detected(server: Server) -> None:
    outcomes = run_scenario(server, "broken")
    # A step that was not executed detected nothing.
    missed = {
        mistake: outcomes[step].problems
        for mistake, step in MISTAKES.items()
        if outcomes[step].mark != FAILED or outcomes[step].is_blocked
    }
    assert missed == {}
    assert PASSED in {outcome.mark for outcome in outcomes.values()}
