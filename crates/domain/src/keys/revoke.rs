//! Revokes one of the caller's keys permanently. Revoking a revoked key changes nothing, keeps the first reason, and succeeds.

use super::mutation::{Outcome, required_version, unchanged};
use crate::{
    model::{Caller, Env, Error, Precondition},
    store::Store,
};

/// Revokes a key. The outcome is [`Outcome::Revoked`] if it was revoked before.
#[tracing::instrument(name = "keys.revoke", level = "debug", skip_all)]
pub async fn revoke(
    store: &Store,
    env: &Env,
    caller: &Caller,
    id: i64,
    precondition: &Precondition,
    reason: Option<String>,
) -> Result<Outcome, Error> {
    let version = match required_version(store, env, caller, id, precondition).await? {
        Ok(version) => version,
        Err(outcome) => return Ok(outcome),
    };
    match store.revoke_key(caller, env.clock.now(), id, version, reason).await? {
        Some(key) => Ok(Outcome::Done(Box::new(key))),
        None => unchanged(store, env, caller, id, precondition).await,
    }
}
