from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.default_policy import DefaultPolicy


T = TypeVar("T", bound="ProjectSettingsUpdate")


@_attrs_define
class ProjectSettingsUpdate:
    """Settings of a project. A member that is absent does not change; `null` removes the value.

    Attributes:
        key_prefix (None | str | Unset): How new keys of the project begin; `null` for the prefix of the server.
        default_policy (DefaultPolicy | Unset): What restricts keys that are issued without a policy, and the keys that
            owner tokens create. It is replaced as a whole.
        default_lifetime_seconds (int | None | Unset): How many seconds a key is valid that is created without an
            expiry; `null` for ever.
        max_lifetime_seconds (int | None | Unset): How many seconds a key is valid at most; `null` for ever. Keys that
            exist keep their expiry until it is set again.
        allowed_origins (list[str] | Unset): The origins of web pages that may use owner tokens: https, or http on this
            machine, without a path.
    """

    key_prefix: None | str | Unset = UNSET
    default_policy: DefaultPolicy | Unset = UNSET
    default_lifetime_seconds: int | None | Unset = UNSET
    max_lifetime_seconds: int | None | Unset = UNSET
    allowed_origins: list[str] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        key_prefix: None | str | Unset
        if isinstance(self.key_prefix, Unset):
            key_prefix = UNSET
        else:
            key_prefix = self.key_prefix

        default_policy: dict[str, Any] | Unset = UNSET
        if not isinstance(self.default_policy, Unset):
            default_policy = self.default_policy.to_dict()

        default_lifetime_seconds: int | None | Unset
        if isinstance(self.default_lifetime_seconds, Unset):
            default_lifetime_seconds = UNSET
        else:
            default_lifetime_seconds = self.default_lifetime_seconds

        max_lifetime_seconds: int | None | Unset
        if isinstance(self.max_lifetime_seconds, Unset):
            max_lifetime_seconds = UNSET
        else:
            max_lifetime_seconds = self.max_lifetime_seconds

        allowed_origins: list[str] | Unset = UNSET
        if not isinstance(self.allowed_origins, Unset):
            allowed_origins = self.allowed_origins

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if key_prefix is not UNSET:
            field_dict["key_prefix"] = key_prefix
        if default_policy is not UNSET:
            field_dict["default_policy"] = default_policy
        if default_lifetime_seconds is not UNSET:
            field_dict["default_lifetime_seconds"] = default_lifetime_seconds
        if max_lifetime_seconds is not UNSET:
            field_dict["max_lifetime_seconds"] = max_lifetime_seconds
        if allowed_origins is not UNSET:
            field_dict["allowed_origins"] = allowed_origins

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.default_policy import DefaultPolicy  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_key_prefix(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        key_prefix = _parse_key_prefix(d.pop("key_prefix", UNSET))

        _default_policy = d.pop("default_policy", UNSET)
        default_policy: DefaultPolicy | Unset
        if isinstance(_default_policy, Unset):
            default_policy = UNSET
        else:
            default_policy = DefaultPolicy.from_dict(_default_policy)

        def _parse_default_lifetime_seconds(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        default_lifetime_seconds = _parse_default_lifetime_seconds(d.pop("default_lifetime_seconds", UNSET))

        def _parse_max_lifetime_seconds(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        max_lifetime_seconds = _parse_max_lifetime_seconds(d.pop("max_lifetime_seconds", UNSET))

        allowed_origins = cast(list[str], d.pop("allowed_origins", UNSET))

        project_settings_update = cls(
            key_prefix=key_prefix,
            default_policy=default_policy,
            default_lifetime_seconds=default_lifetime_seconds,
            max_lifetime_seconds=max_lifetime_seconds,
            allowed_origins=allowed_origins,
        )

        return project_settings_update
