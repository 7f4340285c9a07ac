//! The key cache, and small ones for callers and projects. [`Freshness`] rules when an entry may be used; here is what follows
//! from it, also when the database is unreachable.

use std::{
    hash::Hash,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use quick_cache::{Weighter, sync::Cache};
use tokio::time::timeout;

use crate::{
    model::{Error, KeySnapshot, MonotonicTime, PrincipalSnapshot, Project, Standing},
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
/// Of owners, who may be many, the standing is cached only when a request of theirs is denied.
const STANDING_CACHE_CAPACITY: usize = 10_000;
const PROJECT_CACHE_CAPACITY: usize = 10_000;
/// The most principals whose keys share them.
const PRINCIPAL_CAPACITY: usize = 10_000;
/// The size of a key that takes one place in the cache. Most keys are smaller, and all places are bounded.
const BYTES_PER_PLACE: usize = 1024;

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
    value: Option<Arc<V>>,
}

impl<V> Clone for CacheEntry<V> {
    fn clone(&self) -> Self {
        Self { read_at: self.read_at, value: self.value.clone() }
    }
}

/// The result of a lookup.
pub struct Lookup<V> {
    /// What was found; `None` if it does not exist.
    pub value: Option<Arc<V>>,
    /// Whether the database is unreachable and the value may be outdated.
    pub is_stale: bool,
}

/// What can be cached.
trait Cacheable {
    /// Whether lookups are counted. Those of projects accompany others.
    const IS_COUNTED: bool = true;

    /// The subjects whose changes invalidate an entry.
    fn subjects(&self) -> [Subject; 2];
}

impl Cacheable for KeySnapshot {
    fn subjects(&self) -> [Subject; 2] {
        [Subject::Key(self.id), Subject::Principal(self.principal.id)]
    }
}

impl Cacheable for Standing {
    fn subjects(&self) -> [Subject; 2] {
        [Subject::Principal(self.principal_id), Subject::Project(self.project_id)]
    }
}

impl Cacheable for Project {
    const IS_COUNTED: bool = false;

    fn subjects(&self) -> [Subject; 2] {
        [Subject::Project(self.id); 2]
    }
}

/// How many places an entry takes. What has many scopes or much metadata takes several, so that the bytes of all entries are
/// bounded.
#[derive(Clone)]
struct Places;

impl Weighter<[u8; 32], CacheEntry<KeySnapshot>> for Places {
    fn weight(&self, _: &[u8; 32], entry: &CacheEntry<KeySnapshot>) -> u64 {
        entry.value.as_ref().map_or(1, |key| key.bytes().div_ceil(BYTES_PER_PLACE)) as u64
    }
}

impl Weighter<i64, Arc<PrincipalSnapshot>> for Places {
    fn weight(&self, _: &i64, principal: &Arc<PrincipalSnapshot>) -> u64 {
        principal.bytes().div_ceil(BYTES_PER_PLACE) as u64
    }
}

/// What a node keeps in memory of keys, callers and projects.
pub(super) struct KeyCache {
    keys: Cache<[u8; 32], CacheEntry<KeySnapshot>, Places>,
    /// By id, so that keys of one principal share what is known of it.
    principals: Cache<i64, Arc<PrincipalSnapshot>, Places>,
    standings: Cache<i64, CacheEntry<Standing>>,
    projects: Cache<i64, CacheEntry<Project>>,
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
            keys: Cache::with_weighter(capacity, capacity as u64, Places),
            principals: Cache::with_weighter(PRINCIPAL_CAPACITY, PRINCIPAL_CAPACITY as u64, Places),
            standings: Cache::new(STANDING_CACHE_CAPACITY),
            projects: Cache::new(PROJECT_CACHE_CAPACITY),
            max_stale,
            failed_at: AtomicU64::new(0),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
            stale: AtomicU64::new(0),
            errors: AtomicU64::new(0),
        }
    }

    /// The key with this digest under the current pepper.
    pub(super) async fn key<F: Future<Output = Result<Option<Arc<KeySnapshot>>, Error>>>(
        &self,
        freshness: &Freshness,
        digest: [u8; 32],
        fetch: impl Fn() -> F,
    ) -> Result<Lookup<KeySnapshot>, Error> {
        self.find(freshness, &self.keys, digest, None, fetch).await
    }

    /// The key with this digest under the current pepper, which is read even if it is cached, unless it is known not to exist.
    pub(super) async fn uncached_key<T>(
        &self,
        freshness: &Freshness,
        digest: [u8; 32],
        fetch: impl Future<Output = Result<Option<T>, Error>>,
    ) -> Result<Option<T>, Error> {
        if self.keys.get(&digest).is_some_and(|entry| entry.value.is_none() && is_fresh(freshness, &entry)) {
            return Ok(None);
        }
        let read_at = freshness.now();
        let value = fetch.await?;
        if value.is_none() {
            self.keys.insert(digest, CacheEntry { read_at, value: None });
        }
        Ok(value)
    }

    /// The standing of the principal of this id.
    pub(super) async fn standing<F: Future<Output = Result<Option<Arc<Standing>>, Error>>>(
        &self,
        freshness: &Freshness,
        id: i64,
        fetch: impl Fn() -> F,
    ) -> Result<Lookup<Standing>, Error> {
        self.find(freshness, &self.standings, id, None, fetch).await
    }

    /// The project of this id. What was read since the request began is certain, also when the change feed is out of sync.
    pub(super) async fn project<F: Future<Output = Result<Option<Arc<Project>>, Error>>>(
        &self,
        freshness: &Freshness,
        id: i64,
        began_at: MonotonicTime,
        fetch: impl Fn() -> F,
    ) -> Result<Lookup<Project>, Error> {
        self.find(freshness, &self.projects, id, Some(began_at), fetch).await
    }

    /// A key that shares its principal with others that were read with the same.
    pub(super) fn share_principal(&self, mut key: KeySnapshot) -> KeySnapshot {
        match self.principals.get(&key.principal.id) {
            Some(known) if known == key.principal => key.principal = known,
            _ => self.principals.insert(key.principal.id, Arc::clone(&key.principal)),
        }
        key
    }

    /// Keeps a project that was read together with a key.
    pub(super) fn insert_project(&self, read_at: MonotonicTime, project: Arc<Project>) {
        self.projects.insert(project.id, CacheEntry { read_at, value: Some(project) });
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

    async fn find<
        K: Hash + Eq + Copy,
        V: Cacheable,
        W: Weighter<K, CacheEntry<V>> + Clone,
        F: Future<Output = Result<Option<Arc<V>>, Error>>,
    >(
        &self,
        freshness: &Freshness,
        cache: &Cache<K, CacheEntry<V>, W>,
        id: K,
        began_at: Option<MonotonicTime>,
        fetch: impl Fn() -> F,
    ) -> Result<Lookup<V>, Error> {
        let cached = cache.get(&id);
        let is_certain = |entry: &CacheEntry<V>| {
            is_fresh(freshness, entry) || began_at.is_some_and(|began_at| is_certain_since(freshness, entry, began_at))
        };
        let outdated = match cached {
            Some(entry) if is_certain(&entry) => {
                count::<V>(&self.hits);
                return Ok(Lookup { value: entry.value, is_stale: false });
            }
            outdated => outdated,
        };
        // Boxed, so that the future of a hit has no room for a fetch.
        let error = match Box::pin(self.fetch(freshness, fetch)).await {
            Ok(entry) => {
                cache.insert(id, entry.clone());
                return Ok(Lookup { value: entry.value, is_stale: false });
            }
            Err(error) => error,
        };
        let is_tolerable = |entry: &CacheEntry<V>| {
            let staleness =
                entry.value.as_ref().and_then(|value| freshness.staleness(entry.read_at, &value.subjects()));
            staleness.is_some_and(|staleness| staleness < self.max_stale)
        };
        match (error, outdated.filter(is_tolerable)) {
            (Error::Unavailable(_), Some(entry)) => {
                count::<V>(&self.stale);
                Ok(Lookup { value: entry.value, is_stale: true })
            }
            (error, _) => {
                count::<V>(&self.errors);
                Err(error)
            }
        }
    }

    /// Reads, and reads again if a change overtook the read.
    async fn fetch<V: Cacheable, F: Future<Output = Result<Option<Arc<V>>, Error>>>(
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
        fetch: impl Future<Output = Result<Option<Arc<V>>, Error>>,
    ) -> Result<Option<CacheEntry<V>>, Error> {
        let read_at = freshness.now();
        let failed_at = MonotonicTime::from_nanos(self.failed_at.load(Ordering::Relaxed));
        if failed_at.is_some_and(|failed_at| read_at.since(failed_at) < FAILURE_BACKOFF) {
            return Err(Error::unavailable("another read has just failed"));
        }
        count::<V>(&self.misses);
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

/// Whether an entry was read after a request began, without delay.
fn is_certain_since<V: Cacheable>(freshness: &Freshness, entry: &CacheEntry<V>, began_at: MonotonicTime) -> bool {
    entry.read_at >= began_at
        && freshness.now().since(entry.read_at) < FRESHNESS_BOUND
        && is_unchanged(freshness, entry)
}

fn count<V: Cacheable>(counter: &AtomicU64) {
    if V::IS_COUNTED {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::Metadata;

    const CAPACITY: usize = 1_000;

    fn cache() -> KeyCache {
        KeyCache::new(CAPACITY, Duration::ZERO)
    }

    fn key_with_metadata(bytes: usize) -> KeySnapshot {
        let values = BTreeMap::from([("a".to_owned(), "x".repeat(bytes))]);
        KeySnapshot { metadata: Metadata::parse(values).unwrap(), ..KeySnapshot::example() }
    }

    fn entries_of(key: &KeySnapshot) -> usize {
        let (cache, read_at) = (cache(), MonotonicTime::from_nanos(1).unwrap());
        let value = Arc::new(key.clone());
        for number in 0..4 * CAPACITY {
            let mut digest = [0; 32];
            digest[..8].copy_from_slice(&number.to_le_bytes());
            cache.keys.insert(digest, CacheEntry { read_at, value: Some(Arc::clone(&value)) });
        }
        cache.keys.len()
    }

    #[test]
    fn the_bytes_of_all_entries_are_bounded() {
        let small = KeySnapshot::example();
        assert!(small.bytes() < BYTES_PER_PLACE / 2, "{}", small.bytes());
        assert!((CAPACITY * 9 / 10..=CAPACITY).contains(&entries_of(&small)));
        for bytes in [1_000, 2_000, 4_000] {
            let large = key_with_metadata(bytes);
            let (entries, limit) = (entries_of(&large), CAPACITY * BYTES_PER_PLACE);
            assert!(entries > 0 && entries * large.bytes() <= limit, "{entries} of {bytes}");
            let owned = KeySnapshot::example().with_principal(|principal| principal.metadata = large.metadata.clone());
            assert_eq!(owned.bytes(), large.bytes());
        }
    }

    #[test]
    fn keys_that_were_read_with_the_same_principal_share_it() {
        let cache = cache();
        let read = || cache.share_principal(KeySnapshot::example().with_principal(|_| {}));
        let (first, second) = (read(), read());
        assert!(Arc::ptr_eq(&first.principal, &second.principal));
        let disabled = || KeySnapshot::example().with_principal(|principal| principal.disabled = true);
        let (changed, again) = (cache.share_principal(disabled()), cache.share_principal(disabled()));
        assert!(changed.principal.disabled && Arc::ptr_eq(&changed.principal, &again.principal));
        assert!(!first.principal.disabled);
    }
}
