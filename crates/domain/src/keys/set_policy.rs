//! Replaces the policy of one of the caller's keys.

use super::mutation::{Outcome, Rules, if_revoked, mutate};
use crate::{
    model::{Caller, Env, Error, Policy, Precondition},
    store::{Store, keys::write::SetPolicy},
};

/// Replaces the policy as a whole. Neither the old nor the new policy may permit more than the caller has.
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
    let rules = Rules { needs_control: true, unchanged: if_revoked };
    mutate(store, env, caller, id, precondition, rules, &SetPolicy::from(&policy)).await
}
