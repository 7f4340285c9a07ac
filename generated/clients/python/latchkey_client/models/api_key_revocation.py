from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.api_key_filter import APIKeyFilter


T = TypeVar("T", bound="APIKeyRevocation")


@_attrs_define
class APIKeyRevocation:
    """Which keys are revoked.

    Attributes:
        filter_ (APIKeyFilter): Conditions on a key, all of which it must meet. A condition that is absent is met by
            every key.
        dry_run (bool): Whether the keys are counted, and none is revoked.
        limit (int): The most keys that one request revokes.
        reason (str | Unset): Why the keys are revoked, for the audit trail.
        cursor (str | Unset): The `next_cursor` of the request before.
    """

    filter_: APIKeyFilter
    dry_run: bool
    limit: int
    reason: str | Unset = UNSET
    cursor: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        filter_ = self.filter_.to_dict()

        dry_run = self.dry_run

        limit = self.limit

        reason = self.reason

        cursor = self.cursor

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "filter": filter_,
                "dry_run": dry_run,
                "limit": limit,
            }
        )
        if reason is not UNSET:
            field_dict["reason"] = reason
        if cursor is not UNSET:
            field_dict["cursor"] = cursor

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.api_key_filter import APIKeyFilter  # noqa: PLC0415

        d = dict(src_dict)
        filter_ = APIKeyFilter.from_dict(d.pop("filter"))

        dry_run = d.pop("dry_run")

        limit = d.pop("limit")

        reason = d.pop("reason", UNSET)

        cursor = d.pop("cursor", UNSET)

        api_key_revocation = cls(
            filter_=filter_,
            dry_run=dry_run,
            limit=limit,
            reason=reason,
            cursor=cursor,
        )

        return api_key_revocation
