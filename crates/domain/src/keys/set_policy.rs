//! Replaces the policy of one of the caller's keys.

use super::mutation::{Outcome, required_version, unchanged};
use crate::{
    model::{Caller, Env, Error, Policy, Precondition},
    store::Store,
};

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
    let version = match required_version(store, env, caller, id, precondition).await? {
        Ok(version) => version,
        Err(outcome) => return Ok(outcome),
    };
    if let Some(key) = store.set_policy(caller, env.clock.now(), id, version, &policy).await? {
        return Ok(Outcome::Done(Box::new(key)));
    }
    Ok(match unchanged(store, env, caller, id, precondition).await? {
        // It was changed and changed back between the two statements, and does not have the policy.
        Outcome::Done(_) => Outcome::PreconditionFailed,
        outcome => outcome,
    })
}
