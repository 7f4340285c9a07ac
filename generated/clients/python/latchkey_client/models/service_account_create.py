from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.member_role import MemberRole

T = TypeVar("T", bound="ServiceAccountCreate")


@_attrs_define
class ServiceAccountCreate:
    """A service account to create.

    Attributes:
        name (str): The name, unique among the service accounts of the project.
        role (MemberRole): What a member may do in the project. `verifier`: verify keys; `auditor`: read owners, keys
            and audit events; `manager`: also manage owners and their keys; `admin`: everything.
    """

    name: str
    role: MemberRole

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        role = self.role.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "role": role,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        role = MemberRole(d.pop("role"))

        service_account_create = cls(
            name=name,
            role=role,
        )

        return service_account_create
