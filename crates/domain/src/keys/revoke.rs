//! Revokes one of the caller's keys permanently. Revoking a revoked key changes nothing, keeps the first reason, and succeeds.

use super::mutation::{MAX_ATTEMPTS, Outcome, required_version, unchanged};
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
    for _ in 0..MAX_ATTEMPTS {
        let version = match required_version(store, env, caller, id, precondition).await? {
            Ok(version) => version,
            Err(outcome) => return Ok(outcome),
        };
        if let Some(key) = store.revoke_key(caller, env.clock.now(), id, version, reason.clone()).await? {
            return Ok(Outcome::Done(Box::new(key)));
        }
        match unchanged(store, env, caller, id, precondition).await? {
            // It is not revoked.
            Outcome::Done(_) => {}
            outcome => return Ok(outcome),
        }
    }
    Err(Error::Contention)
}
