//! `X-Forwarded-For`: the client is the entry before those of the trusted proxies, and nothing further left counts.

use std::net::{IpAddr, Ipv4Addr};

use http::{HeaderMap, HeaderValue};
use ipnet::{IpNet, Ipv4Net};
use latchkey_domain::client_network;

// The file alone: instrumenting all of the server would double the time to build.
#[path = "../../crates/server/src/http/client_ip.rs"]
mod server;

use server::client_ip;

const TRUSTED: IpNet = IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(10, 0, 0, 0), 8));

// Each line is the value of one header.
pub fn fuzz(input: (bool, &[u8])) {
    let (is_proxy, lines) = input;
    let peer = IpAddr::from(if is_proxy { [10, 0, 0, 1] } else { [203, 0, 113, 9] });
    let mut headers = HeaderMap::new();
    for value in lines.split(|byte| *byte == b'\n').filter_map(|line| HeaderValue::from_bytes(line).ok()) {
        headers.append("x-forwarded-for", value);
    }
    let client = client_ip(peer, &headers, &[TRUSTED]);
    assert_eq!(client, expected(peer, &entries(&headers)));
    assert!(client_network(client).contains(&client));
}

/// The entries of all headers; `None` for one that is not an address.
fn entries(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let address = |entry: &str| entry.trim().parse::<IpAddr>().ok().map(|ip| ip.to_canonical());
    let values = headers.get_all("x-forwarded-for").iter();
    values.flat_map(|value| value.to_str().map_or(vec![None], |text| text.split(',').map(address).collect())).collect()
}

fn expected(peer: IpAddr, entries: &[Option<IpAddr>]) -> IpAddr {
    if !TRUSTED.contains(&peer) {
        return peer;
    }
    let proxies = entries.iter().rev().take_while(|entry| entry.is_some_and(|ip| TRUSTED.contains(&ip))).count();
    let (others, proxies) = entries.split_at(entries.len() - proxies);
    let nearest = others.last().copied().flatten();
    nearest.or(proxies.first().copied().flatten()).unwrap_or(peer)
}
