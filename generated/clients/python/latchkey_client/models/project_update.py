from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.project_settings_update import ProjectSettingsUpdate


T = TypeVar("T", bound="ProjectUpdate")


@_attrs_define
class ProjectUpdate:
    """The changes to a project. A member that is absent does not change.

    Attributes:
        settings (ProjectSettingsUpdate | Unset): Settings of a project. A member that is absent does not change; `null`
            removes the value.
        disabled (bool | Unset): Whether no key of the project is valid.
    """

    settings: ProjectSettingsUpdate | Unset = UNSET
    disabled: bool | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        settings: dict[str, Any] | Unset = UNSET
        if not isinstance(self.settings, Unset):
            settings = self.settings.to_dict()

        disabled = self.disabled

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if settings is not UNSET:
            field_dict["settings"] = settings
        if disabled is not UNSET:
            field_dict["disabled"] = disabled

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.project_settings_update import ProjectSettingsUpdate  # noqa: PLC0415

        d = dict(src_dict)
        _settings = d.pop("settings", UNSET)
        settings: ProjectSettingsUpdate | Unset
        if isinstance(_settings, Unset):
            settings = UNSET
        else:
            settings = ProjectSettingsUpdate.from_dict(_settings)

        disabled = d.pop("disabled", UNSET)

        project_update = cls(
            settings=settings,
            disabled=disabled,
        )

        return project_update
