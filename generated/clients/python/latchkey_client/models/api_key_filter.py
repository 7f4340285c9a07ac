from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.api_key_status import APIKeyStatus
from ..received import hidden
from ..types import UNSET, Unset

T = TypeVar("T", bound="APIKeyFilter")


@_attrs_define
class APIKeyFilter:
    """Conditions on a key, all of which it must meet. A condition that is absent is met by every key.

    Attributes:
        key (str | Unset): A whole key, or how it begins: 4 characters or more. Of what is not a whole key, the first 12
            characters count.
        owner (str | Unset): The external id of the owner.
        status (APIKeyStatus | Unset): The status of a key: `active`; `pending` before its `not_before`; `disabled`;
            `revoked`; `expired`. Of several, the one that cannot be undone is reported first.
        description (str | Unset): What the description contains, in upper or lower case.
        metadata (dict[str, str] | Unset): Strings that the deployer attaches to a key or an owner: at most 50, with
            names of 1 to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As
            JSON without spaces, all together have at most 4,096 bytes.
        expires_after (datetime.datetime | Unset): The key expires after this time. Keys that never expire do not.
        expires_before (datetime.datetime | Unset): The key expires before this time.
        created_before (datetime.datetime | Unset): The key was created before this time.
        unused_since (datetime.datetime | Unset): The key was created before this time, and was not used since.
    """

    key: str | Unset = _attrs_field(default=UNSET, repr=hidden)
    owner: str | Unset = UNSET
    status: APIKeyStatus | Unset = UNSET
    description: str | Unset = UNSET
    metadata: dict[str, str] | Unset = UNSET
    expires_after: datetime.datetime | Unset = UNSET
    expires_before: datetime.datetime | Unset = UNSET
    created_before: datetime.datetime | Unset = UNSET
    unused_since: datetime.datetime | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        key = self.key

        owner = self.owner

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status.value

        description = self.description

        metadata = self.metadata

        expires_after: str | Unset = UNSET
        if not isinstance(self.expires_after, Unset):
            expires_after = self.expires_after.isoformat()

        expires_before: str | Unset = UNSET
        if not isinstance(self.expires_before, Unset):
            expires_before = self.expires_before.isoformat()

        created_before: str | Unset = UNSET
        if not isinstance(self.created_before, Unset):
            created_before = self.created_before.isoformat()

        unused_since: str | Unset = UNSET
        if not isinstance(self.unused_since, Unset):
            unused_since = self.unused_since.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if key is not UNSET:
            field_dict["key"] = key
        if owner is not UNSET:
            field_dict["owner"] = owner
        if status is not UNSET:
            field_dict["status"] = status
        if description is not UNSET:
            field_dict["description"] = description
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if expires_after is not UNSET:
            field_dict["expires_after"] = expires_after
        if expires_before is not UNSET:
            field_dict["expires_before"] = expires_before
        if created_before is not UNSET:
            field_dict["created_before"] = created_before
        if unused_since is not UNSET:
            field_dict["unused_since"] = unused_since

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        key = d.pop("key", UNSET)

        owner = d.pop("owner", UNSET)

        _status = d.pop("status", UNSET)
        status: APIKeyStatus | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = APIKeyStatus(_status)

        description = d.pop("description", UNSET)

        metadata = d.pop("metadata", UNSET)

        _expires_after = d.pop("expires_after", UNSET)
        expires_after: datetime.datetime | Unset
        if isinstance(_expires_after, Unset):
            expires_after = UNSET
        else:
            expires_after = datetime.datetime.fromisoformat(_expires_after)

        _expires_before = d.pop("expires_before", UNSET)
        expires_before: datetime.datetime | Unset
        if isinstance(_expires_before, Unset):
            expires_before = UNSET
        else:
            expires_before = datetime.datetime.fromisoformat(_expires_before)

        _created_before = d.pop("created_before", UNSET)
        created_before: datetime.datetime | Unset
        if isinstance(_created_before, Unset):
            created_before = UNSET
        else:
            created_before = datetime.datetime.fromisoformat(_created_before)

        _unused_since = d.pop("unused_since", UNSET)
        unused_since: datetime.datetime | Unset
        if isinstance(_unused_since, Unset):
            unused_since = UNSET
        else:
            unused_since = datetime.datetime.fromisoformat(_unused_since)

        api_key_filter = cls(
            key=key,
            owner=owner,
            status=status,
            description=description,
            metadata=metadata,
            expires_after=expires_after,
            expires_before=expires_before,
            created_before=created_before,
            unused_since=unused_since,
        )

        return api_key_filter
