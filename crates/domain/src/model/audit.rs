//! Audit events: which caller did what to which key, user, owner or project, with which credential, from where; logins;
//! and denied access.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::Caller;

/// What was done: to a key or a user, or by a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum AuditAction {
    /// It was created.
    Create,
    /// The description or expiry of a key was set, or properties of an owner or project.
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
    /// The password of a user was set.
    SetPassword,
    /// The role of a user was set.
    SetRole,
    /// A user gave the right password.
    Login,
    /// A login had an unknown name or a wrong password, or its user is disabled.
    LoginFailed,
    /// A caller lacks a scope that an operation needs.
    AccessDenied,
    /// The metadata of a key was replaced.
    SetMetadata,
}

impl AuditAction {
    /// The name in the contract and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The kind of what something was done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum SubjectType {
    /// An API key.
    ApiKey,
    /// A user.
    User,
    /// An operation of the contract.
    Operation,
    /// A project.
    Project,
    /// An owner.
    Owner,
    /// A service account.
    ServiceAccount,
}

impl SubjectType {
    /// The name in the contract and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The kind of credential with which something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum CredentialType {
    /// A bearer token of a user.
    BearerToken,
    /// An API key of the same user.
    ApiKey,
    /// The key itself, sent as a parameter (RFC 7009).
    KeyHolder,
    /// A name and a password.
    Password,
    /// Access to the database, by a command of the program.
    Command,
    /// A bearer token of an owner, which a member minted.
    OwnerToken,
}

impl CredentialType {
    /// The name in the contract and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A key, user, owner or project at the time of an event, or none of them, by default. It has no member that could hold a secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
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
    pub managed: Option<bool>,
    pub username: Option<String>,
    pub role: Option<String>,
    pub key_prefix: Option<String>,
    pub default_lifetime_seconds: Option<i64>,
    pub max_lifetime_seconds: Option<i64>,
    pub allowed_origins: Option<Vec<String>>,
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
    /// The name of the [`SubjectType`] of what it was done to.
    pub subject_type: String,
    /// The id of what it was done to.
    pub subject_id: Option<i64>,
    /// The key that it was done to, if it was done to one.
    pub key_id: Option<i64>,
    /// The user who did it, if known.
    pub actor_user_id: Option<i64>,
    /// The key with which it was done, if with one.
    pub actor_key_id: Option<i64>,
    /// The name of the [`CredentialType`] with which it was done.
    pub credential_type: String,
    /// Where the request came from, if known.
    pub client_ip: Option<IpAddr>,
    /// The operation that was denied, if one was.
    pub operation: Option<String>,
    /// The slug of the project of the subject; `None` for what concerns the instance.
    pub project: Option<String>,
    /// The principal that the subject belongs to, or is.
    pub principal_id: Option<i64>,
    /// The principal that minted the owner token with which it was done, if it was done with one.
    pub minted_by: Option<i64>,
    /// The subject before; `None` if it was created.
    pub before: Option<AuditSnapshot>,
    /// The subject after.
    pub after: AuditSnapshot,
}

/// An event that changes nothing: a login, or denied access. It has no member that could hold a secret or a typed name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each member is that of `AuditEvent`")]
pub struct AccessEvent {
    pub occurred_at: DateTime<Utc>,
    pub action: AuditAction,
    pub subject_type: SubjectType,
    pub subject_id: Option<i64>,
    pub actor_user_id: Option<i64>,
    pub actor_key_id: Option<i64>,
    pub credential_type: CredentialType,
    pub client_ip: Option<IpAddr>,
    pub operation: Option<&'static str>,
    pub minted_by: Option<i64>,
}

impl AccessEvent {
    /// A user logged in.
    pub fn login(user_id: i64, client_ip: Option<IpAddr>, now: DateTime<Utc>) -> Self {
        Self {
            action: AuditAction::Login,
            actor_user_id: Some(user_id),
            ..Self::failed_login(Some(user_id), client_ip, now)
        }
    }

    /// A login failed. The name was that of a user, or of nobody. Who gave it is unknown.
    pub fn failed_login(user_id: Option<i64>, client_ip: Option<IpAddr>, now: DateTime<Utc>) -> Self {
        Self {
            occurred_at: now,
            action: AuditAction::LoginFailed,
            subject_type: SubjectType::User,
            subject_id: user_id,
            actor_user_id: None,
            actor_key_id: None,
            credential_type: CredentialType::Password,
            client_ip,
            operation: None,
            minted_by: None,
        }
    }

    /// A caller lacks a scope that the operation of this id needs.
    pub fn denied(caller: &Caller, operation: &'static str, now: DateTime<Utc>) -> Self {
        Self {
            occurred_at: now,
            action: AuditAction::AccessDenied,
            subject_type: SubjectType::Operation,
            subject_id: None,
            actor_user_id: Some(caller.user_id),
            actor_key_id: caller.key_id(),
            credential_type: caller.credential_type(),
            client_ip: caller.client_ip,
            operation: Some(operation),
            minted_by: caller.minter.map(|minter| minter.id),
        }
    }
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
