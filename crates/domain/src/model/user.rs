//! Users, as those who manage them see them.

use super::Principal;

/// A user.
#[derive(Debug, Clone)]
pub struct User {
    /// The principal.
    pub principal: Principal,
    /// Whether the user can log in with a password.
    pub has_password: bool,
}

/// A user to create.
pub struct NewUser {
    /// The name.
    pub name: String,
    /// An Argon2id hash in PHC format; `None` for a user who cannot log in.
    pub password_hash: Option<String>,
    /// Whether the user may do everything in the instance.
    pub is_administrator: bool,
    /// Whether the user is a verifier of the default project.
    pub is_verifier: bool,
}

/// What is changed of a user. What is `None` stays as it is.
#[derive(Default)]
pub struct UserChange {
    /// An Argon2id hash in PHC format. It ends all bearer tokens of the user.
    pub password_hash: Option<String>,
    /// Whether the user may do everything in the instance.
    pub is_administrator: Option<bool>,
    /// If true, the user becomes a verifier of the default project; if false, the user loses the role there.
    pub is_verifier: Option<bool>,
    /// Whether the user is disabled. A change ends all bearer tokens of the user.
    pub disabled: Option<bool>,
}

impl UserChange {
    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self { password_hash: None, is_administrator: None, is_verifier: None, disabled: None })
    }
}
