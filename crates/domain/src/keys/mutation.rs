//! What operations that change the status or the policy of a key share.

use super::get::get;
use crate::{
    model::{ApiKey, Caller, Env, Error, Precondition},
    store::Store,
};

/// How often a mutation is attempted if the key changes between the queries that check it and the statement.
pub(super) const MAX_ATTEMPTS: usize = 3;

/// What became of a mutation.
pub enum Outcome {
    /// The key is as it was asked for.
    Done(Box<ApiKey>),
    /// The caller has no such key.
    NotFound,
    /// The key is revoked, so nothing was done.
    Revoked(Box<ApiKey>),
    /// The key does not meet the precondition.
    PreconditionFailed,
}

/// The key that is to be mutated. Unlike [`get`], it fails if the caller's own key became invalid while the request's body
/// arrived: without that, a response would say something about the key that is not true, or not for this caller.
pub(super) async fn find(store: &Store, env: &Env, caller: &Caller, id: i64) -> Result<Option<ApiKey>, Error> {
    let key = get(store, env, caller, id).await?;
    store.ensure_key_active(caller, env.clock.now()).await?;
    Ok(key)
}

/// The version that a statement must find, if there is a precondition; or why the mutation must not happen.
pub(super) async fn required_version(
    store: &Store,
    env: &Env,
    caller: &Caller,
    id: i64,
    precondition: &Precondition,
) -> Result<Result<Option<i64>, Outcome>, Error> {
    if *precondition == Precondition::None {
        return Ok(Ok(None));
    }
    Ok(match find(store, env, caller, id).await? {
        None => Err(Outcome::NotFound),
        Some(key) if precondition.matches(&key) => Ok(Some(key.version)),
        Some(_) => Err(Outcome::PreconditionFailed),
    })
}

/// Why a statement changed nothing. The key as it is now is [`Outcome::Done`]: the operation decides whether this is what was
/// asked for, or the statement is attempted again.
pub(super) async fn unchanged(
    store: &Store,
    env: &Env,
    caller: &Caller,
    id: i64,
    precondition: &Precondition,
) -> Result<Outcome, Error> {
    Ok(match find(store, env, caller, id).await? {
        None => Outcome::NotFound,
        Some(key) if !precondition.matches(&key) => Outcome::PreconditionFailed,
        Some(key) if key.revoked_at.is_some() => Outcome::Revoked(Box::new(key)),
        Some(key) => Outcome::Done(Box::new(key)),
    })
}
