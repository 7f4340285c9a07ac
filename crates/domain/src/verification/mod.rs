//! Verification: whether a key is valid for a request, which Latchkey decides for every request to somebody else's API.
//!
//! [`verify`] looks the key up in the [`cache`], [`evaluate`]s what is known of it for the request, and checks its
//! [`rate_limit`]. A cache entry is used as long as the node is sure that nothing has changed
//! ([`Freshness`](crate::store::Freshness)). Uses are counted in memory ([`usage`]) and flushed in the background.
//! `docs/REVOCATION.md` explains why a revoked key is not found valid later than a second after its revocation.

pub mod cache;
pub mod evaluate;
mod lookup_limit;
pub mod rate_limit;
pub mod usage;
pub mod verify;

use std::{net::IpAddr, sync::Arc, time::Duration};

use self::{
    cache::{CacheStats, KeyCache, Lookup},
    evaluate::VerificationCode,
    lookup_limit::LookupLimit,
    rate_limit::RateLimits,
    usage::UsageBuffer,
};
use crate::{
    keys::rehash::RehashQueue,
    model::{Clock, Counters, Error, KeyHash, KeySnapshot, Peppers, PlainKey, UserStatus},
    store::{Store, freshness::MAX_AGE},
};

/// What a node needs to verify keys.
pub struct Verifier {
    store: Arc<Store>,
    peppers: Arc<Peppers>,
    clock: Clock,
    cache: KeyCache,
    lookup_limit: LookupLimit,
    /// By the id of the key.
    rate_limits: RateLimits<i64>,
    counts: Counters<VerificationCode>,
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
            lookup_limit: LookupLimit::new(clock.clone()),
            rate_limits: RateLimits::new(clock.clone()),
            counts: Counters::default(),
            usage: UsageBuffer::default(),
            rehash_queue: RehashQueue::default(),
            store,
            peppers,
            clock,
        }
    }

    /// What is known of a key: from the cache, or by one query. `client_ip` is where the key came from, if known.
    pub async fn find_key(&self, key: &PlainKey, client_ip: Option<IpAddr>) -> Result<Lookup<KeySnapshot>, Error> {
        let current = &self.peppers.current(key);
        let fetch = move || self.query_key(key, current, client_ip);
        self.cache.key(self.store.freshness(), current.digest, fetch).await
    }

    /// What the database has of a key: by one query, unless the cache says that there is no such key.
    pub async fn read_key(&self, key: &PlainKey, client_ip: Option<IpAddr>) -> Result<Option<KeySnapshot>, Error> {
        let current = &self.peppers.current(key);
        self.cache.uncached_key(self.store.freshness(), current.digest, self.query_key(key, current, client_ip)).await
    }

    async fn query_key(
        &self,
        key: &PlainKey,
        current: &KeyHash,
        client_ip: Option<IpAddr>,
    ) -> Result<Option<KeySnapshot>, Error> {
        let permit = self.lookup_limit.enter(client_ip)?;
        let hashes: Vec<_> = self.peppers.previous(key).chain([current.clone()]).collect();
        let found = self.store.find_key_by_hash(&hashes).await?;
        match &found {
            Some(found) => self.rehash_queue.add_if_outdated(found, current),
            None => permit.found_nothing(),
        }
        Ok(found)
    }

    /// Whether a user's tokens are accepted: from the cache, or by one query.
    pub async fn find_user(&self, id: i64) -> Result<Lookup<UserStatus>, Error> {
        self.cache
            .user(self.store.freshness(), id, move || async move { Ok(self.store.find_user_status(id).await?) })
            .await
    }

    /// How often the cache served.
    pub fn cache_stats(&self) -> CacheStats {
        self.cache.stats()
    }

    /// How many queries for keys were refused, because their address has sent many keys that do not exist.
    pub fn refused_lookups(&self) -> u64 {
        self.lookup_limit.refused()
    }

    /// How many verifications had each result. Those that failed are not among them.
    pub fn counts(&self) -> &Counters<VerificationCode> {
        &self.counts
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
