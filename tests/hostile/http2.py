"""The few HTTP/2 frames (RFC 9113) that a hostile client needs."""

import itertools
import struct
from collections.abc import Iterable

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, SETTINGS, PING = 0x0, 0x1, 0x4, 0x6
# How a frame begins that gives room for more bodies: its length, kind and flags.
WINDOW_UPDATE_HEAD = bytes([0, 0, 4, 8, 0])
END_STREAM, END_HEADERS = 0x1, 0x4
INITIAL_WINDOW_SIZE = 0x4
MAX_FRAME_BYTES = 16384


def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    """A frame (section 4.1)."""
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def settings(values: dict[int, int]) -> bytes:
    return frame(SETTINGS, 0, 0, b"".join(struct.pack(">HI", name, value) for name, value in values.items()))


def ping(flags: int = 0) -> bytes:
    return frame(PING, flags, 0, bytes(8))


def repeated_fields(count: int, *, with_table: bool) -> bytes:
    """Header fields that take a byte each (RFC 7541, section 6.1), as they refer to the dynamic table. The first
    request of a connection fills that table before (section 6.2.1)."""
    indexes = range(62, 127)
    names = (b"x%02d" % index for index in indexes)
    table = b"".join(bytes([0x40, len(name)]) + name + b"\0" for name in names)
    fields = bytes(itertools.islice(itertools.cycle(0x80 | index for index in indexes), count))
    return (table if with_table else b"") + fields


def headers(fields: Iterable[tuple[str, str]]) -> bytes:
    """A header block of literals that are not indexed (RFC 7541, section 6.2.2). Each text has less than 127 bytes."""
    texts = (text.encode() for pair in fields for text in pair)
    encoded = [bytes([len(text)]) + text for text in texts]
    return b"".join(b"\x00" + name + value for name, value in zip(encoded[::2], encoded[1::2], strict=True))


def request(
    stream: int,
    method: str,
    path: str,
    fields: Iterable[tuple[str, str]] = (),
    body: bytes = b"",
    *,
    ends: bool = True,
    more_headers: bytes = b"",
) -> bytes:
    """The frames of a request, whose body may have no end. `more_headers` are encoded already."""
    head = [(":method", method), (":scheme", "http"), (":path", path), (":authority", "localhost"), *fields]
    frames = [frame(HEADERS, END_HEADERS | (0 if body else END_STREAM), stream, headers(head) + more_headers)]
    for begin in range(0, len(body), MAX_FRAME_BYTES):
        end = begin + MAX_FRAME_BYTES
        frames.append(frame(DATA, END_STREAM if ends and end >= len(body) else 0, stream, body[begin:end]))
    return b"".join(frames)
