//! The shapes of the contract. They carry secrets, so none of the objects can be printed by `Debug`.

use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::{models, types};

/// The query of `listApiKeys`.
#[derive(Deserialize, Validate)]
pub struct ListApiKeysQuery {
    /// How many records at most.
    #[validate(range(min = 1i64, max = 1000i64))]
    #[serde(rename = "limit", default = "ListApiKeysQuery::default_limit")]
    pub limit: i64,
    /// From the `Link` of the page before; opaque, and good for its user only.
    #[validate(length(max = 64),regex(path = *LIST_API_KEYS_CURSOR_PATTERN))]
    #[serde(rename = "cursor", default, deserialize_with = "types::present")]
    pub cursor: Option<String>,
    /// Only keys in this status.
    #[serde(rename = "status", default, deserialize_with = "types::present")]
    pub status: Option<models::ApiKeyStatus>,
}

impl ListApiKeysQuery {
    fn default_limit() -> i64 {
        50
    }
}

static LIST_API_KEYS_CURSOR_PATTERN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("^[A-Za-z0-9_-]+$").expect("a pattern of the contract"));

/// The query of `listAuditEvents`.
#[derive(Deserialize, Validate)]
pub struct ListAuditEventsQuery {
    /// How many events at most.
    #[validate(range(min = 1i64, max = 1000i64))]
    #[serde(rename = "limit", default = "ListAuditEventsQuery::default_limit")]
    pub limit: i64,
    /// From the `Link` of the page before; opaque, and good for its user only.
    #[validate(length(max = 64),regex(path = *LIST_AUDIT_EVENTS_CURSOR_PATTERN))]
    #[serde(rename = "cursor", default, deserialize_with = "types::present")]
    pub cursor: Option<String>,
    /// Only what befell this key.
    #[serde(rename = "key_id", default, deserialize_with = "types::present")]
    pub key_id: Option<i64>,
    /// Only what this user did.
    #[serde(rename = "actor_user_id", default, deserialize_with = "types::present")]
    pub actor_user_id: Option<i64>,
    /// Only what was done this way.
    #[serde(rename = "action", default, deserialize_with = "types::present")]
    pub action: Option<models::AuditAction>,
}

impl ListAuditEventsQuery {
    fn default_limit() -> i64 {
        50
    }
}

static LIST_AUDIT_EVENTS_CURSOR_PATTERN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("^[A-Za-z0-9_-]+$").expect("a pattern of the contract"));

/// The query of `forwardAuth`.
#[derive(Deserialize, Validate)]
pub struct ForwardAuthQuery {
    /// Scopes that the key must have, separated by spaces.
    #[validate(length(max = 1024))]
    #[serde(rename = "scope", default, deserialize_with = "types::present")]
    pub scope: Option<String>,
}

impl ForwardAuthQuery {}

/// What narrows a key; each part that is absent or `null` does not.
#[derive(Serialize, Deserialize, Validate)]
pub struct ApiKeyPolicy {
    /// All that the key may do. Scopes that begin with `latchkey:` are this service's own; the others mean what the deployer wants them to. Each has 1 to 128 visible ASCII characters other than `\"` and `\\\\` (RFC 6749, section 3.3).
    #[serde(rename = "scopes", default, deserialize_with = "types::present", skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Option<Vec<String>>>,
    /// From where alone the key may be used; IPv4 and IPv6 networks in CIDR notation, or single addresses.
    #[serde(
        rename = "networks",
        default,
        deserialize_with = "types::present",
        skip_serializing_if = "Option::is_none"
    )]
    pub networks: Option<Option<Vec<String>>>,
    /// Before this time the key is pending; RFC 3339 with an offset.
    #[serde(
        rename = "not_before",
        default,
        deserialize_with = "types::present",
        skip_serializing_if = "Option::is_none"
    )]
    pub not_before: Option<Option<types::DateTime>>,
    /// How often the key may be verified.
    #[validate(nested)]
    #[serde(
        rename = "rate_limit",
        default,
        deserialize_with = "types::present_nullable_object",
        skip_serializing_if = "Option::is_none"
    )]
    pub rate_limit: Option<Option<models::RateLimit>>,
}

/// What a caller may set on a key.
#[derive(Serialize, Deserialize, Validate)]
pub struct ApiKeyRecordCreate {
    /// When the key ends; RFC 3339 with an offset, kept to the microsecond, years 0001 to 9999 in UTC. A time in the past makes the key expired at once.
    #[serde(
        rename = "expires_at",
        default,
        deserialize_with = "types::present",
        skip_serializing_if = "Option::is_none"
    )]
    pub expires_at: Option<Option<types::DateTime>>,
    /// What the key is for. U+0000 is refused, as the storage cannot hold it.
    #[validate(length(max = 4096),regex(path = *API_KEY_RECORD_CREATE_DESCRIPTION_PATTERN))]
    #[serde(
        rename = "description",
        default,
        deserialize_with = "types::present",
        skip_serializing_if = "Option::is_none"
    )]
    pub description: Option<Option<String>>,
}

static API_KEY_RECORD_CREATE_DESCRIPTION_PATTERN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("^[^\\u0000]*$").expect("a pattern of the contract"));

/// A key as its owner sees it.
#[derive(Serialize, Deserialize, Validate)]
pub struct ApiKeyRecordRead {
    /// `id`
    #[serde(rename = "id", deserialize_with = "types::integer")]
    pub id: i64,
    /// The first 12 characters of the key, by which a person recognises it.
    #[serde(rename = "key_prefix")]
    pub key_prefix: String,
    /// `user_id`
    #[serde(rename = "user_id", deserialize_with = "types::integer")]
    pub user_id: i64,
    /// `active`, `pending`, `disabled`, `revoked` or `expired`; derived at the time of the answer.
    #[serde(rename = "status", deserialize_with = "Option::deserialize")]
    pub status: Option<String>,
    /// `created_at`
    #[serde(rename = "created_at", deserialize_with = "Option::deserialize")]
    pub created_at: Option<types::DateTime>,
    /// `expires_at`
    #[serde(rename = "expires_at", deserialize_with = "Option::deserialize")]
    pub expires_at: Option<types::DateTime>,
    /// `description`
    #[serde(rename = "description", deserialize_with = "Option::deserialize")]
    pub description: Option<String>,
    /// The secret, in the answer to create (and rotate) only; `null` everywhere else, for ever.
    #[serde(
        rename = "full_key",
        default,
        deserialize_with = "types::present",
        skip_serializing_if = "Option::is_none"
    )]
    pub full_key: Option<Option<String>>,
}

/// Why a key is withdrawn.
#[derive(Serialize, Deserialize, Validate)]
pub struct ApiKeyRevoke {
    /// For the audit trail. Never write a secret here.
    #[validate(length(max = 255),regex(path = *API_KEY_REVOKE_REASON_PATTERN))]
    #[serde(rename = "reason", default, deserialize_with = "types::present", skip_serializing_if = "Option::is_none")]
    pub reason: Option<Option<String>>,
}

static API_KEY_REVOKE_REASON_PATTERN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("^[^\\u0000]*$").expect("a pattern of the contract"));

/// How a key is replaced.
#[derive(Serialize, Deserialize, Validate)]
pub struct ApiKeyRotate {
    /// For how long the old key stays good beside the new one; 0 when absent.
    #[validate(range(min = 0i64, max = 31536000i64))]
    #[serde(
        rename = "overlap_seconds",
        default,
        deserialize_with = "types::present_integer",
        skip_serializing_if = "Option::is_none"
    )]
    pub overlap_seconds: Option<i64>,
}

/// What a key is good for at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApiKeyStatus {
    /// `"active"`
    #[serde(rename = "active")]
    Active,
    /// `"pending"`
    #[serde(rename = "pending")]
    Pending,
    /// `"disabled"`
    #[serde(rename = "disabled")]
    Disabled,
    /// `"revoked"`
    #[serde(rename = "revoked")]
    Revoked,
    /// `"expired"`
    #[serde(rename = "expired")]
    Expired,
}

impl ApiKeyStatus {
    /// The value as it stands in the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Pending => "pending",
            Self::Disabled => "disabled",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }
}

/// How often a key was asked about, and when it was last good.
#[derive(Serialize, Deserialize, Validate)]
pub struct ApiKeyUsage {
    /// `key_id`
    #[serde(rename = "key_id", deserialize_with = "types::integer")]
    pub key_id: i64,
    /// How often it was answered that the key is good.
    #[serde(rename = "valid_count", deserialize_with = "types::integer")]
    pub valid_count: i64,
    /// How often it was answered that it is not.
    #[serde(rename = "refused_count", deserialize_with = "types::integer")]
    pub refused_count: i64,
    /// When it was last good.
    #[serde(rename = "last_used_at", deserialize_with = "Option::deserialize")]
    pub last_used_at: Option<types::DateTime>,
}

/// The answer about a key; who and what, only when it is good.
#[derive(Serialize, Deserialize, Validate)]
pub struct ApiKeyVerification {
    /// `valid`
    #[serde(rename = "valid")]
    pub valid: bool,
    /// `code`
    #[serde(rename = "code")]
    pub code: models::ApiKeyVerificationCode,
    /// The database is away, and the answer is from memory.
    #[serde(rename = "stale")]
    pub stale: bool,
    /// `key_id`
    #[serde(
        rename = "key_id",
        default,
        deserialize_with = "types::present_integer",
        skip_serializing_if = "Option::is_none"
    )]
    pub key_id: Option<i64>,
    /// The key's owner.
    #[serde(
        rename = "user_id",
        default,
        deserialize_with = "types::present_integer",
        skip_serializing_if = "Option::is_none"
    )]
    pub user_id: Option<i64>,
    /// `username`
    #[serde(
        rename = "username",
        default,
        deserialize_with = "types::present",
        skip_serializing_if = "Option::is_none"
    )]
    pub username: Option<String>,
    /// The scopes of the key; absent when it is not narrowed and has them all.
    #[serde(rename = "scopes", default, deserialize_with = "types::present", skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    /// `expires_at`
    #[serde(
        rename = "expires_at",
        default,
        deserialize_with = "types::present",
        skip_serializing_if = "Option::is_none"
    )]
    pub expires_at: Option<types::DateTime>,
}

/// Why a key is good or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApiKeyVerificationCode {
    /// `"valid"`
    #[serde(rename = "valid")]
    Valid,
    /// `"not_found"`
    #[serde(rename = "not_found")]
    NotFound,
    /// `"pending"`
    #[serde(rename = "pending")]
    Pending,
    /// `"disabled"`
    #[serde(rename = "disabled")]
    Disabled,
    /// `"revoked"`
    #[serde(rename = "revoked")]
    Revoked,
    /// `"expired"`
    #[serde(rename = "expired")]
    Expired,
    /// `"owner_disabled"`
    #[serde(rename = "owner_disabled")]
    OwnerDisabled,
    /// `"network_not_allowed"`
    #[serde(rename = "network_not_allowed")]
    NetworkNotAllowed,
    /// `"insufficient_scope"`
    #[serde(rename = "insufficient_scope")]
    InsufficientScope,
    /// `"rate_limited"`
    #[serde(rename = "rate_limited")]
    RateLimited,
}

impl ApiKeyVerificationCode {
    /// The value as it stands in the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::NotFound => "not_found",
            Self::Pending => "pending",
            Self::Disabled => "disabled",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::OwnerDisabled => "owner_disabled",
            Self::NetworkNotAllowed => "network_not_allowed",
            Self::InsufficientScope => "insufficient_scope",
            Self::RateLimited => "rate_limited",
        }
    }
}

/// A question about a key.
#[derive(Serialize, Deserialize, Validate)]
pub struct ApiKeyVerify {
    /// `key`
    #[serde(rename = "key")]
    pub key: String,
    /// Scopes that the key must have.
    #[serde(rename = "scopes", default, deserialize_with = "types::present", skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Option<Vec<String>>>,
    /// Where the key was used from. A key that is good only from certain networks is refused without it.
    #[serde(rename = "ip", default, deserialize_with = "types::present", skip_serializing_if = "Option::is_none")]
    pub ip: Option<Option<String>>,
}

/// What was done to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AuditAction {
    /// `"create"`
    #[serde(rename = "create")]
    Create,
    /// `"update"`
    #[serde(rename = "update")]
    Update,
    /// `"set_policy"`
    #[serde(rename = "set_policy")]
    SetPolicy,
    /// `"disable"`
    #[serde(rename = "disable")]
    Disable,
    /// `"enable"`
    #[serde(rename = "enable")]
    Enable,
    /// `"revoke"`
    #[serde(rename = "revoke")]
    Revoke,
    /// `"rotate"`
    #[serde(rename = "rotate")]
    Rotate,
    /// `"delete"`
    #[serde(rename = "delete")]
    Delete,
}

impl AuditAction {
    /// The value as it stands in the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::SetPolicy => "set_policy",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Revoke => "revoke",
            Self::Rotate => "rotate",
            Self::Delete => "delete",
        }
    }
}

/// By what right it was done; `holder` is whoever revoked the key by having it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AuditCredential {
    /// `"bearer_token"`
    #[serde(rename = "bearer_token")]
    BearerToken,
    /// `"api_key"`
    #[serde(rename = "api_key")]
    ApiKey,
    /// `"holder"`
    #[serde(rename = "holder")]
    Holder,
}

impl AuditCredential {
    /// The value as it stands in the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BearerToken => "bearer_token",
            Self::ApiKey => "api_key",
            Self::Holder => "holder",
        }
    }
}

/// What befell a key.
#[derive(Serialize, Deserialize, Validate)]
pub struct AuditEvent {
    /// `id`
    #[serde(rename = "id", deserialize_with = "types::integer")]
    pub id: i64,
    /// `at`
    #[serde(rename = "at")]
    pub at: types::DateTime,
    /// `action`
    #[serde(rename = "action")]
    pub action: models::AuditAction,
    /// `key_id`
    #[serde(rename = "key_id", deserialize_with = "types::integer")]
    pub key_id: i64,
    /// `actor_user_id`
    #[serde(rename = "actor_user_id", deserialize_with = "types::integer")]
    pub actor_user_id: i64,
    /// The key that was the credential.
    #[serde(rename = "actor_key_id", deserialize_with = "Option::deserialize")]
    pub actor_key_id: Option<i64>,
    /// `credential`
    #[serde(rename = "credential")]
    pub credential: models::AuditCredential,
    /// Where the request came from.
    #[serde(rename = "address", deserialize_with = "Option::deserialize")]
    pub address: Option<String>,
    /// `null` when the key was made by this.
    #[validate(nested)]
    #[serde(rename = "before", deserialize_with = "types::nullable_object")]
    pub before: Option<models::AuditedState>,
    /// `after`
    #[validate(nested)]
    #[serde(rename = "after", deserialize_with = "types::object")]
    pub after: models::AuditedState,
}

/// A key at the time of an event. It has no member that could hold a secret.
#[derive(Serialize, Deserialize, Validate)]
pub struct AuditedState {
    /// `description`
    #[serde(rename = "description", deserialize_with = "Option::deserialize")]
    pub description: Option<String>,
    /// `expires_at`
    #[serde(rename = "expires_at", deserialize_with = "Option::deserialize")]
    pub expires_at: Option<types::DateTime>,
    /// `not_before`
    #[serde(rename = "not_before", deserialize_with = "Option::deserialize")]
    pub not_before: Option<types::DateTime>,
    /// `disabled`
    #[serde(rename = "disabled")]
    pub disabled: bool,
    /// `revoked`
    #[serde(rename = "revoked")]
    pub revoked: bool,
    /// `revocation_reason`
    #[serde(rename = "revocation_reason", deserialize_with = "Option::deserialize")]
    pub revocation_reason: Option<String>,
    /// `deleted`
    #[serde(rename = "deleted")]
    pub deleted: bool,
    /// `scopes`
    #[serde(rename = "scopes", deserialize_with = "Option::deserialize")]
    pub scopes: Option<Vec<String>>,
    /// `networks`
    #[serde(rename = "networks", deserialize_with = "Option::deserialize")]
    pub networks: Option<Vec<String>>,
    /// `rate_limit`
    #[validate(nested)]
    #[serde(rename = "rate_limit", deserialize_with = "types::nullable_object")]
    pub rate_limit: Option<models::RateLimit>,
    /// `successor_id`
    #[serde(rename = "successor_id", deserialize_with = "Option::deserialize")]
    pub successor_id: Option<i64>,
}

/// The one grant that this service knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum GrantType {
    /// `"password"`
    #[serde(rename = "password")]
    Password,
}

impl GrantType {
    /// The value as it stands in the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
        }
    }
}

/// Everything that was wrong with a request.
#[derive(Serialize, Deserialize, Validate)]
pub struct HttpValidationError {
    /// `detail`
    #[serde(rename = "detail", default, deserialize_with = "types::present", skip_serializing_if = "Option::is_none")]
    pub detail: Option<Vec<models::ValidationError>>,
}

/// The form of RFC 7662, section 2.1.
#[derive(Serialize, Deserialize, Validate)]
pub struct IntrospectionRequest {
    /// `token`
    #[serde(rename = "token")]
    pub token: String,
    /// Ignored, as the format of a key tells what it is.
    #[serde(
        rename = "token_type_hint",
        default,
        deserialize_with = "types::present",
        skip_serializing_if = "Option::is_none"
    )]
    pub token_type_hint: Option<String>,
}

/// One of several types of value.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub enum LocationInner {
    /// `String`
    String(String),
    /// `i64`
    I64(i64),
}

/// A problem document (RFC 9457).
#[derive(Serialize, Deserialize, Validate)]
pub struct Problem {
    /// `type`
    #[serde(rename = "type")]
    pub r_type: String,
    /// `title`
    #[serde(rename = "title")]
    pub title: String,
    /// `status`
    #[serde(rename = "status", deserialize_with = "types::integer")]
    pub status: i64,
    /// `detail`
    #[serde(rename = "detail")]
    pub detail: String,
}

/// So many requests in so many seconds. Each node counts by itself.
#[derive(Serialize, Deserialize, Validate)]
pub struct RateLimit {
    /// `requests`
    #[validate(range(min = 1i64, max = 1000000i64))]
    #[serde(rename = "requests", deserialize_with = "types::integer")]
    pub requests: i64,
    /// `seconds`
    #[validate(range(min = 1i64, max = 86400i64))]
    #[serde(rename = "seconds", deserialize_with = "types::integer")]
    pub seconds: i64,
}

/// The form of RFC 7009, section 2.1.
#[derive(Serialize, Deserialize, Validate)]
pub struct RevocationRequest {
    /// `token`
    #[serde(rename = "token")]
    pub token: String,
    /// Ignored, as the format of a key tells what it is.
    #[serde(
        rename = "token_type_hint",
        default,
        deserialize_with = "types::present",
        skip_serializing_if = "Option::is_none"
    )]
    pub token_type_hint: Option<String>,
}

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// `"admin"`
    #[serde(rename = "admin")]
    Admin,
    /// `"verifier"`
    #[serde(rename = "verifier")]
    Verifier,
    /// `"member"`
    #[serde(rename = "member")]
    Member,
}

impl Role {
    /// The value as it stands in the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Verifier => "verifier",
            Self::Member => "member",
        }
    }
}

/// A refusal (RFC 6749, section 5.2).
#[derive(Serialize, Deserialize, Validate)]
pub struct TokenError {
    /// `error`
    #[serde(rename = "error")]
    pub error: String,
    /// `error_description`
    #[serde(rename = "error_description")]
    pub error_description: String,
}

/// The answer of RFC 7662, section 2.2.
#[derive(Serialize, Deserialize, Validate)]
pub struct TokenIntrospection {
    /// `active`
    #[serde(rename = "active")]
    pub active: bool,
    /// The scopes of the key, separated by spaces; those of its owner's role when it is not narrowed.
    #[serde(rename = "scope", default, deserialize_with = "types::present", skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// `username`
    #[serde(
        rename = "username",
        default,
        deserialize_with = "types::present",
        skip_serializing_if = "Option::is_none"
    )]
    pub username: Option<String>,
    /// Always `Bearer`.
    #[serde(
        rename = "token_type",
        default,
        deserialize_with = "types::present",
        skip_serializing_if = "Option::is_none"
    )]
    pub token_type: Option<String>,
    /// `exp`
    #[serde(
        rename = "exp",
        default,
        deserialize_with = "types::present_integer",
        skip_serializing_if = "Option::is_none"
    )]
    pub exp: Option<i64>,
    /// `iat`
    #[serde(
        rename = "iat",
        default,
        deserialize_with = "types::present_integer",
        skip_serializing_if = "Option::is_none"
    )]
    pub iat: Option<i64>,
    /// `nbf`
    #[serde(
        rename = "nbf",
        default,
        deserialize_with = "types::present_integer",
        skip_serializing_if = "Option::is_none"
    )]
    pub nbf: Option<i64>,
    /// The id of the key's owner.
    #[serde(rename = "sub", default, deserialize_with = "types::present", skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// The id of the key.
    #[serde(rename = "jti", default, deserialize_with = "types::present", skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// The database is away, and the answer is from memory; absent otherwise.
    #[serde(rename = "stale", default, deserialize_with = "types::present", skip_serializing_if = "Option::is_none")]
    pub stale: Option<bool>,
}

/// The form of RFC 6749, section 4.3.2.
#[derive(Serialize, Deserialize, Validate)]
pub struct TokenRequest {
    /// `grant_type`
    #[serde(rename = "grant_type")]
    pub grant_type: models::GrantType,
    /// `username`
    #[validate(length(max = 255),regex(path = *TOKEN_REQUEST_USERNAME_PATTERN))]
    #[serde(rename = "username")]
    pub username: String,
    /// `password`
    #[validate(length(max = 1024))]
    #[serde(rename = "password")]
    pub password: String,
    /// Scopes, separated by spaces; all that the user's role has when absent or empty.
    #[validate(length(max = 1024))]
    #[serde(rename = "scope", default, deserialize_with = "types::present", skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

static TOKEN_REQUEST_USERNAME_PATTERN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("^[^\\u0000]*$").expect("a pattern of the contract"));

/// A bearer token (RFC 6749, section 5.1).
#[derive(Serialize, Deserialize, Validate)]
pub struct TokenResponse {
    /// `access_token`
    #[serde(rename = "access_token")]
    pub access_token: String,
    /// Always `bearer`.
    #[serde(rename = "token_type")]
    pub token_type: String,
    /// Seconds.
    #[serde(rename = "expires_in", deserialize_with = "types::integer")]
    pub expires_in: i64,
    /// `scope`
    #[serde(rename = "scope")]
    pub scope: String,
}

/// A user of this service.
#[derive(Serialize, Deserialize, Validate)]
pub struct UserRead {
    /// `id`
    #[serde(rename = "id", deserialize_with = "types::integer")]
    pub id: i64,
    /// `username`
    #[serde(rename = "username")]
    pub username: String,
    /// `role`
    #[serde(rename = "role")]
    pub role: models::Role,
    /// `created_at`
    #[serde(rename = "created_at")]
    pub created_at: types::DateTime,
}

/// One thing that was wrong with a request.
#[derive(Serialize, Deserialize, Validate)]
pub struct ValidationError {
    /// `path`, `query`, `header` or `body`, then the way to the value.
    #[serde(rename = "loc")]
    pub loc: Vec<models::LocationInner>,
    /// `msg`
    #[serde(rename = "msg")]
    pub msg: String,
    /// A name of Pydantic's vocabulary.
    #[serde(rename = "type")]
    pub r_type: String,
}
