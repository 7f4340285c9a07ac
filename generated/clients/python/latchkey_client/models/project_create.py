from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.project_settings_update import ProjectSettingsUpdate


T = TypeVar("T", bound="ProjectCreate")


@_attrs_define
class ProjectCreate:
    """The properties of a new project.

    Attributes:
        slug (str): The name of the project in paths; it cannot be changed.
        settings (ProjectSettingsUpdate | Unset): Settings of a project. A member that is absent does not change; `null`
            removes the value.
    """

    slug: str
    settings: ProjectSettingsUpdate | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        slug = self.slug

        settings: dict[str, Any] | Unset = UNSET
        if not isinstance(self.settings, Unset):
            settings = self.settings.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "slug": slug,
            }
        )
        if settings is not UNSET:
            field_dict["settings"] = settings

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.project_settings_update import ProjectSettingsUpdate  # noqa: PLC0415

        d = dict(src_dict)
        slug = d.pop("slug")

        _settings = d.pop("settings", UNSET)
        settings: ProjectSettingsUpdate | Unset
        if isinstance(_settings, Unset):
            settings = UNSET
        else:
            settings = ProjectSettingsUpdate.from_dict(_settings)

        project_create = cls(
            slug=slug,
            settings=settings,
        )

        return project_create
