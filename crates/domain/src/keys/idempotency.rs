//! What makes a request with an `Idempotency-Key` safe to retry, with the same secret in the response.
//!
//! The secret is stored for an hour, encrypted under a key that is derived from the service's secret and from the
//! `Idempotency-Key` itself. The database has only a keyed hash of the latter, so neither the database nor the database with
//! the service's secret can decrypt it, as long as the `Idempotency-Key` cannot be guessed.

use chacha20poly1305::{ChaCha20Poly1305, Nonce, aead::Aead};
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use sha2::Sha256;

use crate::model::Error;

/// How long a request is replayed.
pub const IDEMPOTENCY_TTL: TimeDelta = TimeDelta::hours(1);
const NONCE_LENGTH: usize = 12;

/// A request that can be sent again.
pub struct Idempotency<'a> {
    /// The `Idempotency-Key`.
    pub key: &'a str,
    /// A fingerprint of the request, by which another request under the same `Idempotency-Key` is detected.
    pub request: String,
}

/// Encrypts secrets, and hashes what identifies a request.
pub(super) struct SecretSealer(Hmac<Sha256>);

impl SecretSealer {
    /// `secret` is the service's own, the same on every node.
    pub(super) fn new(secret: &SecretSlice<u8>) -> Result<Self, hmac::digest::InvalidLength> {
        Ok(Self(Hmac::<Sha256>::new_from_slice(secret.expose_secret())?.chain_update(b"latchkey idempotency")))
    }

    /// A keyed hash of an `Idempotency-Key`.
    pub(super) fn hash_key(&self, user_id: i64, key: &str) -> Vec<u8> {
        self.derive(b"name", user_id, key.as_bytes())
    }

    /// A keyed hash of a request.
    pub(super) fn hash_request(&self, user_id: i64, request: &str) -> Vec<u8> {
        self.derive(b"request", user_id, request.as_bytes())
    }

    /// Encrypts a secret for one request.
    pub(super) fn seal(
        &self,
        user_id: i64,
        key: &str,
        secret: &SecretString,
        nonce: [u8; NONCE_LENGTH],
    ) -> Result<Vec<u8>, Error> {
        let sealed = self.cipher(user_id, key)?.encrypt(&Nonce::from(nonce), secret.expose_secret().as_bytes());
        Ok([nonce.as_slice(), &sealed.map_err(|_| Error::internal("a secret could not be encrypted"))?].concat())
    }

    /// Decrypts a secret for the same request.
    pub(super) fn open(&self, user_id: i64, key: &str, sealed: &[u8]) -> Result<SecretString, Error> {
        let invalid = || Error::internal("a stored secret could not be decrypted: was the token secret changed?");
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LENGTH).ok_or_else(invalid)?;
        let nonce: [u8; NONCE_LENGTH] = nonce.try_into().map_err(|_| invalid())?;
        let secret = self.cipher(user_id, key)?.decrypt(&Nonce::from(nonce), sealed).map_err(|_| invalid())?;
        String::from_utf8(secret).map(SecretString::from).map_err(|_| invalid())
    }

    fn cipher(&self, user_id: i64, key: &str) -> Result<ChaCha20Poly1305, Error> {
        ChaCha20Poly1305::new_from_slice(&self.derive(b"seal", user_id, key.as_bytes())).map_err(Error::internal)
    }

    /// 32 bytes for one usage, which reveal nothing about `content`.
    fn derive(&self, usage: &[u8], user_id: i64, content: &[u8]) -> Vec<u8> {
        let usage_length = (usage.len() as u64).to_be_bytes();
        self.0
            .clone()
            .chain_update(usage_length)
            .chain_update(usage)
            .chain_update(user_id.to_be_bytes())
            .chain_update(content)
            .finalize()
            .into_bytes()
            .to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(secret: u8) -> SecretSealer {
        SecretSealer::new(&vec![secret; 32].into()).unwrap()
    }

    #[test]
    fn a_sealed_secret_is_opened_by_its_own_request_alone() {
        let sealed = sealer(1).seal(7, "a", &"lk_secret".into(), [9; 12]).unwrap();
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        assert_eq!(sealer(1).open(7, "a", &sealed).unwrap().expose_secret(), "lk_secret");
        assert!(sealer(1).open(7, "b", &sealed).is_err());
        assert!(sealer(1).open(8, "a", &sealed).is_err());
        assert!(sealer(2).open(7, "a", &sealed).is_err());
        for broken in [&sealed[..11], &sealed[..sealed.len() - 1], &[]] {
            assert!(sealer(1).open(7, "a", broken).is_err());
        }
    }

    #[test]
    fn hashes_depend_on_user_content_and_usage() {
        let hash = sealer(1).hash_key(7, "a");
        assert_eq!(hash, sealer(1).hash_key(7, "a"));
        for other in [
            sealer(1).hash_key(7, "b"),
            sealer(1).hash_key(8, "a"),
            sealer(2).hash_key(7, "a"),
            sealer(1).hash_request(7, "a"),
        ] {
            assert_ne!(hash, other);
        }
    }
}
