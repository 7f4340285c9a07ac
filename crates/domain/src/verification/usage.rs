//! How often keys are asked about, gathered in memory and written in batches: using a key never writes on a request's way.
//! What was gathered since the last batch is lost when the process is killed.

use std::{
    collections::{HashMap, VecDeque},
    mem,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};

use crate::store::{Store, StoreError};

/// How often a batch is written, and so the most that is lost.
pub const FLUSH_INTERVAL: Duration = Duration::from_secs(10);
/// How many keys one statement writes.
const BATCH: usize = 1_000;
/// Threads that count at once seldom meet.
const SHARDS: usize = 16;

/// How often a key was asked about, and when it was last good.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UsageCount {
    /// How often it was good.
    pub valid: i64,
    /// How often it was not.
    pub refused: i64,
    /// When it was last good.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl UsageCount {
    fn add(&mut self, other: &Self) {
        self.valid += other.valid;
        self.refused += other.refused;
        self.last_used_at = self.last_used_at.max(other.last_used_at);
    }
}

/// What was counted since the last batch.
#[derive(Default)]
pub struct UsageCounts {
    shards: [Mutex<HashMap<i64, UsageCount>>; SHARDS],
}

impl UsageCounts {
    /// Counts one question about a key.
    pub fn count(&self, key_id: i64, valid: bool, now: DateTime<Utc>) {
        let count = match valid {
            true => UsageCount { valid: 1, refused: 0, last_used_at: Some(now) },
            false => UsageCount { valid: 0, refused: 1, last_used_at: None },
        };
        self.add(key_id, &count);
    }

    /// Writes what was counted. What could not be written is counted on, also when this is given up half-way.
    pub async fn flush(&self, store: &Store) -> Result<(), StoreError> {
        let mut counted: Vec<(i64, UsageCount)> =
            self.shards.iter().flat_map(|shard| mem::take(&mut *lock(shard))).collect();
        // In one order on all nodes, so that no two wait for each other.
        counted.sort_unstable_by_key(|(id, _)| *id);
        let mut taken = Taken { counts: self, left: counted.into() };
        while !taken.left.is_empty() {
            let batch = taken.left.len().min(BATCH);
            store.add_usage(&taken.left.make_contiguous()[..batch]).await?;
            taken.left.drain(..batch);
        }
        Ok(())
    }

    fn add(&self, key_id: i64, count: &UsageCount) {
        let shard = &self.shards[key_id.unsigned_abs() as usize % SHARDS];
        lock(shard).entry(key_id).or_default().add(count);
    }
}

/// What was taken to be written, and is not yet.
struct Taken<'a> {
    counts: &'a UsageCounts,
    left: VecDeque<(i64, UsageCount)>,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        for (id, count) in &self.left {
            self.counts.add(*id, count);
        }
    }
}

fn lock(shard: &Mutex<HashMap<i64, UsageCount>>) -> std::sync::MutexGuard<'_, HashMap<i64, UsageCount>> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}
