//! Disables a key that the caller reaches. Disabling a disabled key changes nothing and succeeds.

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
    let unchanged = |key: &ApiKey| {
        if_revoked(key).or_else(|| key.disabled_at.is_some().then(|| Outcome::Done(Box::new(key.clone()))))
    };
    let rules = restricting(unchanged);
    mutate(store, env, caller, id, precondition, rules, &Disable).await
}
