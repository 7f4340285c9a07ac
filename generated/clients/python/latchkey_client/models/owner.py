from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..received import Received

T = TypeVar("T", bound="Owner")


@_attrs_define
class Owner(Received):
    """A customer of the deployer, to whom keys are issued.

    Attributes:
        id (int): The id of the owner; the `user_id` of its keys.
        external_id (str): The id of the owner in the deployer's system.
        display_name (None | str): A name for people; `null` if there is none.
        metadata (dict[str, str]): Strings that the deployer attaches to a key or an owner: at most 50, with names of 1
            to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without
            spaces, all together have at most 4,096 bytes.
        disabled (bool): Whether no key of the owner is valid.
        created_at (datetime.datetime): When the owner was created.
    """

    id: int
    external_id: str
    display_name: None | str
    metadata: dict[str, str]
    disabled: bool
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        external_id = self.external_id

        display_name: None | str
        display_name = self.display_name

        metadata = self.metadata

        disabled = self.disabled

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "external_id": external_id,
                "display_name": display_name,
                "metadata": metadata,
                "disabled": disabled,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        external_id = d.pop("external_id")

        def _parse_display_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        display_name = _parse_display_name(d.pop("display_name"))

        metadata = d.pop("metadata")

        disabled = d.pop("disabled")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        owner = cls(
            id=id,
            external_id=external_id,
            display_name=display_name,
            metadata=metadata,
            disabled=disabled,
            created_at=created_at,
        )

        owner.additional_properties = d
        return owner

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
