"""A project, an owner, its token in a browser, nginx, and a manager who revokes the key: on three nodes.

`pytest -s` prints what happens.
"""

import contextlib
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver

from tests.docs.documents import ROOT
from tests.docs.session import free_port
from tests.docs.test_browser import chromium
from tests.support.client import JSON, Client, HttpError
from tests.support.server import Server

PASSWORD = "of a test only"
SECRET = "0123456789abcdef" * 3
# Revoked keys are refused everywhere after this many seconds.
BOUND = 1.0
REQUEST = """
    const [url, token, method, body, headers, done] = arguments;
    const init = {method, headers: {Authorization: `Bearer ${token}`, ...headers}};
    if (body) { init.body = JSON.stringify(body); init.headers["Content-Type"] = "application/json"; }
    fetch(url, init).then(
        async response => done({
            status: response.status, etag: response.headers.get("ETag"), body: await response.json(),
        }),
        error => done({error: error.name}));
"""


class Page(BaseHTTPRequestHandler):
    """An empty page of a customer's portal."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Logs nothing."""


class Api(Page):
    """The company's API behind the gateway. It says whose request it got."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"owner": self.headers["X-Latchkey-Owner"]}).encode())


@contextlib.contextmanager
def http_server(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


@contextlib.contextmanager
def nginx(directory: Path, latchkey: str, upstream: str) -> Iterator[Client]:
    """nginx with the configuration of the documentation, for the project `shop`."""
    port = free_port()
    text = (ROOT / "docs/gateways/nginx.conf").read_text()
    for old, new in {
        "127.0.0.1:8080": latchkey,
        "127.0.0.1:9000": upstream,
        "listen 8000": f"listen 127.0.0.1:{port}",
        "/v1/forward-auth?": "/v1/projects/shop/forward-auth?",
    }.items():
        assert old in text
        text = text.replace(old, new)
    (directory / "gateway.conf").write_text(text)
    temporary = "".join(
        f"{name}_temp_path {directory}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (directory / "nginx.conf").write_text(
        f"daemon off; pid {directory}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; {temporary} include {directory}/gateway.conf; }}\n"
    )
    command = ["nginx", "-p", str(directory), "-c", str(directory / "nginx.conf")]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        client = Client(f"http://127.0.0.1:{port}")
        try:
            wait_until(lambda: status(client, "/", {}) == 401)
            yield client
        finally:
            process.terminate()


def wait_until(is_true: Any, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end
        time.sleep(0.05)


def status(client: Client, target: str, headers: dict[str, str]) -> int | None:
    """The status of a GET; `None` if there is no response."""
    try:
        client.request("GET", target, headers)
    except HttpError as error:
        return error.status
    except Exception:
        return None
    return 200


def send(client: Client, method: str, target: str, caller: dict[str, str], body: object) -> Any:
    return client.request_json(method, target, caller | JSON, json.dumps(body).encode())


def fetch(driver: webdriver.Chrome, url: str, token: str, method: str, body: object = None, **headers: str) -> Any:
    """The response to a request of the page, or its error."""
    return driver.execute_async_script(REQUEST, url, token, method, body, headers)


def use_in_browser(driver: webdriver.Chrome, keys: str, token: str, allowed: str, foreign: str) -> str:
    """Lists, creates and describes a key from a page; returns its secret. A page of another origin can do nothing."""
    driver.get(f"http://{foreign}/")
    for method, body in (("GET", None), ("POST", {"description": "stolen"})):
        assert fetch(driver, keys, token, method, body) == {"error": "TypeError"}
    print(f"  a page of http://{foreign}: the browser refuses to list and to create keys")
    driver.get(f"http://{allowed}/")
    assert fetch(driver, keys, token, "GET")["body"] == []
    created = fetch(driver, keys, token, "POST", {"description": "from the portal"})
    assert created["status"] == 201, created
    key = f"{keys}{created['body']['id']}"
    change = {"description": "Production"}
    described = fetch(driver, key, token, "PATCH", change, **{"If-Match": created["etag"]})
    assert (described["status"], described["body"]["description"]) == (200, "Production")
    outdated = fetch(driver, key, token, "PATCH", change, **{"If-Match": created["etag"]})
    assert (outdated["status"], outdated["body"]["code"]) == (412, "precondition_failed")
    listed = fetch(driver, keys, token, "GET")
    assert [item["description"] for item in listed["body"]] == ["Production"]
    print(f"  a page of http://{allowed}: lists none, creates key {created['body']['id']}, describes it, lists it")
    secret: str = created["body"]["full_key"]
    return secret


@pytest.fixture
def nodes(program: Path, database_url: str) -> Iterator[list[Server]]:
    """Three nodes on one database."""
    variables = {
        "DATABASE_URL": database_url,
        "LATCHKEY_TOKEN_SECRET": SECRET,
        "LATCHKEY_PEPPERS": f"1:{SECRET}",
    }
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(Server(program, PASSWORD, variables)) for _ in range(3)]


def test_story(nodes: list[Server], tmp_path: Path) -> None:
    node = nodes[0]
    node.create_user("root", PASSWORD, "admin")
    node.create_user("support", PASSWORD)
    administrator, support = node.log_in("root", PASSWORD), node.log_in("support", PASSWORD)
    with http_server(Page) as allowed, http_server(Page) as foreign, http_server(Api) as upstream:
        settings = {"allowed_origins": [f"http://{allowed}"], "default_policy": {"scopes": ["orders:read"]}}
        project = send(node, "POST", "/v1/projects", administrator, {"slug": "shop", "settings": settings})
        print(f"\n1. project {project['slug']}, whose pages are at {project['settings']['allowed_origins'][0]}")
        user_id = node.request_json("GET", "/v1/users/me", support)["id"]
        send(node, "PUT", f"/v1/projects/shop/members/{user_id}", administrator, {"role": "manager"})
        owner = send(node, "POST", "/v1/projects/shop/owners", administrator, {"external_id": "acme"})
        print(f"2. owner {owner['external_id']}, with the id {owner['id']}")
        body = {"external_id": "acme", "scopes": ["latchkey:keys.read", "latchkey:keys.write"], "expires_in": 300}
        token = send(node, "POST", "/v1/projects/shop/owner-tokens", administrator, body)
        print(f"3. owner token for {token['expires_in']} s with {token['scope']}")
        print("4. in Chromium:")
        with chromium() as driver:
            keys = f"http://{nodes[1].address}/v1/api-keys/"
            secret = use_in_browser(driver, keys, token["access_token"], allowed, foreign)
        key = {"X-API-Key": secret}
        with nginx(tmp_path, nodes[2].address, upstream) as gateway:
            assert gateway.request_json("GET", "/orders", key | {"X-Latchkey-Owner": "forged"}) == {"owner": "acme"}
            print("5. nginx forwards a request with the key; the API is told that it is of acme")
            wait_until(lambda: all(status(one, "/v1/users/me", support) == 200 for one in nodes))
            found = send(node, "POST", "/v1/projects/shop/api-keys/search", support, {"key": secret[:12]})["items"]
            assert [item["owner_external_id"] for item in found] == ["acme"]
            record = found[0]["key"]
            print(f"6. a manager searches for {record['key_prefix']}: key {record['id']} of acme, {record['status']}")
            for one in nodes:
                assert status(one, "/v1/projects/shop/forward-auth", key) == 200
            send(node, "POST", f"/v1/api-keys/{record['id']}/revoke", support, {"reason": "leaked"})
            revoked_at = time.monotonic()
            pending = list(nodes)
            while pending:
                pending = [one for one in pending if status(one, "/v1/projects/shop/forward-auth", key) != 401]
                assert time.monotonic() - revoked_at < BOUND
            print(f"7. revoked; refused by three nodes {1000 * (time.monotonic() - revoked_at):.0f} ms later")
            assert status(gateway, "/orders", key) == 401
            print("8. nginx refuses it")
