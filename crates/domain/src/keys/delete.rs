//! Deletes one of the caller's keys. Its row stays, so that its hash is never issued again.

use super::mutation::{self, MAX_ATTEMPTS, find, required_version};
use crate::{
    model::{Caller, Env, Error, Precondition},
    store::Store,
};

/// What became of the request.
pub enum Outcome {
    /// The key is deleted.
    Deleted,
    /// The caller has no such key.
    NotFound,
    /// The key does not meet the precondition.
    PreconditionFailed,
}

/// Deletes a key.
#[tracing::instrument(name = "keys.delete", level = "debug", skip_all)]
pub async fn delete(
    store: &Store,
    env: &Env,
    caller: &Caller,
    id: i64,
    precondition: &Precondition,
) -> Result<Outcome, Error> {
    for _ in 0..MAX_ATTEMPTS {
        let version = match required_version(store, env, caller, id, precondition).await? {
            Ok(version) => version,
            Err(mutation::Outcome::NotFound) => return Ok(Outcome::NotFound),
            Err(_) => return Ok(Outcome::PreconditionFailed),
        };
        if store.delete_key(caller, env.clock.now(), id, version).await? {
            return Ok(Outcome::Deleted);
        }
        match find(store, env, caller, id).await? {
            None => return Ok(Outcome::NotFound),
            Some(key) if !precondition.matches(&key) => return Ok(Outcome::PreconditionFailed),
            Some(_) => {}
        }
    }
    Err(Error::Contention)
}
