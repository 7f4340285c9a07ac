//! Whether what a node remembers still holds: the one rule about the use of memory.
//!
//! What was read from the database may be used as long as three things are sure. The change log was confirmed less than
//! [`BOUND`] ago, so whatever was acknowledged before that is known here. No change of the key or of its owner became
//! known after the read *began*, so the read saw all changes that are known. And it is not older than [`AGE_LIMIT`], so
//! changes need not be remembered for ever. A read that was slow cannot put a key back that was revoked meanwhile: it began
//! before the change became known, and that alone is compared.
//!
//! Times are of this process's own monotonic clock, so no clock of another machine matters; they stand still while the
//! machine does, not while the process does.

use std::{
    collections::HashMap,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// For how long a confirmation of the change log holds. The promise is one second; the rest is for an answer's way.
pub const BOUND: Duration = Duration::from_millis(800);
/// What was read longer ago is read again, also when nothing has changed.
pub const AGE_LIMIT: Duration = Duration::from_secs(300);
/// For how long a change is remembered: longer than anything that was read before it may be used, in an outage too.
const CHANGES_REMEMBERED: Duration = Duration::from_secs(3 * AGE_LIMIT.as_secs());
/// Beyond so many changes nothing that was read before is used any more, and they are forgotten.
pub(crate) const MOST_CHANGES: usize = 100_000;

/// Nanoseconds since the process began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(u64);

impl Moment {
    /// The moment of this number; `None` for 0, which stands for never.
    pub(super) fn from_nanos(nanos: u64) -> Option<Self> {
        (nanos != 0).then_some(Self(nanos))
    }

    pub(super) fn as_nanos(self) -> u64 {
        self.0
    }

    /// How long after `earlier` it was; zero when it was before.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

/// A key or a user that is not what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Changed {
    /// The key of this id.
    Key(i64),
    /// The user of this id.
    User(i64),
}

/// What a node knows of changes.
pub struct Freshness {
    began: Instant,
    /// When the last successful question to the change log was asked.
    confirmed: AtomicU64,
    /// Nothing that was read before this is used.
    distrusted: AtomicU64,
    changes: RwLock<HashMap<Changed, Moment>>,
}

impl Freshness {
    pub(super) fn new() -> Self {
        Self {
            began: Instant::now(),
            confirmed: AtomicU64::new(0),
            distrusted: AtomicU64::new(0),
            changes: RwLock::default(),
        }
    }

    /// Now.
    pub fn now(&self) -> Moment {
        // 584 years.
        Moment(u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX))
    }

    /// Takes note that these have changed. Before `confirm`, which says that all are noted.
    pub fn note(&self, changed: impl IntoIterator<Item = Changed>) {
        let mut changes = self.changes.write().unwrap_or_else(PoisonError::into_inner);
        // Under the lock, so that of two who note the same change the later time stays.
        let now = self.now();
        changes.extend(changed.into_iter().map(|changed| (changed, now)));
        if changes.len() > MOST_CHANGES {
            changes.retain(|_, noted| now.since(*noted) < CHANGES_REMEMBERED);
        }
        if changes.len() > MOST_CHANGES {
            self.distrusted.fetch_max(now.0, Ordering::Release);
            changes.clear();
        }
    }

    /// All changes that were acknowledged before `asked` are noted.
    pub(super) fn confirm(&self, asked: Moment) {
        self.confirmed.fetch_max(asked.0, Ordering::Release);
    }

    /// Changes may have been missed: nothing that was read before now is used.
    pub(super) fn distrust(&self) {
        self.distrusted.fetch_max(self.now().0, Ordering::Release);
    }

    /// How long ago the change log was confirmed; `None` before the first time.
    pub fn confirmed_ago(&self) -> Option<Duration> {
        Moment::from_nanos(self.confirmed.load(Ordering::Acquire)).map(|confirmed| self.now().since(confirmed))
    }

    /// Whether what was read of a key and its owner by a read that began at `read` is sure to hold now.
    pub(super) fn holds(&self, read: Moment, of: &[Changed]) -> bool {
        let confirmed = Moment::from_nanos(self.confirmed.load(Ordering::Acquire));
        let now = self.now();
        confirmed.is_some_and(|confirmed| now.since(confirmed) < BOUND)
            && now.since(read) < AGE_LIMIT
            && self.is_unchanged(read, of)
    }

    /// For how long it has not been sure that what was read at `read` holds; `None` when it is known not to.
    pub(super) fn unsure_for(&self, read: Moment, of: &[Changed]) -> Option<Duration> {
        let now = self.now();
        let confirmed = Moment(self.confirmed.load(Ordering::Acquire));
        let is_young = now.since(read) < 2 * AGE_LIMIT;
        (is_young && self.is_unchanged(read, of)).then(|| now.since(read.max(confirmed)))
    }

    /// Whether no change of these became known after `read`, nor any might have been missed.
    pub(super) fn is_unchanged(&self, read: Moment, of: &[Changed]) -> bool {
        // After `confirmed` was read: what it vouches for is noted by then.
        if read.0 <= self.distrusted.load(Ordering::Acquire) {
            return false;
        }
        let changes = self.changes.read().unwrap_or_else(PoisonError::into_inner);
        changes.is_empty() || of.iter().all(|of| changes.get(of).is_none_or(|noted| *noted < read))
    }
}

#[cfg(test)]
mod tests {
    use std::thread::sleep;

    use super::*;

    const OF: [Changed; 2] = [Changed::Key(1), Changed::User(2)];

    fn confirmed() -> Freshness {
        let freshness = Freshness::new();
        sleep(Duration::from_millis(1));
        freshness.confirm(freshness.now());
        freshness
    }

    #[test]
    fn nothing_holds_before_the_change_log_was_confirmed() {
        let freshness = Freshness::new();
        sleep(Duration::from_millis(1));
        assert!(!freshness.holds(freshness.now(), &OF));
        freshness.confirm(freshness.now());
        assert!(freshness.holds(freshness.now(), &OF));
    }

    #[test]
    fn a_read_that_began_before_a_change_was_known_does_not_hold_however_late_it_ends() {
        for changed in OF {
            let freshness = confirmed();
            let began = freshness.now();
            sleep(Duration::from_millis(1));
            freshness.note([changed]);
            assert!(!freshness.holds(began, &OF), "{changed:?}");
            assert_eq!(freshness.unsure_for(began, &OF), None, "{changed:?}");
            sleep(Duration::from_millis(1));
            assert!(freshness.holds(freshness.now(), &OF), "{changed:?}");
        }
        let freshness = confirmed();
        let began = freshness.now();
        freshness.note([Changed::Key(2), Changed::User(1)]);
        assert!(freshness.holds(began, &OF));
    }

    #[test]
    fn a_confirmation_holds_for_the_bound_counted_from_when_it_was_asked_for() {
        let freshness = Freshness::new();
        sleep(Duration::from_millis(1));
        let asked = freshness.now();
        sleep(BOUND);
        freshness.confirm(asked);
        assert!(!freshness.holds(freshness.now(), &OF));
        let unsure = freshness.unsure_for(asked, &OF).unwrap();
        assert!(unsure >= BOUND, "{unsure:?}");
    }

    #[test]
    fn what_was_read_before_changes_may_have_been_missed_does_not_hold() {
        let freshness = confirmed();
        let began = freshness.now();
        freshness.distrust();
        assert!(!freshness.holds(began, &OF));
        assert_eq!(freshness.unsure_for(began, &OF), None);
    }

    #[test]
    fn too_many_changes_are_as_one_of_everything() {
        let freshness = confirmed();
        let began = freshness.now();
        freshness.note((0..=MOST_CHANGES as i64).map(|id| Changed::Key(id + 10)));
        assert!(!freshness.holds(began, &OF));
        assert!(freshness.changes.read().unwrap().is_empty());
    }
}
