//! The limits on failed logins.
//!
//! Failed logins count for a name from one network, against guessing its password, and for a network, against trying one
//! password on many names. A name alone is never locked, or anyone could lock out anyone. A name that logged in from a network
//! recently is blocked there by its own failures only, because strangers may share its address.

use std::{net::IpAddr, time::Duration};

use chrono::{DateTime, Utc};
use ipnet::IpNet;

use crate::{
    model::client_network::IPV6_PREFIX,
    store::login_attempts::{LoginCount, LoginCounter},
};

/// How long a failed login counts, at most: windows begin with the first failure.
pub const ATTEMPT_WINDOW: Duration = Duration::from_secs(15 * 60);
/// How long a name is known in a network after a login.
pub const KNOWN_LOGIN_TTL: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// The most failed logins on one name from one network within the window.
pub const LIMIT_PER_NAME: i32 = 10;

/// A length of a prefix, and the most failed logins on any name from such a network within the window; narrow ones first.
type NetworkLimits = &'static [(u8, i32)];

const IPV4_LIMITS: NetworkLimits = &[(32, 100)];
/// Providers assign up to a /48 to a customer (RFC 6177).
const IPV6_LIMITS: NetworkLimits = &[(IPV6_PREFIX, 100), (56, 300), (48, 1_000)];

/// What the logins on a name from an address are counted by, and how many of each may fail.
pub struct LoginLimits {
    /// The counter of the name, then those of all names, in networks that become wider.
    counters: Vec<LoginCounter>,
    /// The limits of the networks.
    network_limits: NetworkLimits,
}

impl LoginLimits {
    /// `name_hash` is a keyed hash of the name, 32 bytes.
    pub fn new(name_hash: Vec<u8>, client_ip: IpAddr) -> Self {
        let client_ip = client_ip.to_canonical();
        let network_limits = if client_ip.is_ipv4() { IPV4_LIMITS } else { IPV6_LIMITS };
        let networks = network_limits.iter().map(|(prefix, _)| network(client_ip, *prefix));
        let of_all_names = networks.map(|network| LoginCounter { network, name_hash: Vec::new() });
        let of_name = LoginCounter { network: network(client_ip, network_limits[0].0), name_hash };
        Self { counters: std::iter::once(of_name).chain(of_all_names).collect(), network_limits }
    }

    /// The counter of the name, then those of all names, in networks that become wider.
    pub fn counters(&self) -> &[LoginCounter] {
        &self.counters
    }

    /// The counter of the name.
    pub fn of_name(&self) -> &LoginCounter {
        &self.counters[0]
    }

    /// The counters of all names, in networks that become wider.
    pub fn of_networks(&self) -> &[LoginCounter] {
        &self.counters[1..]
    }

    /// The widest network that counts as one client.
    pub fn widest_network(&self) -> IpNet {
        self.counters[self.counters.len() - 1].network
    }

    /// Until when the name is blocked in its network, if it failed there more than `LIMIT_PER_NAME` times after another
    /// `added` failures.
    pub fn name_blocked_until(&self, counts: &[LoginCount], added: i32) -> Option<DateTime<Utc>> {
        blocked_until(counts, self.of_name(), LIMIT_PER_NAME - added)
    }

    /// Until when all names are blocked in one of the networks, if more failed there than its limit after another `added`
    /// failures.
    pub fn network_blocked_until(&self, counts: &[LoginCount], added: i32) -> Option<DateTime<Utc>> {
        self.blocked_network(counts, added).map(|(_, until)| until)
    }

    /// The network in which all names are blocked for the longest time, and until when.
    pub fn blocked_network(&self, counts: &[LoginCount], added: i32) -> Option<(&LoginCounter, DateTime<Utc>)> {
        let limited = self.of_networks().iter().zip(self.network_limits);
        let blocked =
            limited.filter_map(|(counter, (_, limit))| Some((counter, blocked_until(counts, counter, limit - added)?)));
        blocked.max_by_key(|(_, until)| *until)
    }
}

fn network(ip: IpAddr, prefix: u8) -> IpNet {
    IpNet::new_assert(ip, prefix).trunc()
}

fn blocked_until(counts: &[LoginCount], counter: &LoginCounter, most: i32) -> Option<DateTime<Utc>> {
    counts.iter().find(|count| count.counter == *counter && count.failures > most).map(|count| count.expires_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(ip: &str) -> LoginLimits {
        LoginLimits::new(vec![1; 32], ip.parse().unwrap())
    }

    fn networks(ip: &str) -> Vec<String> {
        limits(ip).counters().iter().map(|counter| counter.network.to_string()).collect()
    }

    #[test]
    fn ipv4_counts_by_address_and_ipv6_by_prefix() {
        assert_eq!(networks("192.0.2.1"), ["192.0.2.1/32", "192.0.2.1/32"]);
        assert_eq!(networks("::ffff:192.0.2.1"), ["192.0.2.1/32", "192.0.2.1/32"]);
        assert_eq!(
            networks("2001:db8:1:203:4:5:6:7"),
            ["2001:db8:1:203::/64", "2001:db8:1:203::/64", "2001:db8:1:200::/56", "2001:db8:1::/48"]
        );
        assert_eq!(limits("2001:db8:1:203::").widest_network(), "2001:db8:1::/48".parse().unwrap());
        assert_eq!(limits("192.0.2.1").widest_network(), "192.0.2.1/32".parse().unwrap());
    }

    #[test]
    fn each_counter_has_a_limit_of_its_own() {
        let limits = limits("2001:db8::1");
        let end = |minute| DateTime::UNIX_EPOCH + chrono::TimeDelta::minutes(minute);
        let counts = |failures: [i32; 4]| -> Vec<LoginCount> {
            let counters = limits.counters().iter().cloned().zip(failures).zip(1..);
            counters
                .map(|((counter, failures), minute)| LoginCount { counter, failures, expires_at: end(minute) })
                .collect()
        };
        let at_the_limit = counts([10, 100, 300, 1_000]);
        assert_eq!(limits.name_blocked_until(&at_the_limit, 0), None);
        assert_eq!(limits.network_blocked_until(&at_the_limit, 0), None);
        assert_eq!(limits.name_blocked_until(&at_the_limit, 1), Some(end(1)));
        assert_eq!(limits.network_blocked_until(&at_the_limit, 1), Some(end(4)));
        assert_eq!(limits.network_blocked_until(&counts([99, 100, 300, 999]), 1), Some(end(3)));
        assert_eq!(limits.network_blocked_until(&counts([99, 100, 299, 999]), 1), Some(end(2)));
        assert_eq!(limits.network_blocked_until(&counts([99, 99, 299, 999]), 1), None);
        assert_eq!(limits.network_blocked_until(&[], 1), None);
    }
}
