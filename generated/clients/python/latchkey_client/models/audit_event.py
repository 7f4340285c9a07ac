from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.audit_action import AuditAction
from ..models.audit_credential import AuditCredential

if TYPE_CHECKING:
    from ..models.audited_state import AuditedState


T = TypeVar("T", bound="AuditEvent")


@_attrs_define
class AuditEvent:
    """What befell a key.

    Attributes:
        id (int):
        at (datetime.datetime):
        action (AuditAction): What was done to a key.
        key_id (int):
        actor_user_id (int):
        actor_key_id (int | None): The key that was the credential.
        credential (AuditCredential): By what right it was done; `holder` is whoever revoked the key by having it.
        address (None | str): Where the request came from.
        before (AuditedState | None): `null` when the key was made by this.
        after (AuditedState): A key at the time of an event. It has no member that could hold a secret.
    """

    id: int
    at: datetime.datetime
    action: AuditAction
    key_id: int
    actor_user_id: int
    actor_key_id: int | None
    credential: AuditCredential
    address: None | str
    before: AuditedState | None
    after: AuditedState
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.audited_state import AuditedState  # noqa: PLC0415

        id = self.id

        at = self.at.isoformat()

        action = self.action.value

        key_id = self.key_id

        actor_user_id = self.actor_user_id

        actor_key_id: int | None
        actor_key_id = self.actor_key_id

        credential = self.credential.value

        address: None | str
        address = self.address

        before: dict[str, Any] | None
        if isinstance(self.before, AuditedState):
            before = self.before.to_dict()
        else:
            before = self.before

        after = self.after.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "at": at,
                "action": action,
                "key_id": key_id,
                "actor_user_id": actor_user_id,
                "actor_key_id": actor_key_id,
                "credential": credential,
                "address": address,
                "before": before,
                "after": after,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.audited_state import AuditedState  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        action = AuditAction(d.pop("action"))

        key_id = d.pop("key_id")

        actor_user_id = d.pop("actor_user_id")

        def _parse_actor_key_id(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        actor_key_id = _parse_actor_key_id(d.pop("actor_key_id"))

        credential = AuditCredential(d.pop("credential"))

        def _parse_address(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        address = _parse_address(d.pop("address"))

        def _parse_before(data: object) -> AuditedState | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                before_type_0 = AuditedState.from_dict(data)

                return before_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AuditedState | None, data)

        before = _parse_before(d.pop("before"))

        after = AuditedState.from_dict(d.pop("after"))

        audit_event = cls(
            id=id,
            at=at,
            action=action,
            key_id=key_id,
            actor_user_id=actor_user_id,
            actor_key_id=actor_key_id,
            credential=credential,
            address=address,
            before=before,
            after=after,
        )

        audit_event.additional_properties = d
        return audit_event

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
