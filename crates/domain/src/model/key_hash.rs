//! How a key is stored: as HMAC-SHA-256 under a numbered pepper that is kept outside the database.
//!
//! A key has 238 random bits, so it cannot be guessed and a slow password hash would only add cost. Because of the pepper,
//! access to the database alone does not suffice to test or forge a key. Peppers are numbered so that they can change: new
//! keys are hashed under the highest number, and a key stored under a lower one is re-hashed after it is used.

use std::{collections::BTreeMap, fmt};

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretSlice};
use sha2::Sha256;

use super::PlainKey;

/// What the database stores of a key.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyHash {
    /// The number of the pepper; at least 1.
    pub pepper: i16,
    /// The HMAC.
    pub digest: [u8; 32],
}

impl fmt::Debug for KeyHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("KeyHash")
    }
}

/// The peppers under which keys are hashed.
#[derive(Clone)]
pub struct Peppers {
    current: (i16, Hmac<Sha256>),
    /// Those of lower numbers, under which keys may still be stored.
    previous: BTreeMap<i16, Hmac<Sha256>>,
}

/// Why a set of peppers is unusable.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeppersError {
    /// The set is empty.
    #[error("there is no pepper")]
    Missing,
    /// A number is below 1.
    #[error("pepper numbers begin at 1")]
    InvalidNumber,
    /// A pepper has fewer than 256 bits.
    #[error("a pepper has fewer than {} bytes", Peppers::MIN_LENGTH)]
    TooShort,
}

impl Peppers {
    /// The least length of a pepper, in bytes.
    pub const MIN_LENGTH: usize = 32;

    /// Takes the peppers by number. The highest number is the current one.
    pub fn new(peppers: BTreeMap<i16, SecretSlice<u8>>) -> Result<Self, PeppersError> {
        let mut previous = BTreeMap::new();
        for (number, pepper) in peppers {
            let pepper = pepper.expose_secret();
            if number < 1 {
                return Err(PeppersError::InvalidNumber);
            }
            if pepper.len() < Self::MIN_LENGTH {
                return Err(PeppersError::TooShort);
            }
            // HMAC takes a key of any length, so this does not fail.
            let hmac = Hmac::<Sha256>::new_from_slice(pepper).map_err(|_| PeppersError::TooShort)?;
            previous.insert(number, hmac);
        }
        let current = previous.pop_last().ok_or(PeppersError::Missing)?;
        Ok(Self { current, previous })
    }

    /// The hash under which a key is stored from now on.
    pub fn current(&self, key: &PlainKey) -> KeyHash {
        hash(self.current.0, &self.current.1, key)
    }

    /// The other hashes under which a key may be stored.
    pub fn previous(&self, key: &PlainKey) -> impl Iterator<Item = KeyHash> {
        self.previous.iter().map(|(number, hmac)| hash(*number, hmac, key))
    }
}

fn hash(pepper: i16, hmac: &Hmac<Sha256>, key: &PlainKey) -> KeyHash {
    KeyHash { pepper, digest: hmac.clone().chain_update(key.as_bytes()).finalize().into_bytes().into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{KeyPrefix, env::test::constant_rng};

    fn peppers(numbers: &[i16]) -> Result<Peppers, PeppersError> {
        Peppers::new(numbers.iter().map(|number| (*number, number.to_be_bytes().repeat(16).into())).collect())
    }

    fn key() -> PlainKey {
        PlainKey::generate(&KeyPrefix::new("lk").unwrap(), &constant_rng(7))
    }

    #[test]
    fn the_highest_number_is_the_current_one() {
        let peppers = peppers(&[3, 1, 2]).unwrap();
        assert_eq!(peppers.current(&key()).pepper, 3);
        assert_eq!(peppers.previous(&key()).map(|hash| hash.pepper).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn a_hash_depends_on_the_pepper_and_on_nothing_else() {
        let hash = |numbers| peppers(numbers).unwrap().current(&key());
        assert_eq!(hash(&[1]), hash(&[1]));
        assert_ne!(hash(&[1]).digest, hash(&[2]).digest);
        assert_eq!(peppers(&[1, 2]).unwrap().previous(&key()).collect::<Vec<_>>(), [hash(&[1])]);
    }

    #[test]
    fn unusable_peppers_are_refused() {
        assert_eq!(peppers(&[]).err(), Some(PeppersError::Missing));
        assert_eq!(peppers(&[0]).err(), Some(PeppersError::InvalidNumber));
        assert_eq!(Peppers::new([(1, vec![1; 31].into())].into()).err(), Some(PeppersError::TooShort));
    }
}
