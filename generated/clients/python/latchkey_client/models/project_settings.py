from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.default_policy_read import DefaultPolicyRead


T = TypeVar("T", bound="ProjectSettings")


@_attrs_define
class ProjectSettings:
    """The settings of a project.

    Attributes:
        key_prefix (None | str): How the keys of the project begin; `null` for the prefix of the server.
        default_policy (DefaultPolicyRead): What restricts keys that are issued without a policy, and the keys that
            owner tokens create.
        default_lifetime_seconds (int | None): How many seconds a key is valid that is created without an expiry; `null`
            for ever.
        max_lifetime_seconds (int | None): How many seconds a key is valid at most; `null` for ever. Keys that exist
            keep their expiry until it is set again.
        allowed_origins (list[str]): The origins of web pages that may use owner tokens of the project.
    """

    key_prefix: None | str
    default_policy: DefaultPolicyRead
    default_lifetime_seconds: int | None
    max_lifetime_seconds: int | None
    allowed_origins: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        key_prefix: None | str
        key_prefix = self.key_prefix

        default_policy = self.default_policy.to_dict()

        default_lifetime_seconds: int | None
        default_lifetime_seconds = self.default_lifetime_seconds

        max_lifetime_seconds: int | None
        max_lifetime_seconds = self.max_lifetime_seconds

        allowed_origins = self.allowed_origins

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "key_prefix": key_prefix,
                "default_policy": default_policy,
                "default_lifetime_seconds": default_lifetime_seconds,
                "max_lifetime_seconds": max_lifetime_seconds,
                "allowed_origins": allowed_origins,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.default_policy_read import DefaultPolicyRead  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_key_prefix(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        key_prefix = _parse_key_prefix(d.pop("key_prefix"))

        default_policy = DefaultPolicyRead.from_dict(d.pop("default_policy"))

        def _parse_default_lifetime_seconds(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        default_lifetime_seconds = _parse_default_lifetime_seconds(d.pop("default_lifetime_seconds"))

        def _parse_max_lifetime_seconds(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        max_lifetime_seconds = _parse_max_lifetime_seconds(d.pop("max_lifetime_seconds"))

        allowed_origins = cast(list[str], d.pop("allowed_origins"))

        project_settings = cls(
            key_prefix=key_prefix,
            default_policy=default_policy,
            default_lifetime_seconds=default_lifetime_seconds,
            max_lifetime_seconds=max_lifetime_seconds,
            allowed_origins=allowed_origins,
        )

        project_settings.additional_properties = d
        return project_settings

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
