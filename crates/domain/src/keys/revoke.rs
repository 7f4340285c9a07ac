//! Revokes one of the caller's keys permanently. Revoking a revoked key changes nothing, keeps the first reason, and succeeds.

use super::{
    get::get,
    precondition::{Unmet, required_version},
};
use crate::{
    model::{ApiKey, Caller, Env, Error, Precondition},
    store::Store,
};

/// What became of the request.
pub enum Outcome {
    /// The key, which is revoked.
    Revoked(Box<ApiKey>),
    /// The caller has no such key.
    NotFound,
    /// The key does not meet the precondition.
    PreconditionFailed,
}

/// Revokes a key.
#[tracing::instrument(name = "keys.revoke", level = "debug", skip_all)]
pub async fn revoke(
    store: &Store,
    env: &Env,
    caller: &Caller,
    id: i64,
    precondition: &Precondition,
    reason: Option<String>,
) -> Result<Outcome, Error> {
    let version = match required_version(store, caller, id, precondition).await? {
        Ok(version) => version,
        Err(Unmet::NotFound) => return Ok(Outcome::NotFound),
        Err(Unmet::PreconditionFailed) => return Ok(Outcome::PreconditionFailed),
    };
    if let Some(key) = store.revoke_key(caller, env.clock.now(), id, version, reason).await? {
        return Ok(Outcome::Revoked(Box::new(key)));
    }
    Ok(match get(store, caller, id).await? {
        None => Outcome::NotFound,
        Some(key) if !precondition.matches(&key) => Outcome::PreconditionFailed,
        Some(key) => Outcome::Revoked(Box::new(key)),
    })
}
