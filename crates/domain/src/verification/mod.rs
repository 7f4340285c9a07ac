//! Verification: whether a key is valid for a request, which Latchkey decides for every request to somebody else's API.
//!
//! [`verify`] looks the key up in the [`cache`], [`evaluate`]s what is known of it for the request, and checks its
//! [`rate_limit`]. A cache entry is used as long as the node is sure that nothing has changed
//! ([`Freshness`](crate::store::Freshness)). Uses are counted in memory ([`usage`]) and flushed in the background.
//! `docs/REVOCATION.md` explains why a revoked key is not found valid later than a second after its revocation.

pub mod cache;
pub mod evaluate;
pub mod rate_limit;
pub mod usage;
pub mod verify;

use std::{sync::Arc, time::Duration};

use self::{
    cache::{CacheStats, KeyCache, Lookup},
    rate_limit::RateLimits,
    usage::UsageBuffer,
};
use crate::{
    keys::rehash::RehashQueue,
    model::{Clock, Error, KeySnapshot, Peppers, PlainKey, UserStatus},
    store::{Store, freshness::MAX_AGE},
};

/// What a node needs to verify keys.
pub struct Verifier {
    store: Arc<Store>,
    peppers: Arc<Peppers>,
    clock: Clock,
    cache: KeyCache,
    rate_limits: RateLimits,
    usage: UsageBuffer,
    rehash_queue: RehashQueue,
}

/// How a node verifies keys.
#[derive(Debug, Clone, Copy)]
pub struct VerifierConfig {
    /// The most cache entries for keys.
    pub cache_capacity: usize,
    /// How long a cache entry is still used when the database is unreachable; zero for not at all, [`MAX_AGE`] at most.
    pub max_stale: Duration,
}

impl Verifier {
    /// A verifier with an empty cache.
    pub fn new(store: Arc<Store>, peppers: Arc<Peppers>, clock: Clock, config: VerifierConfig) -> Self {
        Self {
            cache: KeyCache::new(config.cache_capacity, config.max_stale.min(MAX_AGE)),
            rate_limits: RateLimits::new(clock.clone()),
            usage: UsageBuffer::default(),
            rehash_queue: RehashQueue::default(),
            store,
            peppers,
            clock,
        }
    }

    /// What is known of a key: from the cache, or by one query.
    pub async fn find_key(&self, key: &PlainKey) -> Result<Lookup<KeySnapshot>, Error> {
        let current = &self.peppers.current(key);
        let fetch = move || async move {
            let hashes: Vec<_> = self.peppers.previous(key).chain([current.clone()]).collect();
            let found = self.store.find_key_by_hash(&hashes).await?;
            if let Some(found) = &found {
                self.rehash_queue.add_if_outdated(found, current);
            }
            Ok(found)
        };
        self.cache.key(self.store.freshness(), current.digest, fetch).await
    }

    /// Whether a user's tokens are accepted: from the cache, or by one query.
    pub async fn find_user(&self, id: i64) -> Result<Lookup<UserStatus>, Error> {
        self.cache.user(self.store.freshness(), id, move || self.store.find_user_status(id)).await
    }

    /// How often the cache served.
    pub fn cache_stats(&self) -> CacheStats {
        self.cache.stats()
    }

    /// The usage counters that are not flushed yet.
    pub fn usage(&self) -> &UsageBuffer {
        &self.usage
    }

    /// The keys that wait to be hashed under the current pepper.
    pub fn rehash_queue(&self) -> &RehashQueue {
        &self.rehash_queue
    }
}
