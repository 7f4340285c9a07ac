"""What a client authenticates with: an API key, a token, or a user's name and password, which tokens are issued for."""

import time
from typing import Any, TypeAlias

from .api.tokens import issue_token
from .attempts import Reply, content_of, unreadable
from .errors import AuthenticationError, LatchkeyError
from .models import GrantType, TokenRequest

# A token is renewed so long before it ends, or at the last tenth of its lifetime.
RENEWAL = 60.0


class Fixed:
    """A credential that stays the same."""

    def __init__(self, header: str, value: str, kind: str):
        if not value.isascii() or not value.isprintable():
            # httpx would print it.
            raise ValueError(f"The {kind} has characters that cannot be sent.")
        self._headers = {header: value}
        self._kind = kind

    def headers(self) -> dict[str, str]:
        return self._headers

    def __repr__(self) -> str:
        return self._kind


class Login:
    """A user's name and password, and the present token. Locks are up to the transport."""

    def __init__(self, username: str, password: str):
        self._username = username
        self._password = password
        self._token = ""
        self._renewed_at = 0.0
        self._refusal: LatchkeyError | None = None

    def headers(self) -> dict[str, str] | None:
        """The headers of a request; None if a token must be issued first. A refused login is not repeated."""
        if self._refusal:
            # A new one, as errors collect the tracebacks of where they are raised.
            raise refused(self._refusal)
        if not self._token or time.monotonic() >= self._renewed_at:
            return None
        return self._headers()

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    def request(self) -> dict[str, Any]:
        """The request of a token."""
        return issue_token._get_kwargs(
            body=TokenRequest(grant_type=GrantType.PASSWORD, username=self._username, password=self._password)
        )

    def accept(self, reply: Reply, requested_at: float) -> dict[str, str]:
        """The headers of a request, with the token in the reply to the request of one, sent at this monotonic time."""
        try:
            content = content_of(reply)
        except LatchkeyError as error:
            if reply.status in (400, 401, 403):
                self._refusal = error
                raise refused(error) from None
            raise
        try:
            token, lifetime = str(content["access_token"]), float(content["expires_in"])
        except (KeyError, LookupError, TypeError, ValueError):
            raise unreadable(reply) from None
        self._token = token
        self._renewed_at = requested_at + lifetime - min(RENEWAL, lifetime / 10)
        return self._headers()

    def forget(self, headers: dict[str, str]) -> None:
        """Forgets the token that was rejected, unless it is another by now."""
        if headers == self._headers():
            self._token = ""

    def __repr__(self) -> str:
        return f"user {self._username}"


Credential: TypeAlias = Fixed | Login


def refused(error: LatchkeyError) -> AuthenticationError:
    return AuthenticationError(
        f"the login was refused: {error}",
        status=error.status,
        code=error.code,
        title=error.title,
        detail=error.detail,
        request_id=error.request_id,
    )
