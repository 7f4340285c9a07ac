"""Protects the routes of Starlette and FastAPI: only requests with a valid API key are let through.

It needs Starlette, which `pip install latchkey-client[starlette]` installs.
"""

from dataclasses import dataclass

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from .middleware import Denied, Identity, Verifier
from .resources import AsyncLatchkey

__all__ = ("Denied", "Identity", "Protected", "Protection", "Requirement", "respond")


class Protection:
    """How routes are protected.

    Args:
        latchkey: The client that verifies keys.
        refuse_stale: Whether to respond with 503 when the database of Latchkey is unreachable, where recent
            verifications are accepted otherwise.
        cache_seconds: For how long a valid key is accepted again without a verification, up to a second; 0 is never.
            This adds to the time after which a revoked key is rejected, and usage becomes a lower bound. Keys with a
            rate limit are never cached. It needs asyncio.
        cache_size: How many verifications the cache has at most.
    """

    def __init__(
        self,
        latchkey: AsyncLatchkey,
        *,
        refuse_stale: bool = False,
        cache_seconds: float = 0,
        cache_size: int = 10_000,
    ):
        self._verifier = Verifier(
            latchkey, refuse_stale=refuse_stale, cache_seconds=cache_seconds, cache_size=cache_size
        )

    def require(self, *scopes: str) -> "Requirement":
        """The requirement of a valid key that has all of these scopes."""
        return Requirement(self._verifier, scopes)


@dataclass(frozen=True)
class Requirement:
    """A dependency of FastAPI, or what `Protected` needs.

    It returns the identity, which is in `request.state.identity` too, or raises `Denied`, to which the application
    responds by `respond`.
    """

    _verifier: Verifier
    _scopes: tuple[str, ...]

    async def __call__(self, connection: HTTPConnection) -> Identity:
        identity = await self._verifier.identify(
            connection.headers.getlist("X-API-Key"),
            connection.headers.getlist("Authorization"),
            connection.client.host if connection.client else None,
            self._scopes,
        )
        connection.state.identity = identity
        return identity


async def respond(_: HTTPConnection, denied: Exception) -> Response:
    """The exception handler of `Denied`: a problem document (RFC 9457), as from forward authentication."""
    if not isinstance(denied, Denied):
        raise denied
    return Response(denied.problem(), denied.status, denied.headers, "application/problem+json")


class Protected:
    """ASGI middleware that makes a route, a mount or an application respond only to requests that are let through."""

    def __init__(self, app: ASGIApp, requirement: Requirement):
        self._app = app
        self._requirement = requirement

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app
        if scope["type"] in ("http", "websocket"):
            connection = HTTPConnection(scope)
            try:
                await self._requirement(connection)
            except Denied as denied:
                app = await respond(connection, denied)
        await app(scope, receive, send)
