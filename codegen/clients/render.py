"""Renders what is written from the contract by our own templates, for one language.

usage: codegen/clients/render.py CONTRACT LANGUAGE CLIENT CALLS

- `LANGUAGE/package/**/*.jinja` into the folder CLIENT, in generated/clients/: the resource layer, which has the method
  that `x-client` of each operation names, and iterators over pages.
- `calls/LANGUAGE/*.jinja` into the folder CALLS, in generated/client-calls/: the calls of the operations of the
  generated core, and of the methods. They build requests from JSON with the client's types, call, and read every
  property of the response into JSON, as a user's program would. The tests of the clients use them. At a release they
  are kept in contract/released/clients/; they must compile with the clients of later contracts.

CONTRACT is the file that contract.py writes. A template gets it as `contract`, see `Contract`, and the filters below.
"""

import builtins
import json
import keyword
import re
import sys
import textwrap
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import jinja2

TEMPLATES = Path(__file__).parent
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
# Keywords: the Ruby generator prefixes them with an underscore, the Rust generator writes them as raw identifiers.
KEYWORDS = {
    "ruby": "alias and begin break case class def defined do else elsif end ensure false for if in module next"
    " nil not or redo rescue retry return self super then true undef unless until when while yield",
    "rust": "abstract as async await become box break const continue do dyn else enum extern false final fn for"
    " if impl in let loop macro match mod move mut override priv pub ref return static struct trait true"
    " try type typeof unsafe unsized use virtual where while yield",
}
# What openapi-python-client appends an underscore to.
PYTHON_RESERVED = (set(dir(builtins)) | {"self", "true", "false", "datetime"} | set(keyword.kwlist)) - {"id"}


@dataclass(frozen=True)
class Value:
    """A parameter or a property: its name in the contract, and its type."""

    name: str
    # `string`, `integer`, `boolean`, `time`, `location` (a string or an integer), `map` (of strings), `enum` or
    # `model`.
    kind: str
    # The name of the schema of an enumeration or a model.
    schema: str
    is_list: bool
    is_nullable: bool
    is_required: bool
    # `path`, `query` or `header` of a parameter.
    location: str = ""
    description: str = ""
    is_secret: bool = False

    @property
    def is_container(self) -> bool:
        """Whether it is a list or a map, which are null in Go without a type for that."""
        return self.is_list or self.kind == "map"


@dataclass(frozen=True)
class Operation:
    """An operation; `body` and `response` are None if it has none."""

    id: str
    tag: str
    method: str
    path: str
    is_authenticated: bool
    parameters: list[Value]
    body: str | None
    is_form: bool
    fields: list[Value]
    response: Value | None
    summary: str = ""
    description: str = ""
    # `x-client`, which names its method.
    client: dict[str, str] = field(default_factory=dict)

    @property
    def arguments(self) -> list[Value]:
        """The parameters, and the fields of a form."""
        return self.parameters + (self.fields if self.is_form else [])


@dataclass(frozen=True)
class Method:
    """An operation as a method of the resource layer: `keys.policy.get` is the method `get` of the group `keys.policy`.

    Its arguments are the parameters and the members of the JSON body. No two have the same name.
    """

    name: str
    # The names of its groups, with dots, or an empty string.
    group: str
    operation: Operation
    # When it is repeated: `repeatable`, `keyed` or `rejected`; docs/CLIENTS.md explains them.
    retry: str
    # How its pages follow each other: `link`, `cursor` or an empty string. Such a method is an iterator over the items
    # of all pages, and has no parameter `cursor`.
    pages: str
    # The parameters that a caller gives.
    path: list[Value]
    query: list[Value]
    headers: list[Value]
    # The members of the JSON body.
    body: list[Value]
    # What it returns, or an item of the iterator; None if there is nothing to return.
    result: Value | None

    @property
    def dotted(self) -> str:
        return f"{self.group}.{self.name}" if self.group else self.name

    @property
    def required(self) -> list[Value]:
        """The arguments that every call has: those of the path, then those of the body."""
        return self.path + [value for value in (*self.query, *self.headers, *self.body) if value.is_required]

    @property
    def optional(self) -> list[Value]:
        """The arguments that a call may have: those of the body, then parameters."""
        return [value for value in (*self.body, *self.query, *self.headers) if not value.is_required]

    @property
    def is_conditional(self) -> bool:
        """Whether a call with `If-Match` is repeated like one that is `rejected`.

        After a change whose response was lost, the ETag is another: the repetition would get a 412.
        """
        return self.retry == "repeatable" and any(value.name == "If-Match" for value in self.headers)


@dataclass(frozen=True)
class Group:
    """Methods that belong together, and groups inside of it. The outermost one has no name."""

    # The names, with dots, or an empty string.
    path: str
    methods: list[Method]
    groups: list["Group"]

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def all(self) -> list["Group"]:
        """Itself, after all groups inside of it."""
        return [inner for group in self.groups for inner in group.all] + [self]


class Contract:
    """The contract as `contract.py` writes it, with all that the templates need."""

    def __init__(self, contract: dict[str, Any]):
        self.components = contract["components"]
        self.schemas: dict[str, Any] = self.components["schemas"]
        self.paths = contract["paths"]
        self.version: str = contract["info"]["version"]

    def resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in node:
            return node
        _, _, kind, name = node["$ref"].split("/")
        component: dict[str, Any] = self.components[kind][name]
        return component

    def value(self, name: str, schema: dict[str, Any], *, required: bool, location: str = "") -> Value:
        description = schema.get("description", "")
        options = [option for option in schema.get("anyOf", [schema]) if option.get("type") != "null"]
        nullable = len(options) < len(schema.get("anyOf", [schema]))
        schema = options[0]
        is_list = schema.get("type") == "array"
        if is_list:
            schema = schema["items"]
        reference = schema.get("$ref", "").rpartition("/")[2]
        schema = self.resolve(schema)
        if "oneOf" in schema:
            kind = "location"
        elif schema.get("additionalProperties"):
            kind = "map"
        elif schema["type"] == "object":
            kind = "model"
        elif "enum" in schema:
            kind = "enum"
        elif schema.get("format") == "date-time":
            kind = "time"
        elif schema["type"] == "array":
            # A named list is inlined.
            return self.value(name, schema, required=required, location=location)
        else:
            kind = schema["type"]
        description = " ".join((description or schema.get("description", "")).split())
        return Value(name, kind, reference, is_list, nullable, required, location, description)

    def properties(self, name: str) -> list[Value]:
        schema = self.schemas[name]
        required = schema.get("required", [])
        return [
            replace(self.value(member, node, required=member in required), is_secret="x-secret" in node)
            for member, node in schema["properties"].items()
        ]

    @property
    def secrets(self) -> dict[str, list[str]]:
        """The properties that are secrets, of each schema that has some; a client prints none of them."""
        found = {name: [value.name for value in self.properties(name) if value.is_secret] for name in self.models}
        return {name: secrets for name, secrets in found.items() if secrets}

    @property
    def models(self) -> list[str]:
        return [name for name, schema in self.schemas.items() if "properties" in schema]

    def required(self, name: str) -> list[Value]:
        return [value for value in self.properties(name) if value.is_required]

    def optional(self, name: str) -> list[Value]:
        return [value for value in self.properties(name) if not value.is_required]

    @cached_property
    def operations(self) -> list[Operation]:
        return [
            self._operation(path, method, node) for path, item in self.paths.items() for method, node in item.items()
        ]

    def _operation(self, path: str, method: str, node: dict[str, Any]) -> Operation:
        parameters = []
        for reference in node.get("parameters", []):
            parameter = self.resolve(reference)
            required = parameter.get("required", False)
            value = self.value(parameter["name"], parameter["schema"], required=required, location=parameter["in"])
            parameters.append(replace(value, description=" ".join(parameter.get("description", "").split())))
        content = node.get("requestBody", {}).get("content", {})
        body = next((media["schema"]["$ref"].rpartition("/")[2] for media in content.values()), None)
        success = next(response for status, response in node["responses"].items() if status.startswith("2"))
        schema = next((media["schema"] for media in success.get("content", {}).values()), None)
        return Operation(
            node["operationId"],
            node["tags"][0],
            method,
            path,
            bool(node["security"]),
            parameters,
            body,
            FORM in content,
            self.properties(body) if body and FORM in content else [],
            self.value("", schema, required=True) if schema else None,
            node["summary"],
            node["description"],
            node["x-client"],
        )

    @cached_property
    def methods(self) -> list[Method]:
        return [self._method(operation) for operation in self.operations if "method" in operation.client]

    def _method(self, operation: Operation) -> Method:
        group, _, name = operation.client["method"].rpartition(".")
        pages = operation.client.get("pages", "")
        result = operation.response
        if result and pages == "cursor":
            result = next(value for value in self.properties(result.schema) if value.name == "items")
        if result and pages:
            result = replace(result, is_list=False)

        def located(location: str) -> list[Value]:
            return [
                value
                for value in operation.parameters
                if value.location == location and not (pages and value.name == "cursor")
            ]

        return Method(
            name,
            group,
            operation,
            operation.client["retry"],
            pages,
            located("path"),
            located("query"),
            located("header"),
            self.properties(operation.body) if operation.body else [],
            result,
        )

    @cached_property
    def root(self) -> Group:
        """The methods without a group, and all groups."""
        return self._group("")

    def _group(self, path: str) -> Group:
        prefix = f"{path}." if path else ""
        inner = dict.fromkeys(
            prefix + method.group.removeprefix(prefix).split(".")[0]
            for method in self.methods
            if method.group.startswith(prefix) and method.group != path
        )
        methods = [method for method in self.methods if method.group == path]
        return Group(path, methods, [self._group(name) for name in inner])

    @property
    def groups(self) -> list[Group]:
        """All groups, each after those inside of it; the last is the outermost one."""
        return self.root.all

    def reachable(self, names: list[str]) -> list[str]:
        """The models of these names and of their properties, each after those that it consists of."""
        found: list[str] = []
        for name in names:
            if name not in found:
                parts = [value.schema for value in self.properties(name) if value.kind == "model"]
                found += [part for part in self.reachable(parts) if part not in found]
                found.append(name)
        return found

    @property
    def request_models(self) -> list[str]:
        """The models of JSON bodies."""
        return self.reachable(
            [operation.body for operation in self.operations if operation.body and not operation.is_form]
        )

    @property
    def forms(self) -> list[str]:
        return list(
            dict.fromkeys(operation.body for operation in self.operations if operation.is_form and operation.body)
        )

    @property
    def errors(self) -> list[str]:
        """The schemas of error responses."""
        names = {
            media["schema"]["$ref"].rpartition("/")[2]
            for item in self.paths.values()
            for operation in item.values()
            for status, response in operation["responses"].items()
            if not status.startswith("2")
            for media in self.resolve(response)["content"].values()
        }
        return sorted(names)

    @property
    def response_models(self) -> list[str]:
        """The models of responses, errors included."""
        names = [operation.response.schema for operation in self.operations if operation.response]
        return self.reachable([*names, *self.errors])

    @property
    def enums(self) -> list[str]:
        """The enumerations of parameters and request bodies."""
        values = [value for operation in self.operations for value in operation.arguments]
        values += [value for name in self.request_models for value in self.properties(name)]
        return sorted({value.schema for value in values if value.kind == "enum"})

    @property
    def tags(self) -> dict[str, list[Operation]]:
        tags: dict[str, list[Operation]] = {}
        for operation in self.operations:
            tags.setdefault(operation.tag, []).append(operation)
        return dict(sorted(tags.items()))


def snake(name: str) -> str:
    """`createApiKey`, `APIKeyCreate` or `If-Match` in snake_case."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return words.replace("-", "_").lower()


def pascal(name: str) -> str:
    """`key_id`, `createApiKey` or `If-Match` in PascalCase; capitals remain."""
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[-_]", name))


def camel(name: str) -> str:
    """As `pascal`, but for the first letter."""
    text = pascal(name)
    return text[:1].lower() + text[1:]


def rust_type(name: str) -> str:
    return pascal(snake(name))


def rust_name(name: str) -> str:
    return f"r#{snake(name)}" if snake(name) in KEYWORDS["rust"].split() else snake(name)


def python_name(name: str) -> str:
    return f"{snake(name)}_" if snake(name) in PYTHON_RESERVED else snake(name)


def ruby_name(name: str) -> str:
    return f"_{snake(name)}" if snake(name) in KEYWORDS["ruby"].split() else snake(name)


def comment(text: str, prefix: str, hanging: str = "") -> str:
    """The lines of a text in paragraphs, each after `prefix`; all but the first of a paragraph also after `hanging`."""
    wrapped = [
        line
        for paragraph in text.split("\n\n")
        for line in [
            prefix,
            *textwrap.wrap(
                " ".join(paragraph.split()),
                120,
                initial_indent=prefix,
                subsequent_indent=prefix + hanging,
                break_long_words=False,
            ),
        ]
    ]
    return "\n".join(line.rstrip() for line in wrapped[1:])


def main() -> None:
    source, language, client, calls = sys.argv[1:]
    contract = Contract(json.loads(Path(source).read_text(encoding="utf-8")))
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    filters = (snake, pascal, camel, rust_type, rust_name, python_name, ruby_name, comment)
    environment.filters |= {function.__name__: function for function in filters}
    for folder, target in ((f"{language}/package", client), (f"calls/{language}", calls)):
        for template in sorted((TEMPLATES / folder).rglob("*.jinja")):
            text = environment.get_template(template.relative_to(TEMPLATES).as_posix()).render(contract=contract)
            rendered = Path(target) / template.relative_to(TEMPLATES / folder).with_suffix("")
            rendered.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
