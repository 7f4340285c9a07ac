//! The limit of connections from one client address, so that no client takes every place.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use ipnet::IpNet;
use latchkey_domain::client_network;

use super::turns::AddressTurns;

/// Counts the open connections from each IPv4 address and each IPv6 /64.
pub(super) struct AddressLimit {
    max: usize,
    exempt: Vec<IpNet>,
    /// Addresses without connections are removed, so the limit of all connections bounds the map.
    open: Mutex<HashMap<IpNet, Address>>,
}

struct Address {
    connections: usize,
    turns: AddressTurns,
}

impl AddressLimit {
    /// `exempt` are the networks of proxies, whose connections are those of many clients.
    pub(super) fn new(max: usize, exempt: Vec<IpNet>) -> Self {
        Self { max, exempt, open: Mutex::default() }
    }

    /// Counts a connection until the returned value is dropped; `None` if its address already has too many.
    pub(super) fn admit(self: &Arc<Self>, peer: IpAddr) -> Option<Admission> {
        let peer = peer.to_canonical();
        if self.exempt.iter().any(|network| network.contains(&peer)) {
            return Some(Admission(None));
        }
        let address = client_network(peer);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let state = open.entry(address).or_insert_with(|| Address { connections: 0, turns: AddressTurns::new() });
        if state.connections >= self.max {
            return None;
        }
        state.connections += 1;
        let turns = state.turns.clone();
        Some(Admission(Some(Counted { limit: Arc::clone(self), address, turns })))
    }
}

/// A connection, counted unless its address has no limit.
pub(super) struct Admission(Option<Counted>);

struct Counted {
    limit: Arc<AddressLimit>,
    address: IpNet,
    turns: AddressTurns,
}

impl Admission {
    /// The turns of the address; `None` if it has no limit.
    pub(super) fn turns(&self) -> Option<AddressTurns> {
        self.0.as_ref().map(|counted| counted.turns.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut open = self.limit.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(state) = open.get_mut(&self.address) {
            state.connections -= 1;
            if state.connections == 0 {
                open.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit() -> Arc<AddressLimit> {
        Arc::new(AddressLimit::new(2, vec!["10.0.0.0/8".parse().unwrap()]))
    }

    #[test]
    fn addresses_are_counted_apart_and_ipv6_by_network() {
        let limit = limit();
        let admit = |address: &str| limit.admit(address.parse().unwrap());
        let _first = admit("192.0.2.1").unwrap();
        let _second = admit("::ffff:192.0.2.1").unwrap();
        assert!(admit("192.0.2.1").is_none());
        let _other = admit("192.0.2.2").unwrap();
        let _v6 = [admit("2001:db8::1").unwrap(), admit("2001:db8::ffff:2").unwrap()];
        assert!(admit("2001:db8::3").is_none());
        assert!(admit("2001:db8:0:1::1").is_some());
    }

    #[test]
    fn an_ended_connection_is_not_counted_and_leaves_nothing() {
        let limit = limit();
        let address = "192.0.2.1".parse().unwrap();
        let connections = [limit.admit(address).unwrap(), limit.admit(address).unwrap()];
        assert!(limit.admit(address).is_none());
        drop(connections);
        assert!(limit.open.lock().unwrap().is_empty());
        assert!(limit.admit(address).is_some());
    }

    #[test]
    fn trusted_proxies_have_no_limit() {
        let limit = limit();
        let admitted: Vec<_> = (0..5).map(|_| limit.admit("10.1.2.3".parse().unwrap())).collect();
        assert!(admitted.iter().all(Option::is_some));
    }
}
