//! Deletes one of the caller's keys: a tombstone stays, so that the hash is never issued again.

use chrono::{DateTime, Utc};

use crate::{error::Failure, identity::Caller, store::Store};

/// Whether there was such a key of the caller's.
pub async fn delete(store: &Store, caller: &Caller, id: i64, now: DateTime<Utc>) -> Result<bool, Failure> {
    if store.delete_key(caller, id, now).await? {
        return Ok(true);
    }
    store.confirm(caller).await.map(|()| false)
}
