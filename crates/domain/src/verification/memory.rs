//! What a node remembers of keys and of users, and when it reads instead. The rule is [`Freshness`]'s; here is what follows
//! from it, also for a database that is away.

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

use super::{
    freshness::{BOUND, Changed, Freshness, Moment},
    housekeeping::{RehashQueue, ToRehash},
    known_key::KnownKey,
};
use crate::{
    error::Failure,
    identity::user::Standing,
    keys::{hash::Peppers, key::PlainKey},
    store::{Store, StoreError},
};

/// For how long it is remembered that a key does not exist. It cannot come into being meanwhile: a key is made of fresh
/// random bits, and one that was deleted never comes back.
const UNKNOWN_FOR: Duration = Duration::from_secs(10);
/// A timer that fires so much too late was not waited for: with [`BOUND`] it makes up the promised second.
const LATE: Duration = Duration::from_millis(200);
/// How often something is read for one look-up, when changes overtake the reads.
const MOST_READS: usize = 3;
/// After a read that failed, how long others are not tried: each would wait for nothing.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(250);
/// Users who verify, that is gateways and back ends.
const USERS: usize = 10_000;

/// How often memory served, and how often it did not.
#[derive(Debug, Default, Clone, Copy)]
pub struct MemoryStatus {
    /// Look-ups that were answered from memory.
    pub hits: u64,
    /// Look-ups that asked the database.
    pub reads: u64,
    /// Look-ups that were answered from memory because the database was away.
    pub stale: u64,
    /// Look-ups that could not be answered, because the database was away.
    pub unanswered: u64,
    /// Keys in memory, those among them that do not exist included.
    pub keys: u64,
}

/// What was read, and when the read began.
pub struct Remembered<V> {
    read: Moment,
    value: Option<V>,
}

/// Something found, in memory or in the database.
pub struct Found<V> {
    remembered: Arc<Remembered<V>>,
    /// The database is away, and it is not sure that this still holds.
    pub stale: bool,
}

impl<V> Found<V> {
    /// What was found; `None` when it does not exist.
    pub fn value(&self) -> Option<&V> {
        self.remembered.value.as_ref()
    }
}

/// Something that can be remembered.
trait Changing {
    /// What it must be forgotten for.
    fn changes_with(&self) -> [Changed; 2];
}

impl Changing for KnownKey {
    fn changes_with(&self) -> [Changed; 2] {
        [Changed::Key(self.id), Changed::User(self.user_id)]
    }
}

impl Changing for Standing {
    fn changes_with(&self) -> [Changed; 2] {
        [Changed::User(self.user_id); 2]
    }
}

/// What a node remembers.
pub struct Memory {
    keys: Cache<[u8; 32], Arc<Remembered<KnownKey>>>,
    users: Cache<i64, Arc<Remembered<Standing>>>,
    stale_limit: Duration,
    last_failure: AtomicU64,
    pub(super) to_rehash: RehashQueue,
    hits: AtomicU64,
    reads: AtomicU64,
    stale: AtomicU64,
    unanswered: AtomicU64,
}

impl Memory {
    pub(super) fn new(capacity: usize, stale_limit: Duration) -> Self {
        Self {
            keys: Cache::new(capacity),
            users: Cache::new(USERS),
            stale_limit,
            last_failure: AtomicU64::new(0),
            to_rehash: RehashQueue::default(),
            hits: AtomicU64::new(0),
            reads: AtomicU64::new(0),
            stale: AtomicU64::new(0),
            unanswered: AtomicU64::new(0),
        }
    }

    /// What is known of a key: at most one query.
    pub async fn key(
        &self,
        store: &Store,
        freshness: &Freshness,
        peppers: &Peppers,
        key: &PlainKey,
    ) -> Result<Found<KnownKey>, Failure> {
        let current = peppers.current(key).ok_or_else(|| Failure::internal("there is no pepper"))?;
        let current = &current;
        let read = move || async move {
            let found = store.find_known_key(&peppers.hashes(key).collect::<Vec<_>>()).await?;
            if let Some(found) = found.as_ref().filter(|found| found.pepper != current.pepper) {
                self.to_rehash.add(ToRehash { id: found.id, old_pepper: found.pepper, new: current.clone() });
            }
            Ok(found)
        };
        self.find(freshness, &self.keys, current.digest, read).await
    }

    /// How a user stands: at most one query.
    pub async fn user(&self, store: &Store, freshness: &Freshness, id: i64) -> Result<Found<Standing>, Failure> {
        self.find(freshness, &self.users, id, move || async move { store.find_standing(id).await }).await
    }

    /// How often memory served.
    pub fn status(&self) -> MemoryStatus {
        MemoryStatus {
            hits: self.hits.load(Ordering::Relaxed),
            reads: self.reads.load(Ordering::Relaxed),
            stale: self.stale.load(Ordering::Relaxed),
            unanswered: self.unanswered.load(Ordering::Relaxed),
            keys: self.keys.len() as u64,
        }
    }

    async fn find<K: Hash + Eq + Copy, V: Changing, R: Future<Output = Result<Option<V>, StoreError>>>(
        &self,
        freshness: &Freshness,
        cache: &Cache<K, Arc<Remembered<V>>>,
        id: K,
        read: impl Fn() -> R,
    ) -> Result<Found<V>, Failure> {
        let remembered = cache.get(&id);
        if let Some(remembered) = remembered.as_ref().filter(|remembered| holds(freshness, remembered)) {
            self.hits.fetch_add(1, Ordering::Relaxed);
            return Ok(Found { remembered: Arc::clone(remembered), stale: false });
        }
        // Boxed, as an answer from memory should not have to carry a place for the reading about.
        let failure = match Box::pin(self.read(freshness, read)).await {
            Ok(read) => {
                let remembered = Arc::new(read);
                cache.insert(id, Arc::clone(&remembered));
                return Ok(Found { remembered, stale: false });
            }
            Err(failure) => failure,
        };
        let is_tolerable = |remembered: &Arc<Remembered<V>>| {
            let unsure_for = remembered
                .value
                .as_ref()
                .and_then(|value| freshness.unsure_for(remembered.read, &value.changes_with()));
            unsure_for.is_some_and(|unsure_for| unsure_for < self.stale_limit)
        };
        match (failure, remembered.filter(is_tolerable)) {
            (Failure::Unavailable(_), Some(remembered)) => {
                self.stale.fetch_add(1, Ordering::Relaxed);
                Ok(Found { remembered, stale: true })
            }
            (failure, _) => {
                self.unanswered.fetch_add(1, Ordering::Relaxed);
                Err(failure)
            }
        }
    }

    /// Reads, and reads again what was overtaken meanwhile.
    async fn read<V: Changing, R: Future<Output = Result<Option<V>, StoreError>>>(
        &self,
        freshness: &Freshness,
        read: impl Fn() -> R,
    ) -> Result<Remembered<V>, Failure> {
        for _ in 0..MOST_READS {
            match self.read_once(freshness, read()).await? {
                Some(read) => return Ok(read),
                None => continue,
            }
        }
        Err(Failure::unavailable("each read was overtaken by a change"))
    }

    /// Reads, within the time for which the answer can be vouched for; `None` when the answer cannot be, though the database
    /// may be well: a change became known after the read began, or the process stood still meanwhile.
    async fn read_once<V: Changing>(
        &self,
        freshness: &Freshness,
        read: impl Future<Output = Result<Option<V>, StoreError>>,
    ) -> Result<Option<Remembered<V>>, Failure> {
        let began = freshness.now();
        let last_failure = Moment::from_nanos(self.last_failure.load(Ordering::Relaxed));
        if last_failure.is_some_and(|failed| began.since(failed) < PAUSE_AFTER_FAILURE) {
            return Err(Failure::unavailable("another read has just failed"));
        }
        self.reads.fetch_add(1, Ordering::Relaxed);
        let outcome = timeout(BOUND, read).await;
        let took = freshness.now().since(began);
        let failure = match outcome {
            Ok(Ok(value)) => {
                let read = Remembered { read: began, value };
                let is_current = took < BOUND && is_unchanged(freshness, &read);
                return Ok(is_current.then_some(read));
            }
            // A timeout that ends so late says nothing of the database: the process stood still, and it is as well as before.
            Err(_) if took > BOUND + LATE => return Ok(None),
            Ok(Err(error)) => Failure::from(error),
            Err(elapsed) => Failure::unavailable(elapsed),
        };
        if matches!(failure, Failure::Unavailable(_)) {
            self.last_failure.store(freshness.now().as_nanos(), Ordering::Relaxed);
        }
        Err(failure)
    }
}

/// Whether no change of it became known after the read began. What does not exist does not change.
fn is_unchanged<V: Changing>(freshness: &Freshness, read: &Remembered<V>) -> bool {
    read.value.as_ref().is_none_or(|value| freshness.is_unchanged(read.read, &value.changes_with()))
}

fn holds<V: Changing>(freshness: &Freshness, remembered: &Remembered<V>) -> bool {
    match &remembered.value {
        Some(value) => freshness.holds(remembered.read, &value.changes_with()),
        None => freshness.now().since(remembered.read) < UNKNOWN_FOR,
    }
}
