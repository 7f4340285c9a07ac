//! The operations on users, for the command line.

use secrecy::{ExposeSecret, SecretString};

use super::password::PasswordHasher;
use crate::{
    model::{Env, Error, UserRole},
    store::{Store, StoreError, keys::write::REVOCATION_BATCH},
};

/// The most characters of a name; the contract's `TokenRequest` has the same limit.
pub const MAX_USERNAME_LENGTH: usize = 255;
/// The fewest characters of a password (NIST SP 800-63B, section 5.1.1.1).
pub const MIN_PASSWORD_LENGTH: usize = 8;
/// The most characters of a password; the contract's `TokenRequest` has the same limit.
pub const MAX_PASSWORD_LENGTH: usize = 1024;

/// Why an operation on a user was refused.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// The name is empty, too long, or has a control character.
    #[error("a user's name has 1 to {MAX_USERNAME_LENGTH} characters, none of them a control character")]
    InvalidName,
    /// The password is too short or too long.
    #[error("a password has {MIN_PASSWORD_LENGTH} to {MAX_PASSWORD_LENGTH} characters")]
    InvalidPassword,
    /// The name is taken.
    #[error("there is already a user of this name")]
    NameTaken,
    /// There is no such user.
    #[error("there is no user of this name")]
    NotFound,
    /// The operation failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<StoreError> for UserError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// Creates a user and returns its id.
#[tracing::instrument(name = "users.create", level = "debug", skip_all)]
pub async fn create(
    store: &Store,
    passwords: &PasswordHasher,
    env: &Env,
    name: &str,
    role: UserRole,
    password: SecretString,
) -> Result<i64, UserError> {
    if !(1..=MAX_USERNAME_LENGTH).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(UserError::InvalidName);
    }
    check_length(&password)?;
    let hash = passwords.hash(password, &env.rng).await?;
    store.insert_user(name, role, &hash, env.clock.now()).await?.ok_or(UserError::NameTaken)
}

/// Sets a user's password and revokes all of the user's bearer tokens. The user's id.
#[tracing::instrument(name = "users.set_password", level = "debug", skip_all)]
pub async fn set_password(
    store: &Store,
    passwords: &PasswordHasher,
    env: &Env,
    name: &str,
    password: SecretString,
) -> Result<i64, UserError> {
    check_length(&password)?;
    let hash = passwords.hash(password, &env.rng).await?;
    store.set_password(name, &hash, env.clock.now()).await?.ok_or(UserError::NotFound)
}

/// Sets a user's role: `admin` makes the user an administrator, `verifier` a verifier of the default project, and `member` neither.
/// It is in effect at once, also for the tokens and keys that the user has.
#[tracing::instrument(name = "users.set_role", level = "debug", skip_all)]
pub async fn set_role(store: &Store, env: &Env, name: &str, role: UserRole) -> Result<(), UserError> {
    if store.set_role(name, role, env.clock.now()).await? { Ok(()) } else { Err(UserError::NotFound) }
}

/// Disables a user: all nodes refuse the user's keys until the user is enabled, and the current bearer tokens permanently. The
/// user's id.
#[tracing::instrument(name = "users.disable", level = "debug", skip_all)]
pub async fn disable(store: &Store, env: &Env, name: &str) -> Result<i64, UserError> {
    store.set_disabled(name, true, env.clock.now()).await?.ok_or(UserError::NotFound)
}

/// Enables a user, who can log in again. The user's keys are valid again, unless they were revoked.
#[tracing::instrument(name = "users.enable", level = "debug", skip_all)]
pub async fn enable(store: &Store, env: &Env, name: &str) -> Result<(), UserError> {
    store.set_disabled(name, false, env.clock.now()).await?.map(drop).ok_or(UserError::NotFound)
}

/// Revokes all keys of a user whose bearer tokens were just revoked, and returns how many. Also those that are being created. If it
/// fails, some are revoked, and it can be repeated.
#[tracing::instrument(name = "users.revoke_keys", level = "debug", skip_all)]
pub async fn revoke_keys(store: &Store, env: &Env, user_id: i64) -> Result<usize, UserError> {
    let mut total = 0;
    loop {
        let revoked = store.revoke_keys_of_user(user_id, env.clock.now()).await?;
        total += revoked;
        if revoked < REVOCATION_BATCH {
            return Ok(total);
        }
    }
}

fn check_length(password: &SecretString) -> Result<(), UserError> {
    let length = password.expose_secret().chars().count();
    if (MIN_PASSWORD_LENGTH..=MAX_PASSWORD_LENGTH).contains(&length) { Ok(()) } else { Err(UserError::InvalidPassword) }
}
