//! Enables one of the caller's keys. Enabling an enabled key changes nothing and succeeds.

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
    /// The key, which is not disabled.
    Enabled(Box<ApiKey>),
    /// The caller has no such key.
    NotFound,
    /// The key is revoked.
    Revoked,
    /// The key does not meet the precondition.
    PreconditionFailed,
}

/// Enables a key. A key that permits more than the caller has would become usable to anyone who holds it, so it is refused.
#[tracing::instrument(name = "keys.enable", level = "debug", skip_all)]
pub async fn enable(
    store: &Store,
    env: &Env,
    caller: &Caller,
    id: i64,
    precondition: &Precondition,
) -> Result<Outcome, Error> {
    if !caller.is_unrestricted() {
        match get(store, caller, id).await? {
            None => return Ok(Outcome::NotFound),
            Some(key) if !caller.may_control(&key) => return Err(Error::InsufficientPermissions),
            Some(_) => {}
        }
    }
    let version = match required_version(store, caller, id, precondition).await? {
        Ok(version) => version,
        Err(Unmet::NotFound) => return Ok(Outcome::NotFound),
        Err(Unmet::PreconditionFailed) => return Ok(Outcome::PreconditionFailed),
    };
    if let Some(key) = store.enable_key(caller, env.clock.now(), id, version).await? {
        return Ok(Outcome::Enabled(Box::new(key)));
    }
    Ok(match get(store, caller, id).await? {
        None => Outcome::NotFound,
        Some(key) if !precondition.matches(&key) => Outcome::PreconditionFailed,
        Some(key) if key.revoked_at.is_some() => Outcome::Revoked,
        Some(key) => Outcome::Enabled(Box::new(key)),
    })
}
