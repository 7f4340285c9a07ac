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

use quick_cache::sync::Cache;

use self::{
    cache::{CacheStats, KeyCache, Lookup},
    evaluate::VerificationCode,
    lookup_limit::LookupLimit,
    rate_limit::RateLimits,
    usage::UsageBuffer,
};
use crate::{
    keys::rehash::RehashQueue,
    model::{Clock, Counters, Error, KeyHash, KeySnapshot, MonotonicTime, Peppers, PlainKey, Project, Standing},
    store::{Store, freshness::MAX_AGE, keys::lookup::FoundKey},
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
    /// The ids of projects by their slugs. They never change.
    project_ids: Cache<String, i64>,
}

/// The most projects whose ids are cached.
const PROJECT_ID_CACHE_CAPACITY: usize = 10_000;

/// How a node verifies keys.
#[derive(Debug, Clone, Copy)]
pub struct VerifierConfig {
    /// The most places in the cache for keys. A key takes one for each KiB.
    pub cache_capacity: usize,
    /// How long a cache entry is still used when the database is unreachable; zero for not at all, [`MAX_AGE`] at most.
    pub max_stale: Duration,
}

/// The result of a lookup of a key.
pub struct KeyLookup {
    /// The key and its principal.
    pub key: Arc<KeySnapshot>,
    /// Their project.
    pub project: Arc<Project>,
    /// Whether the database is unreachable and the cache entries may be outdated.
    pub is_stale: bool,
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
            project_ids: Cache::new(PROJECT_ID_CACHE_CAPACITY),
            store,
            peppers,
            clock,
        }
    }

    /// What is known of a key and its project: from the cache, or by one query. `client_ip` is where the key came from, if known.
    pub async fn find_key(&self, key: &PlainKey, client_ip: Option<IpAddr>) -> Result<Option<KeyLookup>, Error> {
        let began_at = self.store.freshness().now();
        let current = &self.peppers.current(key);
        let fetch = move || async move {
            let read_at = self.store.freshness().now();
            let found = self.query_key(key, current, client_ip).await?;
            Ok(found.map(|FoundKey { key, project }| {
                self.cache.insert_project(read_at, project);
                Arc::new(self.cache.share_principal(key))
            }))
        };
        let lookup = self.cache.key(self.store.freshness(), current.digest, fetch).await?;
        let Some(key) = lookup.value else { return Ok(None) };
        let found = self.find_project(key.project_id, began_at).await?;
        let project = found.value.ok_or_else(|| Error::internal("a key belongs to a project that does not exist"))?;
        Ok(Some(KeyLookup { key, project, is_stale: lookup.is_stale || found.is_stale }))
    }

    /// What the database has of a key: by one query, unless the cache says that there is no such key.
    pub async fn read_key(&self, key: &PlainKey, client_ip: Option<IpAddr>) -> Result<Option<FoundKey>, Error> {
        let current = &self.peppers.current(key);
        self.cache.uncached_key(self.store.freshness(), current.digest, self.query_key(key, current, client_ip)).await
    }

    async fn query_key(
        &self,
        key: &PlainKey,
        current: &KeyHash,
        client_ip: Option<IpAddr>,
    ) -> Result<Option<FoundKey>, Error> {
        let permit = self.lookup_limit.enter(client_ip)?;
        let hashes: Vec<_> = self.peppers.previous(key).chain([current.clone()]).collect();
        let found = self.store.find_key_by_hash(&hashes).await?;
        match &found {
            Some(found) => self.rehash_queue.add_if_outdated(&found.key, current),
            None => permit.found_nothing(),
        }
        Ok(found)
    }

    /// Whether a principal's credentials are accepted, and what it may do: from the cache, or by one query.
    pub async fn find_standing(&self, id: i64) -> Result<Lookup<Standing>, Error> {
        let fetch = move || async move { Ok(self.store.find_standing(id).await?.map(Arc::new)) };
        self.cache.standing(self.store.freshness(), id, fetch).await
    }

    /// A project: from the cache, or by one query. `began_at` is when the request began, if what it has read before counts.
    async fn find_project(&self, id: i64, began_at: MonotonicTime) -> Result<Lookup<Project>, Error> {
        let fetch = move || async move { Ok(self.store.find_project(id).await?.map(Arc::new)) };
        self.cache.project(self.store.freshness(), id, began_at, fetch).await
    }

    /// The project of this id, as it was at most a second ago: usually without a query.
    pub async fn project(&self, id: i64) -> Result<Arc<Project>, Error> {
        let lookup = self.find_project(id, self.store.freshness().now()).await?;
        match lookup.value {
            Some(project) if !lookup.is_stale => Ok(project),
            Some(_) => Err(Error::unavailable("the cache entry of the project may be outdated")),
            None => Err(Error::internal("there is no project of this id")),
        }
    }

    /// The project of this slug, as it was at most a second ago: usually without a query.
    pub async fn project_of_slug(&self, slug: &str) -> Result<Arc<Project>, Error> {
        let id = match self.project_ids.get(slug) {
            Some(id) => id,
            None => {
                let id = self.store.find_project_id(slug).await?.ok_or(Error::ProjectNotFound)?;
                self.project_ids.insert(slug.to_owned(), id);
                id
            }
        };
        self.project(id).await
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
