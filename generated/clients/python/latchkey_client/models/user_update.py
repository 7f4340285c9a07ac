from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..received import hidden
from ..types import UNSET, Unset

T = TypeVar("T", bound="UserUpdate")


@_attrs_define
class UserUpdate:
    """What to change of a user. What is absent stays as it is.

    Attributes:
        password (str | Unset): Another password. It ends all bearer tokens of the user.
        administrator (bool | Unset): Whether the user may do everything in the instance.
        disabled (bool | Unset): Whether the user is disabled. Keys are valid again when the user is enabled, unless
            they were revoked; bearer tokens are not.
        revoke_keys (bool | Unset): If true, all API keys that the user has are revoked.
    """

    password: str | Unset = _attrs_field(default=UNSET, repr=hidden)
    administrator: bool | Unset = UNSET
    disabled: bool | Unset = UNSET
    revoke_keys: bool | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        password = self.password

        administrator = self.administrator

        disabled = self.disabled

        revoke_keys = self.revoke_keys

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if password is not UNSET:
            field_dict["password"] = password
        if administrator is not UNSET:
            field_dict["administrator"] = administrator
        if disabled is not UNSET:
            field_dict["disabled"] = disabled
        if revoke_keys is not UNSET:
            field_dict["revoke_keys"] = revoke_keys

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        password = d.pop("password", UNSET)

        administrator = d.pop("administrator", UNSET)

        disabled = d.pop("disabled", UNSET)

        revoke_keys = d.pop("revoke_keys", UNSET)

        user_update = cls(
            password=password,
            administrator=administrator,
            disabled=disabled,
            revoke_keys=revoke_keys,
        )

        return user_update
