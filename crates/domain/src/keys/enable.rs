//! Enables one of the caller's keys. Enabling an enabled key changes nothing and succeeds.

use super::{
    get::get,
    mutation::{MAX_ATTEMPTS, Outcome, changed_concurrently, required_version, unchanged},
};
use crate::{
    model::{Caller, Env, Error, Precondition},
    store::Store,
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
    for _ in 0..MAX_ATTEMPTS {
        let version = if caller.is_unrestricted() {
            match required_version(store, caller, id, precondition).await? {
                Ok(version) => version,
                Err(outcome) => return Ok(outcome),
            }
        } else {
            match get(store, caller, id).await? {
                None => return Ok(Outcome::NotFound),
                Some(key) if !precondition.matches(&key) => return Ok(Outcome::PreconditionFailed),
                Some(key) if !caller.may_control(&key) => return Err(Error::InsufficientPermissions),
                // At this very version: another policy may permit more than the caller has.
                Some(key) => Some(key.version),
            }
        };
        if let Some(key) = store.enable_key(caller, env.clock.now(), id, version).await? {
            return Ok(Outcome::Done(Box::new(key)));
        }
        match unchanged(store, caller, id, precondition).await? {
            Outcome::Done(key) if key.disabled_at.is_some() => {}
            outcome => return Ok(outcome),
        }
    }
    Err(changed_concurrently())
}
