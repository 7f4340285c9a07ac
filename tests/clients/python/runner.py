"""Executes the steps of the scenario with the Python client; ../README.md describes the protocol."""

import json
import sys
from typing import Any

import steps
from calls import ANONYMOUS, AUTHENTICATED, read
from latchkey_client import AuthenticatedClient, Client
from latchkey_client.models import HTTPValidationError, Problem, TokenError
from latchkey_client.types import Response


def call(request: dict[str, Any]) -> Response[Any] | None:
    operation, url, credentials = request["operation"], request["base_url"], request["credentials"]
    if operation in ANONYMOUS:
        with Client(base_url=url) as client:
            return ANONYMOUS[operation](client, request["arguments"])
    if "api_key" in credentials:
        caller = AuthenticatedClient(
            base_url=url, token=credentials["api_key"], prefix="", auth_header_name="X-API-Key"
        )
    elif "bearer" in credentials:
        caller = AuthenticatedClient(base_url=url, token=credentials["bearer"])
    else:
        return None
    with caller:
        return AUTHENTICATED[operation](caller, request["arguments"])


def encode_response(response: Response[Any]) -> dict[str, Any]:
    result: dict[str, Any] = {"status": response.status_code, "headers": dict(response.headers)}
    if response.status_code >= 400:
        kinds = (HTTPValidationError, Problem, TokenError)
        result["error"] = type(response.parsed).__name__ if isinstance(response.parsed, kinds) else "unknown"
    if response.parsed is not None:
        result["body"] = read(response.parsed)
    return result


def execute(request: dict[str, Any]) -> dict[str, Any]:
    if "method" in request:
        return steps.execute(request)
    response = call(request)
    return encode_response(response) if response else {"rejected": "the types require a credential"}


for line in sys.stdin:
    try:
        written = json.dumps(execute(json.loads(line)))
    except Exception as error:
        written = json.dumps({"failure": repr(error)})
    print(written, flush=True)
