from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.api_key_policy import APIKeyPolicy


T = TypeVar("T", bound="APIKeyIssue")


@_attrs_define
class APIKeyIssue:
    """An API key to issue, either to an owner or to a service account.

    Attributes:
        external_id (str | Unset): The external id of the owner, which is created if there is none.
        service_account (str | Unset): The name of the service account, in place of `external_id`.
        expires_at (datetime.datetime | None | Unset): When the key expires; RFC 3339 with an offset, microsecond
            precision, years 0001 to 9999 in UTC. Absent or `null`: after the default lifetime of the project, if it has
            one.
        description (None | str | Unset): What the key is used for; any characters except U+0000.
        policy (APIKeyPolicy | None | Unset): What restricts the key. Absent or `null` for the default policy of the
            project.
        metadata (dict[str, str] | Unset): Strings that the deployer attaches to a key or an owner: at most 50, with
            names of 1 to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As
            JSON without spaces, all together have at most 4,096 bytes.
    """

    external_id: str | Unset = UNSET
    service_account: str | Unset = UNSET
    expires_at: datetime.datetime | None | Unset = UNSET
    description: None | str | Unset = UNSET
    policy: APIKeyPolicy | None | Unset = UNSET
    metadata: dict[str, str] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.api_key_policy import APIKeyPolicy  # noqa: PLC0415

        external_id = self.external_id

        service_account = self.service_account

        expires_at: None | str | Unset
        if isinstance(self.expires_at, Unset):
            expires_at = UNSET
        elif isinstance(self.expires_at, datetime.datetime):
            expires_at = self.expires_at.isoformat()
        else:
            expires_at = self.expires_at

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        policy: dict[str, Any] | None | Unset
        if isinstance(self.policy, Unset):
            policy = UNSET
        elif isinstance(self.policy, APIKeyPolicy):
            policy = self.policy.to_dict()
        else:
            policy = self.policy

        metadata = self.metadata

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if external_id is not UNSET:
            field_dict["external_id"] = external_id
        if service_account is not UNSET:
            field_dict["service_account"] = service_account
        if expires_at is not UNSET:
            field_dict["expires_at"] = expires_at
        if description is not UNSET:
            field_dict["description"] = description
        if policy is not UNSET:
            field_dict["policy"] = policy
        if metadata is not UNSET:
            field_dict["metadata"] = metadata

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.api_key_policy import APIKeyPolicy  # noqa: PLC0415

        d = dict(src_dict)
        external_id = d.pop("external_id", UNSET)

        service_account = d.pop("service_account", UNSET)

        def _parse_expires_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expires_at_type_0 = datetime.datetime.fromisoformat(data)

                return expires_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        expires_at = _parse_expires_at(d.pop("expires_at", UNSET))

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        def _parse_policy(data: object) -> APIKeyPolicy | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                policy_type_0 = APIKeyPolicy.from_dict(data)

                return policy_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(APIKeyPolicy | None | Unset, data)

        policy = _parse_policy(d.pop("policy", UNSET))

        metadata = d.pop("metadata", UNSET)

        api_key_issue = cls(
            external_id=external_id,
            service_account=service_account,
            expires_at=expires_at,
            description=description,
            policy=policy,
            metadata=metadata,
        )

        return api_key_issue
