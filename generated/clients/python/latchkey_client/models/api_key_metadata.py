from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="APIKeyMetadata")


@_attrs_define
class APIKeyMetadata:
    """The metadata of an API key, which replaces that which it has.

    Attributes:
        metadata (dict[str, str]): Strings that the deployer attaches to a key or an owner: at most 50, with names of 1
            to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without
            spaces, all together have at most 4,096 bytes.
    """

    metadata: dict[str, str]

    def to_dict(self) -> dict[str, Any]:
        metadata = self.metadata

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "metadata": metadata,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        metadata = d.pop("metadata")

        api_key_metadata = cls(
            metadata=metadata,
        )

        return api_key_metadata
