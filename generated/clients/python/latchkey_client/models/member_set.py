from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.member_role import MemberRole

T = TypeVar("T", bound="MemberSet")


@_attrs_define
class MemberSet:
    """The role of a member.

    Attributes:
        role (MemberRole): What a member may do in the project. `verifier`: verify keys; `auditor`: read owners, keys
            and audit events; `manager`: also manage owners and their keys; `admin`: everything.
    """

    role: MemberRole

    def to_dict(self) -> dict[str, Any]:
        role = self.role.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "role": role,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        role = MemberRole(d.pop("role"))

        member_set = cls(
            role=role,
        )

        return member_set
