//! Finds a key that the caller reaches.

use crate::{
    model::{ApiKey, Caller, Env, Error},
    store::{Store, keys::read::ReachedKey},
};

/// The key; `None` if there is none of this id, or the caller does not reach it.
#[tracing::instrument(name = "keys.get", level = "debug", skip_all)]
pub async fn get(store: &Store, env: &Env, caller: &Caller, id: i64) -> Result<Option<ApiKey>, Error> {
    Ok(find(store, env, caller, id).await?.map(|found| found.key))
}

/// The key, and whether the caller may change it.
pub(super) async fn find(store: &Store, env: &Env, caller: &Caller, id: i64) -> Result<Option<ReachedKey>, Error> {
    let now = env.clock.now();
    match store.find_key(caller, now, id).await? {
        Some(found) => Ok(Some(found)),
        None => store.ensure_caller_active(caller, now).await.map(|_| None),
    }
}
