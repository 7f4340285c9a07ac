"""Keys, as the domain crate generates and stores them."""

import hashlib
import hmac
import secrets
import zlib
from collections.abc import Iterator

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def make_keys(count: int) -> Iterator[str]:
    """Yields keys."""
    for _ in range(count):
        covered = "lk_" + "".join(ALPHABET[byte % 62] for byte in secrets.token_bytes(40))
        rest, checksum = zlib.crc32(covered.encode()), ""
        for _ in range(6):
            rest, digit = divmod(rest, 62)
            checksum = ALPHABET[digit] + checksum
        yield covered + checksum


def digest(key: str, pepper: bytes) -> str:
    """Returns what the database stores of a key, in hexadecimal."""
    return hmac.digest(pepper, key.encode(), hashlib.sha256).hex()
