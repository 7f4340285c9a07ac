"""The requests that hostile clients send."""

import random
import string
import urllib.parse
import zlib
from collections.abc import Iterable

from tests.hostile.node import USERNAME, json_body

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
# The largest body that is read, with credentials and without them.
MAX_BODY_BYTES, MAX_ANONYMOUS_BODY_BYTES = 64 * 1024, 20 * 1024
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
# Of a key (`crates/domain/src/model/plain_key.rs`).
RANDOM_LENGTH, CHECKSUM_LENGTH = 40, 6
TWO_KEYS = (("X-API-Key", "a"), ("X-API-Key", "b"))


def request(method: str, target: str, headers: Iterable[tuple[str, str]] = (), body: bytes = b"") -> bytes:
    """An HTTP/1.1 request."""
    fields = [("Host", "localhost"), *headers, ("Content-Length", str(len(body)))]
    head = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode() + body


def faulty_json(size: int) -> bytes:
    """A body of about this size that violates every schema thousands of times."""
    faults = [0] * ((size - 200) // 4)
    values = {"key": 0, "description": 0, "expires_at": 0, "grace_period_seconds": "", "reason": 0, "policy": []}
    return json_body({**values, "scopes": faults, "networks": faults})


def faulty_form(size: int) -> bytes:
    """A form of about this size in which thousands of fields are unknown or repeated."""
    fields = [f"username=%00&grant_type=x&token=&a{number}=" for number in range(size // 40)]
    return "&".join(fields).encode()[:size]


def forged_key() -> str:
    """A well-formed key with the right checksum, which only the database can tell from a real one."""
    covered = "lk_" + "".join(random.choices(ALPHABET, k=RANDOM_LENGTH))
    rest, digits = zlib.crc32(covered.encode()), ""
    for _ in range(CHECKSUM_LENGTH):
        rest, digit = divmod(rest, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return covered + digits


HOSTILE_BODY = faulty_json(MAX_BODY_BYTES)


def with_two_keys() -> bytes:
    """A credential that cannot be read, and the largest body."""
    return request("POST", "/v1/api-keys/verify", [*TWO_KEYS, ("Content-Type", JSON)], HOSTILE_BODY)


def login(name: str = USERNAME, network: str | None = None) -> bytes:
    """A login with a wrong password, forwarded from a random address in an IPv6 network if one is given."""
    form = {"grant_type": "password", "username": name, "password": "a-wrong-password"}
    forwarded = [("X-Forwarded-For", f"{network}:{random.getrandbits(16):x}")] if network else []
    body = urllib.parse.urlencode(form).encode()
    return request("POST", "/token", [("Content-Type", FORM), *forwarded], body)


def random_login() -> bytes:
    """A login with a name that no one has."""
    return login(random.randbytes(8).hex())


def forward_auth(key: str | None = None) -> bytes:
    """With a forged key if none is given."""
    return request("GET", "/v1/forward-auth", [("X-API-Key", key or forged_key())])


def list_keys() -> bytes:
    """A management operation, with a forged key."""
    return request("GET", "/v1/api-keys/", [("X-API-Key", forged_key())])


def revoke() -> bytes:
    """The revocation of a forged key."""
    body = urllib.parse.urlencode({"token": forged_key()}).encode()
    return request("POST", "/v1/revoke", [("Content-Type", FORM)], body)
