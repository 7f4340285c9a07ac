//! Changes the description or the expiry of one of the caller's keys.

use super::{
    get::get,
    mutation::{MAX_ATTEMPTS, changed_concurrently},
};
use crate::{
    model::{ApiKey, Caller, Env, Error, KeyPatch, Precondition},
    store::Store,
};

/// What became of the request.
pub enum Outcome {
    /// The key after the update.
    Updated(Box<ApiKey>),
    /// The caller has no such key.
    NotFound,
    /// The key does not meet the precondition.
    PreconditionFailed,
}

/// Updates a key. A later expiry makes a key usable to anyone who holds it, so a restricted caller may set the expiry of keys
/// within its own restrictions alone.
#[tracing::instrument(name = "keys.update", level = "debug", skip_all)]
pub async fn update(
    store: &Store,
    env: &Env,
    caller: &Caller,
    id: i64,
    precondition: &Precondition,
    patch: KeyPatch,
) -> Result<Outcome, Error> {
    let needs_control = patch.sets_expiry() && !caller.is_unrestricted();
    let is_conditional = *precondition != Precondition::None;
    for _ in 0..MAX_ATTEMPTS {
        let mut version = None;
        if patch.is_empty() || needs_control || is_conditional {
            match get(store, caller, id).await? {
                None => return Ok(Outcome::NotFound),
                Some(key) if !precondition.matches(&key) => return Ok(Outcome::PreconditionFailed),
                Some(key) if needs_control && !caller.may_control(&key) => return Err(Error::InsufficientPermissions),
                // An empty patch writes nothing, not even a version.
                Some(key) if patch.is_empty() => return Ok(Outcome::Updated(Box::new(key))),
                // At this very version: another policy may permit more than the caller has.
                Some(key) => version = Some(key.version),
            }
        }
        if let Some(key) = store.update_key(caller, env.clock.now(), id, version, patch.clone()).await? {
            return Ok(Outcome::Updated(Box::new(key)));
        }
        if version.is_none() {
            return store.ensure_caller_active(caller).await.map(|()| Outcome::NotFound);
        }
        // It was deleted, or changed between the two statements: the next attempt finds out.
    }
    Err(changed_concurrently())
}
