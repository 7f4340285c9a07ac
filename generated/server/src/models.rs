//! The schemas of the contract. Objects have no `Debug`, because they may hold secrets.
//!
//! A schema is either part of a request, and has no `Serialize`, or part of a response, and has no `Deserialize`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::{models, types};

/// The query parameters of `disableApiKey`.
#[derive(Deserialize, Validate)]
pub struct DisableApiKeyQuery {
    /// Whether the response waits, for about a second, until no node that reaches the database reports the key as valid any more. The change itself does not wait: it is made even if the client disconnects meanwhile.
    #[serde(default = "DisableApiKeyQuery::default_wait_until_effective")]
    pub wait_until_effective: bool,
}

impl DisableApiKeyQuery {
    fn default_wait_until_effective() -> bool {
        false
    }
}

/// The query parameters of `revokeApiKey`.
#[derive(Deserialize, Validate)]
pub struct RevokeApiKeyQuery {
    /// Whether the response waits, for about a second, until no node that reaches the database reports the key as valid any more. The change itself does not wait: it is made even if the client disconnects meanwhile.
    #[serde(default = "RevokeApiKeyQuery::default_wait_until_effective")]
    pub wait_until_effective: bool,
}

impl RevokeApiKeyQuery {
    fn default_wait_until_effective() -> bool {
        false
    }
}

/// The query parameters of `searchApiKeys`.
#[derive(Deserialize, Validate)]
pub struct SearchApiKeysQuery {
    /// The maximum number of items on a page.
    #[validate(range(min = 1i64, max = 200i64))]
    #[serde(default = "SearchApiKeysQuery::default_limit")]
    pub limit: i64,
    /// Where the page starts, as given with the previous page. It is opaque, and valid only for the same caller.
    #[validate(length(max = 64))]
    #[validate(regex(path = types::pattern!("^[A-Za-z0-9_-]+$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub cursor: Option<String>,
}

impl SearchApiKeysQuery {
    fn default_limit() -> i64 {
        50
    }
}

/// The query parameters of `deleteApiKey`.
#[derive(Deserialize, Validate)]
pub struct DeleteApiKeyQuery {
    /// Whether the response waits, for about a second, until no node that reaches the database reports the key as valid any more. The change itself does not wait: it is made even if the client disconnects meanwhile.
    #[serde(default = "DeleteApiKeyQuery::default_wait_until_effective")]
    pub wait_until_effective: bool,
}

impl DeleteApiKeyQuery {
    fn default_wait_until_effective() -> bool {
        false
    }
}

/// The query parameters of `listApiKeys`.
#[derive(Deserialize, Validate)]
pub struct ListApiKeysQuery {
    /// The maximum number of items on a page.
    #[validate(range(min = 1i64, max = 1000i64))]
    #[serde(default = "ListApiKeysQuery::default_limit")]
    pub limit: i64,
    /// Where the page starts, as given with the previous page. It is opaque, and valid only for the same caller.
    #[validate(length(max = 64))]
    #[validate(regex(path = types::pattern!("^[A-Za-z0-9_-]+$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub cursor: Option<String>,
    /// Return only keys with this status.
    #[serde(default, deserialize_with = "types::present")]
    pub status: Option<models::ApiKeyStatus>,
}

impl ListApiKeysQuery {
    fn default_limit() -> i64 {
        50
    }
}

/// The query parameters of `listAuditEvents`.
#[derive(Deserialize, Validate)]
pub struct ListAuditEventsQuery {
    /// The maximum number of items on a page.
    #[validate(range(min = 1i64, max = 1000i64))]
    #[serde(default = "ListAuditEventsQuery::default_limit")]
    pub limit: i64,
    /// Where the page starts, as given with the previous page. It is opaque, and valid only for the same caller.
    #[validate(length(max = 64))]
    #[validate(regex(path = types::pattern!("^[A-Za-z0-9_-]+$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub cursor: Option<String>,
    /// Return only events of this API key.
    #[serde(default, deserialize_with = "types::present")]
    pub key_id: Option<i64>,
    /// Return only events that this principal caused.
    #[serde(default, deserialize_with = "types::present")]
    pub actor_user_id: Option<i64>,
    /// Return only events with this action. It may be an action that this version does not know, because a later version may have written it.
    #[validate(length(max = 64))]
    #[validate(regex(path = types::pattern!("^[a-z_]+$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub action: Option<String>,
    /// Return only events that occurred at or after this time; RFC 3339 with an offset.
    #[serde(default, deserialize_with = "types::present")]
    pub since: Option<types::DateTime>,
    /// Return only events that occurred before this time; RFC 3339 with an offset.
    #[serde(default, deserialize_with = "types::present")]
    pub until: Option<types::DateTime>,
}

impl ListAuditEventsQuery {
    fn default_limit() -> i64 {
        50
    }
}

/// The query parameters of `listMembers`.
#[derive(Deserialize, Validate)]
pub struct ListMembersQuery {
    /// The maximum number of items on a page.
    #[validate(range(min = 1i64, max = 200i64))]
    #[serde(default = "ListMembersQuery::default_limit")]
    pub limit: i64,
    /// Where the page starts, as given with the previous page. It is opaque, and valid only for the same caller.
    #[validate(length(max = 64))]
    #[validate(regex(path = types::pattern!("^[A-Za-z0-9_-]+$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub cursor: Option<String>,
}

impl ListMembersQuery {
    fn default_limit() -> i64 {
        50
    }
}

/// The query parameters of `listOwners`.
#[derive(Deserialize, Validate)]
pub struct ListOwnersQuery {
    /// The maximum number of items on a page.
    #[validate(range(min = 1i64, max = 200i64))]
    #[serde(default = "ListOwnersQuery::default_limit")]
    pub limit: i64,
    /// Where the page starts, as given with the previous page. It is opaque, and valid only for the same caller.
    #[validate(length(max = 64))]
    #[validate(regex(path = types::pattern!("^[A-Za-z0-9_-]+$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub cursor: Option<String>,
    /// Return only the owner with this external id.
    #[validate(length(min = 1, max = 255))]
    #[validate(regex(path = types::pattern!("^[^\\u0000-\\u001f\\u007f-\\u009f]+$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub external_id: Option<String>,
}

impl ListOwnersQuery {
    fn default_limit() -> i64 {
        50
    }
}

/// The query parameters of `listProjects`.
#[derive(Deserialize, Validate)]
pub struct ListProjectsQuery {
    /// The maximum number of items on a page.
    #[validate(range(min = 1i64, max = 200i64))]
    #[serde(default = "ListProjectsQuery::default_limit")]
    pub limit: i64,
    /// Where the page starts, as given with the previous page. It is opaque, and valid only for the same caller.
    #[validate(length(max = 64))]
    #[validate(regex(path = types::pattern!("^[A-Za-z0-9_-]+$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub cursor: Option<String>,
}

impl ListProjectsQuery {
    fn default_limit() -> i64 {
        50
    }
}

/// The query parameters of `listUsers`.
#[derive(Deserialize, Validate)]
pub struct ListUsersQuery {
    /// Return only the user of this name.
    #[validate(length(min = 1, max = 255))]
    #[validate(regex(path = types::pattern!("^[^\\u0000-\\u001f\\u007f-\\u009f]+$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub username: Option<String>,
    /// The maximum number of items on a page.
    #[validate(range(min = 1i64, max = 200i64))]
    #[serde(default = "ListUsersQuery::default_limit")]
    pub limit: i64,
    /// Where the page starts, as given with the previous page. It is opaque, and valid only for the same caller.
    #[validate(length(max = 64))]
    #[validate(regex(path = types::pattern!("^[A-Za-z0-9_-]+$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub cursor: Option<String>,
}

impl ListUsersQuery {
    fn default_limit() -> i64 {
        50
    }
}

/// The query parameters of `forwardAuth`.
#[derive(Deserialize, Validate)]
pub struct ForwardAuthQuery {
    /// The scopes that the key must have, separated by spaces.
    #[validate(length(max = 1024))]
    #[serde(default, deserialize_with = "types::present")]
    pub scope: Option<String>,
    /// Names of metadata of the owner that the key belongs to, separated by commas, at most 10. What the owner has of them is in `X-Latchkey-Owner-Metadata`.
    #[validate(length(max = 409))]
    #[validate(regex(path = types::pattern!("^[A-Za-z0-9_.-]{1,40}(,[A-Za-z0-9_.-]{1,40}){0,9}$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub metadata: Option<String>,
}

/// The query parameters of `projectForwardAuth`.
#[derive(Deserialize, Validate)]
pub struct ProjectForwardAuthQuery {
    /// The scopes that the key must have, separated by spaces.
    #[validate(length(max = 1024))]
    #[serde(default, deserialize_with = "types::present")]
    pub scope: Option<String>,
    /// Names of metadata of the owner that the key belongs to, separated by commas, at most 10. What the owner has of them is in `X-Latchkey-Owner-Metadata`.
    #[validate(length(max = 409))]
    #[validate(regex(path = types::pattern!("^[A-Za-z0-9_.-]{1,40}(,[A-Za-z0-9_.-]{1,40}){0,9}$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub metadata: Option<String>,
}

/// The properties of a new API key.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyCreate {
    /// When the key expires; RFC 3339 with an offset, microsecond precision, years 0001 to 9999 in UTC. A time in the past makes the key expired. Absent or `null`: when the API key that creates it expires; never, if that never expires or the key is created with a bearer token.
    #[serde(default, deserialize_with = "types::present")]
    pub expires_at: Option<Option<types::DateTime>>,
    /// What the key is used for; any characters except U+0000.
    #[validate(length(max = 4096))]
    #[validate(regex(path = types::pattern!("^[^\\u0000]*$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub description: Option<Option<String>>,
    /// What restricts the key. Absent or `null`: it gets the restrictions of the credential that creates it.
    #[validate(nested)]
    #[serde(default, deserialize_with = "types::present_nullable_object")]
    pub policy: Option<Option<models::ApiKeyPolicy>>,
    /// Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without spaces, all together have at most 4,096 bytes.
    #[validate(length(max = 50))]
    #[validate(custom(function = Self::validate_metadata_members))]
    #[serde(default, deserialize_with = "types::present")]
    pub metadata: Option<types::StringMap>,
}

impl ApiKeyCreate {
    fn validate_metadata_members(members: &types::StringMap) -> Result<(), validator::ValidationError> {
        #[derive(Validate)]
        struct Member<'a> {
            #[validate(regex(path = types::pattern!("^[A-Za-z0-9_.-]{1,40}$")))]
            name: &'a String,
            #[validate(length(max = 500))]
            #[validate(regex(path = types::pattern!("^[^\\u0000]*$")))]
            value: &'a String,
        }
        types::validate_members(members, |name, value| Member { name, value })
    }
}

/// Conditions on a key, all of which it must meet. A condition that is absent is met by every key.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyFilter {
    /// A whole key, or how it begins: 4 characters or more. Of what is not a whole key, the first 12 characters count.
    #[validate(length(min = 4, max = 256))]
    #[validate(regex(path = types::pattern!("^[!-~]+$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub key: Option<String>,
    /// The external id of the owner.
    #[validate(length(min = 1, max = 255))]
    #[validate(regex(path = types::pattern!("^[^\\u0000-\\u001f\\u007f-\\u009f]+$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub owner: Option<String>,
    /// The member `status`.
    #[serde(default, deserialize_with = "types::present")]
    pub status: Option<models::ApiKeyStatus>,
    /// What the description contains, in upper or lower case.
    #[validate(length(min = 1, max = 255))]
    #[validate(regex(path = types::pattern!("^[^\\u0000]+$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub description: Option<String>,
    /// Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without spaces, all together have at most 4,096 bytes.
    #[validate(length(max = 50))]
    #[validate(custom(function = Self::validate_metadata_members))]
    #[serde(default, deserialize_with = "types::present")]
    pub metadata: Option<types::StringMap>,
    /// The key expires after this time. Keys that never expire do not.
    #[serde(default, deserialize_with = "types::present")]
    pub expires_after: Option<types::DateTime>,
    /// The key expires before this time.
    #[serde(default, deserialize_with = "types::present")]
    pub expires_before: Option<types::DateTime>,
    /// The key was created before this time.
    #[serde(default, deserialize_with = "types::present")]
    pub created_before: Option<types::DateTime>,
    /// The key was created before this time, and was not used since.
    #[serde(default, deserialize_with = "types::present")]
    pub unused_since: Option<types::DateTime>,
}

impl ApiKeyFilter {
    fn validate_metadata_members(members: &types::StringMap) -> Result<(), validator::ValidationError> {
        #[derive(Validate)]
        struct Member<'a> {
            #[validate(regex(path = types::pattern!("^[A-Za-z0-9_.-]{1,40}$")))]
            name: &'a String,
            #[validate(length(max = 500))]
            #[validate(regex(path = types::pattern!("^[^\\u0000]*$")))]
            value: &'a String,
        }
        types::validate_members(members, |name, value| Member { name, value })
    }
}

/// An API key to issue, either to an owner or to a service account.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyIssue {
    /// The external id of the owner, which is created if there is none.
    #[validate(length(min = 1, max = 255))]
    #[validate(regex(path = types::pattern!("^[^\\u0000-\\u001f\\u007f-\\u009f]+$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub external_id: Option<String>,
    /// The name of the service account, in place of `external_id`.
    #[validate(length(min = 1, max = 255))]
    #[validate(regex(path = types::pattern!("^[^\\u0000-\\u001f\\u007f-\\u009f]+$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub service_account: Option<String>,
    /// When the key expires; RFC 3339 with an offset, microsecond precision, years 0001 to 9999 in UTC. Absent or `null`: after the default lifetime of the project, if it has one.
    #[serde(default, deserialize_with = "types::present")]
    pub expires_at: Option<Option<types::DateTime>>,
    /// What the key is used for; any characters except U+0000.
    #[validate(length(max = 4096))]
    #[validate(regex(path = types::pattern!("^[^\\u0000]*$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub description: Option<Option<String>>,
    /// What restricts the key. Absent or `null` for the default policy of the project.
    #[validate(nested)]
    #[serde(default, deserialize_with = "types::present_nullable_object")]
    pub policy: Option<Option<models::ApiKeyPolicy>>,
    /// Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without spaces, all together have at most 4,096 bytes.
    #[validate(length(max = 50))]
    #[validate(custom(function = Self::validate_metadata_members))]
    #[serde(default, deserialize_with = "types::present")]
    pub metadata: Option<types::StringMap>,
}

impl ApiKeyIssue {
    fn validate_metadata_members(members: &types::StringMap) -> Result<(), validator::ValidationError> {
        #[derive(Validate)]
        struct Member<'a> {
            #[validate(regex(path = types::pattern!("^[A-Za-z0-9_.-]{1,40}$")))]
            name: &'a String,
            #[validate(length(max = 500))]
            #[validate(regex(path = types::pattern!("^[^\\u0000]*$")))]
            value: &'a String,
        }
        types::validate_members(members, |name, value| Member { name, value })
    }
}

/// The metadata of an API key, which replaces that which it has.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyMetadata {
    /// Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without spaces, all together have at most 4,096 bytes.
    #[validate(length(max = 50))]
    #[validate(custom(function = Self::validate_metadata_members))]
    pub metadata: types::StringMap,
}

impl ApiKeyMetadata {
    fn validate_metadata_members(members: &types::StringMap) -> Result<(), validator::ValidationError> {
        #[derive(Validate)]
        struct Member<'a> {
            #[validate(regex(path = types::pattern!("^[A-Za-z0-9_.-]{1,40}$")))]
            name: &'a String,
            #[validate(length(max = 500))]
            #[validate(regex(path = types::pattern!("^[^\\u0000]*$")))]
            value: &'a String,
        }
        types::validate_members(members, |name, value| Member { name, value })
    }
}

/// The metadata of an API key.
#[derive(Serialize)]
pub struct ApiKeyMetadataRead {
    /// Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without spaces, all together have at most 4,096 bytes.
    pub metadata: types::StringMap,
}

/// The restrictions of an API key. A member that is absent or `null` does not restrict it.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyPolicy {
    /// The only scopes that the key has.
    #[validate(length(max = 100))]
    #[validate(custom(function = Self::validate_scopes_items))]
    #[serde(default, deserialize_with = "types::present")]
    pub scopes: Option<Option<Vec<String>>>,
    /// The only networks that the key may be used from; bits beyond the prefix are ignored.
    #[validate(length(max = 100))]
    #[validate(custom(function = Self::validate_networks_items))]
    #[serde(default, deserialize_with = "types::present")]
    pub networks: Option<Option<Vec<String>>>,
    /// When the key becomes valid; before this time it is pending. RFC 3339 with an offset.
    #[serde(default, deserialize_with = "types::present")]
    pub not_before: Option<Option<types::DateTime>>,
    /// How often the key may be verified.
    #[validate(nested)]
    #[serde(default, deserialize_with = "types::present_nullable_object")]
    pub rate_limit: Option<Option<models::RateLimit>>,
}

impl ApiKeyPolicy {
    fn validate_scopes_items(items: &[String]) -> Result<(), validator::ValidationError> {
        #[derive(Validate)]
        struct Item<'a> {
            #[validate(length(max = 128))]
            #[validate(regex(path = types::pattern!("^([!#-)+-\\[\\]-~]|[!#-\\[\\]-~]{2,})$")))]
            value: &'a String,
        }
        types::validate_items(items, |value| Item { value })
    }
}

impl ApiKeyPolicy {
    fn validate_networks_items(items: &[String]) -> Result<(), validator::ValidationError> {
        #[derive(Validate)]
        struct Item<'a> {
            #[validate(custom(function = types::validate_ip_network))]
            value: &'a String,
        }
        types::validate_items(items, |value| Item { value })
    }
}

/// The restrictions of an API key. A member that is `null` does not restrict it.
#[derive(Serialize)]
pub struct ApiKeyPolicyRead {
    /// The only scopes that the key has.
    pub scopes: Option<Vec<String>>,
    /// The only networks that the key may be used from.
    pub networks: Option<Vec<String>>,
    /// When the key becomes valid; before this time it is pending.
    pub not_before: Option<types::DateTime>,
    /// How often the key may be verified.
    pub rate_limit: Option<models::RateLimitRead>,
}

/// The changes to an API key. A member that is absent does not change; `null` removes the value.
#[derive(Deserialize, Validate)]
pub struct ApiKeyRecordCreate {
    /// When the key expires; RFC 3339 with an offset, microsecond precision, years 0001 to 9999 in UTC. A time in the past makes the key expired.
    #[serde(default, deserialize_with = "types::present")]
    pub expires_at: Option<Option<types::DateTime>>,
    /// What the key is used for; any characters except U+0000.
    #[validate(length(max = 4096))]
    #[validate(regex(path = types::pattern!("^[^\\u0000]*$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub description: Option<Option<String>>,
}

/// An API key as its user sees it.
#[derive(Serialize)]
pub struct ApiKeyRecordRead {
    /// The id of the key.
    pub id: i64,
    /// The first characters of the key, at least 12, by which a person recognises it.
    pub key_prefix: String,
    /// The id of the user that the key belongs to.
    pub user_id: i64,
    /// `active`, `pending`, `disabled`, `revoked` or `expired`, at the time of the response; more may be added.
    pub status: Option<String>,
    /// When the key was created.
    pub created_at: Option<types::DateTime>,
    /// When the key expires; `null` if never.
    pub expires_at: Option<types::DateTime>,
    /// What the key is used for.
    pub description: Option<String>,
    /// The secret. Only in the responses of `createApiKey` and `rotateApiKey`; otherwise `null`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_key: Option<Option<String>>,
}

/// Which keys are revoked.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyRevocation {
    /// The member `filter`.
    #[validate(nested)]
    #[serde(deserialize_with = "types::object")]
    pub filter: models::ApiKeyFilter,
    /// Whether the keys are counted, and none is revoked.
    pub dry_run: bool,
    /// The most keys that one request revokes.
    #[validate(range(min = 1i64, max = 1000i64))]
    #[serde(deserialize_with = "types::integer")]
    pub limit: i64,
    /// Why the keys are revoked, for the audit trail.
    #[validate(length(max = 255))]
    #[validate(regex(path = types::pattern!("^[^\\u0000]*$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub reason: Option<String>,
    /// The `next_cursor` of the request before.
    #[validate(length(max = 64))]
    #[validate(regex(path = types::pattern!("^[A-Za-z0-9_-]+$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub cursor: Option<String>,
}

/// How many keys were revoked.
#[derive(Serialize)]
pub struct ApiKeyRevocationResult {
    /// How many keys of those that this request examined match.
    pub matched: i64,
    /// How many of them were revoked; 0 with `dry_run`.
    pub revoked: i64,
    /// The `cursor` of the next request; `null` if there are no more keys.
    pub next_cursor: Option<String>,
}

/// Why a key is revoked.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyRevoke {
    /// The reason, for the audit trail. It must not contain secrets.
    #[validate(length(max = 255))]
    #[validate(regex(path = types::pattern!("^[^\\u0000]*$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub reason: Option<Option<String>>,
}

/// How a key is rotated.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyRotate {
    /// How long the old key remains valid, in seconds; 0 if absent.
    #[validate(range(min = 0i64, max = 31536000i64))]
    #[serde(default, deserialize_with = "types::present_integer")]
    pub grace_period_seconds: Option<i64>,
}

/// The status of a key: `active`; `pending` before its `not_before`; `disabled`; `revoked`; `expired`. Of several, the one that cannot be undone is reported first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
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
    /// The value in the contract.
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

/// How often a key was verified, and when it was last used.
#[derive(Serialize)]
pub struct ApiKeyUsage {
    /// The id of the key.
    pub key_id: i64,
    /// How many verifications found the key valid.
    pub valid_count: i64,
    /// How many verifications found the key invalid.
    pub invalid_count: i64,
    /// When a verification last found the key valid; `null` if never.
    pub last_used_at: Option<types::DateTime>,
}

/// The result of a verification. The members that identify the key are present only if it is valid.
#[derive(Serialize)]
pub struct ApiKeyVerification {
    /// Whether the key is valid for the request.
    pub valid: bool,
    /// The reason of the decision. `not_found`: the key does not exist, its checksum is wrong, or the caller may not verify keys of its project; `principal_disabled`, `project_disabled`: its principal or its project is disabled; `network_not_allowed`: the client address is unknown or outside the key's networks.
    pub code: Cow<'static, str>,
    /// Whether the database is unreachable and the decision was made from the key cache.
    pub stale: bool,
    /// Whether the key is valid and not restricted to scopes; `scopes` is absent then.
    pub unrestricted: bool,
    /// The id of the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_id: Option<i64>,
    /// The id of the principal that the key belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<i64>,
    /// The name of that user or service account; absent for keys of owners.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The slug of the project of the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The external id of the owner that the key belongs to; absent for other keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner_external_id: Option<String>,
    /// The scopes of the key; absent if `unrestricted` is true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    /// When the key expires; absent if never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<types::DateTime>,
    /// Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without spaces, all together have at most 4,096 bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<types::StringMap>,
    /// Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without spaces, all together have at most 4,096 bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner_metadata: Option<types::StringMap>,
    /// Seconds until the next request may be valid; present only if `code` is `rate_limited`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<i64>,
}

/// A key, and what the request that it came with needs.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyVerify {
    /// The key, as the client sent it.
    #[validate(length(max = 1024))]
    pub key: String,
    /// The scopes that the key must have.
    #[validate(length(max = 100))]
    #[validate(custom(function = Self::validate_scopes_items))]
    #[serde(default, deserialize_with = "types::present")]
    pub scopes: Option<Option<Vec<String>>>,
    /// The client address. Without it a key that is restricted to networks is invalid.
    #[validate(custom(function = types::validate_ip_address))]
    #[serde(default, deserialize_with = "types::present")]
    pub ip: Option<Option<String>>,
}

impl ApiKeyVerify {
    fn validate_scopes_items(items: &[String]) -> Result<(), validator::ValidationError> {
        #[derive(Validate)]
        struct Item<'a> {
            #[validate(length(max = 128))]
            #[validate(regex(path = types::pattern!("^([!#-)+-\\[\\]-~]|[!#-\\[\\]-~]{2,})$")))]
            value: &'a String,
        }
        types::validate_items(items, |value| Item { value })
    }
}

/// The properties that changed, each with its value before and after. A property that did not change is absent; of a new subject every property that has a value is present.
#[derive(Serialize)]
pub struct AuditChanges {
    /// The member `description`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<models::TextChange>,
    /// The member `expires_at`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<models::TimeChange>,
    /// The member `not_before`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_before: Option<models::TimeChange>,
    /// The member `disabled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled: Option<models::FlagChange>,
    /// The member `revoked`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked: Option<models::FlagChange>,
    /// The member `revocation_reason`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation_reason: Option<models::TextChange>,
    /// The member `deleted`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<models::FlagChange>,
    /// The member `scopes`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes: Option<models::ListChange>,
    /// The member `networks`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub networks: Option<models::ListChange>,
    /// The member `rate_limit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<models::RateLimitChange>,
    /// The member `successor_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub successor_id: Option<models::IdChange>,
    /// The member `managed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed: Option<models::FlagChange>,
    /// The member `username`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<models::TextChange>,
    /// The member `role`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<models::TextChange>,
    /// The member `key_prefix`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_prefix: Option<models::TextChange>,
    /// The member `default_lifetime_seconds`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_lifetime_seconds: Option<models::DurationChange>,
    /// The member `max_lifetime_seconds`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_lifetime_seconds: Option<models::DurationChange>,
    /// The member `allowed_origins`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_origins: Option<models::ListChange>,
}

/// A change, a login or a denied operation, and who caused it. It contains no secrets.
#[derive(Serialize)]
pub struct AuditEvent {
    /// The id of the event. Later events have higher ids, except those that were written concurrently.
    pub id: i64,
    /// When it happened.
    pub occurred_at: types::DateTime,
    /// What was done. `login`: a user gave the right password. `login_failed`: the name or the password was wrong, or the user is disabled; attempts over the limits on logins are not recorded. `access_denied`: a credential lacks a scope that an operation needs; recorded at most once a minute for each credential and operation.
    pub action: Cow<'static, str>,
    /// What it was done to.
    pub subject_type: Cow<'static, str>,
    /// The id of what it was done to, among those of its type; `null` if it has none, or there is no user of this name.
    pub subject_id: Option<i64>,
    /// The id of the API key that the event is about; `null` if it is about none.
    pub key_id: Option<i64>,
    /// The id of the principal that did it; `null` if unknown, as for failed logins and commands.
    pub actor_user_id: Option<i64>,
    /// The id of the API key that was the credential; `null` if there was none.
    pub actor_key_id: Option<i64>,
    /// The credential that it was done with; `key_holder` if the key was revoked by presenting it, `command` if a command of the program did it, `owner_token` if a bearer token of an owner was used.
    pub credential_type: Cow<'static, str>,
    /// The client address; `null` if unknown.
    pub client_ip: Option<String>,
    /// The `operationId` of the operation that was denied; absent from other events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The slug of the project of the subject, or in which a user's role changed; absent from other events of users and of the instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The id of the principal that the subject belongs to, or is; absent if unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal_id: Option<i64>,
    /// The id of the principal that issued the owner token that it was done with; otherwise absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minted_by: Option<i64>,
    /// The member `changes`.
    pub changes: models::AuditChanges,
}

/// A page of audit events.
#[derive(Serialize)]
pub struct AuditEventPage {
    /// The events of this page, newest first.
    pub items: Vec<models::AuditEvent>,
    /// The `cursor` of the next page; `null` on the last page.
    pub next_cursor: Option<String>,
}

/// What restricts keys that are issued without a policy, and the keys that owner tokens create. It is replaced as a whole.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct DefaultPolicy {
    /// The scopes of keys of owners and service accounts that are created without scopes: those of the deployer, and those of `latchkey:keys`. Absent or `null` for none.
    #[validate(length(max = 100))]
    #[validate(custom(function = Self::validate_scopes_items))]
    #[serde(default, deserialize_with = "types::present")]
    pub scopes: Option<Option<Vec<String>>>,
    /// The networks; absent or `null` for all.
    #[validate(length(max = 100))]
    #[validate(custom(function = Self::validate_networks_items))]
    #[serde(default, deserialize_with = "types::present")]
    pub networks: Option<Option<Vec<String>>>,
    /// The rate limit; absent or `null` for none.
    #[validate(nested)]
    #[serde(default, deserialize_with = "types::present_nullable_object")]
    pub rate_limit: Option<Option<models::RateLimit>>,
}

impl DefaultPolicy {
    fn validate_scopes_items(items: &[String]) -> Result<(), validator::ValidationError> {
        #[derive(Validate)]
        struct Item<'a> {
            #[validate(length(max = 128))]
            #[validate(regex(path = types::pattern!("^([!#-)+-\\[\\]-~]|[!#-\\[\\]-~]{2,})$")))]
            value: &'a String,
        }
        types::validate_items(items, |value| Item { value })
    }
}

impl DefaultPolicy {
    fn validate_networks_items(items: &[String]) -> Result<(), validator::ValidationError> {
        #[derive(Validate)]
        struct Item<'a> {
            #[validate(custom(function = types::validate_ip_network))]
            value: &'a String,
        }
        types::validate_items(items, |value| Item { value })
    }
}

/// What restricts keys that are issued without a policy, and the keys that owner tokens create.
#[derive(Serialize)]
pub struct DefaultPolicyRead {
    /// The scopes of keys of owners and service accounts that are created without scopes.
    pub scopes: Vec<String>,
    /// The networks; `null` for all.
    pub networks: Option<Vec<String>>,
    /// The rate limit; `null` for none.
    pub rate_limit: Option<models::RateLimitRead>,
}

/// A changed duration.
#[derive(Serialize)]
pub struct DurationChange {
    /// The duration before the change, in seconds.
    pub before: Option<i64>,
    /// The duration after the change, in seconds.
    pub after: Option<i64>,
}

/// A changed boolean.
#[derive(Serialize)]
pub struct FlagChange {
    /// The value before the change.
    pub before: bool,
    /// The value after the change.
    pub after: bool,
}

/// A key, whose it is, and when it was last used.
#[derive(Serialize)]
pub struct FoundApiKey {
    /// The member `key`.
    pub key: models::ApiKeyRecordRead,
    /// The external id of its owner; `null` for keys of users and service accounts.
    pub owner_external_id: Option<String>,
    /// Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without spaces, all together have at most 4,096 bytes.
    pub metadata: types::StringMap,
    /// When it was last used, a few seconds late; `null` for never.
    pub last_used_at: Option<types::DateTime>,
}

/// A page of keys that were found.
#[derive(Serialize)]
pub struct FoundApiKeyPage {
    /// The keys of this page.
    pub items: Vec<models::FoundApiKey>,
    /// The `cursor` of the next page; `null` on the last page.
    pub next_cursor: Option<String>,
}

/// The supported grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum GrantType {
    /// `"password"`
    #[serde(rename = "password")]
    Password,
}

impl GrantType {
    /// The value in the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
        }
    }
}

/// The validation errors of a request.
#[derive(Serialize)]
pub struct HttpValidationError {
    /// The validation errors, path first, then query, headers and body; at most the first 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<Vec<models::ValidationError>>,
}

/// A changed reference.
#[derive(Serialize)]
pub struct IdChange {
    /// The id before the change.
    pub before: Option<i64>,
    /// The id after the change.
    pub after: Option<i64>,
}

/// The form of RFC 7662, section 2.1.
#[derive(Deserialize, Validate)]
pub struct IntrospectionRequest {
    /// The key.
    #[validate(length(max = 1024))]
    pub token: String,
    /// Ignored, because the form of a key identifies it.
    #[serde(default, deserialize_with = "types::present")]
    pub token_type_hint: Option<String>,
}

/// A changed list of texts.
#[derive(Serialize)]
pub struct ListChange {
    /// The list before the change.
    pub before: Option<Vec<String>>,
    /// The list after the change.
    pub after: Option<Vec<String>>,
}

/// A value of one of several types.
#[derive(Serialize)]
#[serde(untagged)]
pub enum LocationInner {
    /// `String`
    String(String),
    /// `i64`
    I64(i64),
}

/// A user or service account with its role in a project.
#[derive(Serialize)]
pub struct Member {
    /// The id of the principal.
    pub user_id: i64,
    /// What the principal is.
    pub kind: Cow<'static, str>,
    /// The name of the user or service account.
    pub name: String,
    /// The role in the project.
    pub role: Cow<'static, str>,
}

/// A page of members.
#[derive(Serialize)]
pub struct MemberPage {
    /// The members of this page.
    pub items: Vec<models::Member>,
    /// The `cursor` of the next page; `null` on the last page.
    pub next_cursor: Option<String>,
}

/// What a member may do in the project. `verifier`: verify keys; `auditor`: read owners, keys and audit events; `manager`: also manage owners and their keys; `admin`: everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum MemberRole {
    /// `"admin"`
    #[serde(rename = "admin")]
    Admin,
    /// `"manager"`
    #[serde(rename = "manager")]
    Manager,
    /// `"auditor"`
    #[serde(rename = "auditor")]
    Auditor,
    /// `"verifier"`
    #[serde(rename = "verifier")]
    Verifier,
}

impl MemberRole {
    /// The value in the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Auditor => "auditor",
            Self::Verifier => "verifier",
        }
    }
}

/// The role of a member.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct MemberSet {
    /// The member `role`.
    pub role: models::MemberRole,
}

/// A customer of the deployer, to whom keys are issued.
#[derive(Serialize)]
pub struct Owner {
    /// The id of the owner; the `user_id` of its keys.
    pub id: i64,
    /// The id of the owner in the deployer's system.
    pub external_id: String,
    /// A name for people; `null` if there is none.
    pub display_name: Option<String>,
    /// Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without spaces, all together have at most 4,096 bytes.
    pub metadata: types::StringMap,
    /// Whether no key of the owner is valid.
    pub disabled: bool,
    /// When the owner was created.
    pub created_at: types::DateTime,
}

/// A page of owners.
#[derive(Serialize)]
pub struct OwnerPage {
    /// The owners of this page, oldest first.
    pub items: Vec<models::Owner>,
    /// The `cursor` of the next page; `null` on the last page.
    pub next_cursor: Option<String>,
}

/// The owner, and what the token may do.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct OwnerTokenCreate {
    /// The external id of the owner.
    #[validate(length(min = 1, max = 255))]
    #[validate(regex(path = types::pattern!("^[^\\u0000-\\u001f\\u007f-\\u009f]+$")))]
    pub external_id: String,
    /// The scopes of the token, of `latchkey:keys.read`, `latchkey:keys.manage` and `latchkey:keys.write`. Absent: the first two.
    #[validate(length(max = 3))]
    #[validate(custom(function = Self::validate_scopes_items))]
    #[serde(default, deserialize_with = "types::present")]
    pub scopes: Option<Vec<String>>,
    /// The scopes that keys may have which the token creates or restricts. Absent: the default scopes of the project.
    #[validate(length(max = 20))]
    #[validate(custom(function = Self::validate_key_scopes_items))]
    #[serde(default, deserialize_with = "types::present")]
    pub key_scopes: Option<Vec<String>>,
    /// How long the token is valid, in seconds; 900 if absent.
    #[validate(range(min = 60i64, max = 900i64))]
    #[serde(default, deserialize_with = "types::present_integer")]
    pub expires_in: Option<i64>,
}

impl OwnerTokenCreate {
    fn validate_scopes_items(items: &[String]) -> Result<(), validator::ValidationError> {
        #[derive(Validate)]
        struct Item<'a> {
            #[validate(length(max = 128))]
            #[validate(regex(path = types::pattern!("^([!#-)+-\\[\\]-~]|[!#-\\[\\]-~]{2,})$")))]
            value: &'a String,
        }
        types::validate_items(items, |value| Item { value })
    }
}

impl OwnerTokenCreate {
    fn validate_key_scopes_items(items: &[String]) -> Result<(), validator::ValidationError> {
        #[derive(Validate)]
        struct Item<'a> {
            #[validate(length(max = 128))]
            #[validate(regex(path = types::pattern!("^([!#-)+-\\[\\]-~]|[!#-\\[\\]-~]{2,})$")))]
            value: &'a String,
        }
        types::validate_items(items, |value| Item { value })
    }
}

/// An owner to create or to change.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct OwnerUpsert {
    /// The id of the owner in the deployer's system: any characters but control characters, compared byte for byte.
    #[validate(length(min = 1, max = 255))]
    #[validate(regex(path = types::pattern!("^[^\\u0000-\\u001f\\u007f-\\u009f]+$")))]
    pub external_id: String,
    /// A name for people; `null` for none. Absent: unchanged.
    #[validate(length(max = 255))]
    #[validate(regex(path = types::pattern!("^[^\\u0000]*$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub display_name: Option<Option<String>>,
    /// Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without spaces, all together have at most 4,096 bytes.
    #[validate(length(max = 50))]
    #[validate(custom(function = Self::validate_metadata_members))]
    #[serde(default, deserialize_with = "types::present")]
    pub metadata: Option<types::StringMap>,
    /// Whether no key of the owner is valid. Absent: unchanged.
    #[serde(default, deserialize_with = "types::present")]
    pub disabled: Option<bool>,
}

impl OwnerUpsert {
    fn validate_metadata_members(members: &types::StringMap) -> Result<(), validator::ValidationError> {
        #[derive(Validate)]
        struct Member<'a> {
            #[validate(regex(path = types::pattern!("^[A-Za-z0-9_.-]{1,40}$")))]
            name: &'a String,
            #[validate(length(max = 500))]
            #[validate(regex(path = types::pattern!("^[^\\u0000]*$")))]
            value: &'a String,
        }
        types::validate_members(members, |name, value| Member { name, value })
    }
}

/// The passwords of a user.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password that the user has.
    #[validate(length(max = 1024))]
    pub current: String,
    /// The password that the user gets.
    #[validate(length(min = 8, max = 1024))]
    pub new: String,
}

/// A problem document (RFC 9457).
#[derive(Serialize)]
pub struct Problem {
    /// Always `about:blank`; `code` names the cause.
    #[serde(rename = "type")]
    pub type_: String,
    /// The reason phrase of the status.
    pub title: String,
    /// The status of the response.
    pub status: i64,
    /// An explanation for people.
    pub detail: String,
    /// The cause, for programs.
    pub code: Cow<'static, str>,
}

/// A project.
#[derive(Serialize)]
pub struct Project {
    /// The name of the project in paths; immutable.
    pub slug: String,
    /// The member `settings`.
    pub settings: models::ProjectSettings,
    /// Whether no key of the project is valid.
    pub disabled: bool,
    /// When the project was created.
    pub created_at: types::DateTime,
}

/// The properties of a new project.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ProjectCreate {
    /// The name of the project in paths; it cannot be changed.
    #[validate(regex(path = types::pattern!("^[a-z][a-z0-9-]{0,62}$")))]
    pub slug: String,
    /// The member `settings`.
    #[validate(nested)]
    #[serde(default, deserialize_with = "types::present_object")]
    pub settings: Option<models::ProjectSettingsUpdate>,
}

/// A page of projects.
#[derive(Serialize)]
pub struct ProjectPage {
    /// The projects of this page, oldest first.
    pub items: Vec<models::Project>,
    /// The `cursor` of the next page; `null` on the last page.
    pub next_cursor: Option<String>,
}

/// The role of a principal in a project.
#[derive(Serialize)]
pub struct ProjectRole {
    /// The slug of the project.
    pub project: String,
    /// What the member may do in the project. `verifier`: verify keys; `auditor`: read owners, keys and audit events; `manager`: also manage owners and their keys; `admin`: everything.
    pub role: Cow<'static, str>,
}

/// The settings of a project.
#[derive(Serialize)]
pub struct ProjectSettings {
    /// How the keys of the project begin; `null` for the prefix of the server.
    pub key_prefix: Option<String>,
    /// The member `default_policy`.
    pub default_policy: models::DefaultPolicyRead,
    /// How many seconds a key is valid that is created without an expiry; `null` for ever.
    pub default_lifetime_seconds: Option<i64>,
    /// How many seconds a key is valid at most; `null` for ever. Keys that exist keep their expiry until it is set again.
    pub max_lifetime_seconds: Option<i64>,
    /// The origins of web pages that may use owner tokens of the project.
    pub allowed_origins: Vec<String>,
}

/// Settings of a project. A member that is absent does not change; `null` removes the value.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ProjectSettingsUpdate {
    /// How new keys of the project begin; `null` for the prefix of the server.
    #[validate(regex(path = types::pattern!("^[a-z][a-z0-9]{0,7}$")))]
    #[serde(default, deserialize_with = "types::present")]
    pub key_prefix: Option<Option<String>>,
    /// The member `default_policy`.
    #[validate(nested)]
    #[serde(default, deserialize_with = "types::present_object")]
    pub default_policy: Option<models::DefaultPolicy>,
    /// How many seconds a key is valid that is created without an expiry; `null` for ever.
    #[validate(range(min = 1i64, max = 3153600000i64))]
    #[serde(default, deserialize_with = "types::present_nullable_integer")]
    pub default_lifetime_seconds: Option<Option<i64>>,
    /// How many seconds a key is valid at most; `null` for ever. Keys that exist keep their expiry until it is set again.
    #[validate(range(min = 1i64, max = 3153600000i64))]
    #[serde(default, deserialize_with = "types::present_nullable_integer")]
    pub max_lifetime_seconds: Option<Option<i64>>,
    /// The origins of web pages that may use owner tokens: https, or http on this machine, without a path.
    #[validate(length(max = 20))]
    #[validate(custom(function = Self::validate_allowed_origins_items))]
    #[serde(default, deserialize_with = "types::present")]
    pub allowed_origins: Option<Vec<String>>,
}

impl ProjectSettingsUpdate {
    fn validate_allowed_origins_items(items: &[String]) -> Result<(), validator::ValidationError> {
        #[derive(Validate)]
        struct Item<'a> {
            #[validate(length(max = 255))]
            #[validate(regex(path = types::pattern!("^(https://([a-z0-9_-]+(\\.[a-z0-9_-]+)*|\\[[0-9a-f:.]+\\])|http://(localhost|127\\.0\\.0\\.1|\\[::1\\]))(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?$")))]
            value: &'a String,
        }
        types::validate_items(items, |value| Item { value })
    }
}

/// The changes to a project. A member that is absent does not change.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ProjectUpdate {
    /// The member `settings`.
    #[validate(nested)]
    #[serde(default, deserialize_with = "types::present_object")]
    pub settings: Option<models::ProjectSettingsUpdate>,
    /// Whether no key of the project is valid.
    #[serde(default, deserialize_with = "types::present")]
    pub disabled: Option<bool>,
}

/// A number of requests in a window of time. Each node counts separately.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// The number of requests in the window.
    #[validate(range(min = 1i64, max = 1000000i64))]
    #[serde(deserialize_with = "types::integer")]
    pub requests: i64,
    /// The length of the window in seconds.
    #[validate(range(min = 1i64, max = 86400i64))]
    #[serde(deserialize_with = "types::integer")]
    pub seconds: i64,
}

/// A changed rate limit.
#[derive(Serialize)]
pub struct RateLimitChange {
    /// The rate limit before the change.
    pub before: Option<models::RateLimitRead>,
    /// The rate limit after the change.
    pub after: Option<models::RateLimitRead>,
}

/// A number of requests in a window of time. Each node counts separately.
#[derive(Serialize)]
pub struct RateLimitRead {
    /// The number of requests in the window.
    pub requests: i64,
    /// The length of the window in seconds.
    pub seconds: i64,
}

/// The form of RFC 7009, section 2.1.
#[derive(Deserialize, Validate)]
pub struct RevocationRequest {
    /// The key.
    #[validate(length(max = 1024))]
    pub token: String,
    /// Ignored, because the form of a key identifies it.
    #[serde(default, deserialize_with = "types::present")]
    pub token_type_hint: Option<String>,
}

/// A service account to create.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ServiceAccountCreate {
    /// The name, unique among the service accounts of the project.
    #[validate(length(min = 1, max = 255))]
    #[validate(regex(path = types::pattern!("^[^\\u0000-\\u001f\\u007f-\\u009f]+$")))]
    pub name: String,
    /// The member `role`.
    pub role: models::MemberRole,
}

/// A changed text.
#[derive(Serialize)]
pub struct TextChange {
    /// The text before the change.
    pub before: Option<String>,
    /// The text after the change.
    pub after: Option<String>,
}

/// A changed time.
#[derive(Serialize)]
pub struct TimeChange {
    /// The time before the change.
    pub before: Option<types::DateTime>,
    /// The time after the change.
    pub after: Option<types::DateTime>,
}

/// An error response of RFC 6749, section 5.2.
#[derive(Serialize)]
pub struct TokenError {
    /// The cause. `temporarily_unavailable` follows too many failed attempts.
    pub error: Cow<'static, str>,
    /// An explanation for people.
    pub error_description: String,
}

/// The introspection response of RFC 7662, section 2.2.
#[derive(Serialize)]
pub struct TokenIntrospection {
    /// Whether the key is valid.
    pub active: bool,
    /// The scopes of the key, separated by spaces; absent if it is not restricted to scopes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The name of the user or service account that the key belongs to; absent for keys of owners.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The external id of the owner that the key belongs to; absent for other keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The slug of the project of the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Always `Bearer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<String>,
    /// When the key expires, in seconds since 1970-01-01T00:00:00Z; absent if never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
    /// When the key was created, in seconds since 1970-01-01T00:00:00Z.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
    /// When the key became valid, in seconds since 1970-01-01T00:00:00Z; absent if not restricted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// The id of the principal that the key belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// The id of the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// True if the database is unreachable and the decision was made from the key cache; otherwise absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stale: Option<bool>,
}

/// The form of RFC 6749, section 4.3.2.
#[derive(Deserialize, Validate)]
pub struct TokenRequest {
    /// The member `grant_type`.
    pub grant_type: models::GrantType,
    /// The name of the user.
    #[validate(length(max = 255))]
    #[validate(regex(path = types::pattern!("^[^\\u0000]*$")))]
    pub username: String,
    /// The password of the user.
    #[validate(length(max = 1024))]
    pub password: String,
    /// The scopes of the token, separated by spaces; every scope of the user's role if absent or empty.
    #[validate(length(max = 1024))]
    #[serde(default, deserialize_with = "types::present")]
    pub scope: Option<String>,
}

/// A bearer token (RFC 6749, section 5.1).
#[derive(Serialize)]
pub struct TokenResponse {
    /// The bearer token.
    pub access_token: String,
    /// Always `bearer`.
    pub token_type: String,
    /// How long the token is valid, in seconds; 900 if absent.
    pub expires_in: i64,
    /// The scopes of the token, separated by spaces.
    pub scope: String,
}

/// A user, as administrators see it.
#[derive(Serialize)]
pub struct User {
    /// The id of the user.
    pub id: i64,
    /// The name of the user; immutable.
    pub username: String,
    /// Whether the user may do everything in the instance.
    pub administrator: bool,
    /// Whether the user can neither log in nor use tokens and API keys.
    pub disabled: bool,
    /// Whether the user can log in with a password.
    pub has_password: bool,
    /// The roles of the user, by project. Administrators need none.
    pub roles: Vec<models::ProjectRole>,
    /// When the user was created.
    pub created_at: types::DateTime,
}

/// A user to create.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct UserCreate {
    /// The name, unique among users. It cannot be changed.
    #[validate(length(min = 1, max = 255))]
    #[validate(regex(path = types::pattern!("^[^\\u0000-\\u001f\\u007f-\\u009f]+$")))]
    pub username: String,
    /// The password. Without one, nobody can log in as the user.
    #[validate(length(min = 8, max = 1024))]
    #[serde(default, deserialize_with = "types::present")]
    pub password: Option<String>,
    /// Whether the user may do everything in the instance; by default not.
    #[serde(default, deserialize_with = "types::present")]
    pub administrator: Option<bool>,
}

/// A page of users.
#[derive(Serialize)]
pub struct UserPage {
    /// The users of this page.
    pub items: Vec<models::User>,
    /// The `cursor` of the next page; `null` on the last page.
    pub next_cursor: Option<String>,
}

/// A principal: a user, a service account or an owner.
#[derive(Serialize)]
pub struct UserRead {
    /// The id of the principal; the `user_id` of its keys.
    pub id: i64,
    /// The name of the user or service account, or the external id of the owner.
    pub username: String,
    /// A summary of the roles. `admin`: an administrator, who may do everything; `owner`: an owner; `verifier`: a user or service account whose only role is that of a verifier; `member`: any other.
    pub role: Cow<'static, str>,
    /// What the principal is. `user`: a person who works with Latchkey; `service_account`: a program that does; `owner`: a customer to whom keys are issued.
    pub kind: Cow<'static, str>,
    /// The slug of the project that the principal belongs to; of users, `default`.
    pub project: String,
    /// The roles of the principal, by project. Owners have none; administrators need none.
    pub roles: Vec<models::ProjectRole>,
    /// When the principal was created.
    pub created_at: types::DateTime,
}

/// What to change of a user. What is absent stays as it is.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct UserUpdate {
    /// Another password. It ends all bearer tokens of the user.
    #[validate(length(min = 8, max = 1024))]
    #[serde(default, deserialize_with = "types::present")]
    pub password: Option<String>,
    /// Whether the user may do everything in the instance.
    #[serde(default, deserialize_with = "types::present")]
    pub administrator: Option<bool>,
    /// Whether the user is disabled. Keys are valid again when the user is enabled, unless they were revoked; bearer tokens are not.
    #[serde(default, deserialize_with = "types::present")]
    pub disabled: Option<bool>,
    /// If true, all API keys that the user has are revoked.
    #[serde(default, deserialize_with = "types::present")]
    pub revoke_keys: Option<bool>,
}

/// One violation of this contract.
#[derive(Serialize)]
pub struct ValidationError {
    /// Where it is; `path`, `query`, `header` or `body`, then the path to the value.
    pub loc: Vec<models::LocationInner>,
    /// An explanation for people.
    pub msg: String,
    /// What is wrong, by Pydantic's name.
    #[serde(rename = "type")]
    pub type_: String,
}
