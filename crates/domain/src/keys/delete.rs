//! Deletes one of the caller's keys. Its row stays, so that its hash is never issued again.

use crate::{
    model::{Caller, Env, Error},
    store::Store,
};

/// Whether the caller had such a key.
pub async fn delete(store: &Store, env: &Env, caller: &Caller, id: i64) -> Result<bool, Error> {
    if store.delete_key(caller, env.clock.now(), id).await? {
        return Ok(true);
    }
    store.ensure_caller_active(caller).await.map(|()| false)
}
