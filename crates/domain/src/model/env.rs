//! The clock and the random source of a service. They are dependencies, so that tests control both.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// Clocks that are kept in time, and the round trip to the database, differ by less than this. In microseconds, as all times of a
/// [`Correction`].
const TOLERANCE: i64 = 500_000;
/// The most that the database's clock may jump and is followed at once, as when another server takes its place. If it goes back
/// further, keys and tokens that have expired would be valid again.
const MAX_STEP: i64 = 5_000_000;
/// For how long the database's clock must be further ahead to be followed: a clock that is wrong for a moment would otherwise make
/// this one wrong for good, because it does not go back.
const AHEAD_FOR: i64 = 10_000_000;
/// By how many microseconds a second (ppm) a clock that is kept in time may be faster or slower than another: operating systems
/// slew clocks at this rate at most.
const MAX_DRIFT: i64 = 500;

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

    /// The time since some fixed instant before the first call, including time during which the machine was suspended. It never
    /// goes back.
    fn monotonic(&self) -> Duration;
}

/// Tells the wall-clock time and the monotonic time.
///
/// All nodes must agree on when a key expires, so the wall-clock time follows the database's clock if
/// [`Clock::corrected_by_database`] asks for it. It then advances like the monotonic time, whatever happens to the machine's own
/// wall clock. Once it has followed the database, it never goes back by more than five seconds, in one step or in several, apart
/// from the drift between two clocks.
#[derive(Clone)]
pub struct Clock {
    source: Arc<dyn TimeSource>,
    /// `None` if the clock shows the source's wall-clock time and is never corrected.
    correction: Option<Arc<Correction>>,
}

/// How a clock follows the database's.
struct Correction {
    /// Microseconds to add to the monotonic time.
    offset: AtomicI64,
    /// By how many microseconds the database's clock has gone back; 0 if it is followed.
    set_back: AtomicI64,
    observations: Mutex<Observations>,
}

/// What the next observation of the database's clock is compared with.
#[derive(Default)]
struct Observations {
    /// The greatest offset that was followed, less the drift until the last time that the database's clock agreed or was
    /// followed. `None` before the first observation.
    high_water: Option<Observation>,
    /// The first of the latest observations, if they are all ahead by the same and none is followed yet.
    ahead: Option<Observation>,
}

/// What the offset of a [`Correction`] should be, observed at this monotonic time.
#[derive(Clone, Copy)]
struct Observation {
    offset: i64,
    at: i64,
}

impl Observations {
    /// Whether the database's clock has been ahead by the same for long.
    fn stays_ahead(&mut self, now: Observation) -> bool {
        match self.ahead {
            Some(first) if (now.offset - first.offset).abs() <= TOLERANCE => now.at - first.at >= AHEAD_FOR,
            _ => {
                self.ahead = Some(now);
                false
            }
        }
    }
}

impl Observation {
    /// The offset now, if one of the clocks has drifted since so that it is as small as possible.
    fn drifted(self, now: i64) -> i64 {
        self.offset - (now - self.at) * MAX_DRIFT / 1_000_000
    }
}

/// What [`Clock::observe_database_time`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockChange {
    /// The clock differed from the database's by this, and follows it now.
    Corrected(TimeDelta),
    /// The database's clock has gone back by this, and is not followed any more.
    DatabaseSetBack(TimeDelta),
    /// The database's clock is followed again.
    FollowedAgain,
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
        let correction = Correction {
            offset: AtomicI64::new(self.source.utc().timestamp_micros() - self.monotonic_micros()),
            set_back: AtomicI64::new(0),
            observations: Mutex::default(),
        };
        Self { correction: Some(Arc::new(correction)), ..self }
    }

    /// The wall-clock time, to the microsecond as Postgres stores it: a response and a later read must agree.
    pub fn now(&self) -> DateTime<Utc> {
        let corrected = self.correction.as_ref().and_then(|correction| {
            let offset = correction.offset.load(Ordering::Relaxed);
            DateTime::from_timestamp_micros(self.monotonic_micros().saturating_add(offset))
        });
        corrected.unwrap_or_else(|| self.source.utc().trunc_subsecs(6))
    }

    fn monotonic_micros(&self) -> i64 {
        i64::try_from(self.source.monotonic().as_micros()).unwrap_or(i64::MAX)
    }

    /// The monotonic time.
    pub fn monotonic(&self) -> MonotonicTime {
        // The number of nanoseconds overflows after 584 years.
        MonotonicTime(u64::try_from(self.source.monotonic().as_nanos()).unwrap_or(u64::MAX))
    }

    /// Corrects this clock if it differs from the database's by more than half a second. The first time in any case; later not if
    /// the database's clock has gone back by more than five seconds, and only after ten seconds if it is ahead by more than five.
    /// `None` if nothing has changed.
    pub fn observe_database_time(&self, database_time: DateTime<Utc>) -> Option<ClockChange> {
        let correction = self.correction.as_ref()?;
        let at = self.monotonic_micros();
        let observed = database_time.timestamp_micros() - at;
        let mut observations = correction.observations.lock().unwrap_or_else(PoisonError::into_inner);
        let offset = correction.offset.load(Ordering::Relaxed);
        let difference = observed - offset;
        let agrees = difference.abs() <= TOLERANCE;
        let high_water = observations.high_water.map(|high_water| high_water.drifted(at));
        if !agrees && high_water.is_some_and(|high_water| observed < high_water - MAX_STEP) {
            observations.ahead = None;
            let was_followed = correction.set_back.swap(-difference, Ordering::Relaxed) == 0;
            return was_followed.then_some(ClockChange::DatabaseSetBack(TimeDelta::microseconds(-difference)));
        }
        let is_far_ahead = high_water.is_some() && difference > MAX_STEP;
        if is_far_ahead && !observations.stays_ahead(Observation { offset: observed, at }) {
            return None;
        }
        let followed = if agrees { offset } else { observed };
        let high_water = high_water.map_or(followed, |high_water| high_water.max(followed));
        *observations = Observations { high_water: Some(Observation { offset: high_water, at }), ahead: None };
        correction.offset.store(followed, Ordering::Relaxed);
        let was_set_back = correction.set_back.swap(0, Ordering::Relaxed) != 0;
        if !agrees {
            return Some(ClockChange::Corrected(TimeDelta::microseconds(difference)));
        }
        was_set_back.then_some(ClockChange::FollowedAgain)
    }

    /// By how much the database's clock has gone back since it was last followed; zero if it is followed.
    pub fn database_set_back(&self) -> Duration {
        let micros = self.correction.as_ref().map_or(0, |correction| correction.set_back.load(Ordering::Relaxed));
        Duration::from_micros(micros.unsigned_abs())
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
        assert_eq!(clock.observe_database_time(ahead), Some(ClockChange::Corrected(TimeDelta::minutes(10))));
        assert_eq!(clock.now(), ahead);
        time.advance(Duration::from_secs(60));
        assert_eq!(clock.now(), ahead + TimeDelta::minutes(1));

        // At first also backwards: it is the node whose clock was wrong.
        let clock = time.clock().corrected_by_database();
        let behind = time.utc() - TimeDelta::minutes(10);
        assert_eq!(clock.observe_database_time(behind), Some(ClockChange::Corrected(TimeDelta::minutes(-10))));
        assert_eq!(clock.now(), behind);
    }

    #[test]
    fn a_clock_does_not_follow_a_database_whose_clock_is_set_back() {
        let time = ManualTime::default();
        let clock = time.clock().corrected_by_database();
        let start = time.utc();
        assert_eq!(clock.observe_database_time(start), None);
        let hour = TimeDelta::hours(1);
        time.advance(Duration::from_secs(10));
        let now = start + TimeDelta::seconds(10);
        assert_eq!(clock.observe_database_time(now - hour), Some(ClockChange::DatabaseSetBack(hour)));
        assert_eq!((clock.now(), clock.database_set_back()), (now, Duration::from_secs(3600)));

        // It is not followed when its clock has advanced to where it was, either, and is reported once.
        time.advance(Duration::from_secs(3600));
        assert_eq!(clock.observe_database_time(now), None);
        assert_eq!(clock.now(), now + hour);

        assert_eq!(clock.observe_database_time(now + hour), Some(ClockChange::FollowedAgain));
        assert_eq!(clock.database_set_back(), Duration::ZERO);
    }

    #[test]
    fn a_clock_goes_back_by_five_seconds_in_all() {
        let time = ManualTime::default();
        let clock = time.clock().corrected_by_database();
        clock.observe_database_time(time.utc());
        // However long the clocks have agreed before.
        time.advance(Duration::from_secs(86_400));
        clock.observe_database_time(time.utc());
        let step = TimeDelta::seconds(4);
        assert_eq!(clock.observe_database_time(time.utc() - step), Some(ClockChange::Corrected(-step)));
        assert_eq!(clock.now(), time.utc() - step);
        for n in 2..10 {
            time.advance(Duration::from_millis(100));
            clock.observe_database_time(time.utc() - step * n);
            assert_eq!(clock.now(), time.utc() - step);
        }
        assert_eq!(clock.database_set_back(), Duration::from_secs(32));
    }

    #[test]
    fn a_fast_clock_drifts_behind() {
        let time = ManualTime::default();
        let clock = time.clock().corrected_by_database();
        let start = time.utc();
        // By half of the greatest drift, for two days.
        for second in (0..172_800).step_by(10) {
            let database_time = start + TimeDelta::microseconds(second * 999_750);
            assert!(!matches!(clock.observe_database_time(database_time), Some(ClockChange::DatabaseSetBack(_))));
            assert!((clock.now() - database_time).num_microseconds().unwrap() <= TOLERANCE);
            time.advance(Duration::from_secs(10));
        }
        // And during an outage of the database.
        time.advance(Duration::from_secs(86_400));
        let database_time = clock.now() - TimeDelta::seconds(30);
        assert!(matches!(clock.observe_database_time(database_time), Some(ClockChange::Corrected(_))));
    }

    #[test]
    fn a_clock_does_not_follow_a_database_that_is_ahead_for_a_moment() {
        let time = ManualTime::default();
        let clock = time.clock().corrected_by_database();
        clock.observe_database_time(time.utc());
        for ahead in [TimeDelta::seconds(6), TimeDelta::hours(1)] {
            for _ in 0..100 {
                assert_eq!(clock.observe_database_time(time.utc() + ahead), None);
                time.advance(Duration::from_millis(100));
            }
            assert_eq!(clock.observe_database_time(time.utc()), None);
            assert_eq!(clock.now(), time.utc());
        }
    }

    #[test]
    fn a_clock_follows_a_database_that_stays_ahead() {
        let time = ManualTime::default();
        let clock = time.clock().corrected_by_database();
        clock.observe_database_time(time.utc());
        // A few seconds at once.
        let step = TimeDelta::seconds(5);
        assert_eq!(clock.observe_database_time(time.utc() + step), Some(ClockChange::Corrected(step)));

        let hour = TimeDelta::hours(1);
        assert_eq!(clock.observe_database_time(time.utc() + hour), None);
        time.advance(Duration::from_millis(9_999));
        assert_eq!(clock.observe_database_time(time.utc() + hour), None);
        time.advance(Duration::from_millis(1));
        assert_eq!(clock.observe_database_time(time.utc() + hour), Some(ClockChange::Corrected(hour - step)));
        assert_eq!(clock.now(), time.utc() + hour);
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
