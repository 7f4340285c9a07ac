from enum import StrEnum


class Role(StrEnum):
    ADMIN = "admin"
    MEMBER = "member"
    VERIFIER = "verifier"

    def __str__(self) -> str:
        return str(self.value)
