//! Reads the usage counters of one of the caller's keys.

use crate::{
    model::{Caller, Env, Error, UsageCount},
    store::Store,
};

/// The counters as they were last flushed; `None` if the caller has no such key.
#[tracing::instrument(name = "keys.usage", level = "debug", skip_all)]
pub async fn usage(store: &Store, env: &Env, caller: &Caller, id: i64) -> Result<Option<UsageCount>, Error> {
    match store.find_usage(caller, env.clock.now(), id).await? {
        Some(usage) => Ok(Some(usage)),
        None => store.ensure_caller_active(caller, env.clock.now()).await.map(|_| None),
    }
}
