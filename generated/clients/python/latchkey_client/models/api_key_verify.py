from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..received import hidden
from ..types import UNSET, Unset

T = TypeVar("T", bound="APIKeyVerify")


@_attrs_define
class APIKeyVerify:
    """A key, and what the request that it came with needs.

    Attributes:
        key (str): The key, as the client sent it.
        scopes (list[str] | None | Unset): The scopes that the key must have.
        ip (None | str | Unset): The client address. Without it a key that is restricted to networks is invalid.
    """

    key: str = _attrs_field(repr=hidden)
    scopes: list[str] | None | Unset = UNSET
    ip: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        key = self.key

        scopes: list[str] | None | Unset
        if isinstance(self.scopes, Unset):
            scopes = UNSET
        elif isinstance(self.scopes, list):
            scopes = self.scopes

        else:
            scopes = self.scopes

        ip: None | str | Unset
        if isinstance(self.ip, Unset):
            ip = UNSET
        else:
            ip = self.ip

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "key": key,
            }
        )
        if scopes is not UNSET:
            field_dict["scopes"] = scopes
        if ip is not UNSET:
            field_dict["ip"] = ip

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        key = d.pop("key")

        def _parse_scopes(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                scopes_type_0 = cast(list[str], data)

                return scopes_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        scopes = _parse_scopes(d.pop("scopes", UNSET))

        def _parse_ip(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        ip = _parse_ip(d.pop("ip", UNSET))

        api_key_verify = cls(
            key=key,
            scopes=scopes,
            ip=ip,
        )

        return api_key_verify
