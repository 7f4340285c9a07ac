//! Replaces the policy of one of the caller's keys.

use super::{
    get::get,
    precondition::{Unmet, required_version},
};
use crate::{
    model::{ApiKey, Caller, Env, Error, Policy, Precondition},
    store::Store,
};

/// What became of the request.
pub enum Outcome {
    /// The key, with its new policy.
    Set(Box<ApiKey>),
    /// The caller has no such key.
    NotFound,
    /// The key is revoked.
    Revoked,
    /// The key does not meet the precondition.
    PreconditionFailed,
}

/// Replaces the policy as a whole. A policy that permits more than the caller has is refused.
#[tracing::instrument(name = "keys.set_policy", level = "debug", skip_all)]
pub async fn set_policy(
    store: &Store,
    env: &Env,
    caller: &Caller,
    id: i64,
    precondition: &Precondition,
    policy: Policy,
) -> Result<Outcome, Error> {
    if !caller.may_grant(&policy) {
        return Err(Error::InsufficientPermissions);
    }
    let version = match required_version(store, caller, id, precondition).await? {
        Ok(version) => version,
        Err(Unmet::NotFound) => return Ok(Outcome::NotFound),
        Err(Unmet::PreconditionFailed) => return Ok(Outcome::PreconditionFailed),
    };
    if let Some(key) = store.set_policy(caller, env.clock.now(), id, version, policy).await? {
        return Ok(Outcome::Set(Box::new(key)));
    }
    Ok(match get(store, caller, id).await? {
        None => Outcome::NotFound,
        Some(key) if key.revoked_at.is_some() => Outcome::Revoked,
        Some(_) => Outcome::PreconditionFailed,
    })
}
