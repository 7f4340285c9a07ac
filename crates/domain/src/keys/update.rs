//! Changes the description or the expiry of one of the caller's keys.

use super::mutation::{MAX_ATTEMPTS, find};
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
        let (mut version, mut expected) = (None, None);
        if patch.is_empty() || needs_control || is_conditional {
            match find(store, env, caller, id).await? {
                None => return Ok(Outcome::NotFound),
                Some(key) if needs_control && !caller.may_control(&key) => return Err(Error::InsufficientPermissions),
                Some(key) if !precondition.matches(&key) => return Ok(Outcome::PreconditionFailed),
                // An empty patch writes nothing, not even a version.
                Some(key) if patch.is_empty() => return Ok(Outcome::Updated(Box::new(key))),
                Some(key) => {
                    version = is_conditional.then_some(key.version);
                    expected = needs_control.then_some(key.policy);
                }
            }
        }
        let updated = store.update_key(caller, env.clock.now(), id, version, expected.as_ref(), patch.clone()).await?;
        if let Some(key) = updated {
            return Ok(Outcome::Updated(Box::new(key)));
        }
        if find(store, env, caller, id).await?.is_none() {
            return Ok(Outcome::NotFound);
        }
        // Its version or policy changed between the two statements: the next attempt checks it again.
    }
    Err(Error::Contention)
}
