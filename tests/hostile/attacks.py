"""The attacks, each at a size that one client with one processor can reach."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from tests.hostile import http2, requests
from tests.hostile.attacker import Attack, Target, flood

# Before a connection that the server has closed is opened again.
REOPEN_SECONDS = 1.0
PING_SECONDS = 1.0
# Of a client that reads nothing; the kernel raises it to its minimum.
RECEIVE_BUFFER_BYTES = 1
# The limit of connections from one address, by default.
CONNECTIONS_PER_IP = 256
IDLE_CONNECTIONS = 4100
# Of HTTP/2: streams that an attack opens, and those of them that the server allows; bytes of bodies that it takes.
REQUESTED_STREAMS, ALLOWED_STREAMS = 128, 32
CONNECTION_WINDOW_BYTES = 128 * 1024
PIPELINED = 30
REPEATED_FIELDS, FRAMES_AT_ONCE = 850, 1024
PROXIES = {"LATCHKEY_TRUSTED_PROXIES": "127.0.0.0/8"}


@dataclass(frozen=True)
class Scenario:
    """An attack on a node with these settings."""

    name: str
    attack: Attack
    settings: Mapping[str, str] = field(default_factory=dict)
    log_is_read: bool = True
    # Whether a moment of it is a test.
    is_tested: bool = True


async def unread(
    target: Target,
    connections: int,
    payload: Callable[[], bytes],
    count: int,
    greeting: tuple[bytes, bytes] = (b"", b""),
) -> None:
    """Sends a payload of `count` requests on each connection, and reads nothing of the responses.

    The first of the greeting is sent before, and the connection is read until the second has arrived.
    """
    data, (hello, awaited) = payload(), greeting
    loop = asyncio.get_running_loop()

    async def hold() -> None:
        while True:
            with socket.socket() as client:
                client.setblocking(False)
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
                client.bind((target.source, 0))
                try:
                    await loop.sock_connect(client, (target.host, target.port))
                    await loop.sock_sendall(client, hello)
                    received = b""
                    while awaited not in received and (part := await loop.sock_recv(client, 4096)):
                        received += part
                    await loop.sock_sendall(client, data)
                    target.outcomes["sent"] += count
                    while not client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                        await asyncio.sleep(REOPEN_SECONDS)
                except OSError:
                    pass
            target.outcomes["closed"] += 1
            await asyncio.sleep(REOPEN_SECONDS)

    await asyncio.gather(*(hold() for _ in range(connections)))


async def kept_open(
    target: Target, connections: int, use: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
) -> None:
    """Uses connections, and opens each again after the server has closed it."""

    async def keep_one() -> None:
        while True:
            try:
                reader, writer = await target.connect()
                try:
                    await use(reader, writer)
                finally:
                    writer.close()
            except OSError:
                pass
            target.outcomes["closed"] += 1
            await asyncio.sleep(REOPEN_SECONDS)

    await asyncio.gather(*(keep_one() for _ in range(connections)))


async def idle(target: Target, connections: int, first: bytes = b"", repeated: bytes = b"") -> None:
    """Keeps connections open. On each, `first` is sent once, and `repeated` every second."""

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        target.outcomes["opened"] += 1
        writer.write(first)
        while not reader.at_eof():
            try:
                await asyncio.wait_for(reader.read(4096), PING_SECONDS)
            except TimeoutError:
                writer.write(repeated)

    await kept_open(target, connections, hold)


async def frames(target: Target, connections: int, frame: bytes) -> None:
    """Sends an HTTP/2 frame that has no response, again and again."""

    async def flood_one(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(http2.PREFACE + http2.settings({}))
        while True:
            writer.write(frame * FRAMES_AT_ONCE)
            await writer.drain()
            target.outcomes["sent"] += FRAMES_AT_ONCE

    await kept_open(target, connections, flood_one)


def streams(make_request: Callable[[int], bytes], count: int) -> bytes:
    """This many HTTP/2 requests."""
    return b"".join(make_request(2 * number + 1) for number in range(count))


def hostile_stream(stream: int) -> bytes:
    """A credential that cannot be read, and a body with faults; 128 of them fill the window of a connection."""
    fields = [*((name.lower(), value) for name, value in requests.TWO_KEYS), ("content-type", requests.JSON)]
    body = requests.faulty_json(CONNECTION_WINDOW_BYTES // REQUESTED_STREAMS)
    return http2.request(stream, "POST", "/v1/api-keys/verify", fields, body)


def large_stream(stream: int) -> bytes:
    """The largest response that needs no credentials."""
    return http2.request(stream, "GET", "/openapi.json")


def endless_stream(stream: int) -> bytes:
    """A body that does not end; 32 of them fill the window of a connection."""
    body = requests.faulty_form(CONNECTION_WINDOW_BYTES // ALLOWED_STREAMS)
    return http2.request(stream, "POST", "/v1/revoke", [("content-type", requests.FORM)], body, ends=False)


def stream_with_many_fields(stream: int) -> bytes:
    """A body that does not end, after hundreds of header fields, which take a byte each once the table has them."""
    fields = [("content-type", requests.FORM)]
    repeated = http2.repeated_fields(REPEATED_FIELDS, with_table=stream == 1)
    return http2.request(stream, "POST", "/v1/revoke", fields, b"t", ends=False, more_headers=repeated)


def pipelined() -> bytes:
    """HTTP/1.1 requests for large responses."""
    return requests.request("GET", "/openapi.json") * PIPELINED


def pending(connections: int, make_request: Callable[[int], bytes], count: int) -> Attack:
    """Requests on HTTP/2 connections that have no room for a response."""
    hello = http2.PREFACE + http2.settings({http2.INITIAL_WINDOW_SIZE: 0})
    payload = partial(streams, make_request, count)
    greeting = (hello, http2.WINDOW_UPDATE_HEAD)
    return partial(unread, connections=connections, payload=payload, count=count, greeting=greeting)


def flooding(connections: int, make_request: Callable[[], bytes]) -> Attack:
    return partial(flood, connections=connections, make_request=make_request)


LOGIN_FROM_NETWORK = partial(requests.login, network="2001:db8:0:1:")
IDLE_HTTP2 = http2.PREFACE + http2.settings({}) + http2.request(1, "GET", "/v1/users/me")

SCENARIOS = [
    Scenario("two `X-API-Key` headers and 64 KiB, 8 connections", flooding(8, requests.with_two_keys)),
    *(
        Scenario(
            f"HTTP/2: 128 hostile requests, window 0, {connections} connections",
            pending(connections, hostile_stream, REQUESTED_STREAMS),
            is_tested=connections > 1,
        )
        for connections in (1, CONNECTIONS_PER_IP)
    ),
    Scenario(
        "HTTP/2: 128 large responses, window 0, 256 connections",
        pending(CONNECTIONS_PER_IP, large_stream, REQUESTED_STREAMS),
    ),
    Scenario(
        "HTTP/2: 32 bodies that do not end, 256 connections",
        pending(CONNECTIONS_PER_IP, endless_stream, ALLOWED_STREAMS),
    ),
    Scenario(
        "HTTP/2: 32 requests with 850 header fields, 256 connections",
        pending(CONNECTIONS_PER_IP, stream_with_many_fields, ALLOWED_STREAMS),
    ),
    Scenario("HTTP/2: PING acknowledgements, 8 connections", partial(frames, connections=8, frame=http2.ping(0x1))),
    Scenario(
        "HTTP/2: unknown frames, 8 connections", partial(frames, connections=8, frame=http2.frame(0x77, 0, 0, b""))
    ),
    Scenario(
        "HTTP/1.1: 30 large responses that are not read, 256 connections",
        partial(unread, connections=CONNECTIONS_PER_IP, payload=pipelined, count=PIPELINED),
    ),
    *(
        Scenario(
            f"logins, random names, {connections} connections",
            flooding(connections, requests.random_login),
            is_tested=connections > 100,
        )
        for connections in (32, 100, 350)
    ),
    Scenario("logins, one name, 300 connections", flooding(300, requests.login)),
    Scenario("4,100 idle connections", partial(idle, connections=IDLE_CONNECTIONS), is_tested=False),
    Scenario(
        "HTTP/2: 300 idle connections, a PING every second",
        partial(idle, connections=300, first=IDLE_HTTP2, repeated=http2.ping()),
    ),
    *(
        Scenario(f"forged keys at `{path}`, 32 connections", flooding(32, make_request))
        for path, make_request in (
            ("/v1/forward-auth", requests.forward_auth),
            ("/v1/revoke", requests.revoke),
            ("/v1/api-keys/", requests.list_keys),
        )
    ),
    Scenario(
        "logins from one IPv6 /64, behind a trusted proxy, 400 connections", flooding(400, LOGIN_FROM_NETWORK), PROXIES
    ),
    Scenario(
        "the log is not read, forged keys, 32 connections", flooding(32, requests.forward_auth), log_is_read=False
    ),
]
