//! Who did what to which key, by what right, and from where. The events themselves are written by the statements that do it
//! (`store/key_changes.rs`), so that neither is without the other.

pub mod list;

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use ipnet::IpNet;
use serde::Deserialize;

use crate::{
    identity::{Caller, Credential},
    store::StoreError,
};

/// What was done to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It was made.
    Create,
    /// Its description or expiry was set.
    Update,
    /// Its policy was set.
    SetPolicy,
    /// It was switched off.
    Disable,
    /// It was switched on.
    Enable,
    /// It was withdrawn for good.
    Revoke,
    /// It was replaced by another.
    Rotate,
    /// Its record was removed.
    Delete,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 8] = [
        Self::Create,
        Self::Update,
        Self::SetPolicy,
        Self::Disable,
        Self::Enable,
        Self::Revoke,
        Self::Rotate,
        Self::Delete,
    ];

    /// The action of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }

    /// The action of a row, whose constraint permits no other name.
    pub(crate) fn stored(name: &str) -> Result<Self, StoreError> {
        Self::named(name).ok_or_else(|| StoreError::internal("the action of an audit event is unknown"))
    }

    /// Its name, in the contract and in the database.
    pub const fn name(self) -> &'static str {
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

/// By what right a key was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// A bearer token of a user's.
    BearerToken,
    /// Another key of the same user's.
    ApiKey,
    /// The key itself.
    Holder,
}

impl Right {
    /// Every right.
    pub const ALL: [Self; 3] = [Self::BearerToken, Self::ApiKey, Self::Holder];

    /// The right of a row, whose constraint permits no other name.
    pub(crate) fn stored(name: &str) -> Result<Self, StoreError> {
        let right = Self::ALL.into_iter().find(|right| right.name() == name);
        right.ok_or_else(|| StoreError::internal("the credential of an audit event is unknown"))
    }

    /// Its name, in the contract and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BearerToken => "bearer_token",
            Self::ApiKey => "api_key",
            Self::Holder => "holder",
        }
    }
}

/// Whoever changes a key, as the statement that does so needs to know them.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The user.
    pub user_id: i64,
    /// The generation of the user's tokens that the credential belongs to.
    pub generation: i64,
    /// Acts by having the key itself, and needs no account for that.
    pub is_holder: bool,
    /// The key that was the credential.
    pub key_id: Option<i64>,
    /// What that key must still be narrowed to.
    pub key_scopes: Option<Vec<String>>,
    /// The same, of networks.
    pub key_networks: Option<Vec<IpNet>>,
    /// The name of a [`Right`].
    pub credential: &'static str,
    /// Where the request came from.
    pub address: Option<IpNet>,
}

impl Actor {
    /// Whoever holds a key of this user's.
    pub fn holder(key_id: i64, user_id: i64, address: Option<IpAddr>) -> Self {
        Self {
            user_id,
            generation: 0,
            is_holder: true,
            key_id: Some(key_id),
            key_scopes: None,
            key_networks: None,
            credential: Right::Holder.name(),
            address: address.map(IpNet::from),
        }
    }
}

impl From<&Caller> for Actor {
    fn from(caller: &Caller) -> Self {
        let (key, credential) = match &caller.credential {
            Credential::BearerToken => (None, Right::BearerToken),
            Credential::ApiKey(id, policy) => (Some((*id, policy)), Right::ApiKey),
        };
        Self {
            user_id: caller.user_id,
            generation: caller.generation,
            is_holder: false,
            key_id: key.map(|(id, _)| id),
            key_scopes: key.and_then(|(_, policy)| policy.scopes.clone()),
            key_networks: key.and_then(|(_, policy)| policy.networks.clone()),
            credential: credential.name(),
            address: caller.address.map(IpNet::from),
        }
    }
}

/// A key at the time of an event, as `audited_state` writes it: nothing here can hold a secret.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "each is the column of that name, or whether there is one")]
pub struct AuditedState {
    pub description: Option<String>,
    pub expires_at: Option<DateTime<Utc>>,
    pub not_before: Option<DateTime<Utc>>,
    pub disabled: bool,
    pub revoked: bool,
    pub revocation_reason: Option<String>,
    pub deleted: bool,
    pub scopes: Option<Vec<String>>,
    pub networks: Option<Vec<String>>,
    pub rate_limit: Option<AuditedRateLimit>,
    pub successor_id: Option<i64>,
}

/// A rate limit at the time of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "each is the column of that name")]
pub struct AuditedRateLimit {
    pub requests: i64,
    pub seconds: i64,
}

/// What befell a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Later events have higher ones, but for those that were written at the same time.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// What was done.
    pub action: Action,
    /// Which key.
    pub key_id: i64,
    /// Who.
    pub actor_user_id: i64,
    /// By which key, if by one.
    pub actor_key_id: Option<i64>,
    /// By what right.
    pub credential: Right,
    /// From where.
    pub address: Option<IpAddr>,
    /// The key before; `None` when it was made.
    pub before: Option<AuditedState>,
    /// The key after.
    pub after: AuditedState,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contract_and_the_code_name_the_same_actions_and_rights() {
        let contract: serde_json::Value = serde_json::from_str(crate::CONTRACT).unwrap();
        let names = |schema: &str| contract["components"]["schemas"][schema]["enum"].clone();
        assert_eq!(names("AuditAction"), serde_json::json!(Action::ALL.map(Action::name)));
        assert_eq!(names("AuditCredential"), serde_json::json!(Right::ALL.map(Right::name)));
    }
}
