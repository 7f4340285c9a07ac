"""Writes DIRECTORY/contract.json and DIRECTORY/config.json: the contract and the settings as the templates need them.

usage: codegen/annotate.py CONTRACT CONFIG DIRECTORY

The contract describes what is on the wire. The templates also need conclusions from it, which mustache cannot draw.
They are added as the settings `apiKeyHeader`, `securitySchemes`, `headerParameters` and `responses`, and as extensions:
- of an operation: `x-security`, `x-authentication`, `x-error-format`;
- of a response: `x-variant` (named by its status), `x-status`, `x-component`, and `x-by-hooks` if hooks give it;
- of a schema: `x-request` or `x-response`, `x-strict`, `x-rename`, `x-format-validator`, `x-validate-items`, and
  `x-name-pattern` of a map.

References to responses, headers, scalars and maps are replaced by their targets, and headers that the HTTP layer sends
are removed.
"""

import copy
import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

# For each status the variant's name and the constant of `http::StatusCode`.
STATUSES = {
    "200": ("Ok", "OK"),
    "201": ("Created", "CREATED"),
    "202": ("Accepted", "ACCEPTED"),
    "204": ("NoContent", "NO_CONTENT"),
    "400": ("BadRequest", "BAD_REQUEST"),
    "401": ("Unauthorized", "UNAUTHORIZED"),
    "403": ("Forbidden", "FORBIDDEN"),
    "404": ("NotFound", "NOT_FOUND"),
    "408": ("RequestTimeout", "REQUEST_TIMEOUT"),
    "409": ("Conflict", "CONFLICT"),
    "412": ("PreconditionFailed", "PRECONDITION_FAILED"),
    "413": ("ContentTooLarge", "PAYLOAD_TOO_LARGE"),
    "422": ("UnprocessableContent", "UNPROCESSABLE_ENTITY"),
    "429": ("TooManyRequests", "TOO_MANY_REQUESTS"),
    "500": ("InternalServerError", "INTERNAL_SERVER_ERROR"),
    "503": ("ServiceUnavailable", "SERVICE_UNAVAILABLE"),
}
# The functions of `types` that validate a format. They also enforce the length and the pattern beside it.
FORMAT_VALIDATORS = {"ip-address": "validate_ip_address", "ip-network": "validate_ip_network"}
ITEM_CONSTRAINTS = ("minLength", "maxLength", "pattern", "x-format-validator")
RUST_KEYWORDS = frozenset(["as", "const", "enum", "for", "if", "in", "match", "move", "ref", "type", "use", "where"])


def target(reference: dict) -> tuple[str, str]:
    """The kind and the name of the component that a reference refers to."""
    _, _, kind, name = reference["$ref"].split("/")
    return kind, name


class Contract:
    """The contract, which `annotate` changes in place."""

    def __init__(self, document: dict) -> None:
        self.document = document
        self.components = document["components"]

    def resolve(self, node: dict) -> dict:
        while "$ref" in node:
            kind, name = target(node)
            node = self.components[kind][name]
        return node

    def operations(self) -> list[dict]:
        return [operation for item in self.document["paths"].values() for operation in item.values()]

    def schemas_below(self, node: Any) -> set[str]:
        """The names of the schemas that something refers to, directly or through others."""
        found: set[str] = set()
        rest = [node]
        while rest:
            node = rest.pop()
            if isinstance(node, list):
                rest += node
            elif isinstance(node, dict):
                if "$ref" in node:
                    kind, name = target(node)
                    if kind != "schemas" or name not in found:
                        rest.append(self.components[kind][name])
                    if kind == "schemas":
                        found.add(name)
                rest += [value for key, value in node.items() if key not in ("example", "examples", "links")]
        return found

    def annotate(self) -> dict:
        """Annotates the contract in place, and returns the settings."""
        schemes = self.components["securitySchemes"]
        settings = {
            "apiKeyHeader": next(scheme["name"].lower() for scheme in schemes.values() if scheme["type"] == "apiKey"),
            "securitySchemes": [
                {"name": model_name(name), "description": " ".join(scheme["description"].split())}
                for name, scheme in schemes.items()
            ],
            "headerParameters": [
                header_parameter_setting(parameter)
                for parameter in self.components["parameters"].values()
                if parameter["in"] == "header" and not parameter.get("x-credential-header")
            ],
            "responses": [self._response_setting(name) for name in self.components["responses"]],
        }
        self._mark_directions()
        self._inline(self.document["paths"])
        self._inline(self.components["schemas"])
        schemas = self.components["schemas"].items()
        self.components["schemas"] = {name: schema for name, schema in schemas if not is_inlined(schema)}
        for operation in self.operations():
            self._annotate_operation(operation)
        for schema in self.components["schemas"].values():
            self._annotate_schema(schema)
        return settings

    def _mark_directions(self) -> None:
        bodies = [[operation.get("requestBody"), operation.get("parameters")] for operation in self.operations()]
        for name in self.schemas_below(bodies):
            self.components["schemas"][name]["x-request"] = True
        responses = [operation["responses"] for operation in self.operations()]
        for name in self.schemas_below(responses):
            self.components["schemas"][name]["x-response"] = True

    def _inline(self, node: Any) -> None:
        """Replaces references to named scalars and maps, of which the generator would make types of their own."""
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            if not isinstance(value, dict | list):
                continue
            if isinstance(value, dict) and "$ref" in value:
                resolved = self.resolve(value)
                if is_inlined(resolved):
                    node[key] = {name: copy.deepcopy(said) for name, said in resolved.items() if name != "title"}
            else:
                self._inline(value)

    def _annotate_operation(self, operation: dict) -> None:
        schemes = [(name, scopes) for requirement in operation["security"] for name, scopes in requirement.items()]
        operation["x-security"] = [
            {"scheme": model_name(name), "scopes": [{"scope": scope} for scope in scopes]} for name, scopes in schemes
        ]
        operation["x-authentication"] = (
            "None"
            if not schemes
            else "Custom"
            if operation.get("x-custom-authentication")
            else "Cached"
            if operation.get("x-cached-authentication")
            else "Stored"
        )
        operation["x-is-authenticated"] = operation["x-authentication"] in ("Cached", "Stored")
        operation["x-error-format"] = "OAuth" if "400" in operation["responses"] else "Problem"
        own = operation.get("x-operation-responses", [])
        for status, reference in operation["responses"].items():
            response = copy.deepcopy(self.resolve(reference))
            response["headers"] = self._headers(response)
            response["x-variant"], response["x-status"] = STATUSES[status]
            if "$ref" in reference:
                response["x-component"] = target(reference)[1]
                response["x-by-hooks"] = response.get("x-handled-by-middleware", False) and status not in own
            operation["responses"][status] = response

    def _headers(self, response: dict) -> dict:
        headers = {}
        for name, reference in response.get("headers", {}).items():
            header = copy.deepcopy(self.resolve(reference))
            if not header.get("x-handled-by-middleware"):
                # Two headers of one name and equal schemas would be taken for one, with the description of the last.
                header["schema"]["title"] = target(reference)[1]
                headers[name] = header
        return headers

    def _response_setting(self, name: str) -> dict:
        """A component as data for the templates: the generator gives them only the responses of operations."""
        component = self.components["responses"][name]
        reference = f"#/components/responses/{name}"
        status = next(
            status
            for operation in self.operations()
            for status, response in operation["responses"].items()
            if response.get("$ref") == reference
        )
        variant, constant = STATUSES[status]
        ((media_type, content),) = component.get("content", {None: None}).items()
        headers = [
            {
                "baseName": header.lower(),
                "field": header.replace("-", "_").lower(),
                "description": said["description"],
                "isOptional": not said["required"],
                "isInteger": said["schema"]["type"] == "integer",
            }
            for header, said in self._headers(component).items()
        ]
        return {
            "name": name,
            "description": component["description"],
            "variant": variant,
            "constant": constant,
            "mediaType": media_type,
            "model": model_name(target(content["schema"])[1]) if content else None,
            "headers": headers,
            "hasHeaders": bool(headers),
            "byHooks": component.get("x-handled-by-middleware", False),
        }

    def _annotate_schema(self, schema: dict) -> None:
        schema["x-strict"] = schema.pop("additionalProperties", True) is False
        for name, member in schema.get("properties", {}).items():
            merge_null(member)
            if "description" in member:
                # One line of a doc comment.
                member["description"] = member["description"].split("\n\n")[0]
            member["x-rename"] = name in RUST_KEYWORDS
            for part in (member, member.get("items", {})):
                if validator := FORMAT_VALIDATORS.get(part.get("format")):
                    part["x-format-validator"] = validator
                    for keyword in ("format", "pattern", "maxLength"):
                        part.pop(keyword, None)
            if is_map(member):
                member["x-name-pattern"] = rust_literal(member.pop("propertyNames")["pattern"])
            member["x-validate-items"] = any(keyword in member.get("items", {}) for keyword in ITEM_CONSTRAINTS)


def is_inlined(schema: dict) -> bool:
    is_scalar = schema.get("type") == "string" and "enum" not in schema
    return is_scalar or is_map(schema)


def is_map(schema: dict) -> bool:
    """Whether a schema is a map of strings. The linter allows no other schema in `additionalProperties`."""
    return isinstance(schema.get("additionalProperties"), dict)


def rust_literal(text: str) -> str:
    """A text as it is written between the quotes of a literal."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def merge_null(schema: dict) -> None:
    """Writes `anyOf: [schema, null]` as one schema, because the generator loses the extensions of branches."""
    others = [branch for branch in schema.get("anyOf", []) if branch != {"type": "null"}]
    if len(others) == 1 and "type" in others[0]:
        del schema["anyOf"]
        schema |= others[0] | schema | {"type": [others[0]["type"], "null"]}


def header_parameter_setting(parameter: dict) -> dict:
    schema = parameter["schema"]
    return {
        "field": parameter["name"].replace("-", "_").lower(),
        "header": parameter["name"],
        "maxLength": schema.get("maxLength"),
        "pattern": rust_literal(schema.get("pattern", "")),
    }


def model_name(schema: str) -> str:
    """The name of a schema's type as the generator writes it: `APIKeyPolicy` becomes `ApiKeyPolicy`."""
    return re.sub(r"[A-Z]+(?=[A-Z][a-z]|$)", lambda initials: initials[0].capitalize(), schema)


def main() -> None:
    contract_file, config_file, directory = map(Path, sys.argv[1:])
    contract = Contract(yaml.safe_load(contract_file.read_text(encoding="utf-8")))
    config = yaml.safe_load(config_file.read_text(encoding="utf-8"))
    config["additionalProperties"] |= contract.annotate()
    for name, content in (("contract.json", contract.document), ("config.json", config)):
        (directory / name).write_text(json.dumps(content, indent=2, ensure_ascii=False), encoding="utf-8")


main()
