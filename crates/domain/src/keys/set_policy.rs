//! Replaces the policy of one of the caller's keys.

use super::mutation::{MAX_ATTEMPTS, Outcome, required_version, unchanged};
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
        store.ensure_caller_active(caller, env.clock.now()).await?;
        return Err(Error::InsufficientPermissions);
    }
    for _ in 0..MAX_ATTEMPTS {
        let version = match required_version(store, env, caller, id, precondition).await? {
            Ok(version) => version,
            Err(outcome) => return Ok(outcome),
        };
        if let Some(key) = store.set_policy(caller, env.clock.now(), id, version, &policy).await? {
            return Ok(Outcome::Done(Box::new(key)));
        }
        match unchanged(store, env, caller, id, precondition).await? {
            // It does not have the policy.
            Outcome::Done(_) => {}
            outcome => return Ok(outcome),
        }
    }
    Err(Error::Contention)
}
