//! Reads the usage counters of one of the caller's keys.

use crate::{
    model::{Caller, Error, UsageCount},
    store::Store,
};

/// The counters as they were last flushed; `None` if the caller has no such key.
#[tracing::instrument(name = "keys.usage", level = "debug", skip_all)]
pub async fn usage(store: &Store, caller: &Caller, id: i64) -> Result<Option<UsageCount>, Error> {
    match store.find_usage(caller, id).await? {
        Some(usage) => Ok(Some(usage)),
        None => store.ensure_caller_active(caller).await.map(|()| None),
    }
}
