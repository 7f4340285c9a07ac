from enum import StrEnum


class AuditCredential(StrEnum):
    API_KEY = "api_key"
    BEARER_TOKEN = "bearer_token"
    HOLDER = "holder"

    def __str__(self) -> str:
        return str(self.value)
