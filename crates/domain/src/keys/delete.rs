//! Deletes one of the caller's keys. Its row stays, so that its hash is never issued again.

use super::mutation::{Outcome, Rules, mutate};
use crate::{
    model::{Caller, Env, Error, Precondition},
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
    let rules = Rules { needs_control: true, unchanged: |_| None };
    mutate(store, env, caller, id, precondition, rules, &Delete).await
}
