//! Holds what was heard of a key that ended against the promise.

use std::time::{Duration, Instant};

use crate::{asker::Answer, ending::Ending, watch::Seen};

/// Nobody says "valid" longer than this after the end was acknowledged.
pub const PROMISE: Duration = Duration::from_secs(1);

/// When a key ended.
#[derive(Debug, Clone, Copy)]
pub struct End {
    pub by: Ending,
    pub asked: Instant,
    pub acknowledged: Instant,
}

/// What came out of all rounds of a scenario.
#[derive(Debug, Default)]
pub struct Tally {
    pub rounds: usize,
    /// For each round, how long after the acknowledgement "valid" was received last.
    latest: Vec<Duration>,
    pub wrong: Vec<String>,
    /// Answers that said, as the contract has it, that the database is away or slow.
    pub away: usize,
    /// Acknowledged, but not so afterwards.
    pub lost: Vec<String>,
}

impl Tally {
    pub fn of_one_round() -> Self {
        Self { rounds: 1, ..Self::default() }
    }

    /// Takes in what was heard of one key.
    pub fn judge(&mut self, end: End, seen: &[Seen]) {
        self.rounds += 1;
        let valid = seen.iter().filter(|seen| seen.answer == Answer::Valid).map(|seen| seen.answered).max();
        let latest = valid.map_or(Duration::ZERO, |at| at.saturating_duration_since(end.acknowledged));
        self.latest.push(latest);
        if latest > PROMISE {
            self.wrong.push(format!("valid {latest:?} after {:?}", end.by));
        }
        self.away += seen.iter().filter(|seen| matches!(seen.answer, Answer::Stale | Answer::Unavailable)).count();
        for seen in seen {
            let is_right = match &seen.answer {
                // Without a fault of the database too: on a busy machine it may take too long.
                Answer::Valid | Answer::Stale | Answer::Unavailable => true,
                Answer::Refused(code) => code == end.by.code() && seen.answered > end.asked,
                Answer::Unanswered | Answer::Other(_) => false,
            };
            if !is_right {
                let after = seen.answered.saturating_duration_since(end.asked);
                self.wrong.push(format!("{:?} of node {}, {after:?} after {:?}", seen.answer, seen.node, end.by));
            }
        }
    }

    /// The time that so many of 100 do not exceed.
    pub fn latest(&self, percentile: usize) -> Option<Duration> {
        let mut sorted = self.latest.clone();
        sorted.sort_unstable();
        sorted.get((sorted.len() * percentile).div_ceil(100).checked_sub(1)?).copied()
    }

    pub fn assert_good(&self) {
        let first = |of: &[String]| of.iter().take(5).cloned().collect::<Vec<_>>().join("\n");
        assert!(self.wrong.is_empty(), "{} wrong answers, such as\n{}", self.wrong.len(), first(&self.wrong));
        assert!(self.lost.is_empty(), "{} writes lost, such as\n{}", self.lost.len(), first(&self.lost));
    }
}
