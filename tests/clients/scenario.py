"""The scenario: its steps, filled in with captured values, and the checks of what a client sent and returned."""

import datetime
import json
import re
import urllib.parse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.clients.recording_proxy import Request

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# RFC 3339 with an offset.
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
Step = dict[str, Any]


class Absent:
    """`!absent`: the property is absent."""


class AnyValue:
    """`!any`: the property is present, and not null."""


class Exactly(dict[str, Any]):
    """`!exactly {…}`: the object has these properties and no others."""


class Loader(yaml.SafeLoader):
    """YAML with the tags above."""


def _exactly(loader: Loader, node: yaml.Node) -> Exactly:
    assert isinstance(node, yaml.MappingNode)
    return Exactly({str(name): value for name, value in loader.construct_mapping(node, deep=True).items()})


Loader.add_constructor("!absent", lambda *_: Absent())
Loader.add_constructor("!any", lambda *_: AnyValue())
Loader.add_constructor("!exactly", _exactly)


def load_steps() -> list[Step]:
    steps: list[Step] = yaml.load((HERE / "scenario.yaml").read_text(), Loader)
    return steps


def fill(template: Any, captured: dict[str, Any]) -> Any:
    """Inserts captured values: `${name}` alone keeps its type, `${name:text}` and a part of a string become text.

    It raises `KeyError` when a value was not captured.
    """
    if isinstance(template, str):
        if whole := re.fullmatch(r"\$\{(\w+)\}", template):
            return captured[whole[1]]
        return re.sub(r"\$\{(\w+)(:text)?\}", lambda match: str(captured[match[1]]), template)
    if isinstance(template, dict):
        return type(template)((name, fill(value, captured)) for name, value in template.items())
    if isinstance(template, list):
        return [fill(value, captured) for value in template]
    return template


def capture(step: Step, response: dict[str, Any], captured: dict[str, Any]) -> None:
    """Captures parts of a response for later steps: `body.NAME`, `headers.NAME`, `headers.link cursor`.

    It raises `KeyError` or `TypeError` when the response lacks such a part.
    """
    for name, source in step.get("capture", {}).items():
        location, _, parameter = source.partition(" ")
        part, member = location.split(".")
        value = response[part][member]
        if parameter:
            match = re.search(rf"[?&]{parameter}=([^&>]+)", value)
            if not match:
                raise KeyError(parameter)
            value = match[1]
        captured[name] = value


def _instant(text: str) -> tuple[datetime.datetime, str]:
    """The second in UTC, and the digits after it."""
    fraction = re.search(r"\.(\d+)", text)
    whole = datetime.datetime.fromisoformat(re.sub(r"\.\d+", "", text))
    return whole.astimezone(datetime.UTC), (fraction[1] if fraction else "").rstrip("0")


def compare(expected: Any, actual: Any, location: str, *, exact: bool = False) -> list[str]:
    """The differences between two values. Times are compared as instants, and must have an offset."""
    if isinstance(expected, AnyValue):
        return [f"{location} is null"] if actual is None else []
    if isinstance(expected, dict):
        return _compare_objects(expected, actual, location, exact=exact)
    if isinstance(expected, list):
        if not isinstance(actual, list) or len(actual) != len(expected):
            return [f"{location} is {_shown(actual)} instead of {len(expected)} items"]
        pairs = enumerate(zip(expected, actual, strict=True))
        return [difference for i, (e, a) in pairs for difference in compare(e, a, f"{location}[{i}]", exact=exact)]
    if isinstance(expected, str) and TIME.fullmatch(expected):
        if isinstance(actual, str) and TIME.fullmatch(actual) and _instant(actual) == _instant(expected):
            return []
    elif type(actual) is type(expected) and actual == expected:
        return []
    return [f"{location} is {_shown(actual)} instead of {_shown(expected)}"]


def _compare_objects(expected: dict[str, Any], actual: Any, location: str, *, exact: bool) -> list[str]:
    if not isinstance(actual, dict):
        return [f"{location} is {_shown(actual)} instead of an object"]
    differences: list[str] = []
    for name, value in expected.items():
        if isinstance(value, Absent):
            differences += [f"{location}.{name} is {_shown(actual[name])} instead of absent"] if name in actual else []
        elif name not in actual:
            differences.append(f"{location}.{name} is absent")
        else:
            differences += compare(value, actual[name], f"{location}.{name}", exact=exact)
    if exact or isinstance(expected, Exactly):
        unexpected = actual.keys() - expected.keys()
        differences += [f"{location}.{name} is {_shown(actual[name])} instead of absent" for name in unexpected]
    return differences


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else text[:119] + "…"


def _parameter(value: Any) -> str:
    """A value as parameters have it."""
    return value if isinstance(value, str) else json.dumps(value)


@dataclass
class Operation:
    """How the contract sends an operation; `parameters` has the location of each by name, `defaults` its default."""

    method: str
    path: str
    parameters: dict[str, str]
    defaults: dict[str, Any]
    content_type: str | None

    def names(self, location: str) -> list[str]:
        """The names of the parameters in a location."""
        return [name for name, place in self.parameters.items() if place == location]

    def check(self, arguments: dict[str, Any], credentials: dict[str, str], requests: list[Request]) -> list[str]:
        """What is wrong with the requests that a client sent for these arguments."""
        if len(requests) != 1:
            return [f"{len(requests)} requests were sent instead of one"]
        request = requests[0]
        path = self.path
        for name in self.names("path"):
            path = path.replace(f"{{{name}}}", urllib.parse.quote(str(arguments[name]), safe=""))
        url = urllib.parse.urlsplit(request.target)
        differences = compare(f"{self.method} {path}", f"{request.method} {url.path}", "request")
        query = {name: _parameter(arguments[name]) for name in self.names("query") if name in arguments}
        sent_query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        for name, default in self.defaults.items():
            # Some clients send a default, which means the same.
            if name not in query and sent_query.get(name) == _parameter(default):
                del sent_query[name]
        differences += compare(query, sent_query, "request query", exact=True)

        headers = {name: arguments.get(name) for name in self.names("header")}
        headers["X-API-Key"] = credentials.get("api_key")
        headers["Authorization"] = f"Bearer {credentials['bearer']}" if "bearer" in credentials else None
        for name, value in headers.items():
            sent = request.headers.get_all(name, [])
            differences += compare([] if value is None else [value], sent, f"request {name}")
        return differences + self._check_body(arguments, request)

    def _check_body(self, arguments: dict[str, Any], request: Request) -> list[str]:
        if self.content_type is None:
            return [f"a body was sent: {request.body!r}"] if request.body else []
        differences = compare(self.content_type, request.headers.get_content_type(), "request Content-Type")
        if self.content_type == FORM:
            body: Any = dict(urllib.parse.parse_qsl(request.body.decode(), keep_blank_values=True))
        else:
            try:
                body = json.loads(request.body)
            except ValueError:
                return [*differences, f"the body of the request is not JSON: {request.body!r}"]
        return differences + compare(arguments["body"], body, "request body", exact=True)


class Contract:
    """The operations of the contract, by their ids."""

    def __init__(self, path: Path):
        contract = yaml.safe_load(path.read_text())
        # The headers of every response.
        self.headers = {"x-request-id": AnyValue(), "latchkey-version": contract["info"]["version"]}
        self.operations: dict[str, Operation] = {}
        for template, methods in contract["paths"].items():
            for method, operation in methods.items():
                parameters = {}
                defaults = {}
                for reference in operation.get("parameters", []):
                    parameter = reference
                    if "$ref" in reference:
                        parameter = contract["components"]["parameters"][reference["$ref"].rsplit("/", 1)[1]]
                    parameters[parameter["name"]] = parameter["in"]
                    if "default" in parameter["schema"]:
                        defaults[parameter["name"]] = parameter["schema"]["default"]
                content_type = next(iter(operation.get("requestBody", {}).get("content", {})), None)
                entry = Operation(method.upper(), template, parameters, defaults, content_type)
                self.operations[operation["operationId"]] = entry

    def missing(self, steps: list[Step]) -> set[str]:
        """Operations that no step calls."""
        return self.operations.keys() - {step["operation"] for step in steps}


CONTRACT = Contract(ROOT / "openapi.yaml")


def check_response(expected: dict[str, Any], response: dict[str, Any]) -> list[str]:
    """What is wrong with the response that a client returned."""
    if "failure" in response:
        return [f"the client failed: {response['failure']}"]
    differences = compare(expected["status"], response.get("status"), "status")
    if differences:
        return [f"{differences[0]}; {_shown(response)}"]
    differences += compare(expected.get("error"), response.get("error"), "error")
    headers = CONTRACT.headers | expected.get("headers", {})
    differences += compare(headers, response.get("headers", {}), "headers")
    if "body" in expected:
        differences += compare(expected["body"], response.get("body"), "body")
    return differences
