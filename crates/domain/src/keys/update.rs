//! Changes the description or the expiry of a key that the caller reaches.

use chrono::{DateTime, Utc};

use super::mutation::{Outcome, Rules, find, mutate};
use crate::{
    model::{ApiKey, Caller, Env, Error, KeyPatch, Precondition},
    store::{
        Store,
        keys::{read::ReachedKey, write::Update},
    },
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
            Some(found) if !precondition.matches(&found.key) => Outcome::PreconditionFailed,
            Some(found) => Outcome::Done(Box::new(found.key)),
        });
    }
    if patch.expires_at.is_some_and(|expires_at| !caller.may_set_expiry(expires_at)) {
        store.ensure_caller_active(caller, env.clock.now()).await?;
        return Err(Error::InsufficientPermissions);
    }
    let expiry = patch.expires_at;
    // Every expiry is earlier than none.
    let restricts = |key: &ApiKey| match (expiry, key.expires_at) {
        (None, _) | (Some(Some(_)), None) => true,
        (Some(None), old) => old.is_none(),
        (Some(Some(new)), Some(old)) => new <= old,
    };
    let rules = Rules { needs_control: patch.sets_expiry(), restricts: Some(restricts), unchanged: |_: &ApiKey| None };
    match mutate(store, env, caller, id, precondition, rules, &Update::from(patch)).await {
        // The statement never applies to a key that would outlive the maximum of its project.
        Err(Error::Contention) if let Some(expires_at) = expiry => {
            Err(explain_contention(store, env, caller, id, expires_at).await?)
        }
        outcome => outcome,
    }
}

async fn explain_contention(
    store: &Store,
    env: &Env,
    caller: &Caller,
    id: i64,
    expires_at: Option<DateTime<Utc>>,
) -> Result<Error, Error> {
    let Some(ReachedKey { key, .. }) = find(store, env, caller, id).await? else { return Ok(Error::Contention) };
    let project = store.project_of(key.project_id).await?;
    let is_allowed = project.settings.allows_expiry(key.created_at, expires_at);
    Ok(if is_allowed { Error::Contention } else { Error::ExpiresTooLate })
}
