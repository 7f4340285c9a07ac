from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="OwnerUpsert")


@_attrs_define
class OwnerUpsert:
    """An owner to create or to change.

    Attributes:
        external_id (str): The id of the owner in the deployer's system: any characters but control characters, compared
            byte for byte.
        display_name (None | str | Unset): A name for people; `null` for none. Absent: unchanged.
        metadata (dict[str, str] | Unset): Strings that the deployer attaches to a key or an owner: at most 50, with
            names of 1 to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As
            JSON without spaces, all together have at most 4,096 bytes.
        disabled (bool | Unset): Whether no key of the owner is valid. Absent: unchanged.
    """

    external_id: str
    display_name: None | str | Unset = UNSET
    metadata: dict[str, str] | Unset = UNSET
    disabled: bool | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        external_id = self.external_id

        display_name: None | str | Unset
        if isinstance(self.display_name, Unset):
            display_name = UNSET
        else:
            display_name = self.display_name

        metadata = self.metadata

        disabled = self.disabled

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "external_id": external_id,
            }
        )
        if display_name is not UNSET:
            field_dict["display_name"] = display_name
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if disabled is not UNSET:
            field_dict["disabled"] = disabled

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        external_id = d.pop("external_id")

        def _parse_display_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        display_name = _parse_display_name(d.pop("display_name", UNSET))

        metadata = d.pop("metadata", UNSET)

        disabled = d.pop("disabled", UNSET)

        owner_upsert = cls(
            external_id=external_id,
            display_name=display_name,
            metadata=metadata,
            disabled=disabled,
        )

        return owner_upsert
