from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..received import Received

if TYPE_CHECKING:
    from ..models.project_role import ProjectRole


T = TypeVar("T", bound="UserRead")


@_attrs_define
class UserRead(Received):
    """A principal: a user, a service account or an owner.

    Attributes:
        id (int): The id of the principal; the `user_id` of its keys.
        username (str): The name of the user or service account, or the external id of the owner.
        role (str): A summary of the roles. `admin`: an administrator, who may do everything; `owner`: an owner;
            `verifier`: a user or service account whose only role is that of a verifier; `member`: any other.
        kind (str): What the principal is. `user`: a person who works with Latchkey; `service_account`: a program that
            does; `owner`: a customer to whom keys are issued.
        project (str): The slug of the project that the principal belongs to; of users, `default`.
        roles (list[ProjectRole]): The roles of the principal, by project. Owners have none; administrators need none.
        created_at (datetime.datetime): When the principal was created.
    """

    id: int
    username: str
    role: str
    kind: str
    project: str
    roles: list[ProjectRole]
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        username = self.username

        role = self.role

        kind = self.kind

        project = self.project

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
                "role": role,
                "kind": kind,
                "project": project,
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

        role = d.pop("role")

        kind = d.pop("kind")

        project = d.pop("project")

        roles = []
        _roles = d.pop("roles")
        for roles_item_data in _roles:
            roles_item = ProjectRole.from_dict(roles_item_data)

            roles.append(roles_item)

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        user_read = cls(
            id=id,
            username=username,
            role=role,
            kind=kind,
            project=project,
            roles=roles,
            created_at=created_at,
        )

        user_read.additional_properties = d
        return user_read

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
