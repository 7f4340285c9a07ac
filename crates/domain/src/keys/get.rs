//! Finds one of the caller's keys.

use super::record::KeyRecord;
use crate::{error::Failure, identity::Caller, store::Store};

/// `None` when there is no such key, or it is another user's.
pub async fn get(store: &Store, caller: &Caller, id: i64) -> Result<Option<KeyRecord>, Failure> {
    match store.find_key(caller, id).await? {
        Some(record) => Ok(Some(record)),
        None => store.confirm(caller).await.map(|()| None),
    }
}
