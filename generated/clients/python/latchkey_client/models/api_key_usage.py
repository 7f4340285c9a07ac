from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..received import Received

T = TypeVar("T", bound="APIKeyUsage")


@_attrs_define
class APIKeyUsage(Received):
    """How often a key was verified, and when it was last used.

    Attributes:
        key_id (int): The id of the key.
        valid_count (int): How many verifications found the key valid.
        invalid_count (int): How many verifications found the key invalid.
        last_used_at (datetime.datetime | None): When a verification last found the key valid; `null` if never.
    """

    key_id: int
    valid_count: int
    invalid_count: int
    last_used_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        key_id = self.key_id

        valid_count = self.valid_count

        invalid_count = self.invalid_count

        last_used_at: None | str
        if isinstance(self.last_used_at, datetime.datetime):
            last_used_at = self.last_used_at.isoformat()
        else:
            last_used_at = self.last_used_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "key_id": key_id,
                "valid_count": valid_count,
                "invalid_count": invalid_count,
                "last_used_at": last_used_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        key_id = d.pop("key_id")

        valid_count = d.pop("valid_count")

        invalid_count = d.pop("invalid_count")

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

        api_key_usage = cls(
            key_id=key_id,
            valid_count=valid_count,
            invalid_count=invalid_count,
            last_used_at=last_used_at,
        )

        api_key_usage.additional_properties = d
        return api_key_usage

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
