"""Sends the requests of methods, synchronously and asynchronously; attempts.py has the rules."""

import os
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Literal, TypeVar

import anyio
import httpx

from .attempts import IDLE_TIMEOUT, VERSION, Attempts, Reply, Retry, content_of, log, next_cursor, result_of, unreadable
from .credentials import Credential, Fixed, Login
from .errors import LatchkeyError

T = TypeVar("T")
# The arguments of httpx's `build_request`.
Request = dict[str, Any]
CONNECTIONS = 100
LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=CONNECTIONS, keepalive_expiry=IDLE_TIMEOUT)


class Base:
    """What both transports have: the settings of a client."""

    def __init__(
        self,
        url: str | None,
        *,
        api_key: str | None,
        token: str | None,
        username: str | None,
        password: str | None,
        timeout: float,
        retries: int,
    ):
        url = url or os.environ.get("LATCHKEY_URL")
        if not url:
            raise ValueError("There is no URL of a Latchkey: give one, or set LATCHKEY_URL.")
        parsed = httpx.URL(url)
        if parsed.scheme not in ("http", "https") or not parsed.host or parsed.userinfo:
            raise ValueError("The URL of a Latchkey is like https://keys.example.com, without a user and a password.")
        self.url = url.rstrip("/")
        self.timeout = timeout
        self._retries = retries
        self.credential = self._credential(api_key, token, username, password)

    @staticmethod
    def _credential(api_key: str | None, token: str | None, username: str | None, password: str | None) -> Credential:
        if (username is None) != (password is None):
            raise ValueError("A login needs a username and a password.")
        if sum(value is not None for value in (api_key, token, username)) > 1:
            raise ValueError("Give one of api_key, token, or username and password.")
        if username is not None and password is not None:
            return Login(username, password)
        if token is not None:
            return Fixed("Authorization", f"Bearer {token}", "token")
        if api_key := api_key or os.environ.get("LATCHKEY_API_KEY"):
            return Fixed("X-API-Key", api_key, "API key")
        raise ValueError("There is no credential: give one, or set LATCHKEY_API_KEY.")

    def _attempts(self, policy: Retry, retry: bool | None, timeout: float | None) -> Attempts:
        chosen: Retry = policy if retry is None else "repeatable" if retry else "never"
        return Attempts(chosen, self._retries, self.timeout if timeout is None else timeout)

    def _arguments(self, request: Request, credential: dict[str, str], attempts: Attempts) -> Request:
        """The arguments of httpx for one attempt."""
        headers = {"User-Agent": f"latchkey-python/{VERSION}", **request.get("headers", {}), **credential}
        return {**request, "url": self.url + request["url"], "headers": headers, "timeout": attempts.limits()}


def logged(request: Request, what: int | str, started: float, reply: Reply | None = None) -> None:
    """One line for each attempt, without headers, queries and bodies, which hold secrets."""
    request_id = reply.headers.get("X-Request-Id", "-") if reply else "-"
    elapsed = time.monotonic() - started
    log.debug("%s %s: %s in %.3f s, request %s", request["method"].upper(), request["url"], what, elapsed, request_id)


class Transport(Base):
    """Sends requests from any thread, also in processes that were forked after the first use."""

    def __init__(self, url: str | None, *, http_client: httpx.Client | None, **settings: Any):
        super().__init__(url, **settings)
        self._injected = http_client
        self._process = 0
        self._renew()

    def _renew(self) -> None:
        """Connections and locks are of this process alone; a forked one gets its own."""
        self._http = self._injected or httpx.Client(limits=LIMITS, follow_redirects=False)
        self._lock = threading.Lock()
        # httpx takes long to choose among many requests that wait for a connection, so that they wait here.
        self._connections = threading.Semaphore(CONNECTIONS)
        self._process = os.getpid()

    def close(self) -> None:
        if not self._injected:
            self._http.close()

    def call(
        self, request: Request, policy: Retry, retry: bool | None, timeout: float | None, read: Callable[[Any], T]
    ) -> T:
        return result_of(self._send(request, self._attempts(policy, retry, timeout)), read)

    def pages(
        self,
        page: Callable[[str | None], Request],
        pages: Literal["link", "cursor"],
        policy: Retry,
        retry: bool | None,
        timeout: float | None,
        read: Callable[[Any], T],
    ) -> Iterator[T]:
        cursor: str | None = None
        while True:
            reply = self._send(page(cursor), self._attempts(policy, retry, timeout))
            items, cursor = page_of(reply, pages, cursor, read)
            yield from items
            if cursor is None:
                return

    def _send(self, request: Request, attempts: Attempts) -> Reply:
        if self._process != os.getpid():
            self._renew()
        credential = self._authorize(attempts)
        reply = self._repeat(request, credential, attempts)
        if reply.status == 401 and isinstance(self.credential, Login):
            # The server did not act. The token may have ended early: once, another may help.
            self.credential.forget(credential)
            reply = self._repeat(request, self._authorize(attempts), attempts)
        return reply

    def _authorize(self, attempts: Attempts) -> dict[str, str]:
        """The headers with the credential; it logs in if there is no token that is valid long enough."""
        login = self.credential
        if isinstance(login, Fixed):
            return login.headers()
        if (headers := login.headers()) is not None:
            return headers
        if not self._lock.acquire(timeout=attempts.remaining()):
            raise attempts.timed_out()
        try:
            # Another thread may have logged in meanwhile.
            if (headers := login.headers()) is None:
                requested_at = time.monotonic()
                reply = self._repeat(login.request(), {}, attempts.again("rejected"))
                headers = login.accept(reply, requested_at)
            return headers
        finally:
            self._lock.release()

    def _repeat(self, request: Request, credential: dict[str, str], attempts: Attempts) -> Reply:
        while True:
            started = time.monotonic()
            try:
                if not self._connections.acquire(timeout=attempts.remaining()):
                    raise attempts.timed_out()
                try:
                    reply = self._attempt(request, credential, attempts)
                finally:
                    self._connections.release()
                logged(request, reply.status, started, reply)
                wait = attempts.wait_after_reply(reply)
                if wait is None:
                    return reply
            except httpx.TransportError as failure:
                logged(request, type(failure).__name__, started)
                wait = attempts.wait_after_failure(failure)
            time.sleep(wait)

    def _attempt(self, request: Request, credential: dict[str, str], attempts: Attempts) -> Reply:
        response = self._http.send(
            self._http.build_request(**self._arguments(request, credential, attempts)), stream=True
        )
        try:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                attempts.remaining()
            return Reply(response.status_code, response.headers, bytes(body))
        except httpx.DecodingError:
            return Reply(response.status_code, response.headers, b"")
        finally:
            response.close()


class AsyncTransport(Base):
    """Sends requests from any task of one event loop, of asyncio or trio."""

    def __init__(self, url: str | None, *, http_client: httpx.AsyncClient | None, **settings: Any):
        super().__init__(url, **settings)
        self._is_injected = http_client is not None
        self._http = http_client or httpx.AsyncClient(limits=LIMITS, follow_redirects=False)
        self._lock = anyio.Lock()
        # As in `Transport`.
        self._connections = anyio.Semaphore(CONNECTIONS)

    async def close(self) -> None:
        if not self._is_injected:
            await self._http.aclose()

    async def call(
        self, request: Request, policy: Retry, retry: bool | None, timeout: float | None, read: Callable[[Any], T]
    ) -> T:
        return result_of(await self._send(request, self._attempts(policy, retry, timeout)), read)

    async def pages(
        self,
        page: Callable[[str | None], Request],
        pages: Literal["link", "cursor"],
        policy: Retry,
        retry: bool | None,
        timeout: float | None,
        read: Callable[[Any], T],
    ) -> AsyncIterator[T]:
        cursor: str | None = None
        while True:
            reply = await self._send(page(cursor), self._attempts(policy, retry, timeout))
            items, cursor = page_of(reply, pages, cursor, read)
            for item in items:
                yield item
            if cursor is None:
                return

    async def _send(self, request: Request, attempts: Attempts) -> Reply:
        try:
            with anyio.fail_after(attempts.remaining()):
                credential = await self._authorize(attempts)
                reply = await self._repeat(request, credential, attempts)
                if reply.status == 401 and isinstance(self.credential, Login):
                    # As in `Transport`.
                    self.credential.forget(credential)
                    reply = await self._repeat(request, await self._authorize(attempts), attempts)
                return reply
        except TimeoutError:
            raise attempts.timed_out() from None

    async def _authorize(self, attempts: Attempts) -> dict[str, str]:
        login = self.credential
        if isinstance(login, Fixed):
            return login.headers()
        if (headers := login.headers()) is not None:
            return headers
        async with self._lock:
            if (headers := login.headers()) is None:
                requested_at = time.monotonic()
                reply = await self._repeat(login.request(), {}, attempts.again("rejected"))
                headers = login.accept(reply, requested_at)
            return headers

    async def _repeat(self, request: Request, credential: dict[str, str], attempts: Attempts) -> Reply:
        while True:
            started = time.monotonic()
            try:
                async with self._connections:
                    reply = await self._attempt(request, credential, attempts)
                logged(request, reply.status, started, reply)
                wait = attempts.wait_after_reply(reply)
                if wait is None:
                    return reply
            except httpx.TransportError as failure:
                logged(request, type(failure).__name__, started)
                wait = attempts.wait_after_failure(failure)
            await anyio.sleep(wait)

    async def _attempt(self, request: Request, credential: dict[str, str], attempts: Attempts) -> Reply:
        response = await self._http.send(
            self._http.build_request(**self._arguments(request, credential, attempts)), stream=True
        )
        try:
            return Reply(response.status_code, response.headers, await response.aread())
        except httpx.DecodingError:
            return Reply(response.status_code, response.headers, b"")
        finally:
            await response.aclose()


def page_of(
    reply: Reply, pages: Literal["link", "cursor"], cursor: str | None, read: Callable[[Any], T]
) -> tuple[list[T], str | None]:
    """The items of a page, and the cursor of the next; None after the last."""
    content = content_of(reply)
    try:
        items = [read(item) for item in (content["items"] if pages == "cursor" else content)]
        following = next_cursor(reply, content, pages)
    except (AttributeError, KeyError, LookupError, TypeError, ValueError) as error:
        raise unreadable(reply) from error
    if following is not None and following == cursor:
        raise LatchkeyError(
            f"{reply.status}: the list does not end: the next page is the same one",
            status=reply.status,
            request_id=reply.headers.get("X-Request-Id"),
        )
    return items, following
