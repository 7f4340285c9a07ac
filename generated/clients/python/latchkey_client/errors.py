"""The errors that calls raise: `LatchkeyError`, and its subclasses by meaning."""

import datetime
import json
import math
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from .models.validation_error import ValidationError


class LatchkeyError(Exception):
    """A call that failed. What is not known is None; `errors` is empty then."""

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        title: str | None = None,
        detail: str | None = None,
        errors: list[ValidationError] | None = None,
        request_id: str | None = None,
        retry_after: int | None = None,
    ):
        super().__init__(message)
        # The status of the response; None if there was none.
        self.status = status
        # The cause, as `code` of a problem document has it.
        self.code = code
        self.title = title
        self.detail = detail
        # What is wrong with the request, of a 422.
        self.errors = errors or []
        # The id that the server's log has for the request.
        self.request_id = request_id
        # The seconds after which the server wants to be asked again.
        self.retry_after = retry_after


class AuthenticationError(LatchkeyError):
    """401: the credential is missing or invalid; or a login was refused."""


class PermissionDeniedError(LatchkeyError):
    """403: the credential does not permit the call."""


class NotFoundError(LatchkeyError):
    """404: what the call is about does not exist, or the caller may not see it."""


class ConflictError(LatchkeyError):
    """409: the call does not fit to the state of what it is about."""


class PreconditionFailedError(LatchkeyError):
    """412: what the call is about has changed since its ETag was read."""


class InvalidRequestError(LatchkeyError):
    """422: the request violates the contract; `errors` says where."""


class RateLimitedError(LatchkeyError):
    """429: there were too many requests."""


class ServerError(LatchkeyError):
    """5xx: the server, or a proxy before it, cannot respond now."""


class ConnectionFailedError(LatchkeyError):
    """There was no response: the server cannot be reached, or the connection was lost."""


class TimedOutError(LatchkeyError):
    """There was no response within the time limit of the call."""


class UnexpectedStatus(Exception):  # noqa: N818
    """A status that the contract does not name, in `latchkey_client.api`, if the client of the core asks for it."""

    def __init__(self, status_code: int, content: bytes):
        self.status_code = status_code
        self.content = content
        super().__init__(f"Unexpected status code: {status_code}")


BY_STATUS: dict[int, type[LatchkeyError]] = {
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    412: PreconditionFailedError,
    422: InvalidRequestError,
    429: RateLimitedError,
}


def error_of(status: int, headers: Mapping[str, str], body: bytes) -> LatchkeyError:
    """The error that a response stands for, from the server or a proxy."""
    members = _members(body)
    # RFC 6749 names them otherwise.
    code = _text(members, "code") or _text(members, "error")
    title, detail = _text(members, "title"), _text(members, "detail") or _text(members, "error_description")
    errors = _validation_errors(members.get("detail"))
    request_id = headers.get("X-Request-Id")
    what = "; ".join(f"{'.'.join(map(str, error.loc))}: {error.msg}" for error in errors) or detail or title
    message = " ".join(filter(None, [str(status), code])) + (f": {what}" if what else "")
    kind = BY_STATUS.get(status, ServerError if status >= 500 else LatchkeyError)
    return kind(
        f"{message} (request {request_id})" if request_id else message,
        status=status,
        code=code,
        title=title,
        detail=detail,
        errors=errors,
        request_id=request_id,
        retry_after=seconds_of(headers.get("Retry-After")),
    )


def seconds_of(retry_after: str | None) -> int | None:
    """`Retry-After` in seconds from now, of a number or a date; None if it is neither."""
    if retry_after is None:
        return None
    if retry_after.isascii() and retry_after.isdigit():
        return int(retry_after)
    try:
        at = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0, math.ceil((at - datetime.datetime.now(datetime.UTC)).total_seconds())) if at.tzinfo else None


def _members(body: bytes) -> Mapping[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _text(members: Mapping[str, Any], name: str) -> str | None:
    value = members.get(name)
    return value if isinstance(value, str) else None


def _validation_errors(detail: object) -> list[ValidationError]:
    entries = detail if isinstance(detail, list) else []
    return [
        ValidationError(
            loc=[part for part in loc if isinstance(part, str | int)]
            if isinstance(loc := entry.get("loc"), list)
            else [],
            msg=_text(entry, "msg") or "",
            type_=_text(entry, "type") or "",
        )
        for entry in entries
        if isinstance(entry, dict)
    ]
