from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.api_key_record_read import APIKeyRecordRead


T = TypeVar("T", bound="FoundAPIKey")


@_attrs_define
class FoundAPIKey:
    """A key, whose it is, and when it was last used.

    Attributes:
        key (APIKeyRecordRead): An API key as its user sees it.
        owner_external_id (None | str): The external id of its owner; `null` for keys of users and service accounts.
        metadata (dict[str, str]): Strings that the deployer attaches to a key or an owner: at most 50, with names of 1
            to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without
            spaces, all together have at most 4,096 bytes.
        last_used_at (datetime.datetime | None): When it was last used, a few seconds late; `null` for never.
    """

    key: APIKeyRecordRead
    owner_external_id: None | str
    metadata: dict[str, str]
    last_used_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        key = self.key.to_dict()

        owner_external_id: None | str
        owner_external_id = self.owner_external_id

        metadata = self.metadata

        last_used_at: None | str
        if isinstance(self.last_used_at, datetime.datetime):
            last_used_at = self.last_used_at.isoformat()
        else:
            last_used_at = self.last_used_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "key": key,
                "owner_external_id": owner_external_id,
                "metadata": metadata,
                "last_used_at": last_used_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.api_key_record_read import APIKeyRecordRead  # noqa: PLC0415

        d = dict(src_dict)
        key = APIKeyRecordRead.from_dict(d.pop("key"))

        def _parse_owner_external_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        owner_external_id = _parse_owner_external_id(d.pop("owner_external_id"))

        metadata = d.pop("metadata")

        def _parse_last_used_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_used_at_type_0 = datetime.datetime.fromisoformat(data)

                return last_used_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        last_used_at = _parse_last_used_at(d.pop("last_used_at"))

        found_api_key = cls(
            key=key,
            owner_external_id=owner_external_id,
            metadata=metadata,
            last_used_at=last_used_at,
        )

        found_api_key.additional_properties = d
        return found_api_key

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
