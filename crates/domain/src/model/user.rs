//! Users.

use chrono::{DateTime, Utc};

use super::Role;

/// A person or program that works with Latchkey.
#[derive(Clone)]
pub struct User {
    /// The user's id.
    pub id: i64,
    /// Unique among users; 1 to 255 characters.
    pub name: String,
    /// What the user may do.
    pub role: Role,
    /// An Argon2id hash in PHC format.
    pub password_hash: String,
    /// Bearer tokens carry it. A higher generation revokes all tokens of the lower ones.
    pub token_generation: i64,
    /// Since when the user's tokens and keys are refused.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When the user was created.
    pub created_at: DateTime<Utc>,
}

/// Whether a user's bearer tokens are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserStatus {
    /// The user's id.
    pub user_id: i64,
    /// The generation of tokens that is accepted.
    pub token_generation: i64,
    /// If true, no token is.
    pub disabled: bool,
}
