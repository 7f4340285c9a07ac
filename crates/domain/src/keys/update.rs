//! Changes one of the caller's keys.

use chrono::{DateTime, Utc};

use super::{get::get, record::KeyRecord};
use crate::{error::Failure, identity::Caller, store::Store};

/// What is to change; the outer `None` leaves a value as it is, the inner one removes it.
#[derive(Debug, Default)]
pub struct Change {
    /// What the key is for.
    pub description: Option<Option<String>>,
    /// When it ends.
    pub expires_at: Option<Option<DateTime<Utc>>>,
}

/// Answers the record as it stands after the change; `None` when there is no such key, or it is another user's.
pub async fn update(store: &Store, caller: &Caller, id: i64, change: Change) -> Result<Option<KeyRecord>, Failure> {
    // A change of nothing is a read, and must not write a row version.
    if let Change { description: None, expires_at: None } = change {
        return get(store, caller, id).await;
    }
    match store.update_key(caller, id, change).await? {
        Some(record) => Ok(Some(record)),
        None => store.confirm(caller).await.map(|()| None),
    }
}
