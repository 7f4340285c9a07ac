//! The operations on users, for administrators and for the command line.

use secrecy::{ExposeSecret, SecretString};

use super::password::PasswordHasher;
use crate::{
    model::{
        Actor, Env, Error, NewUser, Page, User, UserChange,
        principal::{MAX_NAME_LENGTH, is_valid_name},
    },
    store::{Store, StoreError, keys::write::REVOCATION_BATCH, users::CreatedUser},
};

/// The fewest characters of a password (NIST SP 800-63B, section 5.1.1.1); the contract has the same limit.
pub const MIN_PASSWORD_LENGTH: usize = 8;
/// The most characters of a password; the contract has the same limit.
pub const MAX_PASSWORD_LENGTH: usize = 1024;

/// Why an operation on a user was refused.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// The name is empty, too long, or has a control character.
    #[error("a user's name has 1 to {MAX_NAME_LENGTH} characters, none of them a control character")]
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
    /// No other administrator is enabled.
    #[error("no other administrator is enabled")]
    LastAdministrator,
    /// The operation failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<StoreError> for UserError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// The hash of a password for a user, in PHC format, if the password is neither too short nor too long.
pub async fn hash_password(passwords: &PasswordHasher, env: &Env, password: SecretString) -> Result<String, UserError> {
    if !(MIN_PASSWORD_LENGTH..=MAX_PASSWORD_LENGTH).contains(&password.expose_secret().chars().count()) {
        return Err(UserError::InvalidPassword);
    }
    Ok(passwords.hash(password, &env.rng).await?)
}

/// Creates a user, for an administrator.
#[tracing::instrument(name = "users.create", level = "debug", skip_all)]
pub async fn create(store: &Store, env: &Env, actor: Actor<'_>, new: NewUser) -> Result<User, UserError> {
    if !is_valid_name(&new.name) {
        return Err(UserError::InvalidName);
    }
    let now = env.clock.now();
    match store.insert_user(actor, now, &new).await? {
        CreatedUser::Created(id) => written(store, env, id).await,
        CreatedUser::Taken => Err(UserError::NameTaken),
        CreatedUser::Nothing => {
            store.ensure_administrator(actor, now).await?;
            // The caller became an administrator between the two statements.
            Err(Error::Contention.into())
        }
    }
}

/// The page of at most `limit` users after the one with the id `after`, or the first page, oldest first; only the one of a name, if
/// there is one.
#[tracing::instrument(name = "users.list", level = "debug", skip_all)]
pub async fn list(
    store: &Store,
    env: &Env,
    actor: Actor<'_>,
    name: Option<&str>,
    limit: usize,
    after: Option<i64>,
) -> Result<Page<User, i64>, Error> {
    let now = env.clock.now();
    let users = store.list_users(actor, now, name, after, limit + 1).await?;
    if users.is_empty() {
        store.ensure_administrator(actor, now).await?;
    }
    Ok(Page::cut(users, limit, |user| user.principal.id))
}

/// The user of this id.
#[tracing::instrument(name = "users.get", level = "debug", skip_all)]
pub async fn get(store: &Store, env: &Env, actor: Actor<'_>, id: i64) -> Result<User, UserError> {
    let now = env.clock.now();
    match store.get_user(actor, now, id).await? {
        Some(user) => Ok(user),
        None => {
            store.ensure_administrator(actor, now).await?;
            Err(UserError::NotFound)
        }
    }
}

/// Changes a user, for an administrator. What does not differ is not written. A new password, and whether the user is disabled, end
/// all bearer tokens of the user. A caller cannot take the last administrator away, a command can: there can always be another by
/// another command.
#[tracing::instrument(name = "users.update", level = "debug", skip_all)]
pub async fn update(
    store: &Store,
    env: &Env,
    actor: Actor<'_>,
    id: i64,
    change: &UserChange,
) -> Result<User, UserError> {
    if change.is_empty() {
        return get(store, env, actor, id).await;
    }
    if store.update_user(actor, env.clock.now(), id, change).await? {
        return written(store, env, id).await;
    }
    get(store, env, actor, id).await?;
    Err(UserError::LastAdministrator)
}

/// Revokes all keys of a user, and returns how many, for an actor that [`update`] has let change the user. If that has ended the
/// user's bearer tokens, also those that are being created. If it fails, some are revoked, and it can be repeated.
#[tracing::instrument(name = "users.revoke_keys", level = "debug", skip_all)]
pub async fn revoke_keys(store: &Store, env: &Env, actor: Actor<'_>, user_id: i64) -> Result<usize, UserError> {
    let mut total = 0;
    loop {
        let revoked = store.revoke_keys_of_user(actor, env.clock.now(), user_id).await?;
        total += revoked;
        if revoked < REVOCATION_BATCH {
            return Ok(total);
        }
    }
}

/// A user who was written: also for an administrator who is none any more.
async fn written(store: &Store, env: &Env, id: i64) -> Result<User, UserError> {
    store.get_user(Actor::Command, env.clock.now(), id).await?.ok_or(UserError::NotFound)
}
