//! Deletes one of the caller's keys. Its row stays, so that its hash is never issued again.

use super::{
    get::get,
    mutation::{self, required_version},
};
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
    let version = match required_version(store, env, caller, id, precondition).await? {
        Ok(version) => version,
        Err(mutation::Outcome::NotFound) => return Ok(Outcome::NotFound),
        Err(_) => return Ok(Outcome::PreconditionFailed),
    };
    if store.delete_key(caller, env.clock.now(), id, version).await? {
        return Ok(Outcome::Deleted);
    }
    store.ensure_caller_active(caller, env.clock.now()).await?;
    // With a precondition, the key may have changed between the two statements.
    Ok(match get(store, env, caller, id).await? {
        Some(_) => Outcome::PreconditionFailed,
        None => Outcome::NotFound,
    })
}
