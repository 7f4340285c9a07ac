//! Deletes one of the caller's keys: a tombstone stays, so that the hash is never issued again.

use crate::{Surroundings, audit::Actor, error::Failure, identity::Caller, store::Store};

/// Whether there was such a key of the caller's.
pub async fn delete(store: &Store, surroundings: &Surroundings, caller: &Caller, id: i64) -> Result<bool, Failure> {
    if store.delete_key(&Actor::from(caller), surroundings.now(), id).await? {
        return Ok(true);
    }
    store.confirm(caller).await.map(|()| false)
}
