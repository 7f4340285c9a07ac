from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.duration_change import DurationChange
    from ..models.flag_change import FlagChange
    from ..models.id_change import IdChange
    from ..models.list_change import ListChange
    from ..models.rate_limit_change import RateLimitChange
    from ..models.text_change import TextChange
    from ..models.time_change import TimeChange


T = TypeVar("T", bound="AuditChanges")


@_attrs_define
class AuditChanges:
    """The properties that changed, each with its value before and after. A property that did not change is absent; of a
    new subject every property that has a value is present.

        Attributes:
            description (TextChange | Unset): A changed text.
            expires_at (TimeChange | Unset): A changed time.
            not_before (TimeChange | Unset): A changed time.
            disabled (FlagChange | Unset): A changed boolean.
            revoked (FlagChange | Unset): A changed boolean.
            revocation_reason (TextChange | Unset): A changed text.
            deleted (FlagChange | Unset): A changed boolean.
            scopes (ListChange | Unset): A changed list of texts.
            networks (ListChange | Unset): A changed list of texts.
            rate_limit (RateLimitChange | Unset): A changed rate limit.
            successor_id (IdChange | Unset): A changed reference.
            managed (FlagChange | Unset): A changed boolean.
            username (TextChange | Unset): A changed text.
            role (TextChange | Unset): A changed text.
            key_prefix (TextChange | Unset): A changed text.
            default_lifetime_seconds (DurationChange | Unset): A changed duration.
            max_lifetime_seconds (DurationChange | Unset): A changed duration.
            allowed_origins (ListChange | Unset): A changed list of texts.
    """

    description: TextChange | Unset = UNSET
    expires_at: TimeChange | Unset = UNSET
    not_before: TimeChange | Unset = UNSET
    disabled: FlagChange | Unset = UNSET
    revoked: FlagChange | Unset = UNSET
    revocation_reason: TextChange | Unset = UNSET
    deleted: FlagChange | Unset = UNSET
    scopes: ListChange | Unset = UNSET
    networks: ListChange | Unset = UNSET
    rate_limit: RateLimitChange | Unset = UNSET
    successor_id: IdChange | Unset = UNSET
    managed: FlagChange | Unset = UNSET
    username: TextChange | Unset = UNSET
    role: TextChange | Unset = UNSET
    key_prefix: TextChange | Unset = UNSET
    default_lifetime_seconds: DurationChange | Unset = UNSET
    max_lifetime_seconds: DurationChange | Unset = UNSET
    allowed_origins: ListChange | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        description: dict[str, Any] | Unset = UNSET
        if not isinstance(self.description, Unset):
            description = self.description.to_dict()

        expires_at: dict[str, Any] | Unset = UNSET
        if not isinstance(self.expires_at, Unset):
            expires_at = self.expires_at.to_dict()

        not_before: dict[str, Any] | Unset = UNSET
        if not isinstance(self.not_before, Unset):
            not_before = self.not_before.to_dict()

        disabled: dict[str, Any] | Unset = UNSET
        if not isinstance(self.disabled, Unset):
            disabled = self.disabled.to_dict()

        revoked: dict[str, Any] | Unset = UNSET
        if not isinstance(self.revoked, Unset):
            revoked = self.revoked.to_dict()

        revocation_reason: dict[str, Any] | Unset = UNSET
        if not isinstance(self.revocation_reason, Unset):
            revocation_reason = self.revocation_reason.to_dict()

        deleted: dict[str, Any] | Unset = UNSET
        if not isinstance(self.deleted, Unset):
            deleted = self.deleted.to_dict()

        scopes: dict[str, Any] | Unset = UNSET
        if not isinstance(self.scopes, Unset):
            scopes = self.scopes.to_dict()

        networks: dict[str, Any] | Unset = UNSET
        if not isinstance(self.networks, Unset):
            networks = self.networks.to_dict()

        rate_limit: dict[str, Any] | Unset = UNSET
        if not isinstance(self.rate_limit, Unset):
            rate_limit = self.rate_limit.to_dict()

        successor_id: dict[str, Any] | Unset = UNSET
        if not isinstance(self.successor_id, Unset):
            successor_id = self.successor_id.to_dict()

        managed: dict[str, Any] | Unset = UNSET
        if not isinstance(self.managed, Unset):
            managed = self.managed.to_dict()

        username: dict[str, Any] | Unset = UNSET
        if not isinstance(self.username, Unset):
            username = self.username.to_dict()

        role: dict[str, Any] | Unset = UNSET
        if not isinstance(self.role, Unset):
            role = self.role.to_dict()

        key_prefix: dict[str, Any] | Unset = UNSET
        if not isinstance(self.key_prefix, Unset):
            key_prefix = self.key_prefix.to_dict()

        default_lifetime_seconds: dict[str, Any] | Unset = UNSET
        if not isinstance(self.default_lifetime_seconds, Unset):
            default_lifetime_seconds = self.default_lifetime_seconds.to_dict()

        max_lifetime_seconds: dict[str, Any] | Unset = UNSET
        if not isinstance(self.max_lifetime_seconds, Unset):
            max_lifetime_seconds = self.max_lifetime_seconds.to_dict()

        allowed_origins: dict[str, Any] | Unset = UNSET
        if not isinstance(self.allowed_origins, Unset):
            allowed_origins = self.allowed_origins.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if description is not UNSET:
            field_dict["description"] = description
        if expires_at is not UNSET:
            field_dict["expires_at"] = expires_at
        if not_before is not UNSET:
            field_dict["not_before"] = not_before
        if disabled is not UNSET:
            field_dict["disabled"] = disabled
        if revoked is not UNSET:
            field_dict["revoked"] = revoked
        if revocation_reason is not UNSET:
            field_dict["revocation_reason"] = revocation_reason
        if deleted is not UNSET:
            field_dict["deleted"] = deleted
        if scopes is not UNSET:
            field_dict["scopes"] = scopes
        if networks is not UNSET:
            field_dict["networks"] = networks
        if rate_limit is not UNSET:
            field_dict["rate_limit"] = rate_limit
        if successor_id is not UNSET:
            field_dict["successor_id"] = successor_id
        if managed is not UNSET:
            field_dict["managed"] = managed
        if username is not UNSET:
            field_dict["username"] = username
        if role is not UNSET:
            field_dict["role"] = role
        if key_prefix is not UNSET:
            field_dict["key_prefix"] = key_prefix
        if default_lifetime_seconds is not UNSET:
            field_dict["default_lifetime_seconds"] = default_lifetime_seconds
        if max_lifetime_seconds is not UNSET:
            field_dict["max_lifetime_seconds"] = max_lifetime_seconds
        if allowed_origins is not UNSET:
            field_dict["allowed_origins"] = allowed_origins

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.duration_change import DurationChange  # noqa: PLC0415
        from ..models.flag_change import FlagChange  # noqa: PLC0415
        from ..models.id_change import IdChange  # noqa: PLC0415
        from ..models.list_change import ListChange  # noqa: PLC0415
        from ..models.rate_limit_change import RateLimitChange  # noqa: PLC0415
        from ..models.text_change import TextChange  # noqa: PLC0415
        from ..models.time_change import TimeChange  # noqa: PLC0415

        d = dict(src_dict)
        _description = d.pop("description", UNSET)
        description: TextChange | Unset
        if isinstance(_description, Unset):
            description = UNSET
        else:
            description = TextChange.from_dict(_description)

        _expires_at = d.pop("expires_at", UNSET)
        expires_at: TimeChange | Unset
        if isinstance(_expires_at, Unset):
            expires_at = UNSET
        else:
            expires_at = TimeChange.from_dict(_expires_at)

        _not_before = d.pop("not_before", UNSET)
        not_before: TimeChange | Unset
        if isinstance(_not_before, Unset):
            not_before = UNSET
        else:
            not_before = TimeChange.from_dict(_not_before)

        _disabled = d.pop("disabled", UNSET)
        disabled: FlagChange | Unset
        if isinstance(_disabled, Unset):
            disabled = UNSET
        else:
            disabled = FlagChange.from_dict(_disabled)

        _revoked = d.pop("revoked", UNSET)
        revoked: FlagChange | Unset
        if isinstance(_revoked, Unset):
            revoked = UNSET
        else:
            revoked = FlagChange.from_dict(_revoked)

        _revocation_reason = d.pop("revocation_reason", UNSET)
        revocation_reason: TextChange | Unset
        if isinstance(_revocation_reason, Unset):
            revocation_reason = UNSET
        else:
            revocation_reason = TextChange.from_dict(_revocation_reason)

        _deleted = d.pop("deleted", UNSET)
        deleted: FlagChange | Unset
        if isinstance(_deleted, Unset):
            deleted = UNSET
        else:
            deleted = FlagChange.from_dict(_deleted)

        _scopes = d.pop("scopes", UNSET)
        scopes: ListChange | Unset
        if isinstance(_scopes, Unset):
            scopes = UNSET
        else:
            scopes = ListChange.from_dict(_scopes)

        _networks = d.pop("networks", UNSET)
        networks: ListChange | Unset
        if isinstance(_networks, Unset):
            networks = UNSET
        else:
            networks = ListChange.from_dict(_networks)

        _rate_limit = d.pop("rate_limit", UNSET)
        rate_limit: RateLimitChange | Unset
        if isinstance(_rate_limit, Unset):
            rate_limit = UNSET
        else:
            rate_limit = RateLimitChange.from_dict(_rate_limit)

        _successor_id = d.pop("successor_id", UNSET)
        successor_id: IdChange | Unset
        if isinstance(_successor_id, Unset):
            successor_id = UNSET
        else:
            successor_id = IdChange.from_dict(_successor_id)

        _managed = d.pop("managed", UNSET)
        managed: FlagChange | Unset
        if isinstance(_managed, Unset):
            managed = UNSET
        else:
            managed = FlagChange.from_dict(_managed)

        _username = d.pop("username", UNSET)
        username: TextChange | Unset
        if isinstance(_username, Unset):
            username = UNSET
        else:
            username = TextChange.from_dict(_username)

        _role = d.pop("role", UNSET)
        role: TextChange | Unset
        if isinstance(_role, Unset):
            role = UNSET
        else:
            role = TextChange.from_dict(_role)

        _key_prefix = d.pop("key_prefix", UNSET)
        key_prefix: TextChange | Unset
        if isinstance(_key_prefix, Unset):
            key_prefix = UNSET
        else:
            key_prefix = TextChange.from_dict(_key_prefix)

        _default_lifetime_seconds = d.pop("default_lifetime_seconds", UNSET)
        default_lifetime_seconds: DurationChange | Unset
        if isinstance(_default_lifetime_seconds, Unset):
            default_lifetime_seconds = UNSET
        else:
            default_lifetime_seconds = DurationChange.from_dict(_default_lifetime_seconds)

        _max_lifetime_seconds = d.pop("max_lifetime_seconds", UNSET)
        max_lifetime_seconds: DurationChange | Unset
        if isinstance(_max_lifetime_seconds, Unset):
            max_lifetime_seconds = UNSET
        else:
            max_lifetime_seconds = DurationChange.from_dict(_max_lifetime_seconds)

        _allowed_origins = d.pop("allowed_origins", UNSET)
        allowed_origins: ListChange | Unset
        if isinstance(_allowed_origins, Unset):
            allowed_origins = UNSET
        else:
            allowed_origins = ListChange.from_dict(_allowed_origins)

        audit_changes = cls(
            description=description,
            expires_at=expires_at,
            not_before=not_before,
            disabled=disabled,
            revoked=revoked,
            revocation_reason=revocation_reason,
            deleted=deleted,
            scopes=scopes,
            networks=networks,
            rate_limit=rate_limit,
            successor_id=successor_id,
            managed=managed,
            username=username,
            role=role,
            key_prefix=key_prefix,
            default_lifetime_seconds=default_lifetime_seconds,
            max_lifetime_seconds=max_lifetime_seconds,
            allowed_origins=allowed_origins,
        )

        audit_changes.additional_properties = d
        return audit_changes

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
