//! Keys that were valid a moment ago, so that not every request needs Latchkey.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use tokio::{sync::watch, time::Instant};

use crate::{Error, models::ApiKeyVerification};

const LONGEST_LIFETIME: Duration = Duration::from_secs(1);
const CAPACITY: usize = 10_000;

/// Remembers that a key was valid, for the same address and scopes. Requests that come at once share one verification.
///
/// Its lifetime adds to the time until a revocation is effective, and usage counts are lower bounds. Keys with a rate
/// limit, and what Latchkey has decided without its database, are not cached. It has digests, and no keys.
pub struct KeyCache {
    lifetime: Duration,
    capacity: usize,
    entries: Mutex<Entries>,
}

/// What a cache knows a key by, with the address and the scopes that it was verified for.
pub type Digest = [u8; 32];

pub type Answer = Result<Verified, Error>;

/// A response to a verification.
#[derive(Clone)]
pub struct Verified {
    pub verification: Arc<ApiKeyVerification>,
    pub has_rate_limit: bool,
}

#[derive(Default)]
struct Entries {
    by_digest: HashMap<Digest, Entry>,
    by_age: BTreeSet<(Instant, Digest)>,
}

/// A verification, which is under way or was made.
#[derive(Clone)]
struct Entry {
    // Latchkey decides after this, so that the lifetime is never longer than it says.
    started_at: Instant,
    answer: watch::Receiver<Option<Answer>>,
}

impl KeyCache {
    /// A cache whose entries live so long, a second at most.
    pub fn new(lifetime: Duration) -> Result<Self, Error> {
        if lifetime.is_zero() || lifetime > LONGEST_LIFETIME {
            return Err(Error::argument("the entries of a key cache live for a second at most, and not for none"));
        }
        Ok(Self { lifetime, capacity: CAPACITY, entries: Mutex::default() })
    }

    /// How many entries it has at most; 10,000 by default. The oldest is removed for a new one.
    pub fn capacity(mut self, capacity: usize) -> Self {
        self.capacity = capacity;
        self
    }

    /// The answer of an entry, or else of `verify`.
    pub(super) async fn answer<F>(self: &Arc<Self>, digest: Digest, verify: impl Fn() -> F) -> Answer
    where
        F: Future<Output = Answer> + Send + 'static,
    {
        let (mut entry, sender) = self.entry(digest);
        let is_new = sender.is_some();
        if let Some(sender) = sender {
            let (cache, verification) = (self.clone(), verify());
            // Others wait for it, even if the client of this request has gone.
            tokio::spawn(async move {
                let answer = verification.await;
                if !may_be_kept(&answer) {
                    cache.change(|entries| entries.remove(digest, entry.started_at));
                }
                sender.send_replace(Some(answer));
            });
        }
        let answer = entry.answer.wait_for(Option::is_some).await.ok().and_then(|answer| answer.clone());
        match answer {
            Some(answer) if is_new || is_shared(&answer) => answer,
            _ => verify().await,
        }
    }

    /// The present entry, or a new one and what sends its answer.
    fn entry(&self, digest: Digest) -> (Entry, Option<watch::Sender<Option<Answer>>>) {
        self.change(|entries| {
            let now = Instant::now();
            let is_over = |started_at: Instant| now.duration_since(started_at) >= self.lifetime;
            if let Some(entry) = entries.by_digest.get(&digest).filter(|entry| !is_over(entry.started_at)) {
                return (entry.clone(), None);
            }
            while let Some(&(started_at, oldest)) = entries.by_age.first()
                && (is_over(started_at) || entries.by_age.len() >= self.capacity)
            {
                entries.remove(oldest, started_at);
            }
            let (sender, answer) = watch::channel(None);
            let entry = Entry { started_at: now, answer };
            entries.by_digest.insert(digest, entry.clone());
            entries.by_age.insert((now, digest));
            (entry, Some(sender))
        })
    }

    fn change<T>(&self, change: impl FnOnce(&mut Entries) -> T) -> T {
        change(&mut self.entries.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Entries {
    /// Removes the entry, unless it is another by now.
    fn remove(&mut self, digest: Digest, started_at: Instant) {
        if self.by_age.remove(&(started_at, digest)) {
            self.by_digest.remove(&digest);
        }
    }
}

impl fmt::Debug for KeyCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyCache").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

pub fn digest(key: &str, ip: Option<&str>, scopes: &[String]) -> Digest {
    let mut digest = Sha256::new();
    for part in [key, ip.unwrap_or_default()].into_iter().chain(scopes.iter().map(String::as_str)) {
        // With its length, so that no two lists of parts are the same text.
        digest.update(part.len().to_be_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

fn may_be_kept(answer: &Answer) -> bool {
    answer.as_ref().is_ok_and(|Verified { verification, has_rate_limit }| {
        verification.valid && !verification.stale && !has_rate_limit
    })
}

/// Whether other requests than the one that was verified may have the answer. Each counts against a rate limit.
fn is_shared(answer: &Answer) -> bool {
    let has_expired = |verified: &Verified| {
        verified.verification.expires_at.is_some_and(|end| end <= DateTime::<Utc>::from(SystemTime::now()))
    };
    match answer {
        Ok(verified) => may_be_kept(answer) && !has_expired(verified),
        Err(_) => true,
    }
}
