"""Sends requests with keys in every state to the middleware of each framework, as middleware.yaml says."""

import json
import re
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.languages import build, environment_of, require
from tests.clients.middleware import Cases, load, running
from tests.clients.recording_proxy import RecordingProxy
from tests.clients.runner import LEGEND, NOT_RUN, Outcome
from tests.clients.scenario import HERE, ROOT
from tests.clients.test_methods import PASSWORD, create_key, log_in
from tests.support.client import JSON, TestFailure
from tests.support.server import Server

CONTENT = load()
CASES = CONTENT["cases"]
# The columns of the table in docs/MIDDLEWARE.md.
ROW = re.compile(r"^\| ([^|]+) \| (\d{3}) \|", re.MULTILINE)


@pytest.fixture(scope="module")
def server(program: Path) -> Iterator[Server]:
    with Server(program, PASSWORD) as server:
        yield server
        server.stop()


@pytest.fixture(scope="module")
def outcomes(summarize: Callable[[str], None]) -> Iterator[dict[str, dict[str, Outcome]]]:
    """The outcomes by framework and case, which are shown as a table at the end."""
    outcomes: dict[str, dict[str, Outcome]] = {}
    yield outcomes
    if not outcomes:
        return
    rows = [case["case"] for case in CASES]
    width = max(map(len, rows)) + 2
    summarize("  the key is".ljust(width + 2) + "".join(f"{framework:>12}" for framework in outcomes))
    for row in rows:
        marks = [by_case[row].mark if row in by_case else NOT_RUN for by_case in outcomes.values()]
        summarize(f"  {row:<{width}}" + "".join(f"{mark:>12}" for mark in marks))
    summarize(LEGEND)


def test_documentation_has_the_statuses() -> None:
    statuses = {case["case"]: case["response"]["status"] for case in CASES if "response" in case}
    documented = {name: int(status) for name, status in ROW.findall((ROOT / "docs/MIDDLEWARE.md").read_text())}
    assert documented == {name: statuses.get(name) for name in documented}
    assert set(documented.values()) == set(statuses.values())


def test_middleware(
    language: str, server: Server, outcomes: dict[str, dict[str, Outcome]], pytestconfig: pytest.Config
) -> None:
    require(language, pytestconfig)
    if not (HERE / language / "middleware.sh").exists():
        pytest.skip("it has no middleware")
    log = server.directory / f"{language}-middleware.log"
    build(language, environment_of(language), server.directory / f"{language}-build.log")
    username = f"{language}-middleware"
    server.create_user(username, PASSWORD, "admin")
    captured = create_keys(server, username, language)
    # Latchkey is away when the application starts.
    with RecordingProxy(server.address, is_listening=False) as proxy:
        environment = environment_of(language) | {"LATCHKEY_URL": proxy.url, "LATCHKEY_API_KEY": captured["api_key"]}
        with running(language, environment, log) as application:
            cases = Cases(application, proxy, captured)
            outcomes[application.framework] = by_case = {}
            for case in CASES:
                if not case.get("away") and not proxy.is_listening:
                    proxy.listen()
                if name := case.get("revoke"):
                    change(server, captured["token"], captured[f"{name}: id"], "revoke")
                by_case[case["case"]] = cases.execute(case)
    text = log.read_text(errors="replace")
    problems = [f"{case}: {text}" for case, outcome in by_case.items() for text in outcome.problems]
    for name in (*CONTENT["keys"], "api_key"):
        if captured[name] in text:
            problems.append(f"a key was logged: {name}")
            text = text.replace(captured[name], "***")
    if not application.long_cache:
        problems.append("a cache of more than a second was not rejected")
    if problems:
        raise TestFailure("\n".join([*problems, f"the log of the server: {text[-4000:]}"]))


def create_keys(server: Server, username: str, language: str) -> dict[str, Any]:
    """The keys of the cases by name, and their ids as `NAME: id`."""
    token = log_in(server, username, PASSWORD)
    captured: dict[str, Any] = {"token": token, "username": username, "too_long": "lk_" + "x" * 1022}
    captured["api_key"] = create_key(server, token, ["latchkey:verify", "latchkey:instance.admin"])
    for project in ("customers", "closed"):
        captured[project] = f"{language}-{project}"
        call(server, token, "POST", "/v1/projects", {"slug": captured[project]})
    for name, key in CONTENT["keys"].items():
        body = {member: value for member, value in key.items() if member not in ("project", "owner", "then")}
        path = "/v1/api-keys/"
        if "owner" in key:
            project = f"/v1/projects/{captured[key['project']]}"
            call(
                server, token, "POST", f"{project}/owners", {"external_id": key["owner"], "metadata": {"tier": "gold"}}
            )
            path, body = f"{project}/api-keys", body | {"external_id": key["owner"]}
        created = call(server, token, "POST", path, body)
        captured[name], captured[f"{name}: id"] = created["full_key"], created["id"]
        if operation := key.get("then"):
            change(server, token, created["id"], operation)
    project = f"/v1/projects/{captured['customers']}"
    call(server, token, "POST", f"{project}/owners", {"external_id": "globex", "disabled": True})
    call(server, token, "PATCH", f"/v1/projects/{captured['closed']}", {"disabled": True})
    # The last characters are a checksum.
    valid = captured["valid"]
    captured["mistyped"] = valid[:-1] + ("0" if valid[-1] != "0" else "1")
    return captured


def change(server: Server, token: str, key_id: int, operation: str) -> None:
    """Deletes a key, or calls `POST /v1/api-keys/{item_id}/…`."""
    path = f"/v1/api-keys/{key_id}"
    if operation == "delete":
        server.request("DELETE", path, {"Authorization": f"Bearer {token}"})
    else:
        call(server, token, "POST", f"{path}/{urllib.parse.quote(operation)}", {})


def call(server: Server, token: str, method: str, path: str, body: dict[str, Any]) -> Any:
    return server.request_json(method, path, {"Authorization": f"Bearer {token}"} | JSON, json.dumps(body).encode())
