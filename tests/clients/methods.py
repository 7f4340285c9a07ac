"""The steps of methods.yaml: takes the methods of a client through them, and checks what it returned and sent."""

import contextlib
import datetime
import re
import time
import urllib.parse
import uuid
from collections.abc import Iterator
from email.utils import format_datetime
from threading import Timer
from typing import Any

import yaml

from tests.clients.recording_proxy import RecordingProxy, Request
from tests.clients.runner import FAILED, KNOWN, PASSED, STEP_TIMEOUT, Outcome, Runner
from tests.clients.scenario import CONTRACT, HERE, ROOT, Loader, Step, capture, compare, fill
from tests.clients.scenario import load_steps as load_scenario

# The ways to call a client, for those languages that have more than one.
MODES = {"python": ["sync", "async"], "java": ["sync", "async"]}
# Secrets shorter than this may occur by chance.
SHORTEST_SECRET = 8
# A step whose key an operation without a method has revoked.
WITHOUT_METHOD = "verify a revoked key"
# The arguments of a list that a client iterates over; it sends the rest by itself.
CURSOR = "cursor"


def load_steps() -> list[Step]:
    steps: list[Step] = yaml.load((HERE / "methods.yaml").read_text(), Loader)
    return steps


def load_methods() -> dict[str, dict[str, str]]:
    """`x-client` of each operation that is a method, by its id."""
    contract = yaml.safe_load((ROOT / "openapi.yaml").read_text())
    operations = [operation for item in contract["paths"].values() for operation in item.values()]
    return {
        operation["operationId"]: operation["x-client"]
        for operation in operations
        if "omitted" not in operation["x-client"]
    }


METHODS = load_methods()
OPERATIONS = {client["method"]: operation for operation, client in METHODS.items()}


def scenario_steps() -> list[Step]:
    """The steps of the scenario as steps here: its operations by their methods, which return or raise the same."""
    steps: list[Step] = []
    for step in load_scenario():
        client = METHODS.get(step["operation"], {})
        if not client or "pages" in client or step.get("allow_client_rejection") or step["step"] == WITHOUT_METHOD:
            continue
        taken: Step = {name: step[name] for name in ("arguments", "patch", "capture", "known_failures") if name in step}
        taken |= {
            "step": f"scenario: {step['step']}",
            "method": client["method"],
            "as": f"scenario: {step.get('as', 'bearer')}",
        }
        response = step["response"]
        if "error" in response:
            taken["error"] = {"status": response["status"]}
            if code := response.get("body", {}).get("code"):
                taken["error"]["code"] = code
        elif response["status"] >= 400:
            taken["error"] = {"status": response["status"]}
        elif "body" in response:
            taken["response"] = response["body"]
        steps.append(taken)
    return steps


def has_methods(language: str) -> bool:
    """Whether the resource layer of a language is generated, and the calls of its methods."""
    return any((ROOT / "generated/client-calls" / language).glob("[Mm]ethods.*"))


class Session:
    """A runner whose clients are kept between steps, and what the steps captured."""

    def __init__(self, runner: Runner, proxies: dict[str, RecordingProxy], language: str, mode: str, address: str):
        self.runner = runner
        # By the `server` that a step names.
        self.proxies = proxies
        self.language = language
        self.mode = mode
        # The server itself, which steps with many requests at once take.
        self.address = address
        self.captured: dict[str, Any] = {}
        # The settings of the clients that `as` names.
        self.settings: dict[str, dict[str, str]] = {}
        # The connections that a process has made, by their ports.
        self.ports: set[int] = set()
        # What no client may print.
        self.secrets: set[str] = set()

    def runs(self, step: Step) -> bool:
        """Whether a step is for this language and mode."""
        return {self.language, f"{self.language} {self.mode}"} & set(step["only"]) != set() if "only" in step else True

    def execute(self, step: Step) -> Outcome:
        try:
            arguments = fill(step.get("arguments", {}), self.captured)
            expected: dict[str, Any] = {
                name: fill(step[name], self.captured) for name in ("response", "error", "headers") if name in step
            }
            settings = fill(self.settings[step.get("as", "key")], self.captured)
        except KeyError as missing:
            return Outcome(FAILED, [f"an earlier step did not capture {missing}"], is_blocked=True)
        with self._proxy(step) as proxy:
            proxy.requests, proxy.patch = [], step.get("patch", {})
            proxy.faults = [_dated(fault) for fault in step.get("faults", [])]
            # A client for each address and credential; a step with a name of its own for it gets a new one.
            name = f"{step.get('client', step.get('as', 'key'))} {proxy.url}"
            url = f"http://{self.address}" if step.get("direct") else proxy.url
            request = {
                "step": step["step"],
                "mode": self.mode,
                "client": f"{name} direct" if step.get("direct") else name,
                "settings": settings | ({"url": url} if settings else {}),
                "method": step["method"],
                "arguments": arguments,
                "options": step.get("options", {}),
            }
            request |= {
                name: step[name]
                for name in ("take", "for_seconds", "concurrently", "fork", "cancel_after")
                if name in step
            }
            earliest, latest = step.get("seconds", [0, 30])
            started = time.monotonic()
            response = self.runner.execute(request, latest + STEP_TIMEOUT)
            elapsed = time.monotonic() - started
            self._learn_secrets(settings, arguments, response)
            problems = self._check_response(step, expected, response)
            if not earliest <= elapsed <= latest:
                problems.append(f"it took {elapsed:.2f} s, not {earliest} to {latest}")
            if not step.get("direct"):
                problems += self._check_requests(step, arguments, settings, proxy.requests)
                ports = {request.port for request in proxy.requests}
                if "fork" in step and ports & self.ports:
                    problems.append("the forked process used a connection of its parent")
                self.ports |= ports
        try:
            capture(step, response, self.captured)
        except (KeyError, TypeError):
            problems.append("the response lacks what later steps need")
        if reason := step.get("known_failures", {}).get(self.language):
            if problems:
                return Outcome(KNOWN)
            return Outcome(FAILED, [f"this is documented to fail, and does not: {reason}"])
        return Outcome(FAILED if problems else PASSED, problems)

    @contextlib.contextmanager
    def _proxy(self, step: Step) -> Iterator[RecordingProxy]:
        """The proxy, or one that refuses connections for the seconds that `away` says."""
        if "away" not in step:
            yield self.proxies[step.get("server", "")]
            return
        with RecordingProxy(self.address, is_listening=False) as proxy:
            timer = Timer(step["away"], proxy.listen)
            timer.start()
            try:
                yield proxy
            finally:
                timer.cancel()
                timer.join()

    def _learn_secrets(self, settings: dict[str, str], arguments: dict[str, Any], response: dict[str, Any]) -> None:
        body = arguments.get("body", {})
        given: list[Any] = [*(value for name, value in settings.items() if name in ("api_key", "token", "password"))]
        given += [value for name, value in body.items() if name in ("key", "password", "current", "new")]
        if isinstance(returned := response.get("body"), dict):
            given += [returned.get(name) for name in ("full_key", "access_token")]
        self.secrets |= {value for value in given if isinstance(value, str) and len(value) >= SHORTEST_SECRET}

    def leaks(self, text: str) -> list[str]:
        """That a text has secrets, which are not shown."""
        return [f"{len(found)} secrets were printed"] if (found := [s for s in self.secrets if s in text]) else []

    def _check_response(self, step: Step, expected: dict[str, Any], response: dict[str, Any]) -> list[str]:
        if "failure" in response:
            return [f"the client failed: {response['failure']}"]
        problems = self.leaks(str(response.pop("printed", "")))
        if step.get("cancel_after"):
            return problems + compare(True, response.get("cancelled"), "cancelled")
        if "error" in expected:
            error = expected["error"]
            # Every error of the server has these.
            named = {"kind": response.get("error"), **{key: value for key, value in response.items() if key != "error"}}
            return problems + compare(error, named, "error")
        if "error" in response:
            shown = {name: value for name, value in response.items() if name != "body"}
            return [*problems, f"it raised {shown}"]
        if "response" in expected:
            problems += compare(expected["response"], response.get("body"), "body")
        return problems + compare(expected.get("headers", {}), response.get("headers", {}), "headers")

    def _check_requests(
        self, step: Step, arguments: dict[str, Any], settings: dict[str, str], requests: list[Request]
    ) -> list[str]:
        operation = OPERATIONS[step["method"]]
        names = [_operation_of(request) for request in requests]
        wanted = step.get("requests", [operation])
        if isinstance(wanted, int):
            wanted = [operation] * wanted
        if wanted != "any" and names != wanted:
            return [f"the requests {names} were sent instead of {wanted}"]
        problems = []
        own = [request for request, name in zip(requests, names, strict=True) if name == operation]
        credentials = {"api_key": settings["api_key"]} if "api_key" in settings else {}
        if not settings:
            credentials = {"api_key": self.captured["api_key"]}
        if METHODS[operation]["retry"] == "keyed" and own and "Idempotency-Key" not in arguments:
            key = own[0].headers.get("Idempotency-Key", "")
            if not _is_uuid(key):
                problems.append(f"the Idempotency-Key is not a UUID: {key}")
            # The same for all repetitions.
            arguments = arguments | {"Idempotency-Key": key}
        for request in own:
            sent = (
                {}
                if "Authorization" not in request.headers
                else {"bearer": request.headers["Authorization"].removeprefix("Bearer ")}
            )
            if "token" in settings:
                sent = {"bearer": settings["token"]}
            wanted_here = arguments
            if "pages" in METHODS[operation]:
                query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(request.target).query))
                wanted_here = arguments | ({CURSOR: query[CURSOR]} if CURSOR in query else {})
            problems += CONTRACT.operations[operation].check(wanted_here, credentials or sent, [request])
        version = CONTRACT.headers["latchkey-version"]
        for agent in {request.headers.get("User-Agent") for request in requests}:
            problems += compare(f"latchkey-{self.language}/{version}", agent, "User-Agent")
        return problems


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def _operation_of(request: Request) -> str:
    """The id of the operation that a request calls, or its method and path."""
    path = urllib.parse.urlsplit(request.target).path
    for name, operation in CONTRACT.operations.items():
        # `/v1/users/me` comes before `/v1/users/{user_id}` by having no parameter.
        if operation.method == request.method and operation.path == path:
            return name
    for name, operation in CONTRACT.operations.items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(operation.path))
        if operation.method == request.method and re.fullmatch(pattern, path):
            return name
    return f"{request.method} {path}"


def _dated(fault: dict[str, Any]) -> dict[str, Any]:
    """The fault with `Retry-After` as a date, for `retry_at: SECONDS`."""
    if "retry_at" not in fault:
        return fault
    at = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=fault["retry_at"])
    return fault | {"headers": {"Retry-After": format_datetime(at, usegmt=True)}}
