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
    #[serde(rename = "id")]
    pub id: i64,
    /// The first 12 characters of the key, by which a person recognises it.
    #[serde(rename = "key_prefix")]
    pub key_prefix: String,
    /// `user_id`
    #[serde(rename = "user_id")]
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

/// One of several types of value.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub enum LocationInner {
    /// `String`
    String(String),
    /// `i32`
    I32(i32),
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
    #[serde(rename = "status")]
    pub status: i64,
    /// `detail`
    #[serde(rename = "detail")]
    pub detail: String,
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
    #[serde(rename = "expires_in")]
    pub expires_in: i64,
    /// `scope`
    #[serde(rename = "scope")]
    pub scope: String,
}

/// A user of this service.
#[derive(Serialize, Deserialize, Validate)]
pub struct UserRead {
    /// `id`
    #[serde(rename = "id")]
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
