"""The latest positive results of verifications, and those under way, which concurrent requests share."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from .models import APIKeyVerification
from .types import Unset

LONGEST_LIFETIME = 1.0


@dataclass(frozen=True)
class Verified:
    """The result of a verification, and whether the key has a rate limit."""

    verification: APIKeyVerification
    is_limited: bool

    @property
    def is_cacheable(self) -> bool:
        return self.verification.valid is True and not self.verification.stale and not self.is_limited


@dataclass
class Entry:
    """A verification, complete or under way."""

    # Later requests do not use the entry. The lifetime begins when the verification is sent: the key may be revoked
    # while the response is on its way.
    end: float
    flight: asyncio.Task[Verified] = field(init=False)


Verify = Callable[[], Coroutine[Any, Any, Verified]]


class VerificationCache:
    """A cache of one event loop of asyncio, and of at most `size` entries."""

    def __init__(self, lifetime: float, size: int):
        # A comparison with NaN is false.
        if not 0 < lifetime <= LONGEST_LIFETIME:
            raise ValueError(f"The cache may last for {LONGEST_LIFETIME:g} s at most, not for {lifetime:g} s.")
        if size < 1:
            raise ValueError("The cache must have room for a verification.")
        self._lifetime = lifetime
        self._size = size
        # By digests, so that no key remains in memory, in the order in which they were sent.
        self._entries: dict[bytes, Entry] = {}

    async def verify(self, parts: Sequence[str], verify: Verify) -> APIKeyVerification:
        """The result for a key, an address and scopes that is cached, or else that of a verification."""
        # No part can have a space.
        digest = hashlib.sha256(" ".join(parts).encode()).digest()
        arrived = time.monotonic()
        entry = self._entries.get(digest)
        is_new = entry is None or arrived >= entry.end
        if entry is None or is_new:
            entry = self._start(digest, verify, arrived)
        # Others wait for the result, even if this request is cancelled.
        verified = await asyncio.shield(entry.flight)
        # A failure is shared, as to try again would exceed the time limit. Rate limits count every request.
        if not is_new and not (verified.is_cacheable and arrived < entry.end):
            verified = await verify()
        return verified.verification

    def _start(self, digest: bytes, verify: Verify, now: float) -> Entry:
        self._entries.pop(digest, None)
        while self._entries:
            oldest = next(iter(self._entries))
            if len(self._entries) < self._size and now < self._entries[oldest].end:
                break
            del self._entries[oldest]
        self._entries[digest] = entry = Entry(now + self._lifetime)
        entry.flight = asyncio.create_task(self._fill(entry, digest, verify))
        return entry

    async def _fill(self, entry: Entry, digest: bytes, verify: Verify) -> Verified:
        """Makes the verification of an entry, and removes the entry unless it may be used again."""
        is_kept = False
        try:
            verified = await verify()
            is_kept = verified.is_cacheable
            expires_at = verified.verification.expires_at
            if is_kept and not isinstance(expires_at, Unset):
                entry.end = min(entry.end, time.monotonic() + expires_at.timestamp() - time.time())
            return verified
        finally:
            if not is_kept and self._entries.get(digest) is entry:
                del self._entries[digest]
