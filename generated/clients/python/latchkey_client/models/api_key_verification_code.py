from enum import StrEnum


class APIKeyVerificationCode(StrEnum):
    DISABLED = "disabled"
    EXPIRED = "expired"
    INSUFFICIENT_SCOPE = "insufficient_scope"
    NETWORK_NOT_ALLOWED = "network_not_allowed"
    NOT_FOUND = "not_found"
    OWNER_DISABLED = "owner_disabled"
    PENDING = "pending"
    RATE_LIMITED = "rate_limited"
    REVOKED = "revoked"
    VALID = "valid"

    def __str__(self) -> str:
        return str(self.value)
