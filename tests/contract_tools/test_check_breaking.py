"""Checks `contract/check-breaking`: it must report changes that break clients, and accept others."""

import copy
import functools
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.contract_tools.contract import (
    METADATA,
    ROOT,
    STRING,
    TOOLS,
    Change,
    Contract,
    load_contract,
    operation,
    properties,
    rename,
    schema,
)


def require(contract: Contract, name: str, member: str) -> None:
    properties(contract, name)[member] = STRING
    schema(contract, name).setdefault("required", []).append(member)


def rename_required(contract: Contract) -> None:
    rename(properties(contract, "UserRead"), "username", "login")
    schema(contract, "UserRead")["required"] = ["id", "login", "role", "created_at"]


def code_values(contract: Contract, name: str = "Problem") -> list[str]:
    values: list[str] = properties(contract, name)["code"]["x-extensible-enum"]
    return values


def rename_code(contract: Contract) -> None:
    values = code_values(contract)
    values[values.index("key_not_found")] = "key_missing"


ROTATE, LIST = ("/v1/api-keys/{item_id}/rotate", "post"), ("/v1/api-keys/", "get")
# Changes that break clients, with a part of the line that must report each.
BREAKING: dict[str, tuple[Change, str]] = {
    "a required property of a response is renamed": (rename_required, "`username`"),
    "an optional property of a response is renamed": (
        lambda c: rename(properties(c, "APIKeyRecordRead"), "full_key", "secret"),
        "`full_key`",
    ),
    "a property of a request body is renamed": (
        lambda c: rename(properties(c, "APIKeyRecordCreate"), "expires_at", "expiry"),
        "`expires_at`",
    ),
    "a property of a response becomes optional": (lambda c: schema(c, "UserRead")["required"].remove("role"), "`role`"),
    "a property of a response becomes nullable": (
        lambda c: properties(c, "UserRead").update(username={"anyOf": [STRING, {"type": "null"}]}),
        "`username`",
    ),
    "a property changes its type": (lambda c: properties(c, "UserRead")["id"].update(type="string"), "`id`"),
    "a request body gains a required property": (lambda c: require(c, "APIKeyRevoke", "author"), "`author`"),
    "a property of a request body is no longer nullable": (
        lambda c: properties(c, "APIKeyRevoke")["reason"]["anyOf"].pop(),
        "`reason`",
    ),
    "a string gets a smaller maximum length": (
        lambda c: properties(c, "APIKeyRevoke")["reason"]["anyOf"][0].update(maxLength=9),
        "`reason/",
    ),
    "a map may have fewer names": (lambda c: schema(c, "Metadata").update(maxProperties=49), "`metadata`"),
    "a map of a response may have more names": (
        lambda c: schema(c, "Metadata").update(maxProperties=51),
        "`metadata` response property's maxProperties",
    ),
    "the pattern of the names of a map changes": (
        lambda c: schema(c, "Metadata")["propertyNames"].update(pattern="^[a-z]{1,40}$"),
        "`metadata/propertyNames`",
    ),
    "the values of a map get a smaller maximum length": (
        lambda c: schema(c, "Metadata")["additionalProperties"].update(maxLength=499),
        "`metadata/additionalProperties`",
    ),
    "the values of a map of a response get a larger maximum length": (
        lambda c: schema(c, "Metadata")["additionalProperties"].update(maxLength=501),
        "`metadata/additionalProperties`",
    ),
    "the values of a map change their type": (
        lambda c: schema(c, "Metadata")["additionalProperties"].update(type="integer"),
        "`metadata/additionalProperties`",
    ),
    "a map in a request is removed": (lambda c: properties(c, "APIKeyCreate").pop("metadata"), "`metadata`"),
    "an operation is removed": (lambda c: c["paths"].pop("/v1/introspect"), "POST /v1/introspect"),
    "an operation ID changes": (lambda c: operation(c).update(operationId="whoAmI"), "`getCurrentUser`"),
    "a tag changes": (lambda c: operation(c).update(tags=["Tokens"]), "`Users`"),
    "a required scope changes": (
        lambda c: operation(c)["security"][0].update(OAuth2PasswordBearer=["latchkey:verify"]),
        "`latchkey:verify`",
    ),
    "a security scheme is no longer accepted": (lambda c: operation(c)["security"].pop(), "`APIKeyHeader`"),
    "the status of a success changes": (lambda c: rename(operation(c, *ROTATE)["responses"], "201", "200"), "`201`"),
    "an error response is removed": (lambda c: operation(c, *ROTATE)["responses"].pop("409"), "`409`"),
    "the content type of a response changes": (
        lambda c: rename(
            c["components"]["responses"]["NotFound"]["content"], "application/problem+json", "application/json"
        ),
        "application/problem+json",
    ),
    "a response header is removed": (
        lambda c: operation(c, "/v1/api-keys/", "post")["responses"]["201"]["headers"].pop("Location"),
        "`location`",
    ),
    "a parameter is removed": (lambda c: operation(c, *LIST)["parameters"].pop(1), "`cursor`"),
    "a required parameter is added": (
        lambda c: operation(c, *LIST)["parameters"].append(
            {"name": "order", "in": "query", "required": True, "schema": STRING}
        ),
        "`order`",
    ),
    "the range of a parameter shrinks": (
        lambda c: c["components"]["parameters"]["Limit"]["schema"].update(maximum=100),
        "`limit`",
    ),
    "the default of a parameter changes": (
        lambda c: c["components"]["parameters"]["Limit"]["schema"].update(default=10),
        "`limit`",
    ),
    "an enumeration in requests loses a value": (
        lambda c: schema(c, "APIKeyStatus")["enum"].remove("expired"),
        "`expired`",
    ),
    "a problem code is removed": (
        lambda c: code_values(c).remove("key_not_rotatable"),
        "#/components/schemas/Problem/properties/code lost the value `key_not_rotatable`",
    ),
    "a problem code is renamed": (rename_code, "`key_not_found`"),
    "an open enumeration in responses loses a value": (
        lambda c: code_values(c, "APIKeyVerification").remove("pending"),
        "#/components/schemas/APIKeyVerification/properties/code lost the value `pending`",
    ),
    "an open enumeration in responses is no longer listed": (
        lambda c: properties(c, "UserRead")["role"].pop("x-extensible-enum"),
        "`verifier`",
    ),
}
# Changes that break no client.
COMPATIBLE: dict[str, Change] = {
    "no change": lambda _: None,
    "a response gains an optional property": lambda c: properties(c, "UserRead").update(email=STRING),
    "a response gains a required property": lambda c: require(c, "UserRead", "email"),
    "a request body gains an optional property": lambda c: properties(c, "APIKeyRecordCreate").update(owner=STRING),
    "a strict request body gains an optional property": lambda c: properties(c, "APIKeyCreate").update(owner=STRING),
    "a request body accepts unknown properties": lambda c: schema(c, "APIKeyCreate").pop("additionalProperties"),
    "a response gains an optional map": lambda c: properties(c, "UserRead").update(labels=METADATA),
    "a request body gains an optional map": lambda c: properties(c, "APIKeyRotate").update(labels=METADATA),
    "a map in a request may be null": lambda c: properties(c, "APIKeyCreate").update(
        metadata={"anyOf": [METADATA, {"type": "null"}]}
    ),
    "an open enumeration in responses gains a value": lambda c: properties(c, "APIKeyVerification")["code"][
        "x-extensible-enum"
    ].append("too_old"),
    "the values of an open enumeration change their order": lambda c: code_values(c).reverse(),
    "a problem code is added": lambda c: properties(c, "Problem")["code"]["x-extensible-enum"].append("teapot"),
    "an optional parameter is added": lambda c: operation(c, *LIST)["parameters"].append(
        {"name": "order", "in": "query", "schema": STRING}
    ),
    "an operation is added": lambda c: c["paths"].update(
        {"/v1/users/you": {"get": operation(c) | {"operationId": "getOther"}}}
    ),
    "an error response is added": lambda c: operation(c)["responses"].update(
        {"409": {"$ref": "#/components/responses/KeyRevoked"}}
    ),
    "an operation is deprecated": lambda c: operation(c).update(deprecated=True),
    "a description changes": lambda c: schema(c, "UserRead").update(description="Somebody."),
}


def check_breaking(directory: Path, change: Change) -> subprocess.CompletedProcess[str]:
    base, changed = directory / "base.json", directory / "changed.json"
    contract = load_contract()
    base.write_text(json.dumps(contract, default=str))
    contract = copy.deepcopy(contract)
    change(contract)
    changed.write_text(json.dumps(contract, default=str))
    command = [ROOT / "contract/check-breaking", TOOLS / "oasdiff", changed, base]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


@pytest.mark.parametrize("name", BREAKING)
def test_breaking_change_is_reported(name: str, tmp_path: Path) -> None:
    change, reported = BREAKING[name]
    run = check_breaking(tmp_path, change)
    assert run.returncode == 1, run.stdout
    assert reported in run.stdout


@pytest.mark.parametrize("name", COMPATIBLE)
def test_compatible_change_is_accepted(name: str, tmp_path: Path) -> None:
    run = check_breaking(tmp_path, COMPATIBLE[name])
    assert run.returncode == 0, run.stdout


def test_both_kinds_of_changes_are_reported(tmp_path: Path) -> None:
    def change(contract: Contract) -> None:
        rename_required(contract)
        rename_code(contract)

    run = check_breaking(tmp_path, change)
    assert run.returncode == 1, run.stdout
    assert "`username`" in run.stdout
    assert "`key_not_found`" in run.stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose only commit has the contract and its check, and whose last release had no problem codes."""
    (tmp_path / "contract").mkdir()
    for name in ("check-breaking", "accepted.txt", "breaking.txt", "extensible-enums.js", "package.json"):
        shutil.copy(ROOT / "contract" / name, tmp_path / "contract")
    contract = load_contract()
    (tmp_path / "openapi.yaml").write_text(json.dumps(contract, default=str))
    code_values(contract).clear()
    (tmp_path / "contract/released.yaml").write_text(json.dumps(contract, default=str))
    git = ["git", "-c", "user.name=Test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false"]
    for arguments in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "Add the contract"]):
        subprocess.run([*git, *arguments], cwd=tmp_path, check=True)
    contract = load_contract()
    code_values(contract).remove("key_not_rotatable")
    (tmp_path / "openapi.yaml").write_text(json.dumps(contract, default=str))
    return tmp_path


LOST_CODE = "Problem/properties/code lost the value `key_not_rotatable`"


@pytest.fixture
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The contract as others have it: in a file, and on a server, which has nothing else."""
    directory = tmp_path_factory.mktemp("published")
    file = directory / "openapi.yaml"
    file.write_text(json.dumps(load_contract(), default=str))
    handler = functools.partial(SimpleHTTPRequestHandler, directory=directory)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        yield {"file": str(file), "url": f"{url}/", "nothing": f"{url}/nothing"}
        server.shutdown()


@pytest.mark.parametrize(
    ("variable", "value", "status", "reported"),
    [
        ("BASE", "", 0, "no change breaks the clients of the last release"),
        ("BASE", "HEAD", 1, LOST_CODE),
        ("FILE", "{file}", 1, LOST_CODE),
        ("URL", "{url}", 1, LOST_CODE),
        ("URL", "{nothing}", 22, "404"),
    ],
)
def test_earlier_contract_is_the_one_that_is_named(
    variable: str, value: str, status: int, reported: str, repository: Path, published: dict[str, str]
) -> None:
    run = subprocess.run(
        [repository / "contract/check-breaking", TOOLS / "oasdiff"],
        env=os.environ | {variable: value.format_map(published)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == status, run.stdout
    assert reported in run.stdout


def test_unknown_revision_fails(repository: Path) -> None:
    command = [repository / "contract/check-breaking", TOOLS / "oasdiff"]
    run = subprocess.run(command, env=os.environ | {"BASE": "unknown"}, capture_output=True, check=False)
    assert run.returncode != 0
