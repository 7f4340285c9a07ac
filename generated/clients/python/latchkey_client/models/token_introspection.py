from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="TokenIntrospection")


@_attrs_define
class TokenIntrospection:
    """The introspection response of RFC 7662, section 2.2.

    Attributes:
        active (bool): Whether the key is valid.
        scope (str | Unset): The scopes of the key, separated by spaces; absent if it is not restricted to scopes.
        username (str | Unset): The name of the user or service account that the key belongs to; absent for keys of
            owners.
        client_id (str | Unset): The external id of the owner that the key belongs to; absent for other keys.
        project (str | Unset): The slug of the project of the key.
        token_type (str | Unset): Always `Bearer`.
        exp (int | Unset): When the key expires, in seconds since 1970-01-01T00:00:00Z; absent if never.
        iat (int | Unset): When the key was created, in seconds since 1970-01-01T00:00:00Z.
        nbf (int | Unset): When the key became valid, in seconds since 1970-01-01T00:00:00Z; absent if not restricted.
        sub (str | Unset): The id of the principal that the key belongs to.
        jti (str | Unset): The id of the key.
        stale (bool | Unset): True if the database is unreachable and the decision was made from the key cache;
            otherwise absent.
    """

    active: bool
    scope: str | Unset = UNSET
    username: str | Unset = UNSET
    client_id: str | Unset = UNSET
    project: str | Unset = UNSET
    token_type: str | Unset = UNSET
    exp: int | Unset = UNSET
    iat: int | Unset = UNSET
    nbf: int | Unset = UNSET
    sub: str | Unset = UNSET
    jti: str | Unset = UNSET
    stale: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        active = self.active

        scope = self.scope

        username = self.username

        client_id = self.client_id

        project = self.project

        token_type = self.token_type

        exp = self.exp

        iat = self.iat

        nbf = self.nbf

        sub = self.sub

        jti = self.jti

        stale = self.stale

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "active": active,
            }
        )
        if scope is not UNSET:
            field_dict["scope"] = scope
        if username is not UNSET:
            field_dict["username"] = username
        if client_id is not UNSET:
            field_dict["client_id"] = client_id
        if project is not UNSET:
            field_dict["project"] = project
        if token_type is not UNSET:
            field_dict["token_type"] = token_type
        if exp is not UNSET:
            field_dict["exp"] = exp
        if iat is not UNSET:
            field_dict["iat"] = iat
        if nbf is not UNSET:
            field_dict["nbf"] = nbf
        if sub is not UNSET:
            field_dict["sub"] = sub
        if jti is not UNSET:
            field_dict["jti"] = jti
        if stale is not UNSET:
            field_dict["stale"] = stale

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        active = d.pop("active")

        scope = d.pop("scope", UNSET)

        username = d.pop("username", UNSET)

        client_id = d.pop("client_id", UNSET)

        project = d.pop("project", UNSET)

        token_type = d.pop("token_type", UNSET)

        exp = d.pop("exp", UNSET)

        iat = d.pop("iat", UNSET)

        nbf = d.pop("nbf", UNSET)

        sub = d.pop("sub", UNSET)

        jti = d.pop("jti", UNSET)

        stale = d.pop("stale", UNSET)

        token_introspection = cls(
            active=active,
            scope=scope,
            username=username,
            client_id=client_id,
            project=project,
            token_type=token_type,
            exp=exp,
            iat=iat,
            nbf=nbf,
            sub=sub,
            jti=jti,
            stale=stale,
        )

        token_introspection.additional_properties = d
        return token_introspection

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
