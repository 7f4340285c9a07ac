"""The scenario: its steps with what earlier ones kept filled in, and what was wrong with how a client did one."""

import datetime
import json
import re
import urllib.parse
from pathlib import Path
from typing import Any

import yaml

# RFC 3339 with an offset.
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


class Absent:
    """`!absent`: there is no such member."""


class Any_:
    """`!any`: there is such a member, and it is not null."""


class Exactly(dict):
    """`!exactly {…}`: these members and no others."""


class Loader(yaml.SafeLoader):
    """YAML with the tags above."""


Loader.add_constructor("!absent", lambda *_: Absent())
Loader.add_constructor("!any", lambda *_: Any_())
Loader.add_constructor("!exactly", lambda loader, node: Exactly(loader.construct_mapping(node, deep=True)))


def load(path: Path) -> list[dict]:
    return yaml.load(path.read_text(), Loader)


def fill(template: Any, kept: dict[str, Any]) -> Any:
    """Puts in what was kept: `${name}` alone keeps its type, `${name:text}` and a part of a text are text."""
    if isinstance(template, str):
        if whole := re.fullmatch(r"\$\{(\w+)\}", template):
            return kept[whole[1]]
        return re.sub(r"\$\{(\w+)(:text)?\}", lambda match: str(kept[match[1]]), template)
    if isinstance(template, dict):
        return type(template)((name, fill(value, kept)) for name, value in template.items())
    if isinstance(template, list):
        return [fill(value, kept) for value in template]
    return template


def keep(step: dict, report: dict, kept: dict[str, Any]) -> None:
    """Keeps parts of an answer for later steps: `body.NAME`, `headers.NAME`, `headers.link cursor`."""
    for name, source in step.get("keep", {}).items():
        place, _, parameter = source.partition(" ")
        part, member = place.split(".")
        value = report[part][member]
        if parameter:
            value = re.search(rf"[?&]{parameter}=([^&>]+)", value)[1]
        kept[name] = value


def _instant(text: str) -> tuple[datetime.datetime, str]:
    """The second in UTC, and the digits after it."""
    fraction = re.search(r"\.(\d+)", text)
    whole = datetime.datetime.fromisoformat(re.sub(r"\.\d+", "", text))
    return whole.astimezone(datetime.timezone.utc), (fraction[1] if fraction else "").rstrip("0")


def compare(expected: Any, seen: Any, place: str, exact: bool = False) -> list[str]:
    """What is wrong with what was seen. Times are compared as instants, and must have an offset."""
    if isinstance(expected, Any_):
        return [f"{place} is null"] if seen is None else []
    if isinstance(expected, dict):
        if not isinstance(seen, dict):
            return [f"{place} is {_shown(seen)} in place of an object"]
        faults = []
        for name, value in expected.items():
            if isinstance(value, Absent):
                faults += [f"{place}.{name} is {_shown(seen[name])} in place of absent"] if name in seen else []
            elif name not in seen:
                faults.append(f"{place}.{name} is absent")
            else:
                faults += compare(value, seen[name], f"{place}.{name}", exact)
        if exact or isinstance(expected, Exactly):
            faults += [f"{place}.{name} is {_shown(seen[name])} in place of absent" for name in seen.keys() - expected.keys()]
        return faults
    if isinstance(expected, list):
        if not isinstance(seen, list) or len(seen) != len(expected):
            return [f"{place} is {_shown(seen)} in place of {len(expected)} items"]
        return [fault for i, item in enumerate(expected) for fault in compare(item, seen[i], f"{place}[{i}]", exact)]
    if isinstance(expected, str) and TIME.fullmatch(expected):
        if isinstance(seen, str) and TIME.fullmatch(seen) and _instant(seen) == _instant(expected):
            return []
    elif type(seen) is type(expected) and seen == expected:
        return []
    return [f"{place} is {_shown(seen)} in place of {_shown(expected)}"]


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else text[:119] + "…"


class Contract:
    """What the contract says about how an operation is sent."""

    def __init__(self, path: Path):
        contract = yaml.safe_load(path.read_text())
        self.operations = {}
        for template, methods in contract["paths"].items():
            for method, operation in methods.items():
                parameters = {}
                for parameter in operation.get("parameters", []):
                    if "$ref" in parameter:
                        parameter = contract["components"]["parameters"][parameter["$ref"].rsplit("/", 1)[1]]
                    parameters[parameter["name"]] = parameter["in"]
                content = operation.get("requestBody", {}).get("content", {})
                self.operations[operation["operationId"]] = (method.upper(), template, parameters, next(iter(content), None))

    def unsaid(self, scenario: list[dict]) -> set[str]:
        """Operations that the scenario leaves out."""
        return self.operations.keys() - {step["operation"] for step in scenario}

    def check(self, operation: str, arguments: dict, credentials: dict, sent: list) -> list[str]:
        """What is wrong with what was sent for an operation with these arguments."""
        if len(sent) != 1:
            return [f"{len(sent)} requests were sent in place of one"]
        request = sent[0]
        method, path, parameters, content = self.operations[operation]
        for name, place in parameters.items():
            if place == "path":
                path = path.replace(f"{{{name}}}", urllib.parse.quote(str(arguments[name]), safe=""))
        url = urllib.parse.urlsplit(request.target)
        faults = compare(f"{method} {path}", f"{request.method} {url.path}", "sent")
        query = {name: str(arguments[name]) for name, place in parameters.items() if place == "query" and name in arguments}
        faults += compare(query, dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True)), "sent query", exact=True)

        headers = {name: arguments.get(name) for name, place in parameters.items() if place == "header"}
        headers["X-API-Key"] = credentials.get("api_key")
        headers["Authorization"] = f"Bearer {credentials['bearer']}" if "bearer" in credentials else None
        for name, value in headers.items():
            faults += compare([] if value is None else [value], request.headers.get_all(name, []), f"sent {name}")

        if content == JSON:
            faults += compare(JSON, request.headers.get_content_type(), "sent Content-Type")
            try:
                faults += compare(arguments["body"], json.loads(request.body), "sent body", exact=True)
            except ValueError:
                faults.append(f"sent body is no JSON: {request.body!r}")
        elif content == FORM:
            faults += compare(FORM, request.headers.get_content_type(), "sent Content-Type")
            form = dict(urllib.parse.parse_qsl(request.body.decode(), keep_blank_values=True))
            faults += compare(arguments["body"], form, "sent form", exact=True)
        elif request.body:
            faults.append(f"a body was sent: {request.body!r}")
        return faults


def check_answer(step: dict, report: dict) -> list[str]:
    """What is wrong with what a client said it had read."""
    if "failure" in report:
        return [f"the client failed: {report['failure']}"]
    expected = step["answer"]
    faults = compare(expected["status"], report.get("status"), "status")
    if faults:
        return [f"{faults[0]}; {_shown(report)}"]
    faults += compare(expected.get("error"), report.get("error"), "kind of error")
    faults += compare(expected.get("headers", {}), report.get("headers", {}), "headers")
    if "body" in expected:
        faults += compare(expected["body"], report.get("body"), "body")
    return faults
