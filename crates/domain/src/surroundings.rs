//! What the domain is handed from outside: the time, randomness, and where a request came from.

use std::{net::IpAddr, sync::Arc};

use chrono::{DateTime, SubsecRound, Utc};

type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;
type Comparison = Arc<dyn Fn(DateTime<Utc>) + Send + Sync>;
type RandomSource = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// The clock and the random source of one service; tests hand in their own.
#[derive(Clone)]
pub struct Surroundings {
    clock: Clock,
    random: RandomSource,
    comparison: Option<Comparison>,
}

impl Surroundings {
    /// `random` must fill its argument from a cryptographically secure source: keys are made of it.
    pub fn new(
        clock: impl Fn() -> DateTime<Utc> + Send + Sync + 'static,
        random: impl Fn(&mut [u8]) + Send + Sync + 'static,
    ) -> Self {
        Self { clock: Arc::new(clock), random: Arc::new(random), comparison: None }
    }

    /// Told the database's time now and then, so that the clock of a machine that is wrong can be put right: all nodes must
    /// agree on when a key ends.
    #[must_use]
    pub fn compared_by(self, comparison: impl Fn(DateTime<Utc>) + Send + Sync + 'static) -> Self {
        Self { comparison: Some(Arc::new(comparison)), ..self }
    }

    pub(crate) fn compare_clock(&self, database_time: DateTime<Utc>) {
        if let Some(comparison) = &self.comparison {
            comparison(database_time);
        }
    }

    /// The time now, to the microsecond, as Postgres keeps it: an answer and a later read must agree.
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)().trunc_subsecs(6)
    }

    /// Fresh random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.random)(&mut bytes);
        bytes
    }
}

/// Where a request came from; whoever serves the routes puts it into the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);
