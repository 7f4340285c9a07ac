"""Contains all the data models used in inputs/outputs"""

from .api_key_policy import APIKeyPolicy
from .api_key_record_create import APIKeyRecordCreate
from .api_key_record_read import APIKeyRecordRead
from .api_key_revoke import APIKeyRevoke
from .api_key_rotate import APIKeyRotate
from .api_key_status import APIKeyStatus
from .api_key_usage import APIKeyUsage
from .api_key_verification import APIKeyVerification
from .api_key_verification_code import APIKeyVerificationCode
from .api_key_verify import APIKeyVerify
from .audit_action import AuditAction
from .audit_credential import AuditCredential
from .audit_event import AuditEvent
from .audited_state import AuditedState
from .grant_type import GrantType
from .http_validation_error import HTTPValidationError
from .introspection_request import IntrospectionRequest
from .problem import Problem
from .rate_limit import RateLimit
from .revocation_request import RevocationRequest
from .role import Role
from .token_error import TokenError
from .token_introspection import TokenIntrospection
from .token_request import TokenRequest
from .token_response import TokenResponse
from .user_read import UserRead
from .validation_error import ValidationError

__all__ = (
    "APIKeyPolicy",
    "APIKeyRecordCreate",
    "APIKeyRecordRead",
    "APIKeyRevoke",
    "APIKeyRotate",
    "APIKeyStatus",
    "APIKeyUsage",
    "APIKeyVerification",
    "APIKeyVerificationCode",
    "APIKeyVerify",
    "AuditAction",
    "AuditCredential",
    "AuditedState",
    "AuditEvent",
    "GrantType",
    "HTTPValidationError",
    "IntrospectionRequest",
    "Problem",
    "RateLimit",
    "RevocationRequest",
    "Role",
    "TokenError",
    "TokenIntrospection",
    "TokenRequest",
    "TokenResponse",
    "UserRead",
    "ValidationError",
)
