//! Enables one of the caller's keys. Enabling an enabled key changes nothing and succeeds.

use super::mutation::{MAX_ATTEMPTS, Outcome, find, required_version, unchanged};
use crate::{
    model::{Caller, Env, Error, Policy, Precondition},
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
        let mut expected: Option<Policy> = None;
        if !caller.is_unrestricted() {
            match find(store, env, caller, id).await? {
                None => return Ok(Outcome::NotFound),
                Some(key) if !caller.may_control(&key) => return Err(Error::InsufficientPermissions),
                Some(key) => expected = Some(key.policy),
            }
        }
        let version = match required_version(store, env, caller, id, precondition).await? {
            Ok(version) => version,
            Err(outcome) => return Ok(outcome),
        };
        if let Some(key) = store.enable_key(caller, env.clock.now(), id, version, expected.as_ref()).await? {
            return Ok(Outcome::Done(Box::new(key)));
        }
        match unchanged(store, env, caller, id, precondition).await? {
            // Another policy may permit more than the caller has: the next attempt checks it.
            Outcome::Done(key) if key.disabled_at.is_some() => {}
            outcome => return Ok(outcome),
        }
    }
    Err(Error::Contention)
}
