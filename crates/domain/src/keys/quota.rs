//! The most keys that one user may have.
//!
//! Counting the keys of a user with many takes a while, so each node counts at most once in ten seconds, and itself
//! subtracts the keys that it issues. A user may therefore exceed the quota by what other nodes issue meanwhile, and by what is
//! being issued while the keys are counted, or while an owner is created.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use quick_cache::sync::Cache;
use tokio::sync::Mutex;

use crate::{
    model::{Clock, Error, MonotonicTime},
    store::Store,
};

/// How long a node relies on a count.
const RECOUNT_INTERVAL: Duration = Duration::from_secs(10);
/// The same, once no key is left: soon after keys were deleted, others can be created.
const RECOUNT_INTERVAL_WHEN_FULL: Duration = Duration::from_secs(1);
/// The most users whose counts are stored.
const CAPACITY: usize = 10_000;

/// Counts the keys of users.
pub struct KeyQuota {
    max: NonZeroU32,
    clock: Clock,
    rooms: Cache<i64, Arc<Mutex<Room>>>,
}

/// How many more keys a user may have.
#[derive(Default)]
struct Room {
    keys: u32,
    counted_at: Option<MonotonicTime>,
}

impl KeyQuota {
    /// A quota of `max` keys for each user. Deleted keys do not count.
    pub fn new(max: NonZeroU32, clock: Clock) -> Self {
        Self { max, clock, rooms: Cache::new(CAPACITY) }
    }

    /// The most keys that a user may have.
    pub fn max(&self) -> NonZeroU32 {
        self.max
    }

    /// Whether the user may have one more key, which is then taken to be issued.
    pub(super) async fn take(&self, store: &Store, user_id: i64) -> Result<bool, Error> {
        let room = self.rooms.get_or_insert_with(&user_id, || Ok::<_, Error>(Arc::default()))?;
        // While one request counts, the user's others wait for its result.
        let mut room = room.lock().await;
        let interval = if room.keys == 0 { RECOUNT_INTERVAL_WHEN_FULL } else { RECOUNT_INTERVAL };
        let now = self.clock.monotonic();
        if room.counted_at.is_none_or(|counted_at| now.since(counted_at) >= interval) {
            let count = store.count_keys(user_id, self.max.get()).await?;
            *room = Room { keys: self.max.get().saturating_sub(count), counted_at: Some(now) };
        }
        let has_room = room.keys > 0;
        room.keys = room.keys.saturating_sub(1);
        Ok(has_room)
    }

    /// Gives back what was taken for a key that was not issued.
    pub(super) async fn give_back(&self, user_id: i64) {
        if let Some(room) = self.rooms.get(&user_id) {
            let mut room = room.lock().await;
            room.keys = room.keys.saturating_add(1).min(self.max.get());
        }
    }
}
