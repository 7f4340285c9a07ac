from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..received import Received
from ..types import UNSET, Unset

T = TypeVar("T", bound="APIKeyVerification")


@_attrs_define
class APIKeyVerification(Received):
    """The result of a verification. The members that identify the key are present only if it is valid.

    Attributes:
        valid (bool): Whether the key is valid for the request.
        code (str): The reason of the decision. `not_found`: the key does not exist, its checksum is wrong, or the
            caller may not verify keys of its project; `principal_disabled`, `project_disabled`: its principal or its
            project is disabled; `network_not_allowed`: the client address is unknown or outside the key's networks.
        stale (bool): Whether the database is unreachable and the decision was made from the key cache.
        unrestricted (bool): Whether the key is valid and not restricted to scopes; `scopes` is absent then.
        key_id (int | Unset): The id of the key.
        user_id (int | Unset): The id of the principal that the key belongs to.
        username (str | Unset): The name of that user or service account; absent for keys of owners.
        project (str | Unset): The slug of the project of the key.
        owner_external_id (str | Unset): The external id of the owner that the key belongs to; absent for other keys.
        scopes (list[str] | Unset): The scopes of the key; absent if `unrestricted` is true.
        expires_at (datetime.datetime | Unset): When the key expires; absent if never.
        metadata (dict[str, str] | Unset): Strings that the deployer attaches to a key or an owner: at most 50, with
            names of 1 to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As
            JSON without spaces, all together have at most 4,096 bytes.
        owner_metadata (dict[str, str] | Unset): Strings that the deployer attaches to a key or an owner: at most 50,
            with names of 1 to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000.
            As JSON without spaces, all together have at most 4,096 bytes.
        retry_after_seconds (int | Unset): Seconds until the next request may be valid; present only if `code` is
            `rate_limited`.
    """

    valid: bool
    code: str
    stale: bool
    unrestricted: bool
    key_id: int | Unset = UNSET
    user_id: int | Unset = UNSET
    username: str | Unset = UNSET
    project: str | Unset = UNSET
    owner_external_id: str | Unset = UNSET
    scopes: list[str] | Unset = UNSET
    expires_at: datetime.datetime | Unset = UNSET
    metadata: dict[str, str] | Unset = UNSET
    owner_metadata: dict[str, str] | Unset = UNSET
    retry_after_seconds: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        valid = self.valid

        code = self.code

        stale = self.stale

        unrestricted = self.unrestricted

        key_id = self.key_id

        user_id = self.user_id

        username = self.username

        project = self.project

        owner_external_id = self.owner_external_id

        scopes: list[str] | Unset = UNSET
        if not isinstance(self.scopes, Unset):
            scopes = self.scopes

        expires_at: str | Unset = UNSET
        if not isinstance(self.expires_at, Unset):
            expires_at = self.expires_at.isoformat()

        metadata = self.metadata

        owner_metadata = self.owner_metadata

        retry_after_seconds = self.retry_after_seconds

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "valid": valid,
                "code": code,
                "stale": stale,
                "unrestricted": unrestricted,
            }
        )
        if key_id is not UNSET:
            field_dict["key_id"] = key_id
        if user_id is not UNSET:
            field_dict["user_id"] = user_id
        if username is not UNSET:
            field_dict["username"] = username
        if project is not UNSET:
            field_dict["project"] = project
        if owner_external_id is not UNSET:
            field_dict["owner_external_id"] = owner_external_id
        if scopes is not UNSET:
            field_dict["scopes"] = scopes
        if expires_at is not UNSET:
            field_dict["expires_at"] = expires_at
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if owner_metadata is not UNSET:
            field_dict["owner_metadata"] = owner_metadata
        if retry_after_seconds is not UNSET:
            field_dict["retry_after_seconds"] = retry_after_seconds

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        valid = d.pop("valid")

        code = d.pop("code")

        stale = d.pop("stale")

        unrestricted = d.pop("unrestricted")

        key_id = d.pop("key_id", UNSET)

        user_id = d.pop("user_id", UNSET)

        username = d.pop("username", UNSET)

        project = d.pop("project", UNSET)

        owner_external_id = d.pop("owner_external_id", UNSET)

        scopes = cast(list[str], d.pop("scopes", UNSET))

        _expires_at = d.pop("expires_at", UNSET)
        expires_at: datetime.datetime | Unset
        if isinstance(_expires_at, Unset):
            expires_at = UNSET
        else:
            expires_at = datetime.datetime.fromisoformat(_expires_at)

        metadata = d.pop("metadata", UNSET)

        owner_metadata = d.pop("owner_metadata", UNSET)

        retry_after_seconds = d.pop("retry_after_seconds", UNSET)

        api_key_verification = cls(
            valid=valid,
            code=code,
            stale=stale,
            unrestricted=unrestricted,
            key_id=key_id,
            user_id=user_id,
            username=username,
            project=project,
            owner_external_id=owner_external_id,
            scopes=scopes,
            expires_at=expires_at,
            metadata=metadata,
            owner_metadata=owner_metadata,
            retry_after_seconds=retry_after_seconds,
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
