//! Revokes one of the caller's keys for good. Revoking a revoked key changes nothing, keeps the first reason, and succeeds.

use super::get::get;
use crate::{
    model::{ApiKey, Caller, Env, Error},
    store::Store,
};

/// The revoked key; `None` if the caller has no such key.
pub async fn revoke(
    store: &Store,
    env: &Env,
    caller: &Caller,
    id: i64,
    reason: Option<String>,
) -> Result<Option<ApiKey>, Error> {
    match store.revoke_key(caller, env.clock.now(), id, reason).await? {
        Some(key) => Ok(Some(key)),
        None => get(store, caller, id).await,
    }
}
