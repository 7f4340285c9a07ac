//! The texts that the contract's `ip-address` and `ip-network` accept. The functions are in the generated crate, which
//! has no tests. The patterns beside the formats say the same to clients.

use std::net::IpAddr;

use latchkey_api::types::{is_ip_address, is_ip_network};
use proptest::{prelude::*, sample::Index, string::string_regex};
use regex::Regex;
use serde_json::Value;

/// The pattern and the maximum length of a schema of the contract.
fn pattern_and_length(schema: &str) -> (String, u64) {
    let document: Value = serde_json::from_str(latchkey_api::DOCUMENT).expect("the contract is JSON");
    let schema = &document["components"]["schemas"][schema];
    let pattern = schema["pattern"].as_str().expect("the schema has a pattern");
    (pattern.to_owned(), schema["maxLength"].as_u64().expect("the schema has a maximum length"))
}

/// Texts that match a pattern, addresses and networks as they are usually written, and near misses of both.
fn texts(pattern: &str) -> impl Strategy<Value = String> {
    let matching = string_regex(pattern.trim_start_matches('^').trim_end_matches('$')).expect("the pattern compiles");
    let address = any::<IpAddr>().prop_map(|address| address.to_string());
    let network = (any::<IpAddr>(), 0..200_u8).prop_map(|(address, length)| format!("{address}/{length}"));
    let edit = (any::<Index>(), 0..=1_usize, "[0-9a-fA-FxX:./ +%-]{0,2}");
    (prop_oneof![matching, address, network], prop::option::of(edit)).prop_map(|(mut text, edit)| {
        if let Some((index, removed, inserted)) = edit {
            let start = index.index(text.len() + 1);
            let end = (start + removed).min(text.len());
            text.replace_range(start..end, &inserted);
        }
        text
    })
}

fn function_and_pattern_agree(schema: &str, is_valid: fn(&str) -> bool) {
    let (pattern, max_length) = pattern_and_length(schema);
    let regex = Regex::new(&pattern).expect("the pattern compiles");
    let config = ProptestConfig::with_cases(4096);
    proptest!(config, |(text in texts(&pattern))| {
        prop_assert_eq!(is_valid(&text), regex.is_match(&text), "{:?}", text);
        prop_assert!(!is_valid(&text) || text.len() as u64 <= max_length, "{:?}", text);
    });
}

#[test]
fn addresses_are_what_the_pattern_matches() {
    function_and_pattern_agree("IpAddress", is_ip_address);
}

#[test]
fn networks_are_what_the_pattern_matches() {
    function_and_pattern_agree("IpNetwork", is_ip_network);
}

#[test]
fn networks_in_other_notations_are_rejected() {
    for text in ["192.0.2.7", "192.0.2.7/0", "192.0.2.7/32", "::/0", "::1/128", "::ffff:192.0.2.7/128"] {
        assert!(is_ip_network(text), "{text}");
    }
    for text in [
        "",
        "/",
        "192.0.2.0/",
        "192.0.2.0/33",
        "192.0.2.0/+8",
        "192.0.2.0/08",
        "192.0.2.0/255.255.255.0",
        "192.0.2/24",
        "010.0.0.0/8",
        "::/129",
        "::/0/0",
        "fe80::1%eth0",
        " ::1",
    ] {
        assert!(!is_ip_network(text), "{text}");
    }
}
