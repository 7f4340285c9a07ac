"""Takes the methods of each client through methods.yaml and the scenario, in all of its modes."""

import json
import urllib.parse
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.clients.languages import build, environment_of, require
from tests.clients.methods import METHODS, MODES, Session, load_steps, scenario_steps
from tests.clients.recording_proxy import RecordingProxy
from tests.clients.runner import LEGEND, NOT_RUN, Outcome, running
from tests.support.client import TestFailure
from tests.support.server import Server

PASSWORD = "latchkey-clients"
STEPS, SCENARIO = load_steps(), scenario_steps()
# What the key of the steps may do.
SCOPES = [
    "orders:read",
    *(
        f"latchkey:{name}"
        for name in ("keys.read", "keys.write", "verify", "audit.read", "owners.read", "owners.write")
    ),
    *(f"latchkey:{name}" for name in ("project.admin", "instance.admin")),
]
# How many clients are tested at a time: most of the time, they wait for faults.
AT_A_TIME = 2
# The version of a server that a client warns of, in the steps.
OTHER_VERSION = "7.0.0"

# The runs of a language: the name, the log, and what becomes of it.
Runs = dict[str, list[tuple[str, Path, Future[tuple[dict[str, Outcome], list[str]]]]]]


@pytest.fixture(scope="module")
def server(program: Path) -> Iterator[Server]:
    with Server(program, PASSWORD) as server:
        yield server
        server.stop()


@pytest.fixture(scope="module")
def short_tokens(program: Path) -> Iterator[Server]:
    """A server whose tokens end after 2 s."""
    with Server(program, PASSWORD, {"LATCHKEY_TOKEN_TTL": "2s"}) as server:
        yield server
        server.stop()


@pytest.fixture(scope="module")
def outcomes(summarize: Callable[[str], None]) -> Iterator[dict[str, dict[str, Outcome]]]:
    """The outcomes by client and step, which are shown as a table at the end."""
    outcomes: dict[str, dict[str, Outcome]] = {}
    yield outcomes
    rows = [step["step"] for step in (*STEPS, *SCENARIO)]
    width = max(map(len, rows)) + 2
    summarize(" " * (width + 2) + "".join(f"{client:>14}" for client in outcomes))
    for row in rows:
        marks = [by_step[row].mark if row in by_step else NOT_RUN for by_step in outcomes.values()]
        summarize(f"  {row:<{width}}" + "".join(f"{mark:>14}" for mark in marks))
    summarize(LEGEND)


def test_steps_call_every_method() -> None:
    called = {step["method"] for step in (*STEPS, *SCENARIO)}
    assert {client["method"] for client in METHODS.values()} - called == set()


@pytest.fixture(scope="module")
def runs(server: Server, short_tokens: Server, request: pytest.FixtureRequest) -> Iterator[Runs]:
    """Compiles the clients, and begins to take them through the steps. Those that do not compile have no runs."""
    callspecs = [getattr(item, "callspec", None) for item in request.session.items if item.path == request.path]
    languages = [callspec.params["language"] for callspec in callspecs if callspec]
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        runs: Runs = {language: [] for language in languages}
        compiled = []
        for language in languages:
            try:
                build(language, environment_of(language), server.directory / f"{language}-methods.log")
                compiled.append(language)
            except TestFailure:
                pass
        for language in compiled:
            for mode in MODES.get(language, [""]):
                name = f"{language} {mode}".strip()
                log = server.directory / f"{name}.log"
                run = pool.submit(run_steps, language, mode, server, short_tokens, log)
                runs[language].append((name, log, run))
        yield runs


def test_methods(
    language: str, server: Server, runs: Runs, outcomes: dict[str, dict[str, Outcome]], pytestconfig: pytest.Config
) -> None:
    require(language, pytestconfig)
    problems = []
    if not runs[language]:
        problems.append(f"it does not compile:\n{(server.directory / f'{language}-methods.log').read_text()}")
    for name, log, run in runs[language]:
        outcomes[name], leaks = run.result()
        problems += [f"{name}: {text}" for text in leaks]
        problems += [f"{name}: {step}: {text}" for step, o in outcomes[name].items() for text in o.problems]
        if problems:
            problems.append(f"the runner's log: {log.read_text(errors='replace')[-4000:]}")
    if problems:
        raise TestFailure("\n".join(problems))


def run_steps(
    language: str, mode: str, server: Server, short_tokens: Server, log: Path
) -> tuple[dict[str, Outcome], list[str]]:
    """The outcomes of all steps, and what is wrong with the log."""
    username = f"{language}-{mode}-methods".replace("--", "-")
    for one in (server, short_tokens):
        one.create_user(username, PASSWORD, "admin")
    token = log_in(server, username, PASSWORD)
    api_key = create_key(server, token, SCOPES)
    with RecordingProxy(server.address) as proxy, RecordingProxy(short_tokens.address) as short_proxy:
        environment = environment_of(language) | {"LATCHKEY_URL": proxy.url, "LATCHKEY_API_KEY": api_key}
        with running(language, environment, log) as runner:
            session = Session(runner, {"": proxy, "short_tokens": short_proxy}, language, mode, server.address)
            session.captured = {
                "username": username,
                "password": PASSWORD,
                "token": token,
                "restricted_token": log_in(server, username, PASSWORD, "latchkey:keys.read"),
                "api_key": api_key,
                "restricted_key": create_key(server, token, ["latchkey:keys.read"]),
                "unknown": f"{api_key[:-1]}{'x' if api_key[-1] != 'x' else 'y'}",
            }
            session.settings = {
                "environment": {},
                "key": {"api_key": "${api_key}"},
                "restricted_key": {"api_key": "${restricted_key}"},
                "unknown_key": {"api_key": "${unknown}"},
                "token": {"token": "${token}"},
                "login": {"username": "${username}", "password": "${password}"},
                "short_login": {"username": "${username}", "password": "${password}"},
                "wrong_login": {"username": "${username}", "password": "not the password"},
            }
            outcomes = {step["step"]: session.execute(step) for step in STEPS if session.runs(step)}
            session.settings |= {
                "scenario: bearer": {"token": "${token}"},
                "scenario: owner": {"token": "${customer_token}"},
                "scenario: restricted": {"token": "${restricted_token}"},
                "scenario: unknown_credentials": {"token": "unknown-token"},
                "scenario: key": {"api_key": "${key}"},
                "scenario: limited_key": {"api_key": "${by_key}"},
                "scenario: key_bearer": {"token": "${key}"},
            }
            # A project of its own.
            session.captured["username"] = username = f"{username}2"
            server.create_user(username, PASSWORD, "admin")
            session.captured["token"] = log_in(server, username, PASSWORD)
            session.captured["restricted_token"] = log_in(server, username, PASSWORD, "latchkey:keys.read")
            outcomes |= {step["step"]: session.execute(step) for step in SCENARIO}
    text = log.read_text(errors="replace")
    leaks = session.leaks(text)
    if (warned := text.count(OTHER_VERSION)) != 1:
        leaks.append(f"it warned {warned} times of another version of the server, not once")
    return outcomes, leaks


def log_in(server: Server, username: str, password: str, scope: str = "") -> str:
    """A new token of the user."""
    form = {"grant_type": "password", "username": username, "password": password} | ({"scope": scope} if scope else {})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    token: str = server.request_json("POST", "/token", headers, urllib.parse.urlencode(form).encode())["access_token"]
    return token


def create_key(server: Server, token: str, scopes: list[str]) -> str:
    """A key of the user that a token belongs to."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    body = json.dumps({"policy": {"scopes": scopes}}).encode()
    key: str = server.request_json("POST", "/v1/api-keys/", headers, body)["full_key"]
    return key
