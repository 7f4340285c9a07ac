from enum import StrEnum


class MemberRole(StrEnum):
    ADMIN = "admin"
    AUDITOR = "auditor"
    MANAGER = "manager"
    VERIFIER = "verifier"

    def __str__(self) -> str:
        return str(self.value)
