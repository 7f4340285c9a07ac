//! What verification needs to know of a key and its principal. It is small, because a node keeps many in memory.

use chrono::{DateTime, Utc};

use super::{KeyState, KeyStatus, Policy, Role};

/// A key and its principal as they were when they were read.
#[derive(Debug, Clone)]
pub struct KeySnapshot {
    /// The key's id.
    pub id: i64,
    /// The principal's id.
    pub user_id: i64,
    /// The number of the pepper that the key is hashed under.
    pub pepper: i16,
    /// When the key was created.
    pub created_at: DateTime<Utc>,
    /// What the key's status follows from.
    pub state: KeyState,
    /// Whether the key is deleted.
    pub deleted: bool,
    /// What restricts the key; `None` if it is unrestricted.
    pub policy: Option<Box<Policy>>,
    /// The principal's name.
    pub username: Box<str>,
    /// The principal's role.
    pub role: Role,
    /// The generation of the principal's tokens.
    pub token_generation: i64,
    /// Whether the principal is disabled.
    pub principal_disabled: bool,
}

static UNRESTRICTED: Policy = Policy { scopes: None, networks: None, not_before: None, rate_limit: None };

impl KeySnapshot {
    /// What restricts the key.
    pub fn policy(&self) -> &Policy {
        self.policy.as_deref().unwrap_or(&UNRESTRICTED)
    }

    /// The key's status at `now`.
    pub fn status(&self, now: DateTime<Utc>) -> KeyStatus {
        self.state.status(now)
    }
}
