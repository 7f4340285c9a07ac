"""Runs the script of docs/CUSTOMERS.md in a headless Chromium, on a page that the project allows and on another."""

import json
from typing import Any

from selenium import webdriver

from tests.docs.documents import DOCUMENTS
from tests.docs.session import LOGIN, Environment, free_port
from tests.docs.test_browser import chromium
from tests.support.client import JSON, Client

[SCRIPT] = [
    block.text
    for document in DOCUMENTS
    if document.name == "docs/CUSTOMERS.md"
    for block in document.blocks
    if block.language == "js"
]


def call(driver: webdriver.Chrome, script: str, expression: str, token: str) -> Any:
    """The result of a function of the script, or its error."""
    run = f"""
        const [token, done] = arguments;
        {script}
        ({expression}).then(done, error => done({{error: error.message}}));
    """
    return driver.execute_async_script(run, token)


def test_customers_page(readme_server: Environment) -> None:
    client = Client(f"http://{readme_server.address}")
    administrator = client.log_in(*LOGIN) | JSON

    def post(path: str, body: object) -> Any:
        return client.request_json("POST", f"/v1/projects{path}", administrator, json.dumps(body).encode())

    settings = {
        "allowed_origins": [f"http://{readme_server.upstream}"],
        "default_policy": {"scopes": ["orders:read"]},
    }
    post("", {"slug": "browser", "settings": settings})
    post("/browser/owners", {"external_id": "acme"})
    scopes = ["latchkey:keys.read", "latchkey:keys.write"]
    token = post("/browser/owner-tokens", {"external_id": "acme", "scopes": scopes})["access_token"]
    script = readme_server.substituted(SCRIPT, free_port())
    with chromium() as driver:
        driver.get(f"http://{readme_server.upstream}/")
        assert call(driver, script, "listKeys(token)", token) == []
        created = call(driver, script, "createKey(token, 'Production')", token)
        assert created["full_key"].startswith(created["key_prefix"])
        [listed] = call(driver, script, "listKeys(token)", token)
        assert (listed["id"], listed["description"], listed["status"]) == (created["id"], "Production", "active")
        revoked = call(driver, script, f"revokeKey(token, {created['id']})", token)
        assert revoked["status"] == "revoked"
        assert call(driver, script, "listKeys(token)", "not a token") == {"error": "invalid_credentials"}
        localhost = readme_server.upstream.replace("127.0.0.1", "localhost")
        driver.get(f"http://{localhost}/")
        assert call(driver, script, "listKeys(token)", token) == {"error": "Failed to fetch"}
