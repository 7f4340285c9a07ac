//! Disables one of the caller's keys. Disabling a disabled key changes nothing and succeeds.

use super::mutation::{MAX_ATTEMPTS, Outcome, required_version, unchanged};
use crate::{
    model::{Caller, Env, Error, Precondition},
    store::Store,
};

/// Disables a key.
#[tracing::instrument(name = "keys.disable", level = "debug", skip_all)]
pub async fn disable(
    store: &Store,
    env: &Env,
    caller: &Caller,
    id: i64,
    precondition: &Precondition,
) -> Result<Outcome, Error> {
    for _ in 0..MAX_ATTEMPTS {
        let version = match required_version(store, env, caller, id, precondition).await? {
            Ok(version) => version,
            Err(outcome) => return Ok(outcome),
        };
        if let Some(key) = store.disable_key(caller, env.clock.now(), id, version).await? {
            return Ok(Outcome::Done(Box::new(key)));
        }
        match unchanged(store, env, caller, id, precondition).await? {
            Outcome::Done(key) if key.disabled_at.is_none() => {}
            outcome => return Ok(outcome),
        }
    }
    Err(Error::Contention)
}
