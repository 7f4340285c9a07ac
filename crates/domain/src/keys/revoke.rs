//! Revokes a key that the caller reaches permanently. Revoking a revoked key changes nothing, keeps the first reason, and succeeds.

use super::mutation::{Outcome, if_revoked, mutate, restricting};
use crate::{
    model::{Caller, Env, Error, Precondition},
    store::{Store, keys::write::Revoke},
};

/// Revokes a key. One that permits more than the caller has is refused. The outcome is [`Outcome::Revoked`] if it was revoked before.
#[tracing::instrument(name = "keys.revoke", level = "debug", skip_all)]
pub async fn revoke(
    store: &Store,
    env: &Env,
    caller: &Caller,
    id: i64,
    precondition: &Precondition,
    reason: Option<String>,
) -> Result<Outcome, Error> {
    let rules = restricting(if_revoked);
    mutate(store, env, caller, id, precondition, rules, &Revoke(reason)).await
}
