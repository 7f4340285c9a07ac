//! How a key is kept: as HMAC-SHA-256 under a numbered pepper that lives outside the database.
//!
//! A key has 238 random bits, so there is nothing to guess and a slow password hash would only cost; the pepper means
//! that who holds the database alone can neither test nor forge a key. Peppers are numbered so that they can change:
//! new keys are hashed under the highest number, and a key found under a lower one is re-hashed when it is used.

use std::{collections::BTreeMap, fmt};

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretSlice};
use sha2::Sha256;

use super::key::PlainKey;

/// What the database sees of a key.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyHash {
    /// The number of the pepper; 1 or more.
    pub pepper: i16,
    /// The HMAC.
    pub digest: [u8; 32],
}

impl fmt::Debug for KeyHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("KeyHash")
    }
}

/// Every pepper under which a key may have been hashed.
#[derive(Clone)]
pub struct Peppers {
    ready: BTreeMap<i16, Hmac<Sha256>>,
}

/// Why a set of peppers cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeppersError {
    /// There is none at all.
    #[error("there is no pepper")]
    Missing,
    /// A number below 1.
    #[error("pepper numbers begin at 1")]
    Number,
    /// Fewer than 256 bits.
    #[error("a pepper has fewer than {} bytes", Peppers::MIN_LENGTH)]
    Short,
}

impl Peppers {
    /// The fewest bytes of a pepper.
    pub const MIN_LENGTH: usize = 32;

    /// Takes the peppers by number; the highest is the current one.
    pub fn new(peppers: BTreeMap<i16, SecretSlice<u8>>) -> Result<Self, PeppersError> {
        if peppers.is_empty() {
            return Err(PeppersError::Missing);
        }
        let mut ready = BTreeMap::new();
        for (number, pepper) in peppers {
            let pepper = pepper.expose_secret();
            if number < 1 {
                return Err(PeppersError::Number);
            }
            if pepper.len() < Self::MIN_LENGTH {
                return Err(PeppersError::Short);
            }
            // HMAC takes a key of any length.
            let hmac = Hmac::<Sha256>::new_from_slice(pepper).map_err(|_| PeppersError::Short)?;
            ready.insert(number, hmac);
        }
        Ok(Self { ready })
    }

    /// The hash under which a key is kept from now on.
    pub fn current(&self, key: &PlainKey) -> Option<KeyHash> {
        self.hashes(key).next_back()
    }

    /// The hashes under which a key may be kept, the current one last.
    pub fn hashes(&self, key: &PlainKey) -> impl DoubleEndedIterator<Item = KeyHash> {
        self.ready.iter().map(|(number, hmac)| KeyHash {
            pepper: *number,
            digest: hmac.clone().chain_update(key.as_bytes()).finalize().into_bytes().into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peppers(numbers: &[i16]) -> Result<Peppers, PeppersError> {
        Peppers::new(numbers.iter().map(|number| (*number, vec![*number as u8; 32].into())).collect())
    }

    fn key() -> PlainKey {
        PlainKey::generate(
            &super::super::key::KeyPrefix::new("lk").unwrap(),
            &crate::Surroundings::new(|| chrono::DateTime::UNIX_EPOCH, |bytes| bytes.fill(7)),
        )
    }

    #[test]
    fn the_highest_number_is_the_current_one() {
        let key = key();
        assert_eq!(peppers(&[3, 1, 2]).unwrap().current(&key).unwrap().pepper, 3);
        let numbers: Vec<i16> = peppers(&[3, 1, 2]).unwrap().hashes(&key).map(|hash| hash.pepper).collect();
        assert_eq!(numbers, [1, 2, 3]);
    }

    #[test]
    fn the_same_pepper_gives_the_same_hash_and_another_does_not() {
        let key = key();
        let hash = |numbers| peppers(numbers).unwrap().current(&key).unwrap();
        assert_eq!(hash(&[1]), hash(&[1]));
        assert_ne!(hash(&[1]).digest, hash(&[2]).digest);
    }

    #[test]
    fn unusable_peppers_are_refused() {
        assert_eq!(peppers(&[]).err(), Some(PeppersError::Missing));
        assert_eq!(peppers(&[0]).err(), Some(PeppersError::Number));
        assert_eq!(Peppers::new([(1, vec![1; 31].into())].into()).err(), Some(PeppersError::Short));
    }
}
