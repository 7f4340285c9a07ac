//! Users, and what an operator does with them from the command line.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};
use secrecy::{ExposeSecret, SecretString};

use super::{Role, password::Passwords};
use crate::{
    Surroundings,
    error::Failure,
    store::{Store, StoreError, schema::users},
};

/// A user as the database keeps it.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = users, check_for_backend(diesel::pg::Pg))]
pub struct User {
    /// Unique.
    pub id: i64,
    /// Unique; 1 to 255 characters.
    pub name: String,
    /// The name of a [`Role`].
    pub role: String,
    /// Argon2id, in PHC format.
    pub password_hash: String,
    /// A step up ends all bearer tokens that were issued before.
    pub token_generation: i64,
    /// Since when the user's tokens and keys are refused.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When the user was made.
    pub created_at: DateTime<Utc>,
}

/// Whether a user's credentials are good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The user.
    pub user_id: i64,
    /// The generation of tokens that are good.
    pub token_generation: i64,
    /// No credential is.
    pub disabled: bool,
}

/// The longest name, in characters; the contract's `TokenRequest` has the same limit.
pub const MAX_NAME_LENGTH: usize = 255;
/// The shortest password, in characters (NIST SP 800-63B, section 5.1.1.1).
pub const MIN_PASSWORD_LENGTH: usize = 8;
/// The longest password, in characters; the contract's `TokenRequest` has the same limit.
pub const MAX_PASSWORD_LENGTH: usize = 1024;

/// Why a change of users was refused.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// The name is empty, too long, or has a control character.
    #[error("a user's name has 1 to {MAX_NAME_LENGTH} characters, none of them a control character")]
    Name,
    /// The password is too short or too long.
    #[error("a password has {MIN_PASSWORD_LENGTH} to {MAX_PASSWORD_LENGTH} characters")]
    Password,
    /// The name is taken.
    #[error("there is a user of this name already")]
    Taken,
    /// There is no such user.
    #[error("there is no user of this name")]
    Unknown,
    /// It could not be done.
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl From<StoreError> for UserError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// Makes a user.
pub async fn create(
    store: &Store,
    passwords: &Passwords,
    surroundings: &Surroundings,
    name: &str,
    role: Role,
    password: SecretString,
) -> Result<i64, UserError> {
    if !(1..=MAX_NAME_LENGTH).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(UserError::Name);
    }
    check_length(&password)?;
    let hash = passwords.hash(password, surroundings).await?;
    store.insert_user(name, role, &hash, surroundings.now()).await?.ok_or(UserError::Taken)
}

/// Sets a user's password, and ends all of the user's bearer tokens.
pub async fn set_password(
    store: &Store,
    passwords: &Passwords,
    surroundings: &Surroundings,
    name: &str,
    password: SecretString,
) -> Result<(), UserError> {
    check_length(&password)?;
    let hash = passwords.hash(password, surroundings).await?;
    if store.set_password(name, &hash).await? { Ok(()) } else { Err(UserError::Unknown) }
}

/// Makes a user's tokens and keys stop working, at once and on every node. The tokens stay ended for good.
pub async fn disable(store: &Store, surroundings: &Surroundings, name: &str) -> Result<(), UserError> {
    if store.set_disabled(name, Some(surroundings.now())).await? { Ok(()) } else { Err(UserError::Unknown) }
}

/// Lets a disabled user log in again; the user's keys work again too.
pub async fn enable(store: &Store, name: &str) -> Result<(), UserError> {
    if store.set_disabled(name, None).await? { Ok(()) } else { Err(UserError::Unknown) }
}

fn check_length(password: &SecretString) -> Result<(), UserError> {
    let length = password.expose_secret().chars().count();
    if (MIN_PASSWORD_LENGTH..=MAX_PASSWORD_LENGTH).contains(&length) { Ok(()) } else { Err(UserError::Password) }
}
