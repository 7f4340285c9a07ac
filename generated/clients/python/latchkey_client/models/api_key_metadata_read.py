from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..received import Received

T = TypeVar("T", bound="APIKeyMetadataRead")


@_attrs_define
class APIKeyMetadataRead(Received):
    """The metadata of an API key.

    Attributes:
        metadata (dict[str, str]): Strings that the deployer attaches to a key or an owner: at most 50, with names of 1
            to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without
            spaces, all together have at most 4,096 bytes.
    """

    metadata: dict[str, str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        metadata = self.metadata

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
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

        api_key_metadata_read = cls(
            metadata=metadata,
        )

        api_key_metadata_read.additional_properties = d
        return api_key_metadata_read

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
