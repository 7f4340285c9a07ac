//! Audit events: which caller did what to which key, with which credential, from where.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// What was done to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum AuditAction {
    /// It was created.
    Create,
    /// Its description or expiry was set.
    Update,
    /// Its policy was replaced.
    SetPolicy,
    /// It was disabled.
    Disable,
    /// It was enabled.
    Enable,
    /// It was revoked.
    Revoke,
    /// It was replaced by a successor.
    Rotate,
    /// It was deleted.
    Delete,
}

impl AuditAction {
    /// The name in the contract and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The kind of credential with which something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum CredentialType {
    /// A bearer token.
    BearerToken,
    /// An API key of the same user.
    ApiKey,
    /// The key itself, sent as a parameter (RFC 7009).
    KeyHolder,
}

impl CredentialType {
    /// The name in the contract and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A key at the time of an event. It has no member that could hold a secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "each member is the column of that name, or whether it is set")]
pub struct AuditSnapshot {
    pub description: Option<String>,
    pub expires_at: Option<DateTime<Utc>>,
    pub not_before: Option<DateTime<Utc>>,
    pub disabled: bool,
    pub revoked: bool,
    pub revocation_reason: Option<String>,
    pub deleted: bool,
    pub scopes: Option<Vec<String>>,
    pub networks: Option<Vec<String>>,
    pub rate_limit: Option<AuditRateLimit>,
    pub successor_id: Option<i64>,
}

/// A rate limit at the time of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "each member is the column of that name")]
pub struct AuditRateLimit {
    pub requests: i64,
    pub seconds: i64,
}

/// An audit event. Actions, subjects and credentials are names, because a later version may have written others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// Unique.
    pub id: i64,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// The name of the [`AuditAction`].
    pub action: String,
    /// The kind of what it was done to: `api_key`.
    pub subject_type: String,
    /// The id of what it was done to.
    pub subject_id: Option<i64>,
    /// The key that it was done to, if it was done to one.
    pub key_id: Option<i64>,
    /// The user who did it.
    pub actor_user_id: Option<i64>,
    /// The key with which it was done, if with one.
    pub actor_key_id: Option<i64>,
    /// The name of the [`CredentialType`] with which it was done.
    pub credential_type: String,
    /// Where the request came from, if known.
    pub client_ip: Option<IpAddr>,
    /// The key before; `None` if it was created.
    pub before: Option<AuditSnapshot>,
    /// The key after.
    pub after: AuditSnapshot,
}

/// Which events a list has. A part that is `None` excludes none.
#[derive(Debug, Default)]
pub struct AuditFilter {
    /// Those of this key.
    pub key_id: Option<i64>,
    /// Those of this actor.
    pub actor_user_id: Option<i64>,
    /// Those of the action of this name.
    pub action: Option<String>,
    /// Those at this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Those before this time.
    pub until: Option<DateTime<Utc>>,
}

/// The position of an event in the list: newest first, and of the same time, the higher id first.
pub type AuditPosition = (DateTime<Utc>, i64);
