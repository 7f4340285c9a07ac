"""Checks the linter of the contract: for each rule, changes of openapi.yaml that violate it must be reported by it."""

import copy
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.contract_tools.contract import (
    CURRENT_USER,
    METADATA,
    ROOT,
    STRING,
    TOOLS,
    Change,
    Contract,
    component,
    load_contract,
    operation,
    rename,
)

RULESET = ROOT / "contract/ruleset.yaml"
KEYS, KEY = "/v1/api-keys/", "/v1/api-keys/{item_id}"


def user(contract: Contract) -> Any:
    """The schema that most changes are made to; it occurs in responses only."""
    return component(contract, "schemas", "UserRead")


def metadata(contract: Contract) -> Any:
    """The schema of a map."""
    return component(contract, "schemas", "Metadata")


def problem_code(contract: Contract) -> Any:
    return component(contract, "schemas", "Problem")["properties"]["code"]


def username(contract: Contract) -> Any:
    return user(contract)["properties"]["username"]


def response(contract: Contract, path: str = CURRENT_USER, method: str = "get", status: str = "200") -> Any:
    return operation(contract, path, method)["responses"][status]


def client(contract: Contract, path: str = CURRENT_USER, method: str = "get") -> Any:
    return operation(contract, path, method)["x-client"]


def json_of(described: Any) -> Any:
    return described["content"]["application/json"]


def update(members: dict[str, Any], **new: object) -> None:
    members.update(new)


def add_operation(contract: Contract, path: str, **changes: object) -> None:
    added = copy.deepcopy(operation(contract)) | {"operationId": "getSomethingElse"} | changes
    contract["paths"][path] = {"get": added}


def add_parameter(contract: Contract, **parameter: object) -> None:
    added = {"name": "colour", "in": "query", "description": "A colour.", "schema": STRING} | parameter
    operation(contract)["parameters"].append(added)


def add_schema(contract: Contract, name: str, schema: dict[str, Any]) -> None:
    contract["components"]["schemas"][name] = {"description": "Something."} | schema
    user(contract)["properties"]["something"] = {"$ref": f"#/components/schemas/{name}"}


# For each rule, changes of the contract that violate it. The rule must report each of them.
VIOLATIONS: dict[str, list[Change]] = {
    "struct": [lambda c: update(operation(c), sumary="Who is calling")],
    "no-unresolved-refs": [lambda c: update(json_of(response(c)), schema={"$ref": "#/components/schemas/Unknown"})],
    "no-unused-components": [
        lambda c: update(c["components"]["schemas"], Unknown={"type": "object", "description": "Unknown."})
    ],
    "no-ambiguous-paths": [lambda c: add_operation(c, "/v1/{what}/me")],
    "no-identical-paths": [lambda c: add_operation(c, "/v1/api-keys/{id}")],
    "no-duplicated-tag-names": [lambda c: c["tags"].append(c["tags"][0])],
    "no-enum-type-mismatch": [lambda c: component(c, "schemas", "APIKeyStatus")["enum"].append(1)],
    "no-example-value-and-externalValue": [
        lambda c: update(component(c, "examples", "User"), externalValue="user.json")
    ],
    "no-required-schema-properties-undefined": [lambda c: user(c)["required"].append("nothing")],
    "no-schema-type-mismatch": [lambda c: update(user(c), items=STRING)],
    "operation-operationId": [lambda c: operation(c, KEY, "delete").pop("operationId")],
    "operation-operationId-unique": [lambda c: update(operation(c, KEY, "delete"), operationId="getApiKey")],
    "operation-parameters-unique": [
        lambda c: operation(c)["parameters"].append({"$ref": "#/components/parameters/XAPIKey"})
    ],
    "path-declaration-must-exist": [lambda c: add_operation(c, "/v1/{}")],
    "path-not-include-query": [lambda c: add_operation(c, "/v1/users?me=1")],
    "path-parameters-defined": [lambda c: add_operation(c, "/v1/users/{user_id}")],
    "spec-components-invalid-map-name": [lambda c: add_schema(c, "a user", {"type": "object"})],
    "info-contact": [lambda c: c["info"].pop("contact")],
    "info-license": [lambda c: c["info"].pop("license")],
    "operation-2xx-response": [lambda c: operation(c)["responses"].pop("200")],
    "operation-4xx-response": [
        lambda c: [operation(c)["responses"].pop(status) for status in ("401", "403", "422", "429")]
    ],
    "operation-summary": [lambda c: operation(c).pop("summary")],
    "operation-singular-tag": [lambda c: operation(c)["tags"].append("Tokens")],
    "operation-tag-defined": [lambda c: update(operation(c), tags=["People"])],
    "parameter-description": [lambda c: operation(c, KEYS)["parameters"][2].pop("description")],
    "paths-kebab-case": [lambda c: add_operation(c, "/v1/theUsers")],
    "security-defined": [lambda c: update(operation(c), security=[{"Nothing": []}])],
    "tag-description": [lambda c: c["tags"][0].pop("description")],
    "no-invalid-media-type-examples": [
        lambda c: update(component(c, "examples", "User")["value"], id="one"),
        lambda c: component(c, "examples", "KeyNotFound")["value"].pop("title"),
        lambda c: update(
            json_of(operation(c, KEYS, "post")["requestBody"])["examples"]["empty"], value={"description": 1}
        ),
    ],
    "no-invalid-parameter-examples": [lambda c: update(component(c, "parameters", "ItemId"), example="one")],
    "no-invalid-schema-examples": [lambda c: update(username(c), examples=[1])],
    "latchkey/operation-id-is-a-verb": [
        lambda c: update(operation(c, KEY, "delete"), operationId="delete_api_key"),
        lambda c: update(operation(c, KEY, "delete"), operationId="delete"),
    ],
    "latchkey/example-present": [
        lambda c: json_of(response(c)).pop("examples"),
        lambda c: json_of(operation(c, KEYS, "post")["requestBody"]).pop("examples"),
    ],
    "latchkey/operation-described": [lambda c: operation(c).pop("description")],
    "latchkey/body-described": [lambda c: operation(c, KEYS, "post")["requestBody"].pop("description")],
    "latchkey/parameter-example": [
        lambda c: component(c, "parameters", "ItemId").pop("example"),
        lambda c: operation(c, KEYS)["parameters"][2].pop("example"),
    ],
    "latchkey/property-documented": [
        lambda c: username(c).pop("title"),
        lambda c: username(c).pop("description"),
        lambda c: username(c).pop("examples"),
    ],
    "latchkey/link-present": [lambda c: response(c).pop("links")],
    "latchkey/security-stated": [lambda c: operation(c).pop("security")],
    "latchkey/security-scopes": [lambda c: update(operation(c, KEYS)["security"][1], APIKeyHeader=[])],
    "latchkey/credential-header": [lambda c: operation(c)["parameters"].pop()],
    "latchkey/schema-documented": [lambda c: user(c).pop("description"), lambda c: user(c).pop("title")],
    "latchkey/secret-marked": [
        lambda c: component(c, "schemas", "TokenResponse")["properties"]["access_token"].pop("format"),
        lambda c: c.pop("x-sensitive-properties"),
        lambda c: c["x-sensitive-properties"].append("UserRead/password"),
    ],
    "latchkey/client-method": [
        lambda c: operation(c).pop("x-client"),
        lambda c: client(c).update(method="Who.am.I"),
        lambda c: client(c).update(retry="never"),
        lambda c: client(c).update(pages="cursor"),
        lambda c: client(c).update(colour="red"),
        lambda c: client(c).update(omitted="It is a secret."),
        lambda c: update(operation(c), **{"x-client": {"omitted": ""}}),
        lambda c: update(operation(c, "/token", "post"), **{"x-client": {"method": "login", "retry": "rejected"}}),
        lambda c: client(c, KEYS, "post").update(retry="rejected"),
        lambda c: client(c, KEY, "patch").update(retry="keyed"),
        lambda c: client(c, KEYS).pop("pages"),
        lambda c: client(c, KEYS).update(pages="cursor"),
        lambda c: client(c, "/v1/users").update(pages="link"),
        lambda c: component(c, "schemas", "UserPage")["properties"].pop("next_cursor"),
        lambda c: component(c, "schemas", "APIKeyPolicy")["properties"].update(item_id=STRING),
    ],
    "latchkey/client-method-unique": [
        lambda c: client(c).update(method="keys.get"),
        lambda c: client(c).update(method="keys.policy"),
    ],
    "latchkey/header-described": [lambda c: component(c, "headers", "ETag").pop("description")],
    "latchkey/header-example": [lambda c: component(c, "headers", "ETag").pop("example")],
    "latchkey/header-referenced": [lambda c: update(response(c, KEY)["headers"], ETag=component(c, "headers", "ETag"))],
    "latchkey/response-headers": [
        lambda c: response(c)["headers"].pop("X-Request-Id"),
        lambda c: component(c, "responses", "NotFound")["headers"].pop("Latchkey-Version"),
    ],
    "latchkey/problem-code": [
        lambda c: update(component(c, "examples", "KeyNotFound")["value"], code="lost"),
        lambda c: problem_code(c)["x-extensible-enum"].remove("key_not_found"),
    ],
    "latchkey/problem-code-described": [
        lambda c: problem_code(c)["x-extensible-enum"].append("teapot"),
        lambda c: problem_code(c).pop("description"),
        lambda c: update(
            problem_code(c), description=problem_code(c)["description"].replace("`key_not_found`", "lost")
        ),
    ],
    "latchkey/error-referenced": [
        lambda c: update(operation(c)["responses"], **{"401": component(c, "responses", "Unauthorized")})
    ],
    "latchkey/error-documented": [
        lambda c: operation(c)["responses"].pop("401"),
        lambda c: operation(c)["responses"].pop("500"),
        lambda c: operation(c, KEY, "delete")["responses"].pop("412"),
        lambda c: operation(c, KEYS, "post")["responses"].pop("409"),
        lambda c: operation(c, KEYS, "post")["responses"].pop("429"),
    ],
    "latchkey/error-type": [
        lambda c: rename(
            component(c, "responses", "NotFound")["content"], "application/problem+json", "application/json"
        ),
        lambda c: update(
            json_of(component(c, "responses", "ValidationError")), schema={"$ref": "#/components/schemas/Problem"}
        ),
        lambda c: component(c, "responses", "KeyRevoked").pop("content"),
    ],
    "latchkey/integer-is-64-bit": [lambda c: user(c)["properties"]["id"].pop("format")],
    "latchkey/property-snake-case": [lambda c: rename(user(c)["properties"], "created_at", "createdAt")],
    "latchkey/dialect-composition": [
        lambda c: update(user(c)["properties"], role={"allOf": [{"$ref": "#/components/schemas/RateLimitRead"}]}),
        lambda c: update(
            user(c)["properties"], role={"oneOf": [{"$ref": "#/components/schemas/RateLimitRead"}, {"type": "null"}]}
        ),
        lambda c: update(
            user(c)["properties"],
            role={
                "anyOf": [{"$ref": "#/components/schemas/APIKeyUsage"}, {"$ref": "#/components/schemas/RateLimitRead"}]
            },
        ),
    ],
    "latchkey/dialect-type": [
        lambda c: update(username(c), type=["string", "integer"]),
        lambda c: update(username(c), type=["string", "null"]),
    ],
    "latchkey/dialect-keyword": [
        lambda c: update(username(c), const="admin"),
        lambda c: update(user(c), patternProperties={"^x-": STRING}),
        lambda c: update(component(c, "schemas", "TokenRequest"), minProperties=1),
        lambda c: update(component(c, "schemas", "APIKeyCreate"), maxProperties=3),
        lambda c: update(user(c), propertyNames={"pattern": "^[a-z]+$"}),
        lambda c: update(metadata(c), minProperties=1),
        lambda c: update(metadata(c), patternProperties={"^x-": STRING}),
        lambda c: update(component(c, "schemas", "RateLimit")["properties"]["requests"], multipleOf=10),
        lambda c: update(component(c, "schemas", "APIKeyVerification")["properties"]["scopes"], prefixItems=[STRING]),
    ],
    "latchkey/dialect-enum": [
        lambda c: update(username(c), enum=["admin"]),
        lambda c: update(operation(c, KEYS)["parameters"][2], schema={"type": "string", "enum": ["active"]}),
        lambda c: add_schema(c, "Number", {"type": "integer", "format": "int64", "enum": [1]}),
    ],
    "latchkey/dialect-format": [lambda c: update(username(c), format="email")],
    "latchkey/dialect-strict": [
        lambda c: component(c, "schemas", "APIKeyCreate").pop("additionalProperties"),
        lambda c: component(c, "schemas", "RateLimit").pop("additionalProperties"),
        lambda c: update(component(c, "schemas", "APIKeyRotate"), additionalProperties=STRING),
        lambda c: update(component(c, "schemas", "APIKeyRecordCreate"), additionalProperties=False),
        lambda c: update(user(c), additionalProperties=False),
    ],
    "latchkey/dialect-direction": [
        lambda c: update(user(c)["properties"], limit={"$ref": "#/components/schemas/RateLimit"}),
        lambda c: update(
            json_of(response(c, KEYS + "verify", "post")), schema={"$ref": "#/components/schemas/APIKeyVerify"}
        ),
    ],
    "latchkey/dialect-map": [
        lambda c: update(metadata(c), additionalProperties=True),
        lambda c: update(metadata(c), additionalProperties={}),
        lambda c: update(metadata(c), additionalProperties={"type": "integer", "format": "int64"}),
        lambda c: update(metadata(c), additionalProperties={"type": "array", "items": STRING}),
        lambda c: update(metadata(c), additionalProperties={"$ref": "#/components/schemas/UserRead"}),
        lambda c: update(metadata(c), additionalProperties={"anyOf": [STRING | {"maxLength": 9}, {"type": "null"}]}),
        lambda c: update(metadata(c)["additionalProperties"], format="date-time"),
        lambda c: metadata(c)["additionalProperties"].pop("maxLength"),
        lambda c: metadata(c).pop("maxProperties"),
        lambda c: metadata(c).pop("propertyNames"),
        lambda c: update(metadata(c), propertyNames={"enum": ["plan"]}),
        lambda c: update(metadata(c)["propertyNames"], maxLength=40),
        lambda c: metadata(c).pop("type"),
        lambda c: update(metadata(c), required=["plan"]),
        lambda c: update(metadata(c), properties={"plan": STRING}),
        lambda c: update(user(c)["properties"], labels=metadata(c)),
        lambda c: update(user(c), additionalProperties=STRING),
    ],
    "latchkey/dialect-map-member": [
        lambda c: update(user(c)["properties"], labels={"type": "array", "items": METADATA}),
        lambda c: update(json_of(operation(c, KEYS, "post")["requestBody"]), schema=METADATA),
        lambda c: update(json_of(response(c)), schema=METADATA),
        lambda c: update(component(c, "schemas", "TokenRequest")["properties"], labels=METADATA),
        lambda c: add_parameter(c, schema=METADATA),
    ],
    "latchkey/dialect-open-enum": [
        lambda c: update(user(c)["properties"], status={"$ref": "#/components/schemas/APIKeyStatus"}),
        lambda c: update(
            component(c, "schemas", "APIKeyRevoke")["properties"], why=STRING | {"x-extensible-enum": ["leaked"]}
        ),
        lambda c: update(username(c), **{"x-extensible-enum": ["admin", "admin"]}),
        lambda c: update(username(c), **{"x-extensible-enum": []}),
        lambda c: update(user(c)["properties"]["id"], **{"x-extensible-enum": ["one"]}),
    ],
    "latchkey/dialect-operation-responses": [
        lambda c: update(operation(c, KEY), **{"x-operation-responses": ["404"]}),
        lambda c: update(operation(c, KEY), **{"x-operation-responses": ["410"]}),
    ],
    "latchkey/dialect-pattern": [
        lambda c: update(username(c), pattern="^(?!root)"),
        lambda c: update(username(c), pattern="^(.)\\1"),
        lambda c: update(metadata(c)["propertyNames"], pattern="^(?!x-)"),
    ],
    "latchkey/dialect-item": [
        lambda c: update(
            component(c, "schemas", "HTTPValidationError")["properties"]["detail"],
            items={"type": "array", "items": STRING, "maxItems": 9},
        ),
        lambda c: update(
            component(c, "schemas", "APIKeyVerification")["properties"]["scopes"], items=STRING | {"enum": ["read"]}
        ),
    ],
    "latchkey/dialect-component": [
        lambda c: add_schema(c, "Names", {"type": "array", "items": STRING}),
        lambda c: add_schema(c, "Number", {"type": "integer", "format": "int64"}),
    ],
    "latchkey/dialect-recursion": [
        lambda c: update(
            user(c)["properties"], manager={"anyOf": [{"$ref": "#/components/schemas/UserRead"}, {"type": "null"}]}
        ),
        lambda c: add_schema(
            c, "Team", {"type": "object", "properties": {"lead": {"$ref": "#/components/schemas/UserRead"}}}
        ),
    ],
    "latchkey/dialect-name": [
        lambda c: update(operation(c, KEY, "delete"), operationId="get_api_key"),
        lambda c: add_schema(c, "ApiKeyPolicy", {"type": "object"}),
        lambda c: update(user(c)["properties"], userName=STRING, user_name=STRING),
    ],
    "latchkey/dialect-media-type": [
        lambda c: update(response(c)["content"], **{"text/csv": {"schema": STRING}}),
        lambda c: rename(response(c)["content"], "application/json", "application/vnd.latchkey+json"),
    ],
    "latchkey/dialect-form": [
        lambda c: operation(c, "/token", "post")["requestBody"].pop("required"),
        lambda c: update(
            operation(c, "/token", "post")["requestBody"]["content"]["application/x-www-form-urlencoded"],
            schema={"type": "object"},
        ),
    ],
    "latchkey/dialect-status": [
        lambda c: rename(operation(c)["responses"], "500", "default"),
        lambda c: rename(operation(c)["responses"], "422", "4XX"),
        lambda c: rename(operation(c)["responses"], "422", "418"),
    ],
    "latchkey/dialect-parameter": [
        lambda c: add_parameter(c, **{"in": "cookie"}),
        lambda c: add_parameter(c, explode=False),
        lambda c: add_parameter(c, schema={"type": "object"}),
        lambda c: add_parameter(c, **{"in": "header"}, schema={"type": "integer", "format": "int64"}),
        lambda c: update(component(c, "parameters", "IfMatch"), schema=STRING | {"minLength": 9}),
        lambda c: update(component(c, "parameters", "IfMatch"), schema=STRING | {"format": "ip-address"}),
        lambda c: add_parameter(c, **{"in": "header"}, schema=STRING),
    ],
    "latchkey/dialect-header": [
        lambda c: update(component(c, "headers", "ETag"), schema={"type": "boolean"}),
        lambda c: update(component(c, "headers", "ETag"), schema=STRING | {"maxLength": 9}),
    ],
}


# Changes that violate no rule.
ACCEPTED: dict[str, Change] = {
    "no change": lambda _: None,
    "a map that may be null": lambda c: update(
        user(c)["properties"],
        labels={
            "anyOf": [METADATA, {"type": "null"}],
            "title": "Labels",
            "description": "The labels of the user.",
            "examples": [{"plan": "pro"}],
        },
    ),
}
CASES = [(rule, number, change) for rule, changes in VIOLATIONS.items() for number, change in enumerate(changes, 1)]


def lint(directory: Path, changes: list[Change]) -> list[set[str]]:
    """The names of the rules that report each changed contract; one run of the linter for all of them."""
    contract = load_contract()
    documents: list[Path] = []
    for index, change in enumerate(changes):
        changed = copy.deepcopy(contract)
        change(changed)
        documents.append(directory / f"{index}.json")
        documents[-1].write_text(json.dumps(changed))
    redocly = TOOLS / "node_modules/.bin/redocly"
    command: list[str | Path] = [
        redocly,
        "lint",
        "--config",
        RULESET,
        "--format",
        "json",
        "--max-problems",
        "1000",
        *documents,
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    # One JSON document after the other.
    reports, decoder, rest = [], json.JSONDecoder(), run.stdout.strip()
    while rest:
        report, end = decoder.raw_decode(rest)
        reports.append({problem["ruleId"] for problem in report["problems"]})
        rest = rest[end:].strip()
    assert len(reports) == len(documents), f"the linter printed:\n{run.stderr}"
    return reports


@pytest.fixture(scope="module")
def reported_rules(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], set[str]]:
    """The names of the rules that report each case."""
    reports = lint(tmp_path_factory.mktemp("contracts"), [change for _, _, change in CASES])
    return {(rule, number): report for (rule, number, _), report in zip(CASES, reports, strict=True)}


def test_every_rule_has_a_violation() -> None:
    assert yaml.safe_load(RULESET.read_text())["rules"].keys() == VIOLATIONS.keys()


@pytest.mark.parametrize(("rule", "number"), [case[:2] for case in CASES])
def test_violation_is_reported(rule: str, number: int, reported_rules: dict[tuple[str, int], set[str]]) -> None:
    assert rule in reported_rules[rule, number]


def test_nothing_else_is_reported(tmp_path: Path) -> None:
    reports = lint(tmp_path, [*ACCEPTED.values()])
    assert dict(zip(ACCEPTED, reports, strict=True)) == {name: set() for name in ACCEPTED}
