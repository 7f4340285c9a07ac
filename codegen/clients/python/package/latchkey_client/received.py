"""What models have beyond their properties: the response that they were in, and no secrets in their text."""

from collections.abc import Mapping
from dataclasses import dataclass

from .types import Unset


@dataclass(frozen=True)
class ResponseInfo:
    """The status and the headers of a response; the names of headers match in any case."""

    status: int
    headers: Mapping[str, str]

    @property
    def etag(self) -> str:
        """The version of what the response has, for `if_match`."""
        return self.headers["ETag"]

    @property
    def request_id(self) -> str:
        """The id that the server's log has for the request."""
        return self.headers["X-Request-Id"]


class Received:
    """A model that a method returns."""

    __slots__ = ("_response",)
    _response: ResponseInfo

    @property
    def response(self) -> ResponseInfo:
        """The response that had this as its body. Items of lists have none."""
        return self._response


def hidden(value: object) -> str:
    """A secret as `repr` shows it."""
    return repr(value) if value is None or isinstance(value, Unset) else "'***'"
