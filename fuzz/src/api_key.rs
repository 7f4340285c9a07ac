//! Plain keys: what parses is what an independent reading of the format accepts, and stays as it was sent.

use std::sync::LazyLock;

use latchkey_domain::model::PlainKey;
use regex::Regex;
use secrecy::ExposeSecret;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static SHAPE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\A[a-z][a-z0-9]{0,7}_[0-9A-Za-z]{46}\z").expect("the pattern is valid"));

pub fn fuzz(text: &str) {
    check(text);
    // The fuzzer would not find a checksum, and seldom the length of a key.
    check(&format!("{text}{}", checksum(text)));
    if let Some((prefix, random)) = text.split_once('_') {
        let covered = format!("{prefix}_{random:0<40.40}");
        check(&format!("{covered}{}", checksum(&covered)));
    }
}

fn check(text: &str) {
    let is_key = SHAPE.is_match(text) && text.ends_with(&checksum(&text[..text.len() - 6]));
    let parsed = PlainKey::parse(text);
    assert_eq!(parsed.is_some(), is_key);
    if let Some(key) = parsed {
        assert_eq!(key.display_prefix(), &text[..12]);
        assert_eq!(key.into_secret().expose_secret(), text);
    }
}

/// CRC-32 as six digits to the base 62.
fn checksum(text: &str) -> String {
    let crc = crc32fast::hash(text.as_bytes());
    (0..6).rev().map(|power| char::from(DIGITS[(crc / 62_u32.pow(power) % 62) as usize])).collect()
}
