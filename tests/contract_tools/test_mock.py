"""Checks `contract/mock`: it must respond with the contract's own examples."""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from typing import Any

import pytest

from tests.contract_tools.contract import ROOT, TOOLS, load_contract
from tests.support.client import JSON

START_TIMEOUT = 60.0
EXAMPLES = load_contract()["components"]["examples"]
BEARER, KEY = {"Authorization": "Bearer anything"}, {"X-API-Key": "anything"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
LOGIN = b"grant_type=password&username=admin&password=latchkey-demo"

# A request, and the expected status, example of the contract and header.
CASES = [
    ("POST", "/token", FORM, LOGIN, 200, "TokenResponse", ("Cache-Control", "no-store")),
    ("POST", "/token", FORM, b"grant_type=password", 400, "InvalidGrant", None),
    ("GET", "/v1/users/me", BEARER, None, 200, "User", ("Latchkey-Version", "0.1.0")),
    ("GET", "/v1/users/me", KEY, None, 200, "User", None),
    ("GET", "/v1/users/me", {}, None, 401, "MissingCredentials", ("WWW-Authenticate", 'Bearer realm="latchkey"')),
    (
        "POST",
        "/v1/api-keys/",
        BEARER | JSON,
        b'{"description": "CI", "expires_at": null, "metadata": {"plan": "pro"}}',
        201,
        "ApiKeyWithSecret",
        ("Location", "/v1/api-keys/7"),
    ),
    ("POST", "/v1/api-keys/", BEARER | JSON, b'{"description": 1}', 422, "BodyErrors", None),
    ("POST", "/v1/api-keys/", BEARER | JSON, b'{"metadata": {"a plan": "pro"}}', 422, "BodyErrors", None),
    ("POST", "/v1/api-keys/", JSON, b"{}", 401, "MissingCredentials", None),
    ("GET", "/v1/api-keys/?limit=10", BEARER, None, 200, "ApiKeys", None),
    ("GET", "/v1/api-keys/?limit=0", BEARER, None, 422, "BodyErrors", None),
    ("GET", "/v1/api-keys/7", BEARER, None, 200, "ApiKey", ("ETag", '"3-active"')),
    ("GET", "/v1/api-keys/7", BEARER | {"Prefer": "code=404"}, None, 404, "KeyNotFound", None),
    ("GET", "/v1/api-keys/seven", BEARER, None, 422, "BodyErrors", None),
    ("PATCH", "/v1/api-keys/7", BEARER | JSON, b'{"expires_at": null}', 200, "ApiKey", None),
    ("DELETE", "/v1/api-keys/7", BEARER, None, 204, None, None),
    ("POST", "/v1/api-keys/verify", BEARER | JSON, b'{"key": "lk_any"}', 200, "ValidKey", None),
    (
        "POST",
        "/v1/api-keys/verify",
        BEARER | JSON | {"Prefer": "example=deniedKey"},
        b'{"key": "lk_any"}',
        200,
        "DeniedKey",
        None,
    ),
    ("POST", "/v1/introspect", BEARER | FORM, b"token=lk_any", 200, "ActiveToken", None),
    ("GET", "/v1/forward-auth", KEY, None, 200, None, ("X-Latchkey-Username", "admin")),
    ("GET", "/v1/audit/events", BEARER, None, 200, "AuditEvents", None),
]


def send(
    base: str, method: str, target: str, headers: dict[str, str], body: bytes | None
) -> tuple[int, Message, bytes]:
    request = urllib.request.Request(base + target, body, headers, method=method)
    try:
        response = urllib.request.urlopen(request, timeout=30)
    except urllib.error.HTTPError as error:
        response = error
    with response:
        return response.status, response.headers, response.read()


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    """The URL of a running mock."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with subprocess.Popen(
        [ROOT / "contract/mock", TOOLS, str(port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        base, end = f"http://127.0.0.1:{port}", time.monotonic() + START_TIMEOUT
        try:
            while True:
                try:
                    send(base, "GET", "/v1/users/me", {}, None)
                    break
                except OSError:
                    if process.poll() is not None or time.monotonic() > end:
                        process.kill()
                        pytest.fail(f"the mock did not start:\n{process.communicate()[0]}")
                    time.sleep(0.1)
            yield base
        finally:
            process.terminate()
            process.communicate()


def as_json(value: object) -> Any:
    """A value of YAML as JSON has it: times become strings."""
    return json.loads(json.dumps(value, default=str))


@pytest.mark.parametrize(
    ("method", "target", "headers", "body", "status", "example", "header"),
    CASES,
    ids=[f"{method} {target} {status} {example}" for method, target, _, _, status, example, _ in CASES],
)
def test_response_is_the_example(
    mock: str,
    method: str,
    target: str,
    headers: dict[str, str],
    body: bytes | None,
    status: int,
    example: str | None,
    header: tuple[str, str] | None,
) -> None:
    actual_status, actual_headers, content = send(mock, method, target, headers, body)
    expected = as_json(EXAMPLES[example]["value"]) if example else None
    assert (actual_status, json.loads(content) if content else None) == (status, expected)
    if header:
        assert actual_headers[header[0]] == header[1]
