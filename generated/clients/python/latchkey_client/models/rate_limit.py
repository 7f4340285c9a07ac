from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="RateLimit")


@_attrs_define
class RateLimit:
    """A number of requests in a window of time. Each node counts separately.

    Attributes:
        requests (int): The number of requests in the window.
        seconds (int): The length of the window in seconds.
    """

    requests: int
    seconds: int

    def to_dict(self) -> dict[str, Any]:
        requests = self.requests

        seconds = self.seconds

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "requests": requests,
                "seconds": seconds,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        requests = d.pop("requests")

        seconds = d.pop("seconds")

        rate_limit = cls(
            requests=requests,
            seconds=seconds,
        )

        return rate_limit
