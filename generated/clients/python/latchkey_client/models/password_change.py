from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..received import hidden

T = TypeVar("T", bound="PasswordChange")


@_attrs_define
class PasswordChange:
    """The passwords of a user.

    Attributes:
        current (str): The password that the user has.
        new (str): The password that the user gets.
    """

    current: str = _attrs_field(repr=hidden)
    new: str = _attrs_field(repr=hidden)

    def to_dict(self) -> dict[str, Any]:
        current = self.current

        new = self.new

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "current": current,
                "new": new,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        current = d.pop("current")

        new = d.pop("new")

        password_change = cls(
            current=current,
            new=new,
        )

        return password_change
