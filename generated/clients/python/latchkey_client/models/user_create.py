from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..received import hidden
from ..types import UNSET, Unset

T = TypeVar("T", bound="UserCreate")


@_attrs_define
class UserCreate:
    """A user to create.

    Attributes:
        username (str): The name, unique among users. It cannot be changed.
        password (str | Unset): The password. Without one, nobody can log in as the user.
        administrator (bool | Unset): Whether the user may do everything in the instance; by default not.
    """

    username: str
    password: str | Unset = _attrs_field(default=UNSET, repr=hidden)
    administrator: bool | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        username = self.username

        password = self.password

        administrator = self.administrator

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "username": username,
            }
        )
        if password is not UNSET:
            field_dict["password"] = password
        if administrator is not UNSET:
            field_dict["administrator"] = administrator

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        username = d.pop("username")

        password = d.pop("password", UNSET)

        administrator = d.pop("administrator", UNSET)

        user_create = cls(
            username=username,
            password=password,
            administrator=administrator,
        )

        return user_create
