from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.audit_changes import AuditChanges


T = TypeVar("T", bound="AuditEvent")


@_attrs_define
class AuditEvent:
    """A change, a login or a denied operation, and who caused it. It contains no secrets.

    Attributes:
        id (int): The id of the event. Later events have higher ids, except those that were written concurrently.
        occurred_at (datetime.datetime): When it happened.
        action (str): What was done. `login`: a user gave the right password. `login_failed`: the name or the password
            was wrong, or the user is disabled; attempts over the limits on logins are not recorded. `access_denied`: a
            credential lacks a scope that an operation needs; recorded at most once a minute for each credential and
            operation.
        subject_type (str): What it was done to.
        subject_id (int | None): The id of what it was done to, among those of its type; `null` if it has none, or there
            is no user of this name.
        key_id (int | None): The id of the API key that the event is about; `null` if it is about none.
        actor_user_id (int | None): The id of the principal that did it; `null` if unknown, as for failed logins and
            commands.
        actor_key_id (int | None): The id of the API key that was the credential; `null` if there was none.
        credential_type (str): The credential that it was done with; `key_holder` if the key was revoked by presenting
            it, `command` if a command of the program did it, `owner_token` if a bearer token of an owner was used.
        client_ip (None | str): The client address; `null` if unknown.
        changes (AuditChanges): The properties that changed, each with its value before and after. A property that did
            not change is absent; of a new subject every property that has a value is present.
        operation (str | Unset): The `operationId` of the operation that was denied; absent from other events.
        project (str | Unset): The slug of the project of the subject, or in which a user's role changed; absent from
            other events of users and of the instance.
        principal_id (int | Unset): The id of the principal that the subject belongs to, or is; absent if unknown.
        minted_by (int | Unset): The id of the principal that issued the owner token that it was done with; otherwise
            absent.
    """

    id: int
    occurred_at: datetime.datetime
    action: str
    subject_type: str
    subject_id: int | None
    key_id: int | None
    actor_user_id: int | None
    actor_key_id: int | None
    credential_type: str
    client_ip: None | str
    changes: AuditChanges
    operation: str | Unset = UNSET
    project: str | Unset = UNSET
    principal_id: int | Unset = UNSET
    minted_by: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        occurred_at = self.occurred_at.isoformat()

        action = self.action

        subject_type = self.subject_type

        subject_id: int | None
        subject_id = self.subject_id

        key_id: int | None
        key_id = self.key_id

        actor_user_id: int | None
        actor_user_id = self.actor_user_id

        actor_key_id: int | None
        actor_key_id = self.actor_key_id

        credential_type = self.credential_type

        client_ip: None | str
        client_ip = self.client_ip

        changes = self.changes.to_dict()

        operation = self.operation

        project = self.project

        principal_id = self.principal_id

        minted_by = self.minted_by

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "occurred_at": occurred_at,
                "action": action,
                "subject_type": subject_type,
                "subject_id": subject_id,
                "key_id": key_id,
                "actor_user_id": actor_user_id,
                "actor_key_id": actor_key_id,
                "credential_type": credential_type,
                "client_ip": client_ip,
                "changes": changes,
            }
        )
        if operation is not UNSET:
            field_dict["operation"] = operation
        if project is not UNSET:
            field_dict["project"] = project
        if principal_id is not UNSET:
            field_dict["principal_id"] = principal_id
        if minted_by is not UNSET:
            field_dict["minted_by"] = minted_by

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.audit_changes import AuditChanges  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        occurred_at = datetime.datetime.fromisoformat(d.pop("occurred_at"))

        action = d.pop("action")

        subject_type = d.pop("subject_type")

        def _parse_subject_id(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        subject_id = _parse_subject_id(d.pop("subject_id"))

        def _parse_key_id(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        key_id = _parse_key_id(d.pop("key_id"))

        def _parse_actor_user_id(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        actor_user_id = _parse_actor_user_id(d.pop("actor_user_id"))

        def _parse_actor_key_id(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        actor_key_id = _parse_actor_key_id(d.pop("actor_key_id"))

        credential_type = d.pop("credential_type")

        def _parse_client_ip(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        client_ip = _parse_client_ip(d.pop("client_ip"))

        changes = AuditChanges.from_dict(d.pop("changes"))

        operation = d.pop("operation", UNSET)

        project = d.pop("project", UNSET)

        principal_id = d.pop("principal_id", UNSET)

        minted_by = d.pop("minted_by", UNSET)

        audit_event = cls(
            id=id,
            occurred_at=occurred_at,
            action=action,
            subject_type=subject_type,
            subject_id=subject_id,
            key_id=key_id,
            actor_user_id=actor_user_id,
            actor_key_id=actor_key_id,
            credential_type=credential_type,
            client_ip=client_ip,
            changes=changes,
            operation=operation,
            project=project,
            principal_id=principal_id,
            minted_by=minted_by,
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
