//! The clock and the random source of a service. They are dependencies, so that tests control both.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// Clocks that are kept in time, and the round trip to the database, differ by less than this.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::milliseconds(500);

/// What a service needs from its environment.
#[derive(Clone)]
pub struct Env {
    /// Tells the time.
    pub clock: Clock,
    /// Gives random bytes.
    pub rng: Rng,
}

/// A source of time for a [`Clock`].
pub trait TimeSource: Send + Sync + 'static {
    /// The wall-clock time.
    fn utc(&self) -> DateTime<Utc>;

    /// The time since some fixed instant before the first call. It never goes back.
    fn monotonic(&self) -> Duration;
}

/// Tells the wall-clock time and the monotonic time.
///
/// All nodes must agree on when a key expires, so the wall-clock time follows the database's clock if
/// [`Clock::corrected_by_database`] asks for it.
#[derive(Clone)]
pub struct Clock {
    source: Arc<dyn TimeSource>,
    /// Microseconds to add to the source's wall-clock time; `None` if the source is never corrected.
    correction: Option<Arc<AtomicI64>>,
}

/// Gives random bytes.
#[derive(Clone)]
pub struct Rng(Arc<FillBytes>);

type FillBytes = dyn Fn(&mut [u8]) + Send + Sync;

/// A reading of the monotonic clock, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonotonicTime(u64);

impl Clock {
    /// A clock that shows the time of its source.
    pub fn new(source: impl TimeSource) -> Self {
        Self { source: Arc::new(source), correction: None }
    }

    /// The same clock, which [`Clock::observe_database_time`] corrects.
    #[must_use]
    pub fn corrected_by_database(self) -> Self {
        Self { correction: Some(Arc::default()), ..self }
    }

    /// The wall-clock time, to the microsecond as Postgres stores it: a response and a later read must agree.
    pub fn now(&self) -> DateTime<Utc> {
        let correction = self.correction.as_ref().map_or(0, |correction| correction.load(Ordering::Relaxed));
        (self.source.utc() + TimeDelta::microseconds(correction)).trunc_subsecs(6)
    }

    /// The monotonic time.
    pub fn monotonic(&self) -> MonotonicTime {
        // The number of nanoseconds overflows after 584 years.
        MonotonicTime(u64::try_from(self.source.monotonic().as_nanos()).unwrap_or(u64::MAX))
    }

    /// Corrects this clock if it differs from the database's by more than half a second, and returns the correction.
    pub fn observe_database_time(&self, database_time: DateTime<Utc>) -> Option<TimeDelta> {
        let correction = self.correction.as_ref()?;
        if (database_time - self.now()).abs() <= CLOCK_TOLERANCE {
            return None;
        }
        let difference = database_time - self.source.utc();
        correction.store(difference.num_microseconds().unwrap_or_default(), Ordering::Relaxed);
        Some(difference)
    }
}

impl Rng {
    /// `fill` must fill its argument from a cryptographically secure source: keys are made of it.
    pub fn new(fill: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }

    /// Fresh random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.0)(&mut bytes);
        bytes
    }
}

impl MonotonicTime {
    /// The time of this number; `None` for 0, which stands for "never" in atomics.
    pub fn from_nanos(nanos: u64) -> Option<Self> {
        (nanos != 0).then_some(Self(nanos))
    }

    /// Nanoseconds since the clock's start.
    pub fn as_nanos(self) -> u64 {
        self.0
    }

    /// How long after `earlier` this is; zero if it is not after it.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

/// A time source that tests set.
#[cfg(test)]
pub(crate) mod test {
    use std::sync::Mutex;

    use super::*;

    /// Shows the Unix epoch plus what it was advanced by; its monotonic time starts at one second.
    #[derive(Clone, Default)]
    pub(crate) struct ManualTime(Arc<Mutex<Duration>>);

    impl ManualTime {
        pub(crate) fn advance(&self, by: Duration) {
            *self.0.lock().unwrap() += by;
        }

        pub(crate) fn clock(&self) -> Clock {
            Clock::new(self.clone())
        }
    }

    impl TimeSource for ManualTime {
        fn utc(&self) -> DateTime<Utc> {
            DateTime::UNIX_EPOCH + *self.0.lock().unwrap()
        }

        fn monotonic(&self) -> Duration {
            Duration::from_secs(1) + *self.0.lock().unwrap()
        }
    }

    /// A random source that repeats one byte.
    pub(crate) fn constant_rng(byte: u8) -> Rng {
        Rng::new(move |bytes| bytes.fill(byte))
    }
}

#[cfg(test)]
mod tests {
    use super::{test::ManualTime, *};

    #[test]
    fn a_wrong_clock_follows_the_database() {
        let time = ManualTime::default();
        let clock = time.clock().corrected_by_database();
        let ahead = time.utc() + TimeDelta::minutes(10);
        assert_eq!(clock.observe_database_time(ahead), Some(TimeDelta::minutes(10)));
        assert_eq!(clock.now(), ahead);
        assert_eq!(clock.observe_database_time(time.utc()), Some(TimeDelta::zero()));
        assert_eq!(clock.now(), time.utc());
    }

    #[test]
    fn a_clock_within_the_tolerance_is_left_alone() {
        let time = ManualTime::default();
        let clock = time.clock().corrected_by_database();
        for offset in [-500, 500] {
            assert_eq!(clock.observe_database_time(time.utc() + TimeDelta::milliseconds(offset)), None);
            assert_eq!(clock.now(), time.utc());
        }
        assert!(clock.observe_database_time(time.utc() + TimeDelta::milliseconds(501)).is_some());
    }

    #[test]
    fn a_clock_without_correction_ignores_the_database() {
        let time = ManualTime::default();
        assert_eq!(time.clock().observe_database_time(time.utc() + TimeDelta::days(1)), None);
    }

    #[test]
    fn the_time_has_microseconds() {
        let time = ManualTime::default();
        time.advance(Duration::from_nanos(1_999));
        assert_eq!(time.clock().now(), DateTime::UNIX_EPOCH + TimeDelta::microseconds(1));
        assert_eq!(time.clock().monotonic().as_nanos(), 1_000_001_999);
    }
}
