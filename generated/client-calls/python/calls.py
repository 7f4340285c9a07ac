"""Calls every operation of the Python client, with arguments and responses as JSON. Generated; do not edit."""

import datetime
from collections.abc import Callable
from typing import Any, TypeVar

from latchkey_client import AuthenticatedClient, Client
from latchkey_client.api.api_key_lifecycle import (
    disable_api_key,
    enable_api_key,
    revoke_api_key,
    rotate_api_key,
)
from latchkey_client.api.api_key_policies import (
    get_api_key_policy,
    set_api_key_policy,
)
from latchkey_client.api.api_key_search import (
    revoke_api_keys,
    search_api_keys,
)
from latchkey_client.api.api_keys import (
    create_api_key,
    delete_api_key,
    get_api_key,
    get_api_key_metadata,
    get_api_key_usage,
    list_api_keys,
    set_api_key_metadata,
    update_api_key,
)
from latchkey_client.api.audit import (
    list_audit_events,
)
from latchkey_client.api.members import (
    create_service_account,
    list_members,
    remove_member,
    set_member,
)
from latchkey_client.api.owners import (
    create_owner_token,
    delete_owner,
    get_owner,
    issue_api_key,
    list_owners,
    upsert_owner,
)
from latchkey_client.api.projects import (
    create_project,
    get_project,
    list_projects,
    update_project,
)
from latchkey_client.api.tokens import (
    issue_token,
    revoke_token,
)
from latchkey_client.api.users import (
    change_password,
    create_user,
    get_current_user,
    get_user,
    list_users,
    update_user,
)
from latchkey_client.api.verification import (
    forward_auth,
    introspect_token,
    project_forward_auth,
    verify_api_key,
)
from latchkey_client.models import (
    APIKeyCreate,
    APIKeyFilter,
    APIKeyIssue,
    APIKeyMetadata,
    APIKeyMetadataRead,
    APIKeyPolicy,
    APIKeyPolicyRead,
    APIKeyRecordCreate,
    APIKeyRecordRead,
    APIKeyRevocation,
    APIKeyRevocationResult,
    APIKeyRevoke,
    APIKeyRotate,
    APIKeyStatus,
    APIKeyUsage,
    APIKeyVerification,
    APIKeyVerify,
    AuditChanges,
    AuditEvent,
    AuditEventPage,
    DefaultPolicy,
    DefaultPolicyRead,
    DurationChange,
    FlagChange,
    FoundAPIKey,
    FoundAPIKeyPage,
    GrantType,
    HTTPValidationError,
    IdChange,
    IntrospectionRequest,
    ListChange,
    Member,
    MemberPage,
    MemberRole,
    MemberSet,
    Owner,
    OwnerPage,
    OwnerTokenCreate,
    OwnerUpsert,
    PasswordChange,
    Problem,
    Project,
    ProjectCreate,
    ProjectPage,
    ProjectRole,
    ProjectSettings,
    ProjectSettingsUpdate,
    ProjectUpdate,
    RateLimit,
    RateLimitChange,
    RateLimitRead,
    RevocationRequest,
    ServiceAccountCreate,
    TextChange,
    TimeChange,
    TokenError,
    TokenIntrospection,
    TokenRequest,
    TokenResponse,
    User,
    UserCreate,
    UserPage,
    UserRead,
    UserUpdate,
    ValidationError,
)
from latchkey_client.types import UNSET, Response, Unset

Json = dict[str, Any]
T = TypeVar("T")


def given(values: Json, name: str, convert: Callable[[Any], Any] = lambda value: value) -> Any:
    """A value, or each of a list, in the client's type; `UNSET` if it is absent."""
    value = values.get(name, UNSET)
    if isinstance(value, list):
        return [convert(item) for item in value]
    return value if value is None or value is UNSET else convert(value)


def time(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def present(members: Json) -> Json:
    """The members that are present, times as text."""
    return {
        name: value.isoformat() if isinstance(value, datetime.datetime) else value
        for name, value in members.items()
        if value is not UNSET
    }


def one(read: Callable[[T], Json], value: T | Unset | None) -> Any:
    return value if value is None or isinstance(value, Unset) else read(value)


def each(read: Callable[[T], Json], values: list[T] | Unset | None) -> Any:
    return values if values is None or isinstance(values, Unset) else [read(value) for value in values]


def build_rate_limit(body: Json) -> RateLimit:
    return RateLimit(
        requests=given(body, "requests"),
        seconds=given(body, "seconds"),
    )


def build_api_key_policy(body: Json) -> APIKeyPolicy:
    return APIKeyPolicy(
        scopes=given(body, "scopes"),
        networks=given(body, "networks"),
        not_before=given(body, "not_before", time),
        rate_limit=given(body, "rate_limit", build_rate_limit),
    )


def build_api_key_create(body: Json) -> APIKeyCreate:
    return APIKeyCreate(
        expires_at=given(body, "expires_at", time),
        description=given(body, "description"),
        policy=given(body, "policy", build_api_key_policy),
        metadata=given(body, "metadata"),
    )


def build_api_key_verify(body: Json) -> APIKeyVerify:
    return APIKeyVerify(
        key=given(body, "key"),
        scopes=given(body, "scopes"),
        ip=given(body, "ip"),
    )


def build_default_policy(body: Json) -> DefaultPolicy:
    return DefaultPolicy(
        scopes=given(body, "scopes"),
        networks=given(body, "networks"),
        rate_limit=given(body, "rate_limit", build_rate_limit),
    )


def build_project_settings_update(body: Json) -> ProjectSettingsUpdate:
    return ProjectSettingsUpdate(
        key_prefix=given(body, "key_prefix"),
        default_policy=given(body, "default_policy", build_default_policy),
        default_lifetime_seconds=given(body, "default_lifetime_seconds"),
        max_lifetime_seconds=given(body, "max_lifetime_seconds"),
        allowed_origins=given(body, "allowed_origins"),
    )


def build_project_create(body: Json) -> ProjectCreate:
    return ProjectCreate(
        slug=given(body, "slug"),
        settings=given(body, "settings", build_project_settings_update),
    )


def build_project_update(body: Json) -> ProjectUpdate:
    return ProjectUpdate(
        settings=given(body, "settings", build_project_settings_update),
        disabled=given(body, "disabled"),
    )


def build_owner_upsert(body: Json) -> OwnerUpsert:
    return OwnerUpsert(
        external_id=given(body, "external_id"),
        display_name=given(body, "display_name"),
        metadata=given(body, "metadata"),
        disabled=given(body, "disabled"),
    )


def build_api_key_issue(body: Json) -> APIKeyIssue:
    return APIKeyIssue(
        external_id=given(body, "external_id"),
        service_account=given(body, "service_account"),
        expires_at=given(body, "expires_at", time),
        description=given(body, "description"),
        policy=given(body, "policy", build_api_key_policy),
        metadata=given(body, "metadata"),
    )


def build_api_key_filter(body: Json) -> APIKeyFilter:
    return APIKeyFilter(
        key=given(body, "key"),
        owner=given(body, "owner"),
        status=given(body, "status", APIKeyStatus),
        description=given(body, "description"),
        metadata=given(body, "metadata"),
        expires_after=given(body, "expires_after", time),
        expires_before=given(body, "expires_before", time),
        created_before=given(body, "created_before", time),
        unused_since=given(body, "unused_since", time),
    )


def build_api_key_revocation(body: Json) -> APIKeyRevocation:
    return APIKeyRevocation(
        filter_=given(body, "filter", build_api_key_filter),
        dry_run=given(body, "dry_run"),
        limit=given(body, "limit"),
        reason=given(body, "reason"),
        cursor=given(body, "cursor"),
    )


def build_member_set(body: Json) -> MemberSet:
    return MemberSet(
        role=given(body, "role", MemberRole),
    )


def build_service_account_create(body: Json) -> ServiceAccountCreate:
    return ServiceAccountCreate(
        name=given(body, "name"),
        role=given(body, "role", MemberRole),
    )


def build_owner_token_create(body: Json) -> OwnerTokenCreate:
    return OwnerTokenCreate(
        external_id=given(body, "external_id"),
        scopes=given(body, "scopes"),
        key_scopes=given(body, "key_scopes"),
        expires_in=given(body, "expires_in"),
    )


def build_api_key_metadata(body: Json) -> APIKeyMetadata:
    return APIKeyMetadata(
        metadata=given(body, "metadata"),
    )


def build_api_key_rotate(body: Json) -> APIKeyRotate:
    return APIKeyRotate(
        grace_period_seconds=given(body, "grace_period_seconds"),
    )


def build_api_key_revoke(body: Json) -> APIKeyRevoke:
    return APIKeyRevoke(
        reason=given(body, "reason"),
    )


def build_api_key_record_create(body: Json) -> APIKeyRecordCreate:
    return APIKeyRecordCreate(
        expires_at=given(body, "expires_at", time),
        description=given(body, "description"),
    )


def build_user_create(body: Json) -> UserCreate:
    return UserCreate(
        username=given(body, "username"),
        password=given(body, "password"),
        administrator=given(body, "administrator"),
    )


def build_user_update(body: Json) -> UserUpdate:
    return UserUpdate(
        password=given(body, "password"),
        administrator=given(body, "administrator"),
        disabled=given(body, "disabled"),
        revoke_keys=given(body, "revoke_keys"),
    )


def build_password_change(body: Json) -> PasswordChange:
    return PasswordChange(
        current=given(body, "current"),
        new=given(body, "new"),
    )


def build_token_request(body: Json) -> TokenRequest:
    return TokenRequest(
        grant_type=given(body, "grant_type", GrantType),
        username=given(body, "username"),
        password=given(body, "password"),
        scope=given(body, "scope"),
    )


def build_introspection_request(body: Json) -> IntrospectionRequest:
    return IntrospectionRequest(
        token=given(body, "token"),
        token_type_hint=given(body, "token_type_hint"),
    )


def build_revocation_request(body: Json) -> RevocationRequest:
    return RevocationRequest(
        token=given(body, "token"),
        token_type_hint=given(body, "token_type_hint"),
    )


def read_token_response(value: TokenResponse) -> Json:
    return present(
        {
            "access_token": value.access_token,
            "token_type": value.token_type,
            "expires_in": value.expires_in,
            "scope": value.scope,
        }
    )


def read_project_role(value: ProjectRole) -> Json:
    return present(
        {
            "project": value.project,
            "role": value.role,
        }
    )


def read_user_read(value: UserRead) -> Json:
    return present(
        {
            "id": value.id,
            "username": value.username,
            "role": value.role,
            "kind": value.kind,
            "project": value.project,
            "roles": each(read_project_role, value.roles),
            "created_at": value.created_at,
        }
    )


def read_api_key_record_read(value: APIKeyRecordRead) -> Json:
    return present(
        {
            "id": value.id,
            "key_prefix": value.key_prefix,
            "user_id": value.user_id,
            "status": value.status,
            "created_at": value.created_at,
            "expires_at": value.expires_at,
            "description": value.description,
            "full_key": value.full_key,
        }
    )


def read_api_key_verification(value: APIKeyVerification) -> Json:
    return present(
        {
            "valid": value.valid,
            "code": value.code,
            "stale": value.stale,
            "unrestricted": value.unrestricted,
            "key_id": value.key_id,
            "user_id": value.user_id,
            "username": value.username,
            "project": value.project,
            "owner_external_id": value.owner_external_id,
            "scopes": value.scopes,
            "expires_at": value.expires_at,
            "metadata": value.metadata,
            "owner_metadata": value.owner_metadata,
            "retry_after_seconds": value.retry_after_seconds,
        }
    )


def read_token_introspection(value: TokenIntrospection) -> Json:
    return present(
        {
            "active": value.active,
            "scope": value.scope,
            "username": value.username,
            "client_id": value.client_id,
            "project": value.project,
            "token_type": value.token_type,
            "exp": value.exp,
            "iat": value.iat,
            "nbf": value.nbf,
            "sub": value.sub,
            "jti": value.jti,
            "stale": value.stale,
        }
    )


def read_rate_limit_read(value: RateLimitRead) -> Json:
    return present(
        {
            "requests": value.requests,
            "seconds": value.seconds,
        }
    )


def read_default_policy_read(value: DefaultPolicyRead) -> Json:
    return present(
        {
            "scopes": value.scopes,
            "networks": value.networks,
            "rate_limit": one(read_rate_limit_read, value.rate_limit),
        }
    )


def read_project_settings(value: ProjectSettings) -> Json:
    return present(
        {
            "key_prefix": value.key_prefix,
            "default_policy": one(read_default_policy_read, value.default_policy),
            "default_lifetime_seconds": value.default_lifetime_seconds,
            "max_lifetime_seconds": value.max_lifetime_seconds,
            "allowed_origins": value.allowed_origins,
        }
    )


def read_project(value: Project) -> Json:
    return present(
        {
            "slug": value.slug,
            "settings": one(read_project_settings, value.settings),
            "disabled": value.disabled,
            "created_at": value.created_at,
        }
    )


def read_project_page(value: ProjectPage) -> Json:
    return present(
        {
            "items": each(read_project, value.items),
            "next_cursor": value.next_cursor,
        }
    )


def read_owner(value: Owner) -> Json:
    return present(
        {
            "id": value.id,
            "external_id": value.external_id,
            "display_name": value.display_name,
            "metadata": value.metadata,
            "disabled": value.disabled,
            "created_at": value.created_at,
        }
    )


def read_owner_page(value: OwnerPage) -> Json:
    return present(
        {
            "items": each(read_owner, value.items),
            "next_cursor": value.next_cursor,
        }
    )


def read_found_api_key(value: FoundAPIKey) -> Json:
    return present(
        {
            "key": one(read_api_key_record_read, value.key),
            "owner_external_id": value.owner_external_id,
            "metadata": value.metadata,
            "last_used_at": value.last_used_at,
        }
    )


def read_found_api_key_page(value: FoundAPIKeyPage) -> Json:
    return present(
        {
            "items": each(read_found_api_key, value.items),
            "next_cursor": value.next_cursor,
        }
    )


def read_api_key_revocation_result(value: APIKeyRevocationResult) -> Json:
    return present(
        {
            "matched": value.matched,
            "revoked": value.revoked,
            "next_cursor": value.next_cursor,
        }
    )


def read_member(value: Member) -> Json:
    return present(
        {
            "user_id": value.user_id,
            "kind": value.kind,
            "name": value.name,
            "role": value.role,
        }
    )


def read_member_page(value: MemberPage) -> Json:
    return present(
        {
            "items": each(read_member, value.items),
            "next_cursor": value.next_cursor,
        }
    )


def read_api_key_policy_read(value: APIKeyPolicyRead) -> Json:
    return present(
        {
            "scopes": value.scopes,
            "networks": value.networks,
            "not_before": value.not_before,
            "rate_limit": one(read_rate_limit_read, value.rate_limit),
        }
    )


def read_api_key_metadata_read(value: APIKeyMetadataRead) -> Json:
    return present(
        {
            "metadata": value.metadata,
        }
    )


def read_api_key_usage(value: APIKeyUsage) -> Json:
    return present(
        {
            "key_id": value.key_id,
            "valid_count": value.valid_count,
            "invalid_count": value.invalid_count,
            "last_used_at": value.last_used_at,
        }
    )


def read_text_change(value: TextChange) -> Json:
    return present(
        {
            "before": value.before,
            "after": value.after,
        }
    )


def read_time_change(value: TimeChange) -> Json:
    return present(
        {
            "before": value.before,
            "after": value.after,
        }
    )


def read_flag_change(value: FlagChange) -> Json:
    return present(
        {
            "before": value.before,
            "after": value.after,
        }
    )


def read_list_change(value: ListChange) -> Json:
    return present(
        {
            "before": value.before,
            "after": value.after,
        }
    )


def read_rate_limit_change(value: RateLimitChange) -> Json:
    return present(
        {
            "before": one(read_rate_limit_read, value.before),
            "after": one(read_rate_limit_read, value.after),
        }
    )


def read_id_change(value: IdChange) -> Json:
    return present(
        {
            "before": value.before,
            "after": value.after,
        }
    )


def read_duration_change(value: DurationChange) -> Json:
    return present(
        {
            "before": value.before,
            "after": value.after,
        }
    )


def read_audit_changes(value: AuditChanges) -> Json:
    return present(
        {
            "description": one(read_text_change, value.description),
            "expires_at": one(read_time_change, value.expires_at),
            "not_before": one(read_time_change, value.not_before),
            "disabled": one(read_flag_change, value.disabled),
            "revoked": one(read_flag_change, value.revoked),
            "revocation_reason": one(read_text_change, value.revocation_reason),
            "deleted": one(read_flag_change, value.deleted),
            "scopes": one(read_list_change, value.scopes),
            "networks": one(read_list_change, value.networks),
            "rate_limit": one(read_rate_limit_change, value.rate_limit),
            "successor_id": one(read_id_change, value.successor_id),
            "managed": one(read_flag_change, value.managed),
            "username": one(read_text_change, value.username),
            "role": one(read_text_change, value.role),
            "key_prefix": one(read_text_change, value.key_prefix),
            "default_lifetime_seconds": one(read_duration_change, value.default_lifetime_seconds),
            "max_lifetime_seconds": one(read_duration_change, value.max_lifetime_seconds),
            "allowed_origins": one(read_list_change, value.allowed_origins),
        }
    )


def read_audit_event(value: AuditEvent) -> Json:
    return present(
        {
            "id": value.id,
            "occurred_at": value.occurred_at,
            "action": value.action,
            "subject_type": value.subject_type,
            "subject_id": value.subject_id,
            "key_id": value.key_id,
            "actor_user_id": value.actor_user_id,
            "actor_key_id": value.actor_key_id,
            "credential_type": value.credential_type,
            "client_ip": value.client_ip,
            "operation": value.operation,
            "project": value.project,
            "principal_id": value.principal_id,
            "minted_by": value.minted_by,
            "changes": one(read_audit_changes, value.changes),
        }
    )


def read_audit_event_page(value: AuditEventPage) -> Json:
    return present(
        {
            "items": each(read_audit_event, value.items),
            "next_cursor": value.next_cursor,
        }
    )


def read_user(value: User) -> Json:
    return present(
        {
            "id": value.id,
            "username": value.username,
            "administrator": value.administrator,
            "disabled": value.disabled,
            "has_password": value.has_password,
            "roles": each(read_project_role, value.roles),
            "created_at": value.created_at,
        }
    )


def read_user_page(value: UserPage) -> Json:
    return present(
        {
            "items": each(read_user, value.items),
            "next_cursor": value.next_cursor,
        }
    )


def read_validation_error(value: ValidationError) -> Json:
    return present(
        {
            "loc": value.loc,
            "msg": value.msg,
            "type": value.type_,
        }
    )


def read_http_validation_error(value: HTTPValidationError) -> Json:
    return present(
        {
            "detail": each(read_validation_error, value.detail),
        }
    )


def read_problem(value: Problem) -> Json:
    return present(
        {
            "type": value.type_,
            "title": value.title,
            "status": value.status,
            "detail": value.detail,
            "code": value.code,
        }
    )


def read_token_error(value: TokenError) -> Json:
    return present(
        {
            "error": value.error,
            "error_description": value.error_description,
        }
    )


def read(parsed: object) -> Any:
    """The content of a response, also of an error response."""
    match parsed:
        case list():
            return [read(item) for item in parsed]
        case TokenResponse():
            return read_token_response(parsed)
        case ProjectRole():
            return read_project_role(parsed)
        case UserRead():
            return read_user_read(parsed)
        case APIKeyRecordRead():
            return read_api_key_record_read(parsed)
        case APIKeyVerification():
            return read_api_key_verification(parsed)
        case TokenIntrospection():
            return read_token_introspection(parsed)
        case RateLimitRead():
            return read_rate_limit_read(parsed)
        case DefaultPolicyRead():
            return read_default_policy_read(parsed)
        case ProjectSettings():
            return read_project_settings(parsed)
        case Project():
            return read_project(parsed)
        case ProjectPage():
            return read_project_page(parsed)
        case Owner():
            return read_owner(parsed)
        case OwnerPage():
            return read_owner_page(parsed)
        case FoundAPIKey():
            return read_found_api_key(parsed)
        case FoundAPIKeyPage():
            return read_found_api_key_page(parsed)
        case APIKeyRevocationResult():
            return read_api_key_revocation_result(parsed)
        case Member():
            return read_member(parsed)
        case MemberPage():
            return read_member_page(parsed)
        case APIKeyPolicyRead():
            return read_api_key_policy_read(parsed)
        case APIKeyMetadataRead():
            return read_api_key_metadata_read(parsed)
        case APIKeyUsage():
            return read_api_key_usage(parsed)
        case TextChange():
            return read_text_change(parsed)
        case TimeChange():
            return read_time_change(parsed)
        case FlagChange():
            return read_flag_change(parsed)
        case ListChange():
            return read_list_change(parsed)
        case RateLimitChange():
            return read_rate_limit_change(parsed)
        case IdChange():
            return read_id_change(parsed)
        case DurationChange():
            return read_duration_change(parsed)
        case AuditChanges():
            return read_audit_changes(parsed)
        case AuditEvent():
            return read_audit_event(parsed)
        case AuditEventPage():
            return read_audit_event_page(parsed)
        case User():
            return read_user(parsed)
        case UserPage():
            return read_user_page(parsed)
        case ValidationError():
            return read_validation_error(parsed)
        case HTTPValidationError():
            return read_http_validation_error(parsed)
        case Problem():
            return read_problem(parsed)
        case TokenError():
            return read_token_error(parsed)
    return None


ANONYMOUS: dict[str, Callable[[Client, Json], Response[Any]]] = {
    "issueToken": lambda client, a: issue_token.sync_detailed(
        client=client,
        body=build_token_request(a["body"]),
    ),
    "revokeToken": lambda client, a: revoke_token.sync_detailed(
        client=client,
        body=build_revocation_request(a["body"]),
    ),
}
AUTHENTICATED: dict[str, Callable[[AuthenticatedClient, Json], Response[Any]]] = {
    "getCurrentUser": lambda client, _: get_current_user.sync_detailed(
        client=client,
    ),
    "createApiKey": lambda client, a: create_api_key.sync_detailed(
        client=client,
        body=build_api_key_create(a["body"]),
        idempotency_key=given(a, "Idempotency-Key"),
    ),
    "listApiKeys": lambda client, a: list_api_keys.sync_detailed(
        client=client,
        limit=given(a, "limit"),
        cursor=given(a, "cursor"),
        status=given(a, "status", APIKeyStatus),
    ),
    "verifyApiKey": lambda client, a: verify_api_key.sync_detailed(
        client=client,
        body=build_api_key_verify(a["body"]),
    ),
    "introspectToken": lambda client, a: introspect_token.sync_detailed(
        client=client,
        body=build_introspection_request(a["body"]),
    ),
    "forwardAuth": lambda client, a: forward_auth.sync_detailed(
        client=client,
        scope=given(a, "scope"),
        metadata=given(a, "metadata"),
    ),
    "projectForwardAuth": lambda client, a: project_forward_auth.sync_detailed(
        a["project"],
        client=client,
        scope=given(a, "scope"),
        metadata=given(a, "metadata"),
    ),
    "createProject": lambda client, a: create_project.sync_detailed(
        client=client,
        body=build_project_create(a["body"]),
    ),
    "listProjects": lambda client, a: list_projects.sync_detailed(
        client=client,
        limit=given(a, "limit"),
        cursor=given(a, "cursor"),
    ),
    "getProject": lambda client, a: get_project.sync_detailed(
        a["project"],
        client=client,
    ),
    "updateProject": lambda client, a: update_project.sync_detailed(
        a["project"],
        client=client,
        body=build_project_update(a["body"]),
        if_match=given(a, "If-Match"),
    ),
    "upsertOwner": lambda client, a: upsert_owner.sync_detailed(
        a["project"],
        client=client,
        body=build_owner_upsert(a["body"]),
    ),
    "listOwners": lambda client, a: list_owners.sync_detailed(
        a["project"],
        client=client,
        limit=given(a, "limit"),
        cursor=given(a, "cursor"),
        external_id=given(a, "external_id"),
    ),
    "getOwner": lambda client, a: get_owner.sync_detailed(
        a["project"],
        a["owner_id"],
        client=client,
    ),
    "deleteOwner": lambda client, a: delete_owner.sync_detailed(
        a["project"],
        a["owner_id"],
        client=client,
    ),
    "issueApiKey": lambda client, a: issue_api_key.sync_detailed(
        a["project"],
        client=client,
        body=build_api_key_issue(a["body"]),
        idempotency_key=given(a, "Idempotency-Key"),
    ),
    "searchApiKeys": lambda client, a: search_api_keys.sync_detailed(
        a["project"],
        client=client,
        body=build_api_key_filter(a["body"]),
        limit=given(a, "limit"),
        cursor=given(a, "cursor"),
    ),
    "revokeApiKeys": lambda client, a: revoke_api_keys.sync_detailed(
        a["project"],
        client=client,
        body=build_api_key_revocation(a["body"]),
    ),
    "listMembers": lambda client, a: list_members.sync_detailed(
        a["project"],
        client=client,
        limit=given(a, "limit"),
        cursor=given(a, "cursor"),
    ),
    "setMember": lambda client, a: set_member.sync_detailed(
        a["project"],
        a["user_id"],
        client=client,
        body=build_member_set(a["body"]),
    ),
    "removeMember": lambda client, a: remove_member.sync_detailed(
        a["project"],
        a["user_id"],
        client=client,
    ),
    "createServiceAccount": lambda client, a: create_service_account.sync_detailed(
        a["project"],
        client=client,
        body=build_service_account_create(a["body"]),
    ),
    "createOwnerToken": lambda client, a: create_owner_token.sync_detailed(
        a["project"],
        client=client,
        body=build_owner_token_create(a["body"]),
    ),
    "getApiKeyPolicy": lambda client, a: get_api_key_policy.sync_detailed(
        a["item_id"],
        client=client,
    ),
    "setApiKeyPolicy": lambda client, a: set_api_key_policy.sync_detailed(
        a["item_id"],
        client=client,
        body=build_api_key_policy(a["body"]),
        if_match=given(a, "If-Match"),
    ),
    "getApiKeyMetadata": lambda client, a: get_api_key_metadata.sync_detailed(
        a["item_id"],
        client=client,
    ),
    "setApiKeyMetadata": lambda client, a: set_api_key_metadata.sync_detailed(
        a["item_id"],
        client=client,
        body=build_api_key_metadata(a["body"]),
        if_match=given(a, "If-Match"),
    ),
    "getApiKeyUsage": lambda client, a: get_api_key_usage.sync_detailed(
        a["item_id"],
        client=client,
    ),
    "disableApiKey": lambda client, a: disable_api_key.sync_detailed(
        a["item_id"],
        client=client,
        if_match=given(a, "If-Match"),
        wait_until_effective=given(a, "wait_until_effective"),
    ),
    "enableApiKey": lambda client, a: enable_api_key.sync_detailed(
        a["item_id"],
        client=client,
        if_match=given(a, "If-Match"),
    ),
    "rotateApiKey": lambda client, a: rotate_api_key.sync_detailed(
        a["item_id"],
        client=client,
        body=build_api_key_rotate(a["body"]),
        if_match=given(a, "If-Match"),
        idempotency_key=given(a, "Idempotency-Key"),
    ),
    "revokeApiKey": lambda client, a: revoke_api_key.sync_detailed(
        a["item_id"],
        client=client,
        body=build_api_key_revoke(a["body"]),
        if_match=given(a, "If-Match"),
        wait_until_effective=given(a, "wait_until_effective"),
    ),
    "getApiKey": lambda client, a: get_api_key.sync_detailed(
        a["item_id"],
        client=client,
    ),
    "updateApiKey": lambda client, a: update_api_key.sync_detailed(
        a["item_id"],
        client=client,
        body=build_api_key_record_create(a["body"]),
        if_match=given(a, "If-Match"),
    ),
    "deleteApiKey": lambda client, a: delete_api_key.sync_detailed(
        a["item_id"],
        client=client,
        if_match=given(a, "If-Match"),
        wait_until_effective=given(a, "wait_until_effective"),
    ),
    "listAuditEvents": lambda client, a: list_audit_events.sync_detailed(
        client=client,
        limit=given(a, "limit"),
        cursor=given(a, "cursor"),
        key_id=given(a, "key_id"),
        actor_user_id=given(a, "actor_user_id"),
        action=given(a, "action"),
        since=given(a, "since", time),
        until=given(a, "until", time),
    ),
    "listUsers": lambda client, a: list_users.sync_detailed(
        client=client,
        username=given(a, "username"),
        limit=given(a, "limit"),
        cursor=given(a, "cursor"),
    ),
    "createUser": lambda client, a: create_user.sync_detailed(
        client=client,
        body=build_user_create(a["body"]),
    ),
    "getUser": lambda client, a: get_user.sync_detailed(
        a["user_id"],
        client=client,
    ),
    "updateUser": lambda client, a: update_user.sync_detailed(
        a["user_id"],
        client=client,
        body=build_user_update(a["body"]),
    ),
    "changePassword": lambda client, a: change_password.sync_detailed(
        client=client,
        body=build_password_change(a["body"]),
    ),
}
