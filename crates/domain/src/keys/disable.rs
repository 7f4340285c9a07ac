//! Disables one of the caller's keys. Disabling a disabled key changes nothing and succeeds.

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
    /// The key, which is disabled.
    Disabled(Box<ApiKey>),
    /// The caller has no such key.
    NotFound,
    /// The key is revoked.
    Revoked,
    /// The key does not meet the precondition.
    PreconditionFailed,
}

/// Disables a key.
#[tracing::instrument(name = "keys.disable", level = "debug", skip_all)]
pub async fn disable(
    store: &Store,
    env: &Env,
    caller: &Caller,
    id: i64,
    precondition: &Precondition,
) -> Result<Outcome, Error> {
    let version = match required_version(store, caller, id, precondition).await? {
        Ok(version) => version,
        Err(Unmet::NotFound) => return Ok(Outcome::NotFound),
        Err(Unmet::PreconditionFailed) => return Ok(Outcome::PreconditionFailed),
    };
    if let Some(key) = store.disable_key(caller, env.clock.now(), id, version).await? {
        return Ok(Outcome::Disabled(Box::new(key)));
    }
    Ok(match get(store, caller, id).await? {
        None => Outcome::NotFound,
        Some(key) if !precondition.matches(&key) => Outcome::PreconditionFailed,
        Some(key) if key.revoked_at.is_some() => Outcome::Revoked,
        Some(key) => Outcome::Disabled(Box::new(key)),
    })
}
