"""Checks `make check-breaking-clients`: calls that were generated earlier compile after compatible changes only."""

import copy
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.languages import LANGUAGES, check, require
from tests.contract_tools.contract import (
    METADATA,
    ROOT,
    STRING,
    Change,
    Contract,
    load_contract,
    operation,
    properties,
    schema,
)

Generate = Callable[[str, Change], Path]
LIST = ("/v1/api-keys/", "get")
OPTIONAL_QUERY = {"name": "order", "in": "query", "schema": STRING}


def extend(contract: Contract) -> None:
    """Everything that a minor version may add."""
    for target in (operation(contract, *LIST), operation(contract)):
        target["parameters"].append(OPTIONAL_QUERY)
    header = {"name": "Prefer", "in": "header", "schema": STRING}
    operation(contract, "/v1/api-keys/{item_id}/disable", "post")["parameters"].insert(0, header)
    properties(contract, "APIKeyCreate")["owner"] = {"anyOf": [STRING, {"type": "null"}]}
    properties(contract, "TokenRequest")["device"] = STRING
    properties(contract, "UserRead").update(email=STRING, locale=STRING)
    schema(contract, "UserRead")["required"].append("locale")
    schema(contract, "APIKeyStatus")["enum"].append("archived")
    properties(contract, "UserRead")["role"]["x-extensible-enum"].append("gardener")
    operation(contract, "/v1/api-keys/{item_id}", "delete")["deprecated"] = True
    contract["paths"]["/v1/api-keys/{item_id}/extend"] = {"post": added_operation(contract)}
    contract["paths"]["/v1/extensions"] = {"get": added_list(contract)}


def added_operation(contract: Contract) -> Contract:
    """An operation with properties of every kind in its request and its response."""
    limit, status = ({"$ref": f"#/components/schemas/{name}"} for name in ("RateLimit", "APIKeyStatus"))
    limit_read = {"$ref": "#/components/schemas/RateLimitRead"}
    plain = {
        "flag": {"type": "boolean"},
        "number": {"type": "integer", "format": "int64"},
        "type": STRING,
        "until": {"type": "string", "format": "date-time"},
        "texts": {"type": "array", "items": STRING},
        "labels": METADATA,
    }
    request = plain | {"status": status, "limit": limit, "limits": {"type": "array", "items": limit}}
    response = plain | {"limit": limit_read, "limits": {"type": "array", "items": limit_read}}
    for name, members in (("APIKeyExtend", request), ("APIKeyExtended", response)):
        nullable = {f"nullable_{key}": {"anyOf": [node, {"type": "null"}]} for key, node in members.items()}
        required = {f"required_{key}": node for key, node in (members | nullable).items()}
        contract["components"]["schemas"][name] = {
            "type": "object",
            "title": name,
            "required": [*required],
            "properties": members | nullable | required,
        }
    added: Contract = copy.deepcopy(operation(contract, "/v1/api-keys/{item_id}/rotate", "post"))
    body, success = (
        {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        for name in ("APIKeyExtend", "APIKeyExtended")
    )
    added |= {"operationId": "extendApiKey", "tags": ["Extensions"], "requestBody": {"content": body, "required": True}}
    added["x-client"] = {"method": "keys.extensions.create", "retry": "keyed"}
    added["parameters"].append({"name": "dry_run", "in": "query", "schema": {"type": "boolean"}})
    added["responses"]["200"] = {"description": "The extended key", "content": success}
    del added["responses"]["201"]
    return added


def added_list(contract: Contract) -> Contract:
    """A list in pages."""
    page = {
        "type": "object",
        "title": "ExtensionPage",
        "required": ["items", "next_cursor"],
        "properties": {
            "items": {"type": "array", "items": {"$ref": "#/components/schemas/APIKeyExtended"}},
            "next_cursor": {"anyOf": [STRING, {"type": "null"}]},
        },
    }
    contract["components"]["schemas"]["ExtensionPage"] = page
    added: Contract = copy.deepcopy(operation(contract, "/v1/users", "get"))
    added |= {"operationId": "listExtensions", "tags": ["Extensions"]}
    added["x-client"] = {"method": "keys.extensions.list", "retry": "repeatable", "pages": "cursor"}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/ExtensionPage"}}}
    added["responses"]["200"] = {"description": "A page", "content": content}
    return added


def breach(contract: Contract) -> None:
    """Renames an operation, and removes a property of a response."""
    operation(contract, *LIST)["operationId"] = "browseApiKeys"
    del properties(contract, "UserRead")["username"]
    schema(contract, "UserRead")["required"].remove("username")


@pytest.fixture(scope="module")
def generate(tmp_path_factory: pytest.TempPathFactory) -> Generate:
    """Generates the clients of a language from a changed contract; returns the directory that they are in."""

    def run(language: str, change: Change) -> Path:
        directory = tmp_path_factory.mktemp(change.__name__)
        contract = load_contract()
        change(contract)
        (directory / "contract.json").write_text(json.dumps(contract, default=str))
        tools = [ROOT / ".tools" / name for name in ("codegen", "clients", "clients-node")]
        environment = os.environ | {"CONTRACT": str(directory / "contract.json"), "OUTPUT": str(directory)}
        subprocess.run([ROOT / "codegen/clients/generate", *tools, language], env=environment, check=True)
        return directory

    return run


def test_compatible_changes_compile(language: str, generate: Generate, pytestconfig: pytest.Config) -> None:
    require(language, pytestconfig)
    generated = generate(language, extend)
    assert check(language, generated, ROOT / "generated/client-calls") is None
    # The calls of the added operation need no edit by hand.
    assert check(language, generated, generated / "client-calls") is None


def test_breaking_changes_are_named(language: str, generate: Generate, pytestconfig: pytest.Config) -> None:
    require(language, pytestconfig)
    errors = check(language, generate(language, breach), ROOT / "generated/client-calls")
    assert errors is not None
    # Each language has its own way to write a name.
    errors = errors.lower().replace("_", "")
    assert "listapikeys" in errors
    assert "username" in errors


def test_every_language_has_calls_of_the_release() -> None:
    folders = {folder.name for folder in (ROOT / "contract/released/clients").iterdir()}
    assert folders == LANGUAGES.keys() == {folder.name for folder in (ROOT / "generated/client-calls").iterdir()}
