//! What a node does beside answering, every few seconds: it writes what was gathered in memory, and removes from the database
//! what is over.

use std::{
    mem,
    sync::{Mutex, PoisonError},
};

use tokio::time::sleep;

use super::{Verifier, usage::FLUSH_INTERVAL};
use crate::{
    Surroundings,
    error::in_one_line,
    keys::hash::KeyHash,
    store::{Store, StoreError},
};

/// How many keys may wait to be hashed under the current pepper; those beyond wait for their next use.
const MOST_TO_REHASH: usize = 10_000;

impl Verifier {
    /// Keeps house for as long as it is polled; never ends.
    pub(super) async fn keep_house(&self, store: &Store, surroundings: &Surroundings) {
        loop {
            sleep(FLUSH_INTERVAL).await;
            self.flush(store).await;
            if let Err(error) = self.remove_what_is_over(store, surroundings).await {
                tracing::warn!(cause = in_one_line(&error), "what is over could not be removed");
            }
        }
    }

    /// Writes what was gathered: usage, and hashes under the current pepper. Also before the process ends.
    pub async fn flush(&self, store: &Store) {
        if let Err(error) = self.usage.flush(store).await {
            tracing::warn!(cause = in_one_line(&error), "usage could not be written; it is counted on");
        }
        for key in self.memory.to_rehash.take() {
            if let Err(error) = store.rehash_key(key.id, key.old_pepper, &key.new).await {
                tracing::warn!(cause = in_one_line(&error), "a key could not be hashed anew; its next use tries again");
            }
        }
    }

    /// Removes, a batch at a time, secrets whose time is over, and entries of the change log that all nodes have seen.
    async fn remove_what_is_over(&self, store: &Store, surroundings: &Surroundings) -> Result<(), StoreError> {
        while store.remove_expired_answers(surroundings.now()).await? > 0 {}
        let Some(transaction) = self.following.take_prunable() else {
            return Ok(());
        };
        while store.remove_changes(&transaction).await? > 0 {}
        Ok(())
    }
}

/// A key that is kept under an old pepper.
pub(super) struct ToRehash {
    pub(super) id: i64,
    pub(super) old_pepper: i16,
    /// The hash under the current one.
    pub(super) new: KeyHash,
}

/// The keys that wait to be hashed under the current pepper.
#[derive(Default)]
pub(super) struct RehashQueue(Mutex<Vec<ToRehash>>);

impl RehashQueue {
    pub(super) fn add(&self, key: ToRehash) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < MOST_TO_REHASH {
            waiting.push(key);
        }
    }

    fn take(&self) -> Vec<ToRehash> {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
