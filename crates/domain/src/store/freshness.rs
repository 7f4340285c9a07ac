//! Whether what a node read from the database may still be used: the one rule about the use of caches.
//!
//! A cache entry may be used as long as three conditions hold. The change feed was in sync less than [`FRESHNESS_BOUND`] ago,
//! so every change that was acknowledged before that is known here. No change of the key or of its principal became known
//! after the read of the entry *began*, so the read saw all changes that are known. And the entry is not older than
//! [`MAX_AGE`], so changes need not be tracked for ever. A slow read cannot bring a revoked key back: it began before the
//! change became known, and that alone is compared.
//!
//! Times are of this machine's monotonic clock, so no clock of another machine matters. On Linux it does not stand still while the
//! process or the machine is suspended.

use std::{
    collections::HashMap,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use crate::model::{Clock, MonotonicTime};

/// How long after a sync cache entries may be used. The promise is one second; the rest is for a response to travel.
pub const FRESHNESS_BOUND: Duration = Duration::from_millis(800);
/// After this time since a change was committed, no node that reaches the database responds from what was before: the promise.
pub const REVOCATION_BOUND: Duration = Duration::from_secs(1);
/// The greatest age of a cache entry, even if nothing has changed.
pub const MAX_AGE: Duration = Duration::from_secs(300);
/// How long a change is tracked: longer than any entry that was read before it may be used, also during an outage.
const CHANGE_RETENTION: Duration = Duration::from_secs(3 * MAX_AGE.as_secs());
/// The most changes that are tracked. Beyond it, all entries are invalid and the changes are dropped.
pub const MAX_TRACKED_CHANGES: usize = 100_000;

// An entry may be used for MAX_AGE after its read, and, if its use is tolerated during an outage, for at most another MAX_AGE
// after the last sync. A change must be tracked for longer than both.
const _: () = assert!(CHANGE_RETENTION.as_secs() > 2 * MAX_AGE.as_secs());

/// What cache entries depend on: its change invalidates them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The key of this id.
    Key(i64),
    /// The principal of this id.
    Principal(i64),
    /// The project of this id.
    Project(i64),
}

/// What a node knows of changes. Writes of this node and the change feed both report here.
pub struct Freshness {
    clock: Clock,
    /// When the last successful poll of the change feed began; 0 before the first.
    synced_at: AtomicU64,
    /// Entries that were read before this are invalid.
    all_invalidated_at: AtomicU64,
    changes: RwLock<HashMap<Subject, MonotonicTime>>,
    /// The latest time in `changes`: entries that were read after it need no look into them.
    changed_at: AtomicU64,
}

impl Freshness {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            synced_at: AtomicU64::new(0),
            all_invalidated_at: AtomicU64::new(0),
            changes: RwLock::default(),
            changed_at: AtomicU64::new(0),
        }
    }

    /// The time now, as reads are compared by.
    pub fn now(&self) -> MonotonicTime {
        self.clock.monotonic()
    }

    /// Records that these subjects have changed. A poll of the change feed does so before it calls
    /// [`Freshness::mark_synced`].
    pub fn invalidate(&self, subjects: impl IntoIterator<Item = Subject>) {
        let mut changes = self.changes.write().unwrap_or_else(PoisonError::into_inner);
        // Read under the lock, so that of two concurrent calls for one subject the later time stays.
        let now = self.now();
        changes.extend(subjects.into_iter().map(|subject| (subject, now)));
        self.changed_at.store(now.as_nanos(), Ordering::Release);
        if changes.len() > MAX_TRACKED_CHANGES {
            changes.retain(|_, changed_at| now.since(*changed_at) < CHANGE_RETENTION);
        }
        if changes.len() > MAX_TRACKED_CHANGES {
            self.all_invalidated_at.fetch_max(now.as_nanos(), Ordering::Release);
            changes.clear();
        }
    }

    /// Records that changes may have been missed: no entry that was read before now may be used.
    pub fn invalidate_all(&self) {
        self.all_invalidated_at.fetch_max(self.now().as_nanos(), Ordering::Release);
    }

    /// Records that all changes that were acknowledged before `polled_at` are recorded.
    pub fn mark_synced(&self, polled_at: MonotonicTime) {
        self.synced_at.fetch_max(polled_at.as_nanos(), Ordering::Release);
    }

    /// The time since the last sync; `None` before the first one.
    pub fn since_last_sync(&self) -> Option<Duration> {
        self.synced_at().map(|synced_at| self.now().since(synced_at))
    }

    /// Whether an entry about these subjects, whose read began at `read_at`, may be used now.
    pub fn is_fresh(&self, read_at: MonotonicTime, subjects: &[Subject]) -> bool {
        let synced_at = self.synced_at();
        let now = self.now();
        synced_at.is_some_and(|synced_at| now.since(synced_at) < FRESHNESS_BOUND)
            && now.since(read_at) < MAX_AGE
            && self.is_unchanged_since(read_at, subjects)
    }

    /// For how long an entry has not been known to be fresh; `None` if it is known to be outdated.
    pub fn staleness(&self, read_at: MonotonicTime, subjects: &[Subject]) -> Option<Duration> {
        let now = self.now();
        let fresh_until = self.synced_at().map_or(read_at, |synced_at| synced_at.max(read_at));
        let is_tracked = now.since(read_at) < 2 * MAX_AGE;
        (is_tracked && self.is_unchanged_since(read_at, subjects)).then(|| now.since(fresh_until))
    }

    /// Whether no change of these subjects became known after a read that began at `read_at`.
    pub fn is_unchanged_since(&self, read_at: MonotonicTime, subjects: &[Subject]) -> bool {
        // Callers load `synced_at` before this: by then, every change that the sync vouches for is recorded.
        if read_at.as_nanos() <= self.all_invalidated_at.load(Ordering::Acquire) {
            return false;
        }
        if read_at.as_nanos() > self.changed_at.load(Ordering::Acquire) {
            return true;
        }
        let changes = self.changes.read().unwrap_or_else(PoisonError::into_inner);
        // Again, under the lock: a writer may have dropped the changes meanwhile.
        read_at.as_nanos() > self.all_invalidated_at.load(Ordering::Acquire)
            && subjects.iter().all(|subject| changes.get(subject).is_none_or(|changed_at| *changed_at < read_at))
    }

    fn synced_at(&self) -> Option<MonotonicTime> {
        MonotonicTime::from_nanos(self.synced_at.load(Ordering::Acquire))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::env::test::ManualTime;

    const SUBJECTS: [Subject; 2] = [Subject::Key(1), Subject::Principal(2)];
    const TICK: Duration = Duration::from_nanos(1);

    fn synced() -> (ManualTime, Freshness) {
        let time = ManualTime::default();
        let freshness = Freshness::new(time.clock());
        freshness.mark_synced(freshness.now());
        (time, freshness)
    }

    #[test]
    fn nothing_is_fresh_before_the_first_sync() {
        let time = ManualTime::default();
        let freshness = Freshness::new(time.clock());
        assert!(!freshness.is_fresh(freshness.now(), &SUBJECTS));
        assert_eq!(freshness.since_last_sync(), None);
        freshness.mark_synced(freshness.now());
        assert!(freshness.is_fresh(freshness.now(), &SUBJECTS));
        time.advance(TICK);
        assert_eq!(freshness.since_last_sync(), Some(TICK));
    }

    #[test]
    fn a_read_that_began_before_a_change_was_known_is_outdated_however_late_it_ends() {
        for subject in SUBJECTS {
            let (time, freshness) = synced();
            let read_at = freshness.now();
            time.advance(TICK);
            freshness.invalidate([subject]);
            assert!(!freshness.is_fresh(read_at, &SUBJECTS), "{subject:?}");
            assert_eq!(freshness.staleness(read_at, &SUBJECTS), None, "{subject:?}");
            // At the instant of the change, the read may have begun before it.
            assert!(!freshness.is_fresh(freshness.now(), &SUBJECTS), "{subject:?}");
            time.advance(TICK);
            assert!(freshness.is_fresh(freshness.now(), &SUBJECTS), "{subject:?}");
        }
    }

    #[test]
    fn a_change_of_another_subject_does_not_matter() {
        let (_, freshness) = synced();
        let read_at = freshness.now();
        freshness.invalidate([Subject::Key(2), Subject::Principal(1)]);
        assert!(freshness.is_fresh(read_at, &SUBJECTS));
    }

    #[test]
    fn a_sync_counts_from_when_its_poll_began_and_for_less_than_the_bound() {
        let (time, freshness) = synced();
        let polled_at = freshness.now();
        time.advance(FRESHNESS_BOUND - TICK);
        assert!(freshness.is_fresh(freshness.now(), &SUBJECTS));
        time.advance(TICK);
        assert!(!freshness.is_fresh(freshness.now(), &SUBJECTS));
        freshness.mark_synced(polled_at);
        assert!(!freshness.is_fresh(freshness.now(), &SUBJECTS));
        assert_eq!(freshness.staleness(polled_at, &SUBJECTS), Some(FRESHNESS_BOUND));
    }

    #[test]
    fn an_earlier_poll_that_ends_later_does_not_set_the_sync_back() {
        let (time, freshness) = synced();
        let earlier = freshness.now();
        time.advance(FRESHNESS_BOUND);
        freshness.mark_synced(freshness.now());
        freshness.mark_synced(earlier);
        assert_eq!(freshness.since_last_sync(), Some(Duration::ZERO));
    }

    #[test]
    fn an_old_entry_is_not_fresh_though_nothing_changed() {
        let (time, freshness) = synced();
        let read_at = freshness.now();
        for (age, is_fresh) in [(MAX_AGE - TICK, true), (TICK, false)] {
            time.advance(age);
            freshness.mark_synced(freshness.now());
            assert_eq!(freshness.is_fresh(read_at, &SUBJECTS), is_fresh);
        }
        assert_eq!(freshness.staleness(read_at, &SUBJECTS), Some(Duration::ZERO));
        time.advance(MAX_AGE);
        assert_eq!(freshness.staleness(read_at, &SUBJECTS), None);
    }

    #[test]
    fn staleness_counts_from_the_later_of_read_and_sync() {
        let (time, freshness) = synced();
        time.advance(TICK);
        let read_at = freshness.now();
        time.advance(TICK);
        assert_eq!(freshness.staleness(read_at, &SUBJECTS), Some(TICK));
    }

    #[test]
    fn entries_from_before_a_possible_loss_of_changes_are_outdated() {
        let (time, freshness) = synced();
        let read_at = freshness.now();
        freshness.invalidate_all();
        assert!(!freshness.is_fresh(read_at, &SUBJECTS));
        assert_eq!(freshness.staleness(read_at, &SUBJECTS), None);
        time.advance(TICK);
        assert!(freshness.is_fresh(freshness.now(), &SUBJECTS));
    }

    #[test]
    fn too_many_changes_invalidate_everything() {
        let (time, freshness) = synced();
        let read_at = freshness.now();
        time.advance(TICK);
        freshness.invalidate((0..MAX_TRACKED_CHANGES as i64).map(|id| Subject::Key(id + 10)));
        assert!(freshness.is_fresh(read_at, &SUBJECTS));
        freshness.invalidate([Subject::Key(-1)]);
        assert!(!freshness.is_fresh(read_at, &SUBJECTS));
        assert!(freshness.changes.read().unwrap().is_empty());
    }

    #[test]
    fn a_reader_that_waits_for_a_writer_which_drops_the_changes_finds_its_entry_outdated() {
        let (time, freshness) = synced();
        let read_at = freshness.now();
        time.advance(TICK);
        freshness.invalidate([SUBJECTS[0]]);
        let mut changes = freshness.changes.write().unwrap();
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| freshness.is_unchanged_since(read_at, &SUBJECTS));
            // It waits for the lock by now.
            std::thread::sleep(Duration::from_millis(100));
            freshness.invalidate_all();
            changes.clear();
            drop(changes);
            assert!(!reader.join().unwrap());
        });
    }

    #[test]
    fn old_changes_make_room_for_new_ones() {
        let (time, freshness) = synced();
        freshness.invalidate((0..MAX_TRACKED_CHANGES as i64).map(|id| Subject::Key(id + 10)));
        time.advance(CHANGE_RETENTION);
        freshness.mark_synced(freshness.now());
        let read_at = freshness.now();
        freshness.invalidate([Subject::Key(-1)]);
        assert!(freshness.is_fresh(read_at, &SUBJECTS));
        assert_eq!(freshness.changes.read().unwrap().len(), 1);
    }
}
