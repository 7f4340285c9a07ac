//! Finds one of the caller's keys.

use crate::{
    model::{ApiKey, Caller, Env, Error},
    store::Store,
};

/// The key; `None` if there is none of this id, or it belongs to another user.
#[tracing::instrument(name = "keys.get", level = "debug", skip_all)]
pub async fn get(store: &Store, env: &Env, caller: &Caller, id: i64) -> Result<Option<ApiKey>, Error> {
    match store.find_key(caller, id).await? {
        Some(key) => Ok(Some(key)),
        None => store.ensure_caller_active(caller, env.clock.now()).await.map(|()| None),
    }
}
