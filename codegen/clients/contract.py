"""Writes the contract as the generators of the clients get it, as JSON, and prints its version.

The contract itself does not change, nor does any request or response:
- `ValidationError.loc`: its items are a string or an integer, so `anyOf` and `oneOf` are equivalent. Most generators
  make a type of `oneOf` only, and 32-bit integers unless they are told otherwise.
- Header parameters that are credentials are removed: clients send credentials from their configuration.
- References to scalars and maps become plain strings and plain maps of strings: generators would make types of them,
  and the server validates the values.
- Patterns are removed: the regular expressions of languages differ, and the server validates the values.
- JSON bodies are named `body`, in place of a name derived from that of their schema.
- Properties that are secrets are marked with `x-secret`, and schemas that have some with `x-has-secrets`, so that
  templates can keep them out of what is printed.
- The description is replaced by the summary: generators repeat it at the head of every file.
"""

import json
import sys
from typing import Any

import yaml

source, target = sys.argv[1:]
with open(source, encoding="utf-8") as document:
    contract = yaml.safe_load(document)
components = contract["components"]
# What references to scalars and maps become.
INLINED = {
    f"#/components/schemas/{name}": {"type": "string"}
    for name, schema in components["schemas"].items()
    if schema["type"] == "string" and "enum" not in schema
} | {
    f"#/components/schemas/{name}": {
        "type": "object",
        "description": schema["description"],
        "additionalProperties": {"type": "string"},
    }
    for name, schema in components["schemas"].items()
    if schema.get("additionalProperties")
}
CREDENTIALS = {
    f"#/components/parameters/{name}"
    for name, parameter in components["parameters"].items()
    if parameter.get("x-credential-header")
}


def edited(node: Any) -> Any:
    if isinstance(node, list):
        return [edited(item) for item in node if not (isinstance(item, dict) and item.get("$ref") in CREDENTIALS)]
    if isinstance(node, dict):
        plain = INLINED.get(node.get("$ref", ""))
        return plain or {key: edited(value) for key, value in node.items() if key != "pattern"}
    return node


contract = edited(contract)
schemas = contract["components"]["schemas"]
items = schemas["ValidationError"]["properties"]["loc"]["items"]
items["oneOf"] = [{**kind, "format": "int64"} if kind["type"] == "integer" else kind for kind in items.pop("anyOf")]
for operations in contract["paths"].values():
    for operation in operations.values():
        if "application/json" in operation.get("requestBody", {}).get("content", {}):
            operation["x-codegen-request-body-name"] = "body"
sensitive = contract.pop("x-sensitive-properties")
for name, schema in schemas.items():
    for member, node in schema.get("properties", {}).items():
        if node.get("format") == "password" or f"{name}/{member}" in sensitive:
            # Generators keep only the branch of a nullable type.
            for part in (node, *node.get("anyOf", [])):
                part["x-secret"] = True
for reference in INLINED.keys() | CREDENTIALS:
    _, _, kind, name = reference.split("/")
    del contract["components"][kind][name]
for schema in schemas.values():
    schema["x-has-secrets"] = any("x-secret" in node for node in schema.get("properties", {}).values())
contract["info"]["description"] = contract["info"].pop("summary")

with open(target, "w", encoding="utf-8") as document:
    # Some values are YAML dates only by their form.
    json.dump(contract, document, indent=2, ensure_ascii=False, default=str)
print(contract["info"]["version"])
