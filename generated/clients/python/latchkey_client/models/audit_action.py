from enum import StrEnum


class AuditAction(StrEnum):
    CREATE = "create"
    DELETE = "delete"
    DISABLE = "disable"
    ENABLE = "enable"
    REVOKE = "revoke"
    ROTATE = "rotate"
    SET_POLICY = "set_policy"
    UPDATE = "update"

    def __str__(self) -> str:
        return str(self.value)
