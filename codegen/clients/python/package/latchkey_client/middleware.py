"""Protects routes, whatever the framework: takes the key of a request, verifies it, and says why it is denied."""

import http
import ipaddress
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass

import anyio

from .errors import LatchkeyError
from .models import APIKeyVerification
from .resources import AsyncLatchkey
from .types import UNSET
from .verification_cache import VerificationCache, Verified

log = logging.getLogger("latchkey_client")
CHALLENGE = 'Bearer realm="latchkey"'
# The contract's limit; a longer key is rejected without a verification.
LONGEST_KEY = 1024


@dataclass(frozen=True)
class Identity:
    """Who has sent a request that was let through. What the key does not have is None, or empty."""

    key_id: int
    # The id of the principal that the key belongs to, which may be an owner.
    user_id: int
    # The name of that user or service account.
    username: str | None
    project: str
    # The external id of the owner that the key belongs to.
    owner_external_id: str | None
    # The scopes of the key; None if it is unrestricted.
    scopes: tuple[str, ...] | None
    # Whether the key has every scope.
    unrestricted: bool
    metadata: dict[str, str]
    owner_metadata: dict[str, str]
    # Whether the database is unreachable, and the verification is a recent one.
    stale: bool

    def has_scope(self, scope: str) -> bool:
        """Whether the key has a scope."""
        return self.unrestricted or scope in (self.scopes or ())


class Denied(Exception):  # noqa: N818
    """A request is not let through; the response says why."""

    def __init__(self, status: int, code: str, detail: str, headers: dict[str, str]):
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers

    def problem(self) -> bytes:
        """The problem document (RFC 9457)."""
        title = http.HTTPStatus(self.status).phrase
        members = {"type": "about:blank", "title": title, "status": self.status, "detail": self.detail}
        return json.dumps(members | {"code": self.code}).encode()


class Verifier:
    """Verifies the keys of requests, and keeps valid ones for `cache_seconds`, if that is not 0."""

    def __init__(self, latchkey: AsyncLatchkey, *, refuse_stale: bool, cache_seconds: float, cache_size: int):
        self._latchkey = latchkey
        self._timeout = latchkey._transport.timeout
        self._refuses_stale = refuse_stale
        self._cache = VerificationCache(cache_seconds, cache_size) if cache_seconds else None

    async def identify(
        self, api_keys: Sequence[str], authorizations: Sequence[str], host: str | None, scopes: Sequence[str]
    ) -> Identity:
        """Who has sent a request with these values of `X-API-Key` and `Authorization`, from an address."""
        key = key_of(api_keys, authorizations)
        try:
            # Also for a request that waits for the verification of another, and then makes its own.
            with anyio.fail_after(self._timeout):
                found = await self._verify(key, address_of(host), scopes)
        except (LatchkeyError, TimeoutError) as error:
            log.error("failed to verify an API key: %s", str(error) or f"no response within {self._timeout:g} s")
            detail = "The API key cannot be verified now. Try again."
            raise unavailable("temporarily_unavailable", detail) from None
        if found.valid is not True:
            raise denial_of(found, scopes)
        if found.stale and self._refuses_stale:
            detail = "The API key can only be verified from old data now. Try again."
            raise unavailable("database_unavailable", detail)
        return identity_of(found)

    async def _verify(self, key: str, ip: str | None, scopes: Sequence[str]) -> APIKeyVerification:
        async def verify() -> Verified:
            found = await self._latchkey.verify(key, ip=UNSET if ip is None else ip, scopes=list(scopes))
            return Verified(found, is_limited="RateLimit" in found.response.headers)

        if self._cache is None:
            return (await verify()).verification
        return await self._cache.verify([key, ip or "", *scopes], verify)


def key_of(api_keys: Sequence[str], authorizations: Sequence[str]) -> str:
    """The key of a request. `X-API-Key` takes precedence, because `Authorization` may be for another service."""
    values = api_keys or authorizations
    if not values:
        detail = "Send an API key, in X-API-Key or as a bearer token."
        raise Denied(401, "missing_credentials", detail, {"WWW-Authenticate": CHALLENGE})
    key = values[0]
    if not api_keys:
        scheme, _, token = key.partition(" ")
        key = token.strip(" ") if scheme.lower() == "bearer" else ""
    is_visible = all("!" <= character <= "~" for character in key)
    if len(values) > 1 or not 1 <= len(key) <= LONGEST_KEY or not is_visible:
        raise invalid("invalid_credentials", "Send one API key, in X-API-Key or as a bearer token.")
    return key


def address_of(host: str | None) -> str | None:
    """The address that a framework says a request came from; None if it is not an address, but a socket's path."""
    try:
        address = ipaddress.ip_address((host or "").partition("%")[0])
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)


def identity_of(found: APIKeyVerification) -> Identity:
    return Identity(
        key_id=found.key_id or 0,
        user_id=found.user_id or 0,
        username=found.username or None,
        project=found.project or "",
        owner_external_id=found.owner_external_id or None,
        scopes=None if found.unrestricted else tuple(found.scopes or ()),
        unrestricted=found.unrestricted,
        # Copies, as other requests may share a verification.
        metadata=dict(found.metadata or {}),
        owner_metadata=dict(found.owner_metadata or {}),
        stale=found.stale,
    )


def invalid(code: str, detail: str) -> Denied:
    return Denied(401, code, detail, {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'})


def forbidden(code: str, detail: str, parameters: str = "") -> Denied:
    challenge = f'{CHALLENGE}, error="insufficient_scope"{parameters}'
    return Denied(403, code, detail, {"WWW-Authenticate": challenge})


def unavailable(code: str, detail: str) -> Denied:
    return Denied(503, code, detail, {"Retry-After": "1"})


def denial_of(found: APIKeyVerification, scopes: Sequence[str]) -> Denied:
    """The response to a request whose key is invalid, as forward authentication responds. Codes may be new."""
    match found.code:
        case "insufficient_scope":
            needed = " ".join(scopes)
            return forbidden(found.code, f"The credential lacks a required scope: {needed}.", f', scope="{needed}"')
        case "network_not_allowed":
            return forbidden(found.code, "The API key may not be used from this address.")
        case "rate_limited":
            detail = "The API key is over its rate limit. Wait, then try again."
            return Denied(429, found.code, detail, {"Retry-After": str(max(1, found.retry_after_seconds or 1))})
        case "pending":
            return invalid("key_pending", "The API key is not valid yet.")
        case "disabled" | "revoked" | "expired":
            return invalid(f"key_{found.code}", f"The API key is {found.code}.")
        case "principal_disabled":
            return invalid(found.code, "The principal that the API key belongs to is disabled.")
        case "project_disabled":
            return invalid(found.code, "The project of the API key is disabled.")
        case _:
            return invalid("invalid_credentials", "The API key is invalid.")
