//! The cache of blocks of logins, with which refusing them takes no query: a flood of logins then costs the database nothing.

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

/// How long all logins use an entry. One login after that reads again.
const RENEW_AFTER: Duration = Duration::from_secs(1);
/// How long the others use it meanwhile.
const MAX_AGE: Duration = Duration::from_secs(2);
/// The most entries.
const CAPACITY: usize = 1_000;
/// The most known logins of a network that its entry has.
pub const MAX_KNOWN_LOGINS: usize = 100;

/// Caches blocks.
pub struct LoginBlocks {
    clock: Clock,
    blocks: Cache<LoginCounter, Arc<Block>>,
}

struct Block {
    until: DateTime<Utc>,
    exempt: Exempt,
    read_at: MonotonicTime,
    is_being_renewed: AtomicBool,
}

/// The names that others do not block, each in the network that it is known in.
pub enum Exempt {
    /// These.
    Known(HashSet<LoginCounter>),
    /// More than [`MAX_KNOWN_LOGINS`].
    TooMany,
}

impl Exempt {
    /// No name.
    pub fn none() -> Self {
        Self::Known(HashSet::new())
    }
}

impl From<Vec<LoginCounter>> for Exempt {
    fn from(known: Vec<LoginCounter>) -> Self {
        if known.len() > MAX_KNOWN_LOGINS { Self::TooMany } else { Self::Known(known.into_iter().collect()) }
    }
}

/// What the cache has of a login.
#[derive(Debug, PartialEq, Eq)]
pub enum CachedBlock {
    /// It is blocked until then.
    Blocked(DateTime<Utc>),
    /// It is blocked until then, unless its name is known in its network.
    BlockedIfUnknown(DateTime<Utc>),
}

impl LoginBlocks {
    /// An empty cache.
    pub fn new(clock: Clock) -> Self {
        Self { clock, blocks: Cache::new(CAPACITY) }
    }

    /// The block of a login, if it is cached.
    pub fn find(&self, limits: &LoginLimits) -> Option<CachedBlock> {
        if let Some(block) = self.current(limits.of_name()) {
            return Some(CachedBlock::Blocked(block.until));
        }
        let block = limits.of_networks().iter().find_map(|counter| self.current(counter))?;
        match &block.exempt {
            Exempt::Known(known) if known.contains(limits.of_name()) => None,
            Exempt::Known(_) => Some(CachedBlock::Blocked(block.until)),
            Exempt::TooMany => Some(CachedBlock::BlockedIfUnknown(block.until)),
        }
    }

    /// Caches that a name is blocked in its network, or all names in a network but for those that are exempt. `read_at` is when the
    /// read of it began.
    pub fn insert(&self, counter: &LoginCounter, until: DateTime<Utc>, exempt: Exempt, read_at: MonotonicTime) {
        let block = Block { until, exempt, read_at, is_being_renewed: AtomicBool::new(false) };
        self.blocks.insert(counter.clone(), Arc::new(block));
    }

    fn current(&self, counter: &LoginCounter) -> Option<Arc<Block>> {
        let block = self.blocks.get(counter)?;
        let age = self.clock.monotonic().since(block.read_at);
        // The first login of those that find it old renews it.
        let is_current = age < RENEW_AFTER || (age < MAX_AGE && block.is_being_renewed.swap(true, Ordering::Relaxed));
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

    fn insert(blocks: &LoginBlocks, counter: &LoginCounter, until: DateTime<Utc>, exempt: Exempt) {
        blocks.insert(counter, until, exempt, blocks.clock.monotonic());
    }

    #[test]
    fn a_name_is_blocked_alone() {
        let (_, blocks, until) = blocks();
        let login = limits(1, "192.0.2.1");
        insert(&blocks, login.of_name(), until, Exempt::none());
        assert_eq!(blocks.find(&login), Some(CachedBlock::Blocked(until)));
        assert_eq!(blocks.find(&limits(2, "192.0.2.1")), None);
    }

    #[test]
    fn a_network_is_blocked_with_all_within_except_for_known_names() {
        let (_, blocks, until) = blocks();
        let login = limits(1, "2001:db8:0:1::1");
        let known = HashSet::from([limits(2, "2001:db8:0:2::1").of_name().clone()]);
        insert(&blocks, login.of_networks().last().unwrap(), until, Exempt::Known(known));
        assert_eq!(blocks.find(&login), Some(CachedBlock::Blocked(until)));
        assert_eq!(blocks.find(&limits(2, "2001:db8:0:2::9")), None);
        // It is known in another network.
        assert_eq!(blocks.find(&limits(2, "2001:db8:0:3::1")), Some(CachedBlock::Blocked(until)));
        assert_eq!(blocks.find(&limits(1, "2001:db8:1::1")), None);
    }

    #[test]
    fn where_many_names_are_known_each_login_looks_for_its_own() {
        let (_, blocks, until) = blocks();
        let login = limits(1, "192.0.2.1");
        insert(&blocks, &login.of_networks()[0], until, Exempt::TooMany);
        assert_eq!(blocks.find(&login), Some(CachedBlock::BlockedIfUnknown(until)));
    }

    #[test]
    fn one_login_reads_again_after_a_second_and_all_after_two() {
        let (time, blocks, until) = blocks();
        let login = limits(1, "192.0.2.1");
        insert(&blocks, login.of_name(), until, Exempt::none());
        time.advance(RENEW_AFTER);
        assert_eq!(blocks.find(&login), None);
        assert_eq!(blocks.find(&login), Some(CachedBlock::Blocked(until)));
        time.advance(MAX_AGE - RENEW_AFTER);
        assert_eq!(blocks.find(&login), None);
    }

    #[test]
    fn a_block_ends_when_its_window_ends() {
        let (time, blocks, _) = blocks();
        let login = limits(1, "192.0.2.1");
        let until = time.clock().now() + TimeDelta::milliseconds(500);
        insert(&blocks, login.of_name(), until, Exempt::none());
        time.advance(Duration::from_millis(499));
        assert_eq!(blocks.find(&login), Some(CachedBlock::Blocked(until)));
        time.advance(Duration::from_millis(1));
        assert_eq!(blocks.find(&login), None);
    }
}
