"""Contains all the data models used in inputs/outputs"""

from .api_key_create import APIKeyCreate
from .api_key_filter import APIKeyFilter
from .api_key_issue import APIKeyIssue
from .api_key_metadata import APIKeyMetadata
from .api_key_metadata_read import APIKeyMetadataRead
from .api_key_policy import APIKeyPolicy
from .api_key_policy_read import APIKeyPolicyRead
from .api_key_record_create import APIKeyRecordCreate
from .api_key_record_read import APIKeyRecordRead
from .api_key_revocation import APIKeyRevocation
from .api_key_revocation_result import APIKeyRevocationResult
from .api_key_revoke import APIKeyRevoke
from .api_key_rotate import APIKeyRotate
from .api_key_status import APIKeyStatus
from .api_key_usage import APIKeyUsage
from .api_key_verification import APIKeyVerification
from .api_key_verify import APIKeyVerify
from .audit_changes import AuditChanges
from .audit_event import AuditEvent
from .audit_event_page import AuditEventPage
from .default_policy import DefaultPolicy
from .default_policy_read import DefaultPolicyRead
from .duration_change import DurationChange
from .flag_change import FlagChange
from .found_api_key import FoundAPIKey
from .found_api_key_page import FoundAPIKeyPage
from .grant_type import GrantType
from .http_validation_error import HTTPValidationError
from .id_change import IdChange
from .introspection_request import IntrospectionRequest
from .list_change import ListChange
from .member import Member
from .member_page import MemberPage
from .member_role import MemberRole
from .member_set import MemberSet
from .owner import Owner
from .owner_page import OwnerPage
from .owner_token_create import OwnerTokenCreate
from .owner_upsert import OwnerUpsert
from .password_change import PasswordChange
from .problem import Problem
from .project import Project
from .project_create import ProjectCreate
from .project_page import ProjectPage
from .project_role import ProjectRole
from .project_settings import ProjectSettings
from .project_settings_update import ProjectSettingsUpdate
from .project_update import ProjectUpdate
from .rate_limit import RateLimit
from .rate_limit_change import RateLimitChange
from .rate_limit_read import RateLimitRead
from .revocation_request import RevocationRequest
from .service_account_create import ServiceAccountCreate
from .text_change import TextChange
from .time_change import TimeChange
from .token_error import TokenError
from .token_introspection import TokenIntrospection
from .token_request import TokenRequest
from .token_response import TokenResponse
from .user import User
from .user_create import UserCreate
from .user_page import UserPage
from .user_read import UserRead
from .user_update import UserUpdate
from .validation_error import ValidationError

__all__ = (
    "APIKeyCreate",
    "APIKeyFilter",
    "APIKeyIssue",
    "APIKeyMetadata",
    "APIKeyMetadataRead",
    "APIKeyPolicy",
    "APIKeyPolicyRead",
    "APIKeyRecordCreate",
    "APIKeyRecordRead",
    "APIKeyRevocation",
    "APIKeyRevocationResult",
    "APIKeyRevoke",
    "APIKeyRotate",
    "APIKeyStatus",
    "APIKeyUsage",
    "APIKeyVerification",
    "APIKeyVerify",
    "AuditChanges",
    "AuditEvent",
    "AuditEventPage",
    "DefaultPolicy",
    "DefaultPolicyRead",
    "DurationChange",
    "FlagChange",
    "FoundAPIKey",
    "FoundAPIKeyPage",
    "GrantType",
    "HTTPValidationError",
    "IdChange",
    "IntrospectionRequest",
    "ListChange",
    "Member",
    "MemberPage",
    "MemberRole",
    "MemberSet",
    "Owner",
    "OwnerPage",
    "OwnerTokenCreate",
    "OwnerUpsert",
    "PasswordChange",
    "Problem",
    "Project",
    "ProjectCreate",
    "ProjectPage",
    "ProjectRole",
    "ProjectSettings",
    "ProjectSettingsUpdate",
    "ProjectUpdate",
    "RateLimit",
    "RateLimitChange",
    "RateLimitRead",
    "RevocationRequest",
    "ServiceAccountCreate",
    "TextChange",
    "TimeChange",
    "TokenError",
    "TokenIntrospection",
    "TokenRequest",
    "TokenResponse",
    "User",
    "UserCreate",
    "UserPage",
    "UserRead",
    "UserUpdate",
    "ValidationError",
)
