//! What limits on clients count as one client.

use std::net::IpAddr;

use ipnet::IpNet;

/// A host can choose any address of its /64 (RFC 4291, section 2.5.1).
pub const IPV6_PREFIX: u8 = 64;

/// The network of one client: its IPv4 address, or the /64 of its IPv6 address.
pub fn client_network(ip: IpAddr) -> IpNet {
    match ip.to_canonical() {
        ip @ IpAddr::V4(_) => ip.into(),
        ip @ IpAddr::V6(_) => IpNet::new_assert(ip, IPV6_PREFIX).trunc(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_client_has_a_whole_64() {
        let network = |ip: &str| client_network(ip.parse().unwrap()).to_string();
        assert_eq!(network("192.0.2.1"), "192.0.2.1/32");
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1/32");
        assert_eq!(network("2001:db8:0:1:ffff::2"), "2001:db8:0:1::/64");
    }
}
