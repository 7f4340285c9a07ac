//! Follows the change feed: polls it many times a second, and at once after a notification.
//!
//! The polls are what counts. Notifications (`NOTIFY`) only make them prompt and may be lost, as they silently are behind a
//! pooler in transaction mode. Each poll names the snapshot of the last one and returns what that did not see: neither entries
//! that become visible out of order nor a long transaction can hide a change.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use tokio::time::{sleep, timeout};

use crate::{
    model::{Clock, ClockChange, MonotonicTime, error_chain},
    store::{
        ServerRun, Store, StoreError,
        change_feed::{ChangeBatch, ChangeFeed},
    },
};

const POLL_INTERVAL: Duration = Duration::from_millis(100);
/// The timeout of a poll and of opening its connection.
const POLL_TIMEOUT: Duration = Duration::from_secs(2);
const RETRY_DELAY: Duration = Duration::from_millis(100);
/// How long a server whose snapshots are unreliable is left alone.
const UNRELIABLE_RETRY_DELAY: Duration = Duration::from_secs(60);
/// How long entries are kept at least after all nodes could see them.
const RETENTION: Duration = Duration::from_secs(600);
/// The longest gap between polls after which no entry can have been pruned unseen: half the retention, which leaves the rest to
/// clocks that run at different speeds.
const MAX_GAP: Duration = Duration::from_secs(RETENTION.as_secs() / 2);
const PRUNE_INTERVAL: Duration = Duration::from_secs(60);
/// A poll that takes longer is no measure of the database's time.
const CLOCK_SAMPLE_MAX_RTT: Duration = Duration::from_millis(200);

/// What is known of the change feed, for metrics and maintenance.
#[derive(Debug, Default)]
pub struct ChangeFeedStats {
    polls: AtomicU64,
    errors: AtomicU64,
    entries: AtomicU64,
    /// Microseconds.
    lag: AtomicU64,
    is_unreliable: AtomicBool,
    prune_horizon: Mutex<PruneHorizon>,
}

/// What the last poll saw.
#[derive(Debug, Clone)]
struct FeedPosition {
    snapshot: String,
    /// By the database's clock, which does not stand still while this machine is suspended.
    at: DateTime<Utc>,
}

impl ChangeFeedStats {
    /// Successful polls.
    pub fn polls(&self) -> u64 {
        self.polls.load(Ordering::Relaxed)
    }

    /// Failed polls and connection attempts.
    pub fn errors(&self) -> u64 {
        self.errors.load(Ordering::Relaxed)
    }

    /// Entries received.
    pub fn entries(&self) -> u64 {
        self.entries.load(Ordering::Relaxed)
    }

    /// How long after it was written the last entry was received, by the database's clock.
    pub fn lag(&self) -> Duration {
        Duration::from_micros(self.lag.load(Ordering::Relaxed))
    }

    /// Whether the feed is not followed, because snapshots on this database do not work as it needs them. No cache entry is
    /// fresh then.
    pub fn is_unreliable(&self) -> bool {
        self.is_unreliable.load(Ordering::Relaxed)
    }

    /// The transaction id before which all nodes have seen all entries; each only once.
    pub(super) fn take_prunable(&self) -> Option<String> {
        self.prune_horizon().take_prunable()
    }

    fn prune_horizon(&self) -> MutexGuard<'_, PruneHorizon> {
        self.prune_horizon.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Follows the change feed; never ends.
pub(super) async fn follow(store: &Store, clock: &Clock, stats: &ChangeFeedStats) {
    let mut is_unavailable = false;
    let mut checked_server = None;
    loop {
        let error = match open(store, &mut checked_server).await {
            Ok(Some(feed)) => {
                stats.is_unreliable.store(false, Ordering::Relaxed);
                if std::mem::take(&mut is_unavailable) {
                    tracing::info!("change feed available again");
                }
                poll_until_lost(&feed, store, clock, stats).await
            }
            Ok(None) => {
                if !stats.is_unreliable.swap(true, Ordering::Relaxed) {
                    tracing::error!(
                        "snapshots on this database do not show which transactions have ended; no key is cached, and each \
                         verification runs a query"
                    );
                }
                sleep(UNRELIABLE_RETRY_DELAY).await;
                continue;
            }
            Err(error) => error,
        };
        stats.errors.fetch_add(1, Ordering::Relaxed);
        if !std::mem::replace(&mut is_unavailable, true) {
            tracing::warn!(cause = error_chain(&error), "change feed unavailable; cache bypassed");
        }
        sleep(RETRY_DELAY).await;
    }
}

/// Opens the change feed; `None` if snapshots on its server are unreliable. A server is checked once.
async fn open(store: &Store, checked_server: &mut Option<ServerRun>) -> Result<Option<ChangeFeed>, StoreError> {
    let open = async {
        let feed = store.open_change_feed().await?;
        let server = feed.poll(None).await?.server;
        if *checked_server != Some(server) {
            if !store.has_reliable_snapshots(&feed).await? {
                // Without the feed, no server is the right one.
                store.follow_server(None)?;
                return Ok(None);
            }
            *checked_server = Some(server);
        }
        store.follow_server(Some(server))?;
        Ok(Some(feed))
    };
    // An attempt that hangs must not be waited for: the next one may succeed.
    timeout(POLL_TIMEOUT, open).await.unwrap_or_else(|elapsed| Err(StoreError::unavailable(elapsed)))
}

/// Polls on one connection until it is lost, or leads to another server.
async fn poll_until_lost(feed: &ChangeFeed, store: &Store, clock: &Clock, stats: &ChangeFeedStats) -> StoreError {
    // A position is of one connection: a server that crashed and restarted may use transaction ids again.
    let mut position = None;
    loop {
        match poll(feed, position.as_ref(), store, clock, stats).await {
            Ok(next) => position = Some(next),
            Err(error) => return error,
        }
        tokio::select! {
            () = feed.notified() => {}
            () = sleep(POLL_INTERVAL) => {}
        }
    }
}

async fn poll(
    feed: &ChangeFeed,
    position: Option<&FeedPosition>,
    store: &Store,
    clock: &Clock,
    stats: &ChangeFeedStats,
) -> Result<FeedPosition, StoreError> {
    let freshness = store.freshness();
    let polled_at = freshness.now();
    let poll = timeout(POLL_TIMEOUT, feed.poll(position.map(|position| position.snapshot.as_str())));
    let batch = poll.await.map_err(StoreError::unavailable)??;
    store.ensure_server(batch.server)?;
    // After a long gap, entries may have been pruned.
    let is_continuous = position.is_some_and(|position| {
        let gap = (batch.database_time - position.at).to_std().unwrap_or_default();
        gap < MAX_GAP
    });
    if !is_continuous {
        stats.prune_horizon().clear();
    }
    if !is_continuous || batch.is_truncated {
        freshness.invalidate_all();
    }
    if !batch.subjects.is_empty() {
        freshness.invalidate(batch.subjects.iter().copied());
        stats.entries.fetch_add(batch.subjects.len() as u64, Ordering::Relaxed);
        stats.lag.store(batch.lag.as_micros().try_into().unwrap_or(u64::MAX), Ordering::Relaxed);
    }
    freshness.mark_synced(polled_at);
    stats.polls.fetch_add(1, Ordering::Relaxed);
    let now = freshness.now();
    let round_trip = now.since(polled_at);
    if round_trip < CLOCK_SAMPLE_MAX_RTT {
        // The database read its clock about half-way.
        match clock.observe_database_time(batch.database_time + round_trip / 2) {
            Some(ClockChange::Corrected(difference)) => tracing::warn!(
                correction_seconds = difference.as_seconds_f64(),
                "clock differs from the database's; following the database's"
            ),
            Some(ClockChange::DatabaseSetBack(step)) => tracing::error!(
                step_seconds = step.as_seconds_f64(),
                "the database's clock was set back; not following it, so that expired keys stay invalid"
            ),
            Some(ClockChange::FollowedAgain) => tracing::info!("following the database's clock again"),
            None => {}
        }
    }
    stats.prune_horizon().add(now, &batch);
    Ok(FeedPosition { snapshot: batch.snapshot, at: batch.database_time })
}

/// Which entries all nodes have had time to see: those of transactions that had ended before an old snapshot.
#[derive(Debug, Default)]
struct PruneHorizon {
    snapshots: VecDeque<(MonotonicTime, String)>,
    now: Option<MonotonicTime>,
}

impl PruneHorizon {
    /// Records the snapshot of a poll, one a minute.
    fn add(&mut self, now: MonotonicTime, batch: &ChangeBatch) {
        self.now = Some(now);
        if self.snapshots.back().is_none_or(|(at, _)| now.since(*at) >= PRUNE_INTERVAL) {
            self.snapshots.push_back((now, batch.oldest_active_xid.clone()));
        }
    }

    fn clear(&mut self) {
        self.snapshots.clear();
    }

    /// The transaction id before which entries can be removed as of the last poll.
    fn take_prunable(&mut self) -> Option<String> {
        let now = self.now?;
        let is_old = self.snapshots.front().is_some_and(|(at, _)| now.since(*at) >= RETENTION);
        if is_old { self.snapshots.pop_front().map(|(_, xid)| xid) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::env::test::ManualTime;

    fn batch(oldest_active_xid: &str) -> ChangeBatch {
        ChangeBatch {
            snapshot: "1:1:".to_owned(),
            oldest_active_xid: oldest_active_xid.to_owned(),
            server: ServerRun::of_test(),
            database_time: DateTime::UNIX_EPOCH,
            subjects: Vec::new(),
            is_truncated: false,
            lag: Duration::ZERO,
        }
    }

    #[test]
    fn entries_are_prunable_after_the_retention_in_steps_of_a_minute() {
        let time = ManualTime::default();
        let clock = time.clock();
        let mut horizon = PruneHorizon::default();
        assert_eq!(horizon.take_prunable(), None);
        horizon.add(clock.monotonic(), &batch("10"));
        time.advance(PRUNE_INTERVAL - Duration::from_nanos(1));
        horizon.add(clock.monotonic(), &batch("11"));
        time.advance(Duration::from_nanos(1));
        horizon.add(clock.monotonic(), &batch("12"));
        assert_eq!(horizon.take_prunable(), None);
        time.advance(RETENTION - PRUNE_INTERVAL);
        horizon.add(clock.monotonic(), &batch("13"));
        assert_eq!(horizon.take_prunable().as_deref(), Some("10"));
        assert_eq!(horizon.take_prunable(), None);
        time.advance(PRUNE_INTERVAL);
        horizon.add(clock.monotonic(), &batch("14"));
        assert_eq!(horizon.take_prunable().as_deref(), Some("12"));
        horizon.clear();
        time.advance(RETENTION);
        horizon.add(clock.monotonic(), &batch("15"));
        assert_eq!(horizon.take_prunable(), None);
    }
}
