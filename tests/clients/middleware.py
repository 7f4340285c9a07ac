"""The cases of middleware.yaml: sends requests to a framework's server, and checks its responses and verifications."""

import contextlib
import datetime
import http.client
import json
import os
import re
import signal
import subprocess
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

import yaml

from tests.clients.recording_proxy import RecordingProxy, Request
from tests.clients.runner import FAILED, PASSED, Outcome
from tests.clients.scenario import HERE, Loader, Step, compare, fill
from tests.support.client import TestFailure

START_TIMEOUT = 60.0
# How long the log of a failure may take.
LOG_TIMEOUT = 2.0
VERIFY = ("POST", "/v1/api-keys/verify")
# The scopes that the routes need.
SCOPES = {"/scoped": ["orders:read"], "/cached-scoped": ["orders:read"]}
# Members of an identity that a framework may leave out when it has none.
IDENTITY = [
    *("key_id", "user_id", "username", "project", "owner_external_id", "scopes", "unrestricted", "metadata"),
    *("owner_metadata", "stale"),
]
CHALLENGE = 'Bearer realm="latchkey"'


def load() -> dict[str, Any]:
    """`keys`, and `cases` in order."""
    content: dict[str, Any] = yaml.load((HERE / "middleware.yaml").read_text(), Loader)
    return content


@dataclass
class Application:
    """The small server of a framework, as its first line of output describes it."""

    framework: str
    url: str
    # The error with which it rejects a cache of more than a second.
    long_cache: str
    log: Path


@contextlib.contextmanager
def running(language: str, environment: dict[str, str], log: Path) -> Iterator[Application]:
    """Starts `middleware.sh`, and ends it by closing its standard input."""
    with log.open("ab") as sink:
        process = subprocess.Popen(
            [HERE / language / "middleware.sh"],
            cwd=HERE / language,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=sink,
            text=True,
            start_new_session=True,
        )
    assert process.stdin
    assert process.stdout
    lines: Queue[str] = Queue()
    reader = Thread(target=lambda: lines.put(process.stdout.readline() if process.stdout else ""), daemon=True)
    reader.start()
    try:
        try:
            started = json.loads(lines.get(timeout=START_TIMEOUT))
            yield Application(started["framework"], started["url"], started["long_cache"], log)
        except (Empty, ValueError, KeyError):
            raise TestFailure(f"{language}: the server did not start:\n{log.read_text(errors='replace')}") from None
    finally:
        process.stdin.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        process.stdout.close()


@dataclass
class Response:
    """What the client of the application received."""

    status: int
    headers: Message
    body: bytes


def send(url: str, method: str, target: str, headers: list[tuple[str, str]], source: str) -> Response:
    """Sends a request with exactly these headers, from a local address."""
    address = urllib.parse.urlsplit(url).netloc
    with contextlib.closing(http.client.HTTPConnection(address, timeout=30, source_address=(source, 0))) as connection:
        connection.putrequest(method, target)
        for name, value in headers:
            connection.putheader(name, value.encode("utf-8"))
        connection.endheaders()
        response = connection.getresponse()
        return Response(response.status, response.headers, response.read())


def abandon(url: str, method: str, target: str, headers: list[tuple[str, str]]) -> None:
    """Sends a request, and closes the connection while it is being handled."""
    with contextlib.closing(http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=30)) as connection:
        connection.request(method, target, headers=dict(headers))
        time.sleep(0.1)


class Cases:
    """An application, its proxy to Latchkey, and the keys of the cases."""

    def __init__(self, application: Application, proxy: RecordingProxy, captured: dict[str, Any]):
        self.application = application
        self.proxy = proxy
        # The keys by name, and other values that cases name.
        self.captured = captured

    def execute(self, case: Step) -> Outcome:
        self.proxy.requests = []
        self.proxy.faults = [_with_expiry(fault) for fault in case.get("faults", [])]
        time.sleep(case.get("pause", 0))
        logged = self.application.log.stat().st_size
        headers = [(name, self._fill(value)) for name, value in case.get("headers", [])]
        if "key" in case:
            headers.append(("X-API-Key", self.captured[case["key"]]))
        threads: int = case.get("concurrently", 1)
        count: int = case.get("times", threads)
        method, target, source = (
            case.get("method", "GET"),
            case.get("route", "/protected"),
            case.get("from", "127.0.0.1"),
        )
        if case.get("abandoned"):
            abandon(self.application.url, method, target, headers)
        started = time.monotonic()
        try:
            with ThreadPoolExecutor(threads) as pool:
                futures = [
                    pool.submit(send, self.application.url, method, target, headers, source) for _ in range(count)
                ]
                responses = [future.result() for future in futures]
        except (OSError, http.client.HTTPException) as error:
            return Outcome(FAILED, [f"no response: {type(error).__name__}"])
        elapsed = time.monotonic() - started
        problems: list[str] = []
        earliest, latest = case.get("seconds", [0, 4])
        if not earliest <= elapsed <= latest:
            problems.append(f"it took {elapsed:.2f} s, not {earliest} to {latest}")
        if "responses" in case:
            statuses = dict(Counter(response.status for response in responses))
            problems += [] if statuses == case["responses"] else [f"the statuses are {statuses}"]
        else:
            # Each problem once, however many responses have it.
            problems += dict.fromkeys(text for response in responses for text in self._check(case, response))
        problems += self._check_verifications(case, target, source)
        if case.get("response", {}).get("code") == "temporarily_unavailable" and not self._has_logged(logged):
            problems.append("the failure was not logged")
        return Outcome(FAILED if problems else PASSED, problems)

    def _fill(self, template: str) -> str:
        """Inserts captured values, whose names may have spaces."""
        return re.sub(r"\$\{([^}]+)\}", lambda match: str(self.captured[match[1]]), template)

    def _check(self, case: Step, response: Response) -> list[str]:
        expected = fill(case["response"], self.captured)
        status = expected["status"]
        problems = compare(status, response.status, "status")
        if problems:
            return [f"{problems[0]}: {response.body.decode(errors='replace')[:200]}"]
        if status == 200:
            if "identity" not in expected:
                return []
            identity = dict.fromkeys(IDENTITY) | json.loads(response.body)
            return compare(expected["identity"], identity, "identity")
        if case.get("method") == "HEAD":
            return compare(b"", response.body, "body")
        problems += compare(
            "application/problem+json", response.headers.get_content_type(), "the media type"
        ) + _check_problem(expected, response.body)
        return problems + _check_headers(expected, response.headers)

    def _check_verifications(self, case: Step, target: str, source: str) -> list[str]:
        """Each verification that Latchkey was asked for is of the right key, scopes and address."""
        requests = self.proxy.requests
        key = case.get("verified", case.get("key"))
        wanted = 0 if key is None or case.get("away") else case.get("verifications", 1)
        if len(requests) != wanted:
            return [f"{len(requests)} verifications were made, not {wanted}"]
        problems = [text for request in requests for text in self._check_request(request, key, target, source)]
        return list(dict.fromkeys(problems))

    def _check_request(self, request: Request, key: str | None, target: str, source: str) -> list[str]:
        if (request.method, request.target) != VERIFY:
            return [f"{request.method} {request.target.partition('?')[0]} was sent"]
        body = {name: value for name, value in json.loads(request.body).items() if value is not None}
        problems = [] if body.pop("key", None) == self.captured.get(key or "") else ["another key was verified"]
        problems += [] if request.headers["X-API-Key"] == self.captured["api_key"] else ["another credential was sent"]
        scopes = body.pop("scopes", [])
        return (
            problems
            + compare(SCOPES.get(target, []), scopes, "scopes")
            + compare({"ip": source}, body, "the verification", exact=True)
        )

    def _has_logged(self, size: int) -> bool:
        end = time.monotonic() + LOG_TIMEOUT
        while self.application.log.stat().st_size == size:
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True


def _check_problem(expected: dict[str, Any], body: bytes) -> list[str]:
    try:
        problem = json.loads(body)
    except ValueError:
        return ["the body is not JSON"]
    title = http.HTTPStatus(expected["status"]).phrase
    members = {"type": "about:blank", "title": title, "status": expected["status"], "code": expected["code"]}
    problems = compare(members | {"detail": problem.get("detail")}, problem, "the problem", exact=True)
    return problems if problem.get("detail") else [*problems, "the problem has no detail"]


def _check_headers(expected: dict[str, Any], headers: Message) -> list[str]:
    """`WWW-Authenticate` and `Retry-After`, as forward authentication sends them."""
    wanted = {
        "missing_credentials": CHALLENGE,
        "insufficient_scope": f'{CHALLENGE}, error="insufficient_scope", scope="orders:read"',
        "network_not_allowed": f'{CHALLENGE}, error="insufficient_scope"',
    }
    challenge = wanted.get(expected["code"])
    if expected["status"] == 401 and not challenge:
        challenge = f'{CHALLENGE}, error="invalid_token"'
    problems = compare([challenge] if challenge else [], headers.get_all("WWW-Authenticate", []), "WWW-Authenticate")
    retry_after = headers.get("Retry-After")
    if "retry_after" in expected:
        earliest, latest = expected["retry_after"]
        if not (retry_after and retry_after.isdecimal() and earliest <= int(retry_after) <= latest):
            problems.append(f"Retry-After is {retry_after}")
        return problems
    return problems + compare("1" if expected["status"] == 503 else None, retry_after, "Retry-After")


def _with_expiry(fault: dict[str, Any]) -> dict[str, Any]:
    """The fault with the time when the key expires, for `expires_in: SECONDS`."""
    if "expires_in" not in fault:
        return fault
    at = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=fault["expires_in"])
    return fault | {"set": {"expires_at": at.isoformat().replace("+00:00", "Z")}}
