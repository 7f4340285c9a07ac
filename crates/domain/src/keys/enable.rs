//! Enables a key that the caller reaches. Enabling an enabled key changes nothing and succeeds.

use super::mutation::{Outcome, Rules, if_revoked, mutate};
use crate::{
    model::{ApiKey, Caller, Env, Error, Precondition},
    store::{Store, keys::write::Enable},
};

/// Enables a key. A key that permits more than the caller has would become usable to anyone who holds it, so it is refused.
#[tracing::instrument(name = "keys.enable", level = "debug", skip_all)]
pub async fn enable(
    store: &Store,
    env: &Env,
    caller: &Caller,
    id: i64,
    precondition: &Precondition,
) -> Result<Outcome, Error> {
    let unchanged = |key: &ApiKey| {
        if_revoked(key).or_else(|| key.disabled_at.is_none().then(|| Outcome::Done(Box::new(key.clone()))))
    };
    let rules = Rules { needs_control: true, restricts: Some(|_: &ApiKey| false), unchanged };
    mutate(store, env, caller, id, precondition, rules, &Enable).await
}
