from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..received import Received, hidden
from ..types import UNSET, Unset

T = TypeVar("T", bound="APIKeyRecordRead")


@_attrs_define
class APIKeyRecordRead(Received):
    """An API key as its user sees it.

    Attributes:
        id (int): The id of the key.
        key_prefix (str): The first characters of the key, at least 12, by which a person recognises it.
        user_id (int): The id of the user that the key belongs to.
        status (None | str): `active`, `pending`, `disabled`, `revoked` or `expired`, at the time of the response; more
            may be added.
        created_at (datetime.datetime | None): When the key was created.
        expires_at (datetime.datetime | None): When the key expires; `null` if never.
        description (None | str): What the key is used for.
        full_key (None | str | Unset): The secret. Only in the responses of `createApiKey` and `rotateApiKey`; otherwise
            `null`.
    """

    id: int
    key_prefix: str
    user_id: int
    status: None | str
    created_at: datetime.datetime | None
    expires_at: datetime.datetime | None
    description: None | str
    full_key: None | str | Unset = _attrs_field(default=UNSET, repr=hidden)
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        key_prefix = self.key_prefix

        user_id = self.user_id

        status: None | str
        status = self.status

        created_at: None | str
        if isinstance(self.created_at, datetime.datetime):
            created_at = self.created_at.isoformat()
        else:
            created_at = self.created_at

        expires_at: None | str
        if isinstance(self.expires_at, datetime.datetime):
            expires_at = self.expires_at.isoformat()
        else:
            expires_at = self.expires_at

        description: None | str
        description = self.description

        full_key: None | str | Unset
        if isinstance(self.full_key, Unset):
            full_key = UNSET
        else:
            full_key = self.full_key

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "key_prefix": key_prefix,
                "user_id": user_id,
                "status": status,
                "created_at": created_at,
                "expires_at": expires_at,
                "description": description,
            }
        )
        if full_key is not UNSET:
            field_dict["full_key"] = full_key

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        key_prefix = d.pop("key_prefix")

        user_id = d.pop("user_id")

        def _parse_status(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        status = _parse_status(d.pop("status"))

        def _parse_created_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                created_at_type_0 = datetime.datetime.fromisoformat(data)

                return created_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        created_at = _parse_created_at(d.pop("created_at"))

        def _parse_expires_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expires_at_type_0 = datetime.datetime.fromisoformat(data)

                return expires_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        expires_at = _parse_expires_at(d.pop("expires_at"))

        def _parse_description(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        description = _parse_description(d.pop("description"))

        def _parse_full_key(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        full_key = _parse_full_key(d.pop("full_key", UNSET))

        api_key_record_read = cls(
            id=id,
            key_prefix=key_prefix,
            user_id=user_id,
            status=status,
            created_at=created_at,
            expires_at=expires_at,
            description=description,
            full_key=full_key,
        )

        api_key_record_read.additional_properties = d
        return api_key_record_read

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
