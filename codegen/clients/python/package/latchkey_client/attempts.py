"""The rules of a call, without I/O: its time limit, what is repeated and when, and what a response means."""

import json
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import httpx

from .errors import ConnectionFailedError, LatchkeyError, TimedOutError, error_of, seconds_of
from .received import Received, ResponseInfo

T = TypeVar("T")
# `repeatable` and `keyed`: repeating is safe. `rejected`: a request is repeated only if the server rejected it.
Retry = Literal["repeatable", "keyed", "rejected", "never"]

VERSION = "@VERSION@"
log = logging.getLogger("latchkey_client")
CONNECT_TIMEOUT = 2.0
# The server closes idle connections after 30 s, unless it is configured otherwise.
IDLE_TIMEOUT = 15.0
LONGEST_WAIT = 30.0
FIRST_BACKOFF = 0.5
# The request was not sent, or could not be.
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
IMPOSSIBLE = (httpx.UnsupportedProtocol, httpx.LocalProtocolError)
# The server rejected the request.
REJECTED = {408, 429, 503}
TRANSIENT = REJECTED | {502, 504}


@dataclass(frozen=True)
class Reply:
    """A response that was read as a whole."""

    status: int
    headers: httpx.Headers
    body: bytes


class Attempts:
    """The attempts of a call, all within one time limit."""

    def __init__(self, retry: Retry, retries: int, timeout: float):
        self._retry = retry
        self._retries = 0 if retry == "never" else retries
        self._timeout = timeout
        self._end = time.monotonic() + timeout
        self._waits = 0

    def again(self, retry: Retry) -> "Attempts":
        """The attempts of another request in the same call."""
        attempts = Attempts(retry, self._retries, self._timeout)
        attempts._end = self._end
        return attempts

    def remaining(self) -> float:
        """The seconds that are left; it raises the error if there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.timed_out()
        return left

    def timed_out(self) -> TimedOutError:
        return TimedOutError(f"no response within {self._timeout:g} s")

    def limits(self) -> httpx.Timeout:
        """The time limits of the next attempt."""
        left = self.remaining()
        return httpx.Timeout(left, connect=min(CONNECT_TIMEOUT, left))

    def wait_after_reply(self, reply: Reply) -> float | None:
        """The seconds to wait before the request is repeated; None if the reply is the last one."""
        if reply.status not in (REJECTED if self._retry == "rejected" else TRANSIENT):
            return None
        return self._wait(seconds_of(reply.headers.get("Retry-After")) or 0)

    def wait_after_failure(self, failure: httpx.TransportError) -> float:
        """The seconds to wait before the request is repeated; it raises the error if it is not repeated."""
        is_late = self._end - time.monotonic() <= 0
        if isinstance(failure, httpx.TimeoutException) and (is_late or not isinstance(failure, httpx.ConnectTimeout)):
            raise self.timed_out() from failure
        if isinstance(failure, IMPOSSIBLE):
            # Its text has the header that cannot be sent.
            raise ConnectionFailedError(f"the request cannot be sent: {type(failure).__name__}") from None
        is_repeated = self._retry != "rejected" or isinstance(failure, NOT_SENT)
        wait = self._wait(0) if is_repeated else None
        if wait is None:
            raise ConnectionFailedError(f"no response: {failure}") from failure
        return wait

    def _wait(self, retry_after: float) -> float | None:
        """The seconds before the next attempt, if there is one, and if it can start in time."""
        if self._waits == self._retries or retry_after > LONGEST_WAIT:
            return None
        wait = max(retry_after, FIRST_BACKOFF * 2**self._waits * random.uniform(0.5, 1))
        self._waits += 1
        return wait if wait < self._end - time.monotonic() else None


def result_of(reply: Reply, read: Callable[[Any], T]) -> T:
    """What a method returns for a reply; it raises the error that the reply stands for."""
    content = content_of(reply)
    try:
        result = read(content)
    except (AttributeError, KeyError, LookupError, TypeError, ValueError) as error:
        raise unreadable(reply) from error
    if isinstance(result, Received):
        result._response = ResponseInfo(reply.status, reply.headers)
    return result


def content_of(reply: Reply) -> Any:
    """The JSON in a reply, None if there is none; it raises the error that the reply stands for."""
    if not 200 <= reply.status < 300:
        raise error_of(reply.status, reply.headers, reply.body)
    warn_of_version(reply.headers.get("Latchkey-Version"))
    if reply.status == 204:
        return None
    try:
        return json.loads(reply.body)
    except (ValueError, RecursionError):
        # The error would keep the body.
        raise unreadable(reply) from None


def unreadable(reply: Reply) -> LatchkeyError:
    request_id = reply.headers.get("X-Request-Id")
    return LatchkeyError(
        f"{reply.status}: the response is not what the contract says; is this the address of a Latchkey?",
        status=reply.status,
        request_id=request_id,
    )


def next_cursor(reply: Reply, content: Any, pages: Literal["link", "cursor"]) -> str | None:
    """The cursor of the next page; None after the last."""
    if pages == "cursor":
        cursor = content["next_cursor"]
        return str(cursor) if cursor is not None else None
    link = httpx.Response(reply.status, headers=reply.headers).links.get("next")
    return httpx.URL(link["url"]).params["cursor"] if link else None


def warn_of_version(version: str | None) -> None:
    """Warns once if the server has another major version than the contract of this client."""
    global _warned
    if _warned or not version or version.split(".")[0] == VERSION.split(".")[0]:
        return
    _warned = True
    log.warning("the server has version %s of Latchkey, this client is of version %s", version, VERSION)


_warned = False
