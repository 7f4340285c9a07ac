"""Runs openapi-python-client, with what it lacks.

- A map of strings is a `dict`, not a class of its own.
- The templates know, as `secrets`, the properties of each model that are not printed, and, as `received`, the models
  that methods return.

usage: codegen/clients/python/generator.py CONTRACT generate OPTION...
"""

import json
import sys
from pathlib import Path
from typing import Any, ClassVar

from jinja2.defaults import DEFAULT_NAMESPACE
from openapi_python_client import cli
from openapi_python_client.parser.properties import AnyProperty, ModelProperty
from openapi_python_client.schema import Schema
from openapi_python_client.strings import PythonIdentifier

build_model = ModelProperty.build


class MapProperty(AnyProperty):  # type: ignore[misc]
    """A map of strings, which is the same in JSON."""

    _type_string: ClassVar[str] = "dict[str, str]"
    _json_type_string: ClassVar[str] = "dict[str, str]"


def build(*, data: Any, name: Any, schemas: Any, required: bool, config: Any, **others: Any) -> Any:
    """The property of an object, and the schemas."""
    if not isinstance(data.additionalProperties, Schema):
        return build_model(data=data, name=name, schemas=schemas, required=required, config=config, **others)
    map_property = MapProperty(
        name=name,
        required=required,
        default=None,
        python_name=PythonIdentifier(value=name, prefix=config.field_prefix),
        description=data.description,
        example=None,
    )
    return map_property, schemas


def received(contract: Any) -> set[str]:
    """The schemas of the responses of operations that have a method, apart from pages."""
    operations = [operation for item in contract["paths"].values() for operation in item.values()]
    contents = [
        media["schema"].get("$ref", "")
        for operation in operations
        if "method" in operation["x-client"] and "pages" not in operation["x-client"]
        for status, response in operation["responses"].items()
        if status.startswith("2")
        for media in response.get("content", {}).values()
    ]
    return {reference.rpartition("/")[2] for reference in contents}


ModelProperty.build = build
contract = json.loads(Path(sys.argv.pop(1)).read_text(encoding="utf-8"))
DEFAULT_NAMESPACE["secrets"] = {
    name: {member for member, node in schema.get("properties", {}).items() if "x-secret" in node}
    for name, schema in contract["components"]["schemas"].items()
}
DEFAULT_NAMESPACE["received"] = received(contract)
cli.app()
