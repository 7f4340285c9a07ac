//! Enables one of the caller's keys. Enabling an enabled key changes nothing and succeeds.

use super::{
    get::get,
    mutation::{Outcome, required_version, unchanged},
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
    if !caller.is_unrestricted() {
        match get(store, caller, id).await? {
            None => return Ok(Outcome::NotFound),
            Some(key) if !caller.may_control(&key) => return Err(Error::InsufficientPermissions),
            Some(_) => {}
        }
    }
    let version = match required_version(store, caller, id, precondition).await? {
        Ok(version) => version,
        Err(outcome) => return Ok(outcome),
    };
    match store.enable_key(caller, env.clock.now(), id, version).await? {
        Some(key) => Ok(Outcome::Done(Box::new(key))),
        None => unchanged(store, caller, id, precondition).await,
    }
}
