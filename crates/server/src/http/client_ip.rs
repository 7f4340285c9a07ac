//! The client's IP address: the peer's, or the one that trusted proxies report in `X-Forwarded-For`.

use std::{
    net::IpAddr,
    sync::atomic::{AtomicBool, Ordering},
};

use http::HeaderMap;
use ipnet::IpNet;

/// Whether this process has warned of an address that it does not use.
static HAS_WARNED: AtomicBool = AtomicBool::new(false);

/// Returns the rightmost address that is not a trusted proxy's. Entries to the left of it were written by that client and
/// are not trusted, nor are those to the left of an entry that is not an address.
pub(super) fn client_ip(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let peer = peer.to_canonical();
    let is_trusted = |ip: IpAddr| trusted.iter().any(|network| network.contains(&ip));
    if !is_trusted(peer) {
        warn_once_if_forwarded(peer, headers);
        return peer;
    }
    let mut client = peer;
    let forwarded = headers.get_all("x-forwarded-for").iter().rev();
    for entry in forwarded.flat_map(|value| value.to_str().unwrap_or("?").rsplit(',')) {
        let Ok(entry) = entry.trim().parse::<IpAddr>() else {
            return client;
        };
        client = entry.to_canonical();
        if !is_trusted(client) {
            return client;
        }
    }
    client
}

/// Warns of what is probably a proxy that is not configured: all of its clients share one address. Once, because any client
/// can send these headers.
fn warn_once_if_forwarded(peer: IpAddr, headers: &HeaderMap) {
    if HAS_WARNED.load(Ordering::Relaxed) {
        return;
    }
    let is_forwarded = headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded");
    if is_forwarded && !HAS_WARNED.swap(true, Ordering::Relaxed) {
        tracing::warn!(
            %peer,
            "ignored the forwarded address of a request, because its peer is not a trusted proxy; if it is a proxy of yours, \
             set LATCHKEY_TRUSTED_PROXIES to its network, or all of its clients share one address"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let trusted = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        client_ip(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_used() {
        assert_eq!(client("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("fd00::1", &["2001:db8::1"]), "2001:db8::1");
        assert_eq!(client("::ffff:10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn the_rightmost_untrusted_address_is_the_client() {
        assert_eq!(client("10.0.0.1", &["6.6.6.6, 198.51.100.1, 10.0.0.2"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["6.6.6.6", "198.51.100.1", "10.0.0.2"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3");
    }

    #[test]
    fn entries_before_an_invalid_one_are_ignored() {
        assert_eq!(client("10.0.0.1", &["6.6.6.6, junk"]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["6.6.6.6, junk, 10.0.0.2"]), "10.0.0.2");
        assert_eq!(client("10.0.0.1", &[""]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
    }
}
