//! What a node must know of a key, and of its owner, to say whether it is good: little, as a node remembers many.

use chrono::{DateTime, Utc};

use crate::{
    identity::Role,
    keys::{
        policy::Policy,
        record::{KeyStatus, Validity},
    },
};

/// A key as verification sees it.
#[derive(Debug, Clone)]
pub struct KnownKey {
    /// The key.
    pub id: i64,
    /// Its owner.
    pub user_id: i64,
    /// The number of the pepper under which it was found.
    pub pepper: i16,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// What decides on its status.
    pub validity: Validity,
    /// Its record is gone.
    pub deleted: bool,
    /// What narrows it; `None` for nothing.
    pub policy: Option<Box<Policy>>,
    /// The owner's name.
    pub username: Box<str>,
    /// The owner's role.
    pub role: Role,
    /// The generation of the owner's tokens.
    pub token_generation: i64,
    /// The owner is disabled.
    pub owner_disabled: bool,
}

static OPEN: Policy =
    Policy { scopes: None, networks: None, not_before: None, rate_limit_requests: None, rate_limit_seconds: None };

impl KnownKey {
    /// What narrows it.
    pub fn policy(&self) -> &Policy {
        self.policy.as_deref().unwrap_or(&OPEN)
    }

    /// Its status at `now`.
    pub fn status(&self, now: DateTime<Utc>) -> KeyStatus {
        self.validity.status(now)
    }
}
