//! The key cache, and a small one for the users who verify. [`Freshness`] rules when an entry may be used; here is what follows
//! from it, also when the database is unreachable.

use std::{
    hash::Hash,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use quick_cache::sync::Cache;
use tokio::time::timeout;

use crate::{
    model::{Error, KeySnapshot, MonotonicTime, UserStatus},
    store::{
        Freshness,
        freshness::{FRESHNESS_BOUND, Subject},
    },
};

/// How long an entry says that a key does not exist. None can come into being meanwhile: a key is made of fresh random bits, and
/// a deleted one never comes back.
const NEGATIVE_TTL: Duration = Duration::from_secs(10);
/// A timeout that fires this much too late means that the process was suspended. Together with [`FRESHNESS_BOUND`] it is the
/// promised second.
const SUSPEND_TOLERANCE: Duration = Duration::from_millis(200);
/// How often a lookup fetches, if changes overtake its reads.
const MAX_FETCH_ATTEMPTS: usize = 3;
/// How long after a failed read others are not attempted: each would wait in vain.
const FAILURE_BACKOFF: Duration = Duration::from_millis(250);
/// Users who verify are gateways and back ends, so there are few.
const USER_CACHE_CAPACITY: usize = 10_000;

/// How often lookups were served from the cache, and how often not.
#[derive(Debug, Default, Clone, Copy)]
pub struct CacheStats {
    /// Lookups that a fresh entry served.
    pub hits: u64,
    /// Lookups that read from the database.
    pub misses: u64,
    /// Lookups that a stale entry served, because the database is unreachable.
    pub stale: u64,
    /// Lookups that failed, because the database is unreachable.
    pub errors: u64,
    /// Entries for keys, including keys that do not exist.
    pub entries: u64,
}

/// What was read, and when the read began.
struct CacheEntry<V> {
    read_at: MonotonicTime,
    value: Option<V>,
}

/// The result of a lookup.
pub struct Lookup<V> {
    entry: Arc<CacheEntry<V>>,
    /// Whether the database is unreachable and the entry may be outdated.
    pub is_stale: bool,
}

impl<V> Lookup<V> {
    /// What was found; `None` if it does not exist.
    pub fn value(&self) -> Option<&V> {
        self.entry.value.as_ref()
    }
}

/// What can be cached.
trait Cacheable {
    /// The subjects whose changes invalidate an entry.
    fn subjects(&self) -> [Subject; 2];
}

impl Cacheable for KeySnapshot {
    fn subjects(&self) -> [Subject; 2] {
        [Subject::Key(self.id), Subject::User(self.user_id)]
    }
}

impl Cacheable for UserStatus {
    fn subjects(&self) -> [Subject; 2] {
        [Subject::User(self.user_id); 2]
    }
}

/// What a node keeps in memory of keys and users.
pub(super) struct KeyCache {
    keys: Cache<[u8; 32], Arc<CacheEntry<KeySnapshot>>>,
    users: Cache<i64, Arc<CacheEntry<UserStatus>>>,
    max_stale: Duration,
    /// When a read last failed; 0 for never.
    failed_at: AtomicU64,
    hits: AtomicU64,
    misses: AtomicU64,
    stale: AtomicU64,
    errors: AtomicU64,
}

impl KeyCache {
    pub(super) fn new(capacity: usize, max_stale: Duration) -> Self {
        Self {
            keys: Cache::new(capacity),
            users: Cache::new(USER_CACHE_CAPACITY),
            max_stale,
            failed_at: AtomicU64::new(0),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
            stale: AtomicU64::new(0),
            errors: AtomicU64::new(0),
        }
    }

    /// The key with this digest under the current pepper.
    pub(super) async fn key<F: Future<Output = Result<Option<KeySnapshot>, Error>>>(
        &self,
        freshness: &Freshness,
        digest: [u8; 32],
        fetch: impl Fn() -> F,
    ) -> Result<Lookup<KeySnapshot>, Error> {
        self.find(freshness, &self.keys, digest, fetch).await
    }

    /// The key with this digest under the current pepper, which is read even if it is cached, unless it is known not to exist.
    pub(super) async fn uncached_key(
        &self,
        freshness: &Freshness,
        digest: [u8; 32],
        fetch: impl Future<Output = Result<Option<KeySnapshot>, Error>>,
    ) -> Result<Option<KeySnapshot>, Error> {
        if self.keys.get(&digest).is_some_and(|entry| entry.value.is_none() && is_fresh(freshness, &entry)) {
            return Ok(None);
        }
        let read_at = freshness.now();
        let value = fetch.await?;
        if value.is_none() {
            self.keys.insert(digest, Arc::new(CacheEntry { read_at, value: None }));
        }
        Ok(value)
    }

    /// The user of this id.
    pub(super) async fn user<F: Future<Output = Result<Option<UserStatus>, Error>>>(
        &self,
        freshness: &Freshness,
        id: i64,
        fetch: impl Fn() -> F,
    ) -> Result<Lookup<UserStatus>, Error> {
        self.find(freshness, &self.users, id, fetch).await
    }

    pub(super) fn stats(&self) -> CacheStats {
        CacheStats {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            stale: self.stale.load(Ordering::Relaxed),
            errors: self.errors.load(Ordering::Relaxed),
            entries: self.keys.len() as u64,
        }
    }

    async fn find<K: Hash + Eq + Copy, V: Cacheable, F: Future<Output = Result<Option<V>, Error>>>(
        &self,
        freshness: &Freshness,
        cache: &Cache<K, Arc<CacheEntry<V>>>,
        id: K,
        fetch: impl Fn() -> F,
    ) -> Result<Lookup<V>, Error> {
        let cached = cache.get(&id);
        if let Some(entry) = cached.as_ref().filter(|entry| is_fresh(freshness, entry)) {
            self.hits.fetch_add(1, Ordering::Relaxed);
            return Ok(Lookup { entry: Arc::clone(entry), is_stale: false });
        }
        // Boxed, so that the future of a hit has no room for a fetch.
        let error = match Box::pin(self.fetch(freshness, fetch)).await {
            Ok(entry) => {
                let entry = Arc::new(entry);
                cache.insert(id, Arc::clone(&entry));
                return Ok(Lookup { entry, is_stale: false });
            }
            Err(error) => error,
        };
        let is_tolerable = |entry: &Arc<CacheEntry<V>>| {
            let staleness =
                entry.value.as_ref().and_then(|value| freshness.staleness(entry.read_at, &value.subjects()));
            staleness.is_some_and(|staleness| staleness < self.max_stale)
        };
        match (error, cached.filter(is_tolerable)) {
            (Error::Unavailable(_), Some(entry)) => {
                self.stale.fetch_add(1, Ordering::Relaxed);
                Ok(Lookup { entry, is_stale: true })
            }
            (error, _) => {
                self.errors.fetch_add(1, Ordering::Relaxed);
                Err(error)
            }
        }
    }

    /// Reads, and reads again if a change overtook the read.
    async fn fetch<V: Cacheable, F: Future<Output = Result<Option<V>, Error>>>(
        &self,
        freshness: &Freshness,
        fetch: impl Fn() -> F,
    ) -> Result<CacheEntry<V>, Error> {
        for _ in 0..MAX_FETCH_ATTEMPTS {
            if let Some(entry) = self.fetch_once(freshness, fetch()).await? {
                return Ok(entry);
            }
        }
        Err(Error::unavailable("a change overtook each read"))
    }

    /// Reads within the time in which the result is certain; `None` if the result is uncertain, though the database may be well:
    /// a change became known after the read began, or the process was suspended meanwhile.
    async fn fetch_once<V: Cacheable>(
        &self,
        freshness: &Freshness,
        fetch: impl Future<Output = Result<Option<V>, Error>>,
    ) -> Result<Option<CacheEntry<V>>, Error> {
        let read_at = freshness.now();
        let failed_at = MonotonicTime::from_nanos(self.failed_at.load(Ordering::Relaxed));
        if failed_at.is_some_and(|failed_at| read_at.since(failed_at) < FAILURE_BACKOFF) {
            return Err(Error::unavailable("another read has just failed"));
        }
        self.misses.fetch_add(1, Ordering::Relaxed);
        let outcome = timeout(FRESHNESS_BOUND, fetch).await;
        let duration = freshness.now().since(read_at);
        let error = match outcome {
            Ok(Ok(value)) => {
                let entry = CacheEntry { read_at, value };
                let is_current = duration < FRESHNESS_BOUND && is_unchanged(freshness, &entry);
                return Ok(is_current.then_some(entry));
            }
            // The process was suspended, so the timeout says nothing about the database.
            Err(_) if duration > FRESHNESS_BOUND + SUSPEND_TOLERANCE => return Ok(None),
            Ok(Err(error)) => error,
            Err(elapsed) => Error::unavailable(elapsed),
        };
        if matches!(error, Error::Unavailable(_)) {
            self.failed_at.store(freshness.now().as_nanos(), Ordering::Relaxed);
        }
        Err(error)
    }
}

/// Whether no change of the value became known after its read began. What does not exist does not change.
fn is_unchanged<V: Cacheable>(freshness: &Freshness, entry: &CacheEntry<V>) -> bool {
    entry.value.as_ref().is_none_or(|value| freshness.is_unchanged_since(entry.read_at, &value.subjects()))
}

fn is_fresh<V: Cacheable>(freshness: &Freshness, entry: &CacheEntry<V>) -> bool {
    match &entry.value {
        Some(value) => freshness.is_fresh(entry.read_at, &value.subjects()),
        None => freshness.now().since(entry.read_at) < NEGATIVE_TTL,
    }
}
