//! The machine's clock, put right by the database's: all nodes must agree on when a key ends, though one may be wrong.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// As far as this the clocks of machines that are kept right, and the way to the database, may differ.
const TOLERANCE: TimeDelta = TimeDelta::milliseconds(500);

/// A clock.
#[derive(Default)]
pub(crate) struct Clock {
    /// What is added to the machine's own time, in microseconds.
    correction: AtomicI64,
}

impl Clock {
    pub(crate) fn now(&self) -> DateTime<Utc> {
        machine_time() + TimeDelta::microseconds(self.correction.load(Ordering::Relaxed))
    }

    /// Told the database's time, corrects this clock when it is wrong.
    pub(crate) fn compare(&self, database: DateTime<Utc>) {
        let off = database - self.now();
        if off.abs() <= TOLERANCE {
            return;
        }
        let correction = database - machine_time();
        self.correction.store(correction.num_microseconds().unwrap_or_default(), Ordering::Relaxed);
        tracing::warn!(
            correction_seconds = correction.as_seconds_f64(),
            "this machine's clock and the database's differ; the database's is taken"
        );
    }
}

#[expect(clippy::disallowed_methods, reason = "here is where the time is handed in")]
fn machine_time() -> DateTime<Utc> {
    Utc::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_wrong_follows_the_databases() {
        let clock = Clock::default();
        let ahead = machine_time() + TimeDelta::minutes(10);
        clock.compare(ahead);
        assert!((clock.now() - ahead).abs() < TimeDelta::seconds(5));
        clock.compare(machine_time());
        assert!((clock.now() - machine_time()).abs() < TimeDelta::seconds(5));
    }

    #[test]
    fn a_clock_that_is_about_right_is_left_alone() {
        let clock = Clock::default();
        clock.compare(machine_time() + TimeDelta::milliseconds(400));
        assert_eq!(clock.correction.load(Ordering::Relaxed), 0);
    }
}
