//! Deletes a key that the caller reaches. Its row stays, so that its hash is never issued again.

use super::mutation::{Outcome, mutate, restricting};
use crate::{
    model::{ApiKey, Caller, Env, Error, Precondition},
    store::{Store, keys::write::Delete},
};

/// Deletes a key. One that permits more than the caller has is refused.
#[tracing::instrument(name = "keys.delete", level = "debug", skip_all)]
pub async fn delete(
    store: &Store,
    env: &Env,
    caller: &Caller,
    id: i64,
    precondition: &Precondition,
) -> Result<Outcome, Error> {
    let rules = restricting(|_: &ApiKey| None);
    mutate(store, env, caller, id, precondition, rules, &Delete).await
}
