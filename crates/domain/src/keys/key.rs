//! The format of a key: `<prefix>_<40 random base62 characters><6 base62 characters of CRC-32>`.
//!
//! The random part holds 238 bits from the operating system. The checksum covers all that stands before it, so that a
//! mistyped key is refused without a query, and a leaked one can be recognised by scanners. It protects nothing else.

use secrecy::{ExposeSecret, SecretString};

use crate::Surroundings;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM_LENGTH: usize = 40;
const CHECKSUM_LENGTH: usize = 6;
const SHOWN_LENGTH: usize = 12;

/// What stands before the first random character: 1 to 8 lowercase letters and digits, a letter first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPrefix(String);

impl KeyPrefix {
    /// The longest prefix: with it, three random characters of a key are shown in its record.
    pub const MAX_LENGTH: usize = 8;

    /// A prefix, or `None` when the text is not one.
    pub fn new(text: &str) -> Option<Self> {
        let good = text.len() <= Self::MAX_LENGTH
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        good.then(|| Self(text.to_owned()))
    }
}

/// A whole key in the clear: shown once, never kept, never printed.
pub struct PlainKey(SecretString);

impl PlainKey {
    /// Makes a key.
    pub fn generate(prefix: &KeyPrefix, surroundings: &Surroundings) -> Self {
        let mut text = format!("{}_", prefix.0);
        let random_end = text.len() + RANDOM_LENGTH;
        while text.len() < random_end {
            // Bytes past the last multiple of 62 are dropped, or the first letters would be likelier than the others.
            let bytes = surroundings.random::<64>().into_iter().filter(|byte| *byte < 248);
            text.extend(bytes.take(random_end - text.len()).map(|byte| char::from(ALPHABET[usize::from(byte % 62)])));
        }
        let checksum = checksum(&text);
        text.extend(checksum.map(char::from));
        Self(text.into())
    }

    /// Reads what a client sent. `None` when it cannot be a key, whatever its prefix: keys made before the prefix was
    /// changed stay good.
    pub fn parse(text: &str) -> Option<Self> {
        let (prefix, secret) = text.split_once('_')?;
        KeyPrefix::new(prefix)?;
        if secret.len() != RANDOM_LENGTH + CHECKSUM_LENGTH || !secret.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        let (covered, given) = text.split_at(text.len() - CHECKSUM_LENGTH);
        (checksum(covered) == given.as_bytes()).then(|| Self(text.into()))
    }

    /// The part that a person may see, by which they recognise the key.
    pub fn shown(&self) -> &str {
        &self.0.expose_secret()[..SHOWN_LENGTH]
    }

    /// The key itself, for the one answer that shows it.
    pub fn into_secret(self) -> SecretString {
        self.0
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.expose_secret().as_bytes()
    }
}

/// CRC-32 (ISO-HDLC) as six base62 digits, the most significant first.
fn checksum(text: &str) -> [u8; CHECKSUM_LENGTH] {
    let mut rest = crc32fast::hash(text.as_bytes());
    let mut digits = [b'0'; CHECKSUM_LENGTH];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(rest % 62) as usize];
        rest /= 62;
    }
    digits
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;

    fn surroundings(seed: u64) -> Surroundings {
        use std::sync::atomic::{AtomicU64, Ordering};
        let state = AtomicU64::new(seed);
        Surroundings::new(
            || DateTime::UNIX_EPOCH,
            move |bytes| {
                for byte in bytes {
                    // A linear congruential generator is random enough to look at the format.
                    let next = state.load(Ordering::Relaxed).wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    state.store(next, Ordering::Relaxed);
                    *byte = (next >> 56) as u8;
                }
            },
        )
    }

    fn text(key: &PlainKey) -> &str {
        key.0.expose_secret()
    }

    proptest! {
        #[test]
        fn a_generated_key_is_read_back(seed: u64, prefix in "[a-z][a-z0-9]{0,7}") {
            let key = PlainKey::generate(&KeyPrefix::new(&prefix).unwrap(), &surroundings(seed));
            prop_assert_eq!(text(&key).len(), prefix.len() + 1 + 46);
            let read = PlainKey::parse(text(&key)).unwrap();
            prop_assert_eq!(text(&read), text(&key));
            prop_assert!(text(&key).starts_with(key.shown()));
            prop_assert_eq!(key.shown().len(), 12);
        }

        #[test]
        fn a_key_with_one_other_character_is_refused(seed: u64, at in 0usize..49, to in "[0-9A-Za-z_]") {
            let key = PlainKey::generate(&KeyPrefix::new("lk").unwrap(), &surroundings(seed));
            let mut other = text(&key).to_owned();
            prop_assume!(other[at..=at] != to);
            other.replace_range(at..=at, &to);
            prop_assert!(PlainKey::parse(&other).is_none());
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in any::<String>()) {
            let _ = PlainKey::parse(&text);
        }

        #[test]
        fn a_cut_or_longer_key_is_refused(seed: u64, length in 0usize..49) {
            let key = PlainKey::generate(&KeyPrefix::new("lk").unwrap(), &surroundings(seed));
            prop_assert!(PlainKey::parse(&text(&key)[..length]).is_none());
            let longer = format!("{}0", text(&key));
            prop_assert!(PlainKey::parse(&longer).is_none());
        }
    }

    #[test]
    fn every_character_of_the_alphabet_is_about_as_likely() {
        let surroundings = surroundings(1);
        let prefix = KeyPrefix::new("lk").unwrap();
        let mut counts = [0u32; 128];
        for _ in 0..2_000 {
            for byte in text(&PlainKey::generate(&prefix, &surroundings))[3..43].bytes() {
                counts[usize::from(byte)] += 1;
            }
        }
        let expected = 2_000 * 40 / 62;
        for letter in ALPHABET {
            let count = counts[usize::from(*letter)];
            assert!((expected * 8 / 10..expected * 12 / 10).contains(&count), "{}: {count}", char::from(*letter));
        }
    }

    #[test]
    fn prefixes_are_short_and_lowercase() {
        for good in ["l", "lk", "acme2", "abcdefgh"] {
            assert!(KeyPrefix::new(good).is_some(), "{good}");
        }
        for bad in ["", "2lk", "LK", "l_k", "abcdefghi", "lk ", "ł"] {
            assert!(KeyPrefix::new(bad).is_none(), "{bad}");
        }
    }
}
