//! Changes the description or the expiry of one of the caller's keys.

use super::mutation::{Outcome, Rules, find, mutate};
use crate::{
    model::{Caller, Env, Error, KeyPatch, Precondition},
    store::{Store, keys::write::Update},
};

/// Updates a key. A restricted caller may set the expiry of keys within its own restrictions alone, and a key that expires may
/// set no later expiry than its own: nobody prolongs what he was given.
#[tracing::instrument(name = "keys.update", level = "debug", skip_all)]
pub async fn update(
    store: &Store,
    env: &Env,
    caller: &Caller,
    id: i64,
    precondition: &Precondition,
    patch: KeyPatch,
) -> Result<Outcome, Error> {
    if patch.is_empty() {
        // It writes nothing, not even a version.
        return Ok(match find(store, env, caller, id).await? {
            None => Outcome::NotFound,
            Some(key) if !precondition.matches(&key) => Outcome::PreconditionFailed,
            Some(key) => Outcome::Done(Box::new(key)),
        });
    }
    if patch.expires_at.is_some_and(|expires_at| !caller.may_set_expiry(expires_at)) {
        store.ensure_caller_active(caller, env.clock.now()).await?;
        return Err(Error::InsufficientPermissions);
    }
    let rules = Rules { needs_control: patch.sets_expiry(), unchanged: |_| None };
    mutate(store, env, caller, id, precondition, rules, &Update::from(patch)).await
}
