//! What a node remembers of the logins that are blocked, for a moment, so that refusing them takes no query: a flood of logins then
//! costs the database nothing.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use quick_cache::sync::Cache;

use super::login_limits::LoginLimits;
use crate::{
    model::{Clock, MonotonicTime},
    store::login_attempts::LoginCounter,
};

/// How long a block is remembered until one login looks again.
const MEMORY: Duration = Duration::from_secs(1);
/// How long the others rely on it meanwhile, at most.
const MAX_MEMORY: Duration = Duration::from_secs(2);
/// The most blocks that are remembered.
const CAPACITY: usize = 1_000;
/// The most known logins of a network that are remembered with its block.
pub const MAX_KNOWN_LOGINS: usize = 100;

/// Remembers blocks.
pub struct LoginBlocks {
    clock: Clock,
    blocks: Cache<LoginCounter, Arc<Block>>,
}

struct Block {
    until: DateTime<Utc>,
    exempt: Exempt,
    read_at: MonotonicTime,
    is_looked_at: AtomicBool,
}

/// The names that others do not block, each in the network that it is known in.
pub enum Exempt {
    /// These.
    Known(HashSet<LoginCounter>),
    /// More than [`MAX_KNOWN_LOGINS`].
    TooMany,
}

/// What is remembered of a login.
#[derive(Debug, PartialEq, Eq)]
pub enum Remembered {
    /// It is blocked until then.
    Blocked(DateTime<Utc>),
    /// It is blocked until then, unless its name is known in its network.
    BlockedIfUnknown(DateTime<Utc>),
}

impl LoginBlocks {
    /// Nothing is remembered yet.
    pub fn new(clock: Clock) -> Self {
        Self { clock, blocks: Cache::new(CAPACITY) }
    }

    /// What is remembered of the login.
    pub fn find(&self, limits: &LoginLimits) -> Option<Remembered> {
        if let Some(block) = self.current(limits.of_name()) {
            return Some(Remembered::Blocked(block.until));
        }
        let block = limits.of_networks().iter().find_map(|counter| self.current(counter))?;
        match &block.exempt {
            Exempt::Known(known) if known.contains(limits.of_name()) => None,
            Exempt::Known(_) => Some(Remembered::Blocked(block.until)),
            Exempt::TooMany => Some(Remembered::BlockedIfUnknown(block.until)),
        }
    }

    /// Remembers that a name is blocked in its network, or all names in a network but for those that are exempt. `read_at` is when
    /// the read began that said so.
    pub fn remember(&self, counter: &LoginCounter, until: DateTime<Utc>, exempt: Exempt, read_at: MonotonicTime) {
        let block = Block { until, exempt, read_at, is_looked_at: AtomicBool::new(false) };
        self.blocks.insert(counter.clone(), Arc::new(block));
    }

    fn current(&self, counter: &LoginCounter) -> Option<Arc<Block>> {
        let block = self.blocks.get(counter)?;
        let age = self.clock.monotonic().since(block.read_at);
        // The first login after a while looks again.
        let is_current = age < MEMORY || (age < MAX_MEMORY && block.is_looked_at.swap(true, Ordering::Relaxed));
        (is_current && self.clock.now() < block.until).then_some(block)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::model::env::test::ManualTime;

    fn limits(name: u8, address: &str) -> LoginLimits {
        LoginLimits::new(vec![name; 32], address.parse().unwrap())
    }

    fn blocks() -> (ManualTime, LoginBlocks, DateTime<Utc>) {
        let time = ManualTime::default();
        let until = time.clock().now() + TimeDelta::minutes(15);
        (time.clone(), LoginBlocks::new(time.clock()), until)
    }

    fn remember(blocks: &LoginBlocks, counter: &LoginCounter, until: DateTime<Utc>, exempt: Exempt) {
        blocks.remember(counter, until, exempt, blocks.clock.monotonic());
    }

    fn none() -> Exempt {
        Exempt::Known(HashSet::new())
    }

    #[test]
    fn a_name_is_blocked_alone() {
        let (_, blocks, until) = blocks();
        let login = limits(1, "192.0.2.1");
        remember(&blocks, login.of_name(), until, none());
        assert_eq!(blocks.find(&login), Some(Remembered::Blocked(until)));
        assert_eq!(blocks.find(&limits(2, "192.0.2.1")), None);
    }

    #[test]
    fn a_network_is_blocked_with_all_within_except_for_known_names() {
        let (_, blocks, until) = blocks();
        let login = limits(1, "2001:db8:0:1::1");
        let known = HashSet::from([limits(2, "2001:db8:0:2::1").of_name().clone()]);
        remember(&blocks, login.of_networks().last().unwrap(), until, Exempt::Known(known));
        assert_eq!(blocks.find(&login), Some(Remembered::Blocked(until)));
        assert_eq!(blocks.find(&limits(2, "2001:db8:0:2::9")), None);
        // It is known in another network.
        assert_eq!(blocks.find(&limits(2, "2001:db8:0:3::1")), Some(Remembered::Blocked(until)));
        assert_eq!(blocks.find(&limits(1, "2001:db8:1::1")), None);
    }

    #[test]
    fn where_many_names_are_known_each_login_asks_for_its_own() {
        let (_, blocks, until) = blocks();
        let login = limits(1, "192.0.2.1");
        remember(&blocks, &login.of_networks()[0], until, Exempt::TooMany);
        assert_eq!(blocks.find(&login), Some(Remembered::BlockedIfUnknown(until)));
    }

    #[test]
    fn one_login_looks_again_after_a_second_and_all_after_two() {
        let (time, blocks, until) = blocks();
        let login = limits(1, "192.0.2.1");
        remember(&blocks, login.of_name(), until, none());
        time.advance(MEMORY);
        assert_eq!(blocks.find(&login), None);
        assert_eq!(blocks.find(&login), Some(Remembered::Blocked(until)));
        time.advance(MAX_MEMORY - MEMORY);
        assert_eq!(blocks.find(&login), None);
    }

    #[test]
    fn a_block_ends_when_its_window_ends() {
        let (time, blocks, _) = blocks();
        let login = limits(1, "192.0.2.1");
        let until = time.clock().now() + TimeDelta::milliseconds(500);
        remember(&blocks, login.of_name(), until, none());
        time.advance(Duration::from_millis(499));
        assert_eq!(blocks.find(&login), Some(Remembered::Blocked(until)));
        time.advance(Duration::from_millis(1));
        assert_eq!(blocks.find(&login), None);
    }
}
