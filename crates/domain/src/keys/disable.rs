//! Disables one of the caller's keys. Disabling a disabled key changes nothing and succeeds.

use super::get::get;
use crate::{
    model::{ApiKey, Caller, Env, Error},
    store::Store,
};

/// What became of the request.
pub enum Outcome {
    /// The key, which is disabled.
    Disabled(Box<ApiKey>),
    /// The caller has no such key.
    NotFound,
    /// The key is revoked.
    Revoked,
}

/// Disables a key.
pub async fn disable(store: &Store, env: &Env, caller: &Caller, id: i64) -> Result<Outcome, Error> {
    if let Some(key) = store.disable_key(caller, env.clock.now(), id).await? {
        return Ok(Outcome::Disabled(Box::new(key)));
    }
    Ok(match get(store, caller, id).await? {
        None => Outcome::NotFound,
        Some(key) if key.revoked_at.is_some() => Outcome::Revoked,
        Some(key) => Outcome::Disabled(Box::new(key)),
    })
}
