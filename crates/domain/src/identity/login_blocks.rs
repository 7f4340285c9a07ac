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
/// The most known names of a network whose block is remembered.
pub const MAX_KNOWN_NAMES: usize = 100;

/// Remembers blocks.
pub struct LoginBlocks {
    clock: Clock,
    blocks: Cache<LoginCounter, Arc<Block>>,
}

struct Block {
    until: DateTime<Utc>,
    /// The hashes of the names that other names do not block.
    exempt: HashSet<Vec<u8>>,
    remembered_at: MonotonicTime,
    is_looked_at: AtomicBool,
}

impl LoginBlocks {
    /// Nothing is remembered yet.
    pub fn new(clock: Clock) -> Self {
        Self { clock, blocks: Cache::new(CAPACITY) }
    }

    /// Until when the login is blocked, if that is remembered.
    pub fn until(&self, limits: &LoginLimits) -> Option<DateTime<Utc>> {
        let by_name = self.current(limits.of_name()).map(|block| block.until);
        let by_network =
            self.current(limits.of_network()).filter(|block| !block.exempt.contains(&limits.of_name().name_hash));
        by_name.max(by_network.map(|block| block.until))
    }

    /// Remembers that the name is blocked in its network.
    pub fn remember_name(&self, limits: &LoginLimits, until: DateTime<Utc>) {
        self.remember(limits.of_name(), until, HashSet::new());
    }

    /// Remembers that the network is blocked, except for these names, which are [`MAX_KNOWN_NAMES`] at most.
    pub fn remember_network(&self, limits: &LoginLimits, until: DateTime<Utc>, known_names: Vec<Vec<u8>>) {
        self.remember(limits.of_network(), until, known_names.into_iter().collect());
    }

    fn remember(&self, counter: &LoginCounter, until: DateTime<Utc>, exempt: HashSet<Vec<u8>>) {
        let block =
            Block { until, exempt, remembered_at: self.clock.monotonic(), is_looked_at: AtomicBool::new(false) };
        self.blocks.insert(counter.clone(), Arc::new(block));
    }

    fn current(&self, counter: &LoginCounter) -> Option<Arc<Block>> {
        let block = self.blocks.get(counter)?;
        let age = self.clock.monotonic().since(block.remembered_at);
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

    fn limits(name: u8) -> LoginLimits {
        LoginLimits::new(vec![name; 32], [192, 0, 2, 1].into())
    }

    fn blocks() -> (ManualTime, LoginBlocks, DateTime<Utc>) {
        let time = ManualTime::default();
        let until = time.clock().now() + TimeDelta::minutes(15);
        (time.clone(), LoginBlocks::new(time.clock()), until)
    }

    #[test]
    fn a_name_is_blocked_alone() {
        let (_, blocks, until) = blocks();
        blocks.remember_name(&limits(1), until);
        assert_eq!(blocks.until(&limits(1)), Some(until));
        assert_eq!(blocks.until(&limits(2)), None);
    }

    #[test]
    fn a_network_is_blocked_except_for_known_names() {
        let (_, blocks, until) = blocks();
        blocks.remember_network(&limits(1), until, vec![vec![2; 32]]);
        assert_eq!(blocks.until(&limits(1)), Some(until));
        assert_eq!(blocks.until(&limits(2)), None);
        assert_eq!(blocks.until(&LoginLimits::new(vec![1; 32], [192, 0, 2, 2].into())), None);
    }

    #[test]
    fn one_login_looks_again_after_a_second_and_all_after_two() {
        let (time, blocks, until) = blocks();
        blocks.remember_name(&limits(1), until);
        time.advance(MEMORY);
        assert_eq!(blocks.until(&limits(1)), None);
        assert_eq!(blocks.until(&limits(1)), Some(until));
        time.advance(MAX_MEMORY - MEMORY);
        assert_eq!(blocks.until(&limits(1)), None);
    }

    #[test]
    fn a_block_ends_when_its_window_ends() {
        let (time, blocks, _) = blocks();
        let until = time.clock().now() + TimeDelta::milliseconds(500);
        blocks.remember_name(&limits(1), until);
        time.advance(Duration::from_millis(499));
        assert_eq!(blocks.until(&limits(1)), Some(until));
        time.advance(Duration::from_millis(1));
        assert_eq!(blocks.until(&limits(1)), None);
    }
}
