//! Checks the observations of revoked keys against the revocation bound, and counts.

use std::time::{Duration, Instant};

use crate::{observer::Observation, prober::Outcome, revocation_method::RevocationMethod};

/// No response received later than this after the acknowledgement may say that the key is valid.
pub const REVOCATION_BOUND: Duration = Duration::from_secs(1);

/// How and when a key was revoked.
#[derive(Debug, Clone, Copy)]
pub struct Revocation {
    pub method: RevocationMethod,
    pub requested_at: Instant,
    pub acknowledged_at: Instant,
}

/// The results of all rounds of a scenario.
#[derive(Debug, Default)]
pub struct Stats {
    pub rounds: usize,
    /// For each round, the time from the acknowledgement to the last response that said that the key is valid.
    last_valid: Vec<Duration>,
    /// Descriptions of wrong responses.
    pub wrong: Vec<String>,
    /// The number of responses that said that the database is unavailable or too slow.
    pub unavailable: usize,
    /// Descriptions of writes that were acknowledged and are lost.
    pub lost: Vec<String>,
}

impl Stats {
    /// The results of a scenario without rounds.
    pub fn of_one_round() -> Self {
        Self { rounds: 1, ..Self::default() }
    }

    /// Adds the observations of one key.
    pub fn record(&mut self, revocation: Revocation, observations: &[Observation]) {
        let Revocation { method, requested_at, acknowledged_at } = revocation;
        self.rounds += 1;
        let valid = observations.iter().filter(|observation| observation.outcome == Outcome::Valid);
        let last_valid = valid.map(|observation| observation.received_at).max();
        let last_valid = last_valid.map_or(Duration::ZERO, |at| at.saturating_duration_since(acknowledged_at));
        self.last_valid.push(last_valid);
        if last_valid > REVOCATION_BOUND {
            self.wrong.push(format!("valid {last_valid:?} after {method:?}"));
        }
        for Observation { node, received_at, outcome, .. } in observations {
            let is_right = match outcome {
                Outcome::Valid => true,
                // Also without a fault of the database: on a busy machine a read may time out.
                Outcome::Stale | Outcome::Unavailable => {
                    self.unavailable += 1;
                    true
                }
                Outcome::Invalid(_) | Outcome::Refused(_) => method.leads_to(outcome) && *received_at > requested_at,
                Outcome::NoResponse | Outcome::Unexpected(_) => false,
            };
            if !is_right {
                let after = received_at.saturating_duration_since(requested_at);
                self.wrong.push(format!("{outcome:?} of node {node}, {after:?} after {method:?}"));
            }
        }
    }

    /// A percentile of the time from the acknowledgement to the last response that said that the key is valid.
    pub fn last_valid(&self, percentile: usize) -> Option<Duration> {
        let mut sorted = self.last_valid.clone();
        sorted.sort_unstable();
        sorted.get((sorted.len() * percentile).div_ceil(100).checked_sub(1)?).copied()
    }

    /// Panics when a response was wrong or a write is lost.
    pub fn assert_correct(&self) {
        let first = |of: &[String]| of.iter().take(5).cloned().collect::<Vec<_>>().join("\n");
        assert!(self.wrong.is_empty(), "{} wrong responses, such as\n{}", self.wrong.len(), first(&self.wrong));
        assert!(self.lost.is_empty(), "{} writes lost, such as\n{}", self.lost.len(), first(&self.lost));
    }
}
