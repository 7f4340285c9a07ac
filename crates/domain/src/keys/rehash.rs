//! Stores keys that were used, and are hashed under a previous pepper, under the current one. A request only queues its key.

use std::{
    mem,
    sync::{Mutex, PoisonError},
};

use crate::{
    model::{KeyHash, KeySnapshot, error_chain},
    store::Store,
};

/// The most keys that wait. Those beyond are queued at their next use.
const MAX_PENDING: usize = 10_000;

/// A key that is hashed under a previous pepper.
struct RehashJob {
    id: i64,
    old_pepper: i16,
    new: KeyHash,
}

/// The keys that wait to be hashed under the current pepper.
#[derive(Default)]
pub struct RehashQueue(Mutex<Vec<RehashJob>>);

impl RehashQueue {
    /// Queues a key whose hash under the current pepper is `current`, unless it is stored under that already.
    pub fn add_if_outdated(&self, key: &KeySnapshot, current: &KeyHash) {
        if key.pepper == current.pepper {
            return;
        }
        let mut pending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pending.len() < MAX_PENDING {
            pending.push(RehashJob { id: key.id, old_pepper: key.pepper, new: current.clone() });
        }
    }

    /// Stores the queued keys. One that fails is queued again at its next use.
    pub async fn flush(&self, store: &Store) {
        let pending = mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        for job in pending {
            if let Err(error) = store.rehash_key(job.id, job.old_pepper, &job.new).await {
                tracing::warn!(
                    key_id = job.id,
                    cause = error_chain(&error),
                    "failed to store a key under the current pepper"
                );
            }
        }
    }
}
