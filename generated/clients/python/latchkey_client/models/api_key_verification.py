from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.api_key_verification_code import APIKeyVerificationCode
from ..types import UNSET, Unset

T = TypeVar("T", bound="APIKeyVerification")


@_attrs_define
class APIKeyVerification:
    """The answer about a key; who and what, only when it is good.

    Attributes:
        valid (bool):
        code (APIKeyVerificationCode): Why a key is good or not.
        stale (bool): The database is away, and the answer is from memory.
        key_id (int | Unset):
        user_id (int | Unset): The key's owner.
        username (str | Unset):
        scopes (list[str] | Unset): The scopes of the key; absent when it is not narrowed and has them all.
        expires_at (datetime.datetime | Unset):
    """

    valid: bool
    code: APIKeyVerificationCode
    stale: bool
    key_id: int | Unset = UNSET
    user_id: int | Unset = UNSET
    username: str | Unset = UNSET
    scopes: list[str] | Unset = UNSET
    expires_at: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        valid = self.valid

        code = self.code.value

        stale = self.stale

        key_id = self.key_id

        user_id = self.user_id

        username = self.username

        scopes: list[str] | Unset = UNSET
        if not isinstance(self.scopes, Unset):
            scopes = self.scopes

        expires_at: str | Unset = UNSET
        if not isinstance(self.expires_at, Unset):
            expires_at = self.expires_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "valid": valid,
                "code": code,
                "stale": stale,
            }
        )
        if key_id is not UNSET:
            field_dict["key_id"] = key_id
        if user_id is not UNSET:
            field_dict["user_id"] = user_id
        if username is not UNSET:
            field_dict["username"] = username
        if scopes is not UNSET:
            field_dict["scopes"] = scopes
        if expires_at is not UNSET:
            field_dict["expires_at"] = expires_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        valid = d.pop("valid")

        code = APIKeyVerificationCode(d.pop("code"))

        stale = d.pop("stale")

        key_id = d.pop("key_id", UNSET)

        user_id = d.pop("user_id", UNSET)

        username = d.pop("username", UNSET)

        scopes = cast(list[str], d.pop("scopes", UNSET))

        _expires_at = d.pop("expires_at", UNSET)
        expires_at: datetime.datetime | Unset
        if isinstance(_expires_at, Unset):
            expires_at = UNSET
        else:
            expires_at = datetime.datetime.fromisoformat(_expires_at)

        api_key_verification = cls(
            valid=valid,
            code=code,
            stale=stale,
            key_id=key_id,
            user_id=user_id,
            username=username,
            scopes=scopes,
            expires_at=expires_at,
        )

        api_key_verification.additional_properties = d
        return api_key_verification

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
