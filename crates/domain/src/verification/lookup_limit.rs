//! Bounds what forged keys cost. Anyone can make a text with the form and the checksum of a key, and only a query tells that no
//! such key exists. An address whose queries keep finding nothing has one query at a time, so that a flood from it leaves the
//! database to the others.
//!
//! Only queries that have ended count. Those that an address starts at once before that are not limited, because their keys may
//! be valid: a gateway that starts with an empty cache sends many. They share statements (`store::keys::lookup`).

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

use ipnet::IpNet;
use quick_cache::sync::Cache;

use crate::model::{Clock, Error, MonotonicTime, client_network};

/// How many queries of an address may find nothing within [`WINDOW`] before it is limited.
const MAX_MISSES: u32 = 20;
const WINDOW: Duration = Duration::from_secs(60);
/// The most addresses that are stored. Only those whose queries found nothing are.
const CAPACITY: usize = 10_000;

/// What is known of addresses whose queries found nothing.
pub(super) struct LookupLimit {
    clock: Clock,
    addresses: Cache<IpNet, Arc<Address>>,
    refused: AtomicU64,
}

struct Address {
    misses: AtomicU32,
    window_began: MonotonicTime,
    has_query: AtomicBool,
}

/// The permission for one query, until it is dropped.
pub(super) struct LookupPermit<'a> {
    limit: &'a LookupLimit,
    network: Option<IpNet>,
    /// The address, if it is limited.
    limited: Option<Arc<Address>>,
}

impl LookupLimit {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, addresses: Cache::new(CAPACITY), refused: AtomicU64::new(0) }
    }

    /// Queries that were refused.
    pub(super) fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// Fails if the address is limited and another of its queries is running. Without an address there is no limit: those
    /// requests have an authenticated caller.
    pub(super) fn enter(&self, client_ip: Option<IpAddr>) -> Result<LookupPermit<'_>, Error> {
        let network = client_ip.map(client_network);
        let limited = network.and_then(|network| self.current(network)).filter(|address| address.is_limited());
        if limited.as_ref().is_some_and(|address| address.has_query.swap(true, Ordering::AcqRel)) {
            self.refused.fetch_add(1, Ordering::Relaxed);
            return Err(Error::TooManyLookups);
        }
        Ok(LookupPermit { limit: self, network, limited })
    }

    /// What is known of a network within the current window.
    fn current(&self, network: IpNet) -> Option<Arc<Address>> {
        self.addresses.get(&network).filter(|address| self.clock.monotonic().since(address.window_began) < WINDOW)
    }
}

impl LookupPermit<'_> {
    /// Records that the query found nothing.
    pub(super) fn found_nothing(&self) {
        let Some(network) = self.network else { return };
        match self.limit.current(network) {
            Some(address) => _ = address.misses.fetch_add(1, Ordering::Relaxed),
            None => {
                let window_began = self.limit.clock.monotonic();
                let address = Address { misses: AtomicU32::new(1), window_began, has_query: AtomicBool::new(false) };
                self.limit.addresses.insert(network, Arc::new(address));
            }
        }
    }
}

impl Drop for LookupPermit<'_> {
    fn drop(&mut self) {
        if let Some(address) = &self.limited {
            address.has_query.store(false, Ordering::Release);
        }
    }
}

impl Address {
    fn is_limited(&self) -> bool {
        self.misses.load(Ordering::Relaxed) >= MAX_MISSES
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::env::test::ManualTime;

    fn miss(limit: &LookupLimit, ip: &str) {
        limit.enter(Some(ip.parse().unwrap())).unwrap().found_nothing();
    }

    fn is_refused(limit: &LookupLimit, ip: &str) -> bool {
        let _running = limit.enter(Some(ip.parse().unwrap())).unwrap();
        limit.enter(Some(ip.parse().unwrap())).is_err()
    }

    #[test]
    fn an_address_whose_queries_find_nothing_has_one_at_a_time() {
        let limit = LookupLimit::new(ManualTime::default().clock());
        for _ in 1..MAX_MISSES {
            miss(&limit, "192.0.2.1");
        }
        assert!(!is_refused(&limit, "192.0.2.1"));
        miss(&limit, "192.0.2.1");
        assert!(is_refused(&limit, "192.0.2.1") && is_refused(&limit, "::ffff:192.0.2.1"));
        assert!(!is_refused(&limit, "192.0.2.2"));
        assert_eq!(limit.refused(), 2);
        assert!(limit.enter(None).is_ok() && limit.enter(None).is_ok());
    }

    #[test]
    fn an_ipv6_client_is_limited_with_its_whole_64() {
        let limit = LookupLimit::new(ManualTime::default().clock());
        for host in 0..MAX_MISSES {
            miss(&limit, &format!("2001:db8:0:1::{host:x}"));
        }
        assert!(is_refused(&limit, "2001:db8:0:1:ffff::"));
        assert!(!is_refused(&limit, "2001:db8:0:2::"));
    }

    #[test]
    fn the_limit_ends_with_its_window() {
        let time = ManualTime::default();
        let limit = LookupLimit::new(time.clock());
        for _ in 0..MAX_MISSES {
            miss(&limit, "192.0.2.1");
        }
        time.advance(WINDOW - Duration::from_nanos(1));
        assert!(is_refused(&limit, "192.0.2.1"));
        time.advance(Duration::from_nanos(1));
        assert!(!is_refused(&limit, "192.0.2.1"));
    }
}
