"""Runs openapi-python-client, with a type that it lacks: a map of strings is a `dict`, not a class of its own.

usage: codegen/clients/python/generator.py generate OPTION...
"""

from typing import Any, ClassVar

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


ModelProperty.build = build
cli.app()
