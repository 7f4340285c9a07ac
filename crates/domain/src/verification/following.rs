//! Follows the change log: asks it many times a second what has changed, and at once when it is told that something has.
//!
//! The asking is what counts; the telling (`NOTIFY`) only makes it prompt, and may fail, as it silently does behind a pooler
//! in transaction mode. Each question names the snapshot of the one before, and is answered by whatever that did not see:
//! neither entries that become visible out of order nor a long transaction can hide one.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use tokio::time::{sleep, timeout};

use super::Verifier;
use crate::{
    Surroundings,
    error::in_one_line,
    store::{
        Store, StoreError,
        changes::{ChangeLog, Changes},
    },
};

/// How often the change log is asked.
const INTERVAL: Duration = Duration::from_millis(100);
/// A question that takes longer is given up, and its connection with it; a connection that takes longer to be made, too.
const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(100);
/// How long entries are kept at least, after all could see them.
const KEPT_FOR: Duration = Duration::from_secs(600);
/// After this time without an answer entries may be gone that were not seen: half of the above, which leaves the rest to
/// clocks that run differently.
const LONGEST_GAP: Duration = Duration::from_secs(300);
const PRUNE_INTERVAL: Duration = Duration::from_secs(60);
/// A question that takes longer tells the time too badly to put a clock right by it.
const PROMPT: Duration = Duration::from_millis(200);

/// How the following goes, for metrics.
#[derive(Debug, Default)]
pub struct FollowingStatus {
    questions: AtomicU64,
    failures: AtomicU64,
    changes: AtomicU64,
    /// From the writing of the newest change to its being known here, in microseconds.
    lag: AtomicU64,
    last: Mutex<Option<Seen>>,
    horizons: Mutex<Horizons>,
}

/// What the last answer ended with.
#[derive(Debug, Clone)]
struct Seen {
    snapshot: String,
    server_started: String,
    /// By the database's clock, which goes on while this machine is paused.
    at: DateTime<Utc>,
}

impl FollowingStatus {
    /// Questions that were answered.
    pub fn questions(&self) -> u64 {
        self.questions.load(Ordering::Relaxed)
    }

    /// Questions that failed, and connections that could not be made.
    pub fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    /// Changes that were seen.
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::Relaxed)
    }

    /// How long it took, by the database's clock, until the last change that was seen was known here.
    pub fn lag(&self) -> Duration {
        Duration::from_micros(self.lag.load(Ordering::Relaxed))
    }

    /// The transaction before which all nodes have seen all entries; each only once.
    pub(super) fn take_prunable(&self) -> Option<String> {
        lock(&self.horizons).take_prunable()
    }
}

impl Verifier {
    /// Follows the change log for as long as it is polled; never ends. Without it nothing is answered from memory.
    pub(super) async fn follow(&self, store: &Store, surroundings: &Surroundings) {
        let mut is_away = false;
        loop {
            // A connection of which nothing ever comes must not be waited for: the way to the database may be free again.
            let opened = timeout(PATIENCE, store.open_change_log()).await;
            let lost = match opened.unwrap_or_else(|elapsed| Err(StoreError::unavailable(elapsed))) {
                Ok(log) => {
                    if std::mem::take(&mut is_away) {
                        tracing::info!("the change log can be read again");
                    }
                    self.ask_on(&log, surroundings).await
                }
                Err(error) => error,
            };
            self.following.failures.fetch_add(1, Ordering::Relaxed);
            if !std::mem::replace(&mut is_away, true) {
                tracing::warn!(cause = in_one_line(&lost), "the change log cannot be read; nothing is taken for sure");
            }
            sleep(PAUSE_AFTER_FAILURE).await;
        }
    }

    /// Asks on one connection until it is lost.
    async fn ask_on(&self, log: &ChangeLog, surroundings: &Surroundings) -> StoreError {
        // A server that crashed and came back has ended all connections, and may use numbers of transactions again.
        *lock(&self.following.last) = None;
        loop {
            if let Err(error) = self.ask(log, surroundings).await {
                return error;
            }
            tokio::select! {
                () = log.told() => {}
                () = sleep(INTERVAL) => {}
            }
        }
    }

    async fn ask(&self, log: &ChangeLog, surroundings: &Surroundings) -> Result<(), StoreError> {
        let last = lock(&self.following.last).clone();
        let (asked, asked_at) = (self.freshness.now(), Instant::now());
        let answer = timeout(PATIENCE, log.since(last.as_ref().map(|last| last.snapshot.as_str())));
        let changes = answer.await.map_err(StoreError::unavailable)??;
        // Another server, or the same after a start: what one snapshot saw says nothing of the other's transactions. And
        // after a long gap entries may have been removed.
        let is_continuous = last.is_some_and(|last| {
            let gap = (changes.database_time - last.at).to_std().unwrap_or_default();
            last.server_started == changes.server_started && gap < LONGEST_GAP
        });
        if !is_continuous {
            lock(&self.following.horizons).0.clear();
        }
        if !is_continuous || changes.are_cut {
            self.freshness.distrust();
        }
        if !changes.changed.is_empty() {
            self.freshness.note(changes.changed.iter().copied());
            self.following.changes.fetch_add(changes.changed.len() as u64, Ordering::Relaxed);
            self.following.lag.store(changes.lag.as_micros().try_into().unwrap_or(u64::MAX), Ordering::Relaxed);
        }
        self.freshness.confirm(asked);
        self.following.questions.fetch_add(1, Ordering::Relaxed);
        let took = asked_at.elapsed();
        if took < PROMPT {
            // The database read its clock about half-way between question and answer.
            surroundings.compare_clock(changes.database_time + took / 2);
        }
        lock(&self.following.horizons).add(&changes);
        let (at, server_started) = (changes.database_time, changes.server_started);
        *lock(&self.following.last) = Some(Seen { snapshot: changes.snapshot, server_started, at });
        Ok(())
    }
}

/// Which entries all nodes have had time to see: those of transactions that had ended before a snapshot of long ago.
#[derive(Debug, Default)]
struct Horizons(VecDeque<(Instant, String)>);

impl Horizons {
    /// Takes note of a snapshot; of one a minute.
    fn add(&mut self, changes: &Changes) {
        if self.0.back().is_none_or(|(at, _)| at.elapsed() >= PRUNE_INTERVAL) {
            self.0.push_back((Instant::now(), changes.oldest_running.clone()));
        }
    }

    /// The transaction before which entries can be removed now.
    fn take_prunable(&mut self) -> Option<String> {
        let is_old = self.0.front().is_some_and(|(at, _)| at.elapsed() >= KEPT_FOR);
        if is_old { self.0.pop_front().map(|(_, transaction)| transaction) } else { None }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
