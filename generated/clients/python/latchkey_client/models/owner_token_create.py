from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="OwnerTokenCreate")


@_attrs_define
class OwnerTokenCreate:
    """The owner, and what the token may do.

    Attributes:
        external_id (str): The external id of the owner.
        scopes (list[str] | Unset): The scopes of the token, of `latchkey:keys.read`, `latchkey:keys.manage` and
            `latchkey:keys.write`. Absent: the first two.
        key_scopes (list[str] | Unset): The scopes that keys may have which the token creates or restricts. Absent: the
            default scopes of the project.
        expires_in (int | Unset): How long the token is valid, in seconds; 900 if absent.
    """

    external_id: str
    scopes: list[str] | Unset = UNSET
    key_scopes: list[str] | Unset = UNSET
    expires_in: int | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        external_id = self.external_id

        scopes: list[str] | Unset = UNSET
        if not isinstance(self.scopes, Unset):
            scopes = self.scopes

        key_scopes: list[str] | Unset = UNSET
        if not isinstance(self.key_scopes, Unset):
            key_scopes = self.key_scopes

        expires_in = self.expires_in

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "external_id": external_id,
            }
        )
        if scopes is not UNSET:
            field_dict["scopes"] = scopes
        if key_scopes is not UNSET:
            field_dict["key_scopes"] = key_scopes
        if expires_in is not UNSET:
            field_dict["expires_in"] = expires_in

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        external_id = d.pop("external_id")

        scopes = cast(list[str], d.pop("scopes", UNSET))

        key_scopes = cast(list[str], d.pop("key_scopes", UNSET))

        expires_in = d.pop("expires_in", UNSET)

        owner_token_create = cls(
            external_id=external_id,
            scopes=scopes,
            key_scopes=key_scopes,
            expires_in=expires_in,
        )

        return owner_token_create
