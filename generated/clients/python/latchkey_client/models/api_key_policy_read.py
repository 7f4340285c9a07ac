from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..received import Received

if TYPE_CHECKING:
    from ..models.rate_limit_read import RateLimitRead


T = TypeVar("T", bound="APIKeyPolicyRead")


@_attrs_define
class APIKeyPolicyRead(Received):
    """The restrictions of an API key. A member that is `null` does not restrict it.

    Attributes:
        scopes (list[str] | None): The only scopes that the key has.
        networks (list[str] | None): The only networks that the key may be used from.
        not_before (datetime.datetime | None): When the key becomes valid; before this time it is pending.
        rate_limit (None | RateLimitRead): How often the key may be verified.
    """

    scopes: list[str] | None
    networks: list[str] | None
    not_before: datetime.datetime | None
    rate_limit: None | RateLimitRead
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.rate_limit_read import RateLimitRead  # noqa: PLC0415

        scopes: list[str] | None
        if isinstance(self.scopes, list):
            scopes = self.scopes

        else:
            scopes = self.scopes

        networks: list[str] | None
        if isinstance(self.networks, list):
            networks = self.networks

        else:
            networks = self.networks

        not_before: None | str
        if isinstance(self.not_before, datetime.datetime):
            not_before = self.not_before.isoformat()
        else:
            not_before = self.not_before

        rate_limit: dict[str, Any] | None
        if isinstance(self.rate_limit, RateLimitRead):
            rate_limit = self.rate_limit.to_dict()
        else:
            rate_limit = self.rate_limit

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "scopes": scopes,
                "networks": networks,
                "not_before": not_before,
                "rate_limit": rate_limit,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.rate_limit_read import RateLimitRead  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_scopes(data: object) -> list[str] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                scopes_type_0 = cast(list[str], data)

                return scopes_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None, data)

        scopes = _parse_scopes(d.pop("scopes"))

        def _parse_networks(data: object) -> list[str] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                networks_type_0 = cast(list[str], data)

                return networks_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None, data)

        networks = _parse_networks(d.pop("networks"))

        def _parse_not_before(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                not_before_type_0 = datetime.datetime.fromisoformat(data)

                return not_before_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        not_before = _parse_not_before(d.pop("not_before"))

        def _parse_rate_limit(data: object) -> None | RateLimitRead:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                rate_limit_type_0 = RateLimitRead.from_dict(data)

                return rate_limit_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RateLimitRead, data)

        rate_limit = _parse_rate_limit(d.pop("rate_limit"))

        api_key_policy_read = cls(
            scopes=scopes,
            networks=networks,
            not_before=not_before,
            rate_limit=rate_limit,
        )

        api_key_policy_read.additional_properties = d
        return api_key_policy_read

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
