from enum import StrEnum
from typing import Self


class Role(StrEnum):
    ADMIN = "admin"
    MEMBER = "member"
    VERIFIER = "verifier"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        """A value that is newer than this client is kept as it is, under the name UNKNOWN."""
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_, member._value_ = "UNKNOWN", value
        return member

    def __str__(self) -> str:
        return str(self.value)
