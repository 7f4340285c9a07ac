"""A client that makes the mistakes of `MISTAKES` in `../test_scenario.py`, each at the step that must detect it."""

import json
import sys
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from tests.clients.scenario import CONTRACT, JSON

TIMES = {
    "create": "2031-06-30T10:00:00.123Z",
    "update to a microsecond": "2031-06-30T15:30:00.000001",
    "update to a naive time": "2031-06-30T12:00:00Z",
}
ERRORS = {400: "TokenError", 422: "HTTPValidationError", 418: "unknown", 520: "unknown"}


def execute(request: dict[str, Any]) -> dict[str, Any]:
    """Executes the step correctly, save for the mistake of its name."""
    step = request["step"]
    http_response = send(step, request)
    with http_response:
        text = http_response.read()
    if step in ("unknown status", "unknown code", "unknown property"):
        return {"failure": "this is not in my contract"}
    headers = {name.lower(): value for name, value in http_response.headers.items()}
    response: dict[str, Any] = {"status": http_response.status, "headers": headers}
    if http_response.status >= 400:
        response["error"] = ERRORS.get(http_response.status, "Problem")
    if text and http_response.headers.get_content_type().endswith("json"):
        response["body"] = json.loads(text)
    match step:
        case "get":
            del response["body"]["full_key"]
        case "422 with a list index in loc":
            response["body"]["detail"][0]["loc"] = list(map(str, response["body"]["detail"][0]["loc"]))
        case "id of more than 32 bits":
            response["body"]["id"] &= 0xFFFFFFFF
        case "id of more than 53 bits":
            response["body"]["id"] = int(float(response["body"]["id"]))
        case "introspect an unknown key":
            response["body"]["scope"] = None
    return response


def send(step: str, request: dict[str, Any]) -> Any:
    """Sends the request, and returns the response with any status."""
    arguments, credentials = request["arguments"], request["credentials"]
    operation = CONTRACT.operations[request["operation"]]
    body = arguments.get("body")
    if step == "update nothing":
        body = {"expires_at": None, "description": None}
    elif step == "update to null":
        body = {}
    elif step in TIMES:
        body = {**body, "expires_at": TIMES[step]}
    headers = {name: arguments[name] for name in operation.names("header") if name in arguments}
    if "bearer" in credentials:
        headers["Authorization"] = credentials["bearer"] if step == "disable" else f"Bearer {credentials['bearer']}"
    if "api_key" in credentials:
        headers["X-API-Key"] = credentials["api_key"]
    if operation.content_type:
        headers["Content-Type"] = operation.content_type
    query = urllib.parse.urlencode({name: arguments[name] for name in operation.names("query") if name in arguments})
    url = request["base_url"] + operation.path.format(**arguments) + (f"?{query}" if query else "")
    data = None
    if body is not None:
        data = (json.dumps(body) if operation.content_type == JSON else urllib.parse.urlencode(body)).encode()
    http_request = urllib.request.Request(url, data, headers, method=operation.method)
    response: Any = None
    for _ in range(2 if step == "page 2" else 1):
        try:
            response = urllib.request.urlopen(http_request, timeout=30)
        except urllib.error.HTTPError as error:
            response = error
    return response


def main() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        print("" if request["step"] == "usage" else json.dumps(execute(request)), flush=True)


if __name__ == "__main__":
    main()
