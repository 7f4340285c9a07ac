//! Usage counters, buffered in memory and flushed in batches, so that using a key never writes on a request's path. What was
//! counted since the last flush is lost if the process is killed.

use std::{
    collections::{HashMap, VecDeque},
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};

use crate::{
    model::UsageCount,
    store::{Store, StoreError},
};

/// The most keys that one statement writes.
const FLUSH_BATCH: usize = 1_000;
/// Threads that count at the same time seldom use the same shard.
const SHARDS: usize = 16;

/// What was counted since the last flush.
#[derive(Default)]
pub struct UsageBuffer {
    shards: [Mutex<HashMap<i64, UsageCount>>; SHARDS],
}

impl UsageBuffer {
    /// Counts one verification of a key.
    pub fn count(&self, key_id: i64, valid: bool, now: DateTime<Utc>) {
        let count = match valid {
            true => UsageCount { valid: 1, invalid: 0, last_used_at: Some(now) },
            false => UsageCount { valid: 0, invalid: 1, last_used_at: None },
        };
        self.add(key_id, &count);
    }

    /// Writes what was counted. What could not be written stays in the buffer, also if this future is dropped.
    pub async fn flush(&self, store: &Store) -> Result<(), StoreError> {
        let mut counts: Vec<(i64, UsageCount)> =
            self.shards.iter().flat_map(|shard| mem::take(&mut *lock(shard))).collect();
        // In the same order on all nodes, so that they do not deadlock.
        counts.sort_unstable_by_key(|(id, _)| *id);
        let mut guard = FlushGuard { buffer: self, pending: counts.into() };
        while !guard.pending.is_empty() {
            let batch = guard.pending.len().min(FLUSH_BATCH);
            store.add_usage(&guard.pending.make_contiguous()[..batch]).await?;
            guard.pending.drain(..batch);
        }
        Ok(())
    }

    fn add(&self, key_id: i64, count: &UsageCount) {
        let shard = usize::try_from(key_id.unsigned_abs() % SHARDS as u64).unwrap_or_default();
        lock(&self.shards[shard]).entry(key_id).or_default().add(count);
    }
}

/// What was taken from the buffer and is not written yet.
struct FlushGuard<'a> {
    buffer: &'a UsageBuffer,
    pending: VecDeque<(i64, UsageCount)>,
}

impl Drop for FlushGuard<'_> {
    fn drop(&mut self) {
        for (id, count) in &self.pending {
            self.buffer.add(*id, count);
        }
    }
}

fn lock(shard: &Mutex<HashMap<i64, UsageCount>>) -> MutexGuard<'_, HashMap<i64, UsageCount>> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}
