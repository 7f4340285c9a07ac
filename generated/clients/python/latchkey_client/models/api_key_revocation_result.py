from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..received import Received

T = TypeVar("T", bound="APIKeyRevocationResult")


@_attrs_define
class APIKeyRevocationResult(Received):
    """How many keys were revoked.

    Attributes:
        matched (int): How many keys of those that this request examined match.
        revoked (int): How many of them were revoked; 0 with `dry_run`.
        next_cursor (None | str): The `cursor` of the next request; `null` if there are no more keys.
    """

    matched: int
    revoked: int
    next_cursor: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        matched = self.matched

        revoked = self.revoked

        next_cursor: None | str
        next_cursor = self.next_cursor

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "matched": matched,
                "revoked": revoked,
                "next_cursor": next_cursor,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        matched = d.pop("matched")

        revoked = d.pop("revoked")

        def _parse_next_cursor(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        next_cursor = _parse_next_cursor(d.pop("next_cursor"))

        api_key_revocation_result = cls(
            matched=matched,
            revoked=revoked,
            next_cursor=next_cursor,
        )

        api_key_revocation_result.additional_properties = d
        return api_key_revocation_result

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
