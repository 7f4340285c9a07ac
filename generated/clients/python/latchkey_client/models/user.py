from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..received import Received

if TYPE_CHECKING:
    from ..models.project_role import ProjectRole


T = TypeVar("T", bound="User")


@_attrs_define
class User(Received):
    """A user, as administrators see it.

    Attributes:
        id (int): The id of the user.
        username (str): The name of the user; immutable.
        administrator (bool): Whether the user may do everything in the instance.
        disabled (bool): Whether the user can neither log in nor use tokens and API keys.
        has_password (bool): Whether the user can log in with a password.
        roles (list[ProjectRole]): The roles of the user, by project. Administrators need none.
        created_at (datetime.datetime): When the user was created.
    """

    id: int
    username: str
    administrator: bool
    disabled: bool
    has_password: bool
    roles: list[ProjectRole]
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        username = self.username

        administrator = self.administrator

        disabled = self.disabled

        has_password = self.has_password

        roles = []
        for roles_item_data in self.roles:
            roles_item = roles_item_data.to_dict()
            roles.append(roles_item)

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "username": username,
                "administrator": administrator,
                "disabled": disabled,
                "has_password": has_password,
                "roles": roles,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.project_role import ProjectRole  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        username = d.pop("username")

        administrator = d.pop("administrator")

        disabled = d.pop("disabled")

        has_password = d.pop("has_password")

        roles = []
        _roles = d.pop("roles")
        for roles_item_data in _roles:
            roles_item = ProjectRole.from_dict(roles_item_data)

            roles.append(roles_item)

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        user = cls(
            id=id,
            username=username,
            administrator=administrator,
            disabled=disabled,
            has_password=has_password,
            roles=roles,
            created_at=created_at,
        )

        user.additional_properties = d
        return user

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
