//! Disables a key that the caller reaches. Disabling a disabled key changes nothing and succeeds, except that a member of the project
//! makes the key managed, so that a customer who disabled it before cannot enable it again.

use super::mutation::{Outcome, if_revoked, mutate, restricting};
use crate::{
    model::{ApiKey, Caller, Env, Error, Precondition},
    store::{Store, keys::write::Disable},
};

/// Disables a key. One that permits more than the caller has is refused.
#[tracing::instrument(name = "keys.disable", level = "debug", skip_all)]
pub async fn disable(
    store: &Store,
    env: &Env,
    caller: &Caller,
    id: i64,
    precondition: &Precondition,
) -> Result<Outcome, Error> {
    let is_done = |key: &ApiKey| key.disabled_at.is_some() && (key.managed || caller.owns(key));
    let unchanged =
        |key: &ApiKey| if_revoked(key).or_else(|| is_done(key).then(|| Outcome::Done(Box::new(key.clone()))));
    let rules = restricting(unchanged);
    mutate(store, env, caller, id, precondition, rules, &Disable { by: caller.user_id }).await
}
