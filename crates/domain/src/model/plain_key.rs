//! The format of a key: `<prefix>_<40 random base62 characters><6 base62 characters of CRC-32>`.
//!
//! The random part has 238 bits. The checksum covers everything before it, so that a mistyped key is refused without a
//! query and a scanner recognises a leaked one. It protects nothing else.

use secrecy::{ExposeSecret, SecretString};

use super::Rng;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM_LENGTH: usize = 40;
const CHECKSUM_LENGTH: usize = 6;
/// The characters of a key that are shown in its record.
pub const DISPLAY_PREFIX_LENGTH: usize = 12;

/// How keys begin: 1 to 8 lowercase letters and digits, a letter first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPrefix(String);

impl KeyPrefix {
    /// The most characters of a prefix. It leaves three random characters of a key to be shown in its record.
    pub const MAX_LENGTH: usize = 8;

    /// The prefix, or `None` if the text is not one.
    pub fn new(text: &str) -> Option<Self> {
        let is_valid = text.len() <= Self::MAX_LENGTH
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        is_valid.then(|| Self(text.to_owned()))
    }
}

/// A whole key in plain text. It is shown once, and never stored or printed.
pub struct PlainKey(SecretString);

impl PlainKey {
    /// Generates a key.
    pub fn generate(prefix: &KeyPrefix, rng: &Rng) -> Self {
        let mut text = format!("{}_", prefix.0);
        let random_end = text.len() + RANDOM_LENGTH;
        while text.len() < random_end {
            // Bytes from the last multiple of 62 on are dropped, or the first characters would be likelier than the others.
            let bytes = rng.bytes::<64>().into_iter().filter(|byte| *byte < 248);
            text.extend(bytes.take(random_end - text.len()).map(|byte| char::from(ALPHABET[usize::from(byte % 62)])));
        }
        let checksum = checksum(&text);
        text.extend(checksum.map(char::from));
        Self(text.into())
    }

    /// Parses what a client sent; `None` if it cannot be a key. Any prefix will do: keys stay valid when the configured prefix
    /// changes.
    pub fn parse(text: &str) -> Option<Self> {
        let (prefix, secret) = text.split_once('_')?;
        KeyPrefix::new(prefix)?;
        if secret.len() != RANDOM_LENGTH + CHECKSUM_LENGTH || !secret.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        let (covered, given) = text.split_at(text.len() - CHECKSUM_LENGTH);
        (checksum(covered) == given.as_bytes()).then(|| Self(text.into()))
    }

    /// The part that a person may see, to recognise the key.
    pub fn display_prefix(&self) -> &str {
        &self.0.expose_secret()[..DISPLAY_PREFIX_LENGTH]
    }

    /// The key itself, for the one response that shows it.
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
    use std::sync::atomic::{AtomicU64, Ordering};

    use proptest::{prop_assert, prop_assert_eq, prop_assume, proptest};

    use super::*;

    /// A linear congruential generator, which is random enough to look at the format.
    fn rng(seed: u64) -> Rng {
        let state = AtomicU64::new(seed);
        Rng::new(move |bytes| {
            for byte in bytes {
                let next = state.load(Ordering::Relaxed).wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                state.store(next, Ordering::Relaxed);
                *byte = (next >> 56) as u8;
            }
        })
    }

    fn text(key: &PlainKey) -> &str {
        key.0.expose_secret()
    }

    proptest! {
        #[test]
        fn a_generated_key_parses(seed: u64, prefix in "[a-z][a-z0-9]{0,7}") {
            let key = PlainKey::generate(&KeyPrefix::new(&prefix).unwrap(), &rng(seed));
            prop_assert_eq!(text(&key).len(), prefix.len() + 1 + 46);
            let read = PlainKey::parse(text(&key)).unwrap();
            prop_assert_eq!(text(&read), text(&key));
            prop_assert!(text(&key).starts_with(key.display_prefix()));
            prop_assert_eq!(key.display_prefix().len(), 12);
            prop_assert_eq!(key.as_bytes(), text(&key).as_bytes());
        }

        #[test]
        fn a_key_with_one_other_character_is_refused(seed: u64, at in 0usize..49, to in "[0-9A-Za-z_]") {
            let key = PlainKey::generate(&KeyPrefix::new("lk").unwrap(), &rng(seed));
            let mut other = text(&key).to_owned();
            prop_assume!(other[at..=at] != to);
            other.replace_range(at..=at, &to);
            prop_assert!(PlainKey::parse(&other).is_none());
        }

        #[test]
        fn any_text_parses_without_a_panic(text: String) {
            let _ = PlainKey::parse(&text);
        }

        #[test]
        fn a_shorter_or_longer_key_is_refused(seed: u64, length in 0usize..49) {
            let key = PlainKey::generate(&KeyPrefix::new("lk").unwrap(), &rng(seed));
            prop_assert!(PlainKey::parse(&text(&key)[..length]).is_none());
            let longer = format!("{}0", text(&key));
            prop_assert!(PlainKey::parse(&longer).is_none());
        }
    }

    #[test]
    fn every_character_of_the_alphabet_is_about_as_likely() {
        let rng = rng(1);
        let prefix = KeyPrefix::new("lk").unwrap();
        let mut counts = [0u32; 128];
        for _ in 0..2_000 {
            for byte in text(&PlainKey::generate(&prefix, &rng))[3..43].bytes() {
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
        for valid in ["l", "lk", "acme2", "abcdefgh"] {
            assert!(KeyPrefix::new(valid).is_some(), "{valid}");
        }
        for invalid in ["", "2lk", "LK", "l_k", "abcdefghi", "lk ", "ł"] {
            assert!(KeyPrefix::new(invalid).is_none(), "{invalid}");
        }
    }
}
