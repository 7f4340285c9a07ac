//! What keys are made with: peppers, the prefix, and the sealing of secrets for requests that are sent again.
//!
//! A request with an `Idempotency-Key` is answered the same for an hour, its secret included. The secret lies encrypted
//! meanwhile, under a key that is made of the service's own secret and of the `Idempotency-Key` itself, of which the database
//! has a keyed hash only: neither the database, nor it and the service's secret together, can open it, as long as the
//! `Idempotency-Key` cannot be guessed.

use chacha20poly1305::{ChaCha20Poly1305, Nonce, aead::Aead};
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use sha2::Sha256;

use super::{
    hash::Peppers,
    key::{KeyPrefix, PlainKey},
    record::KeyRecord,
};
use crate::{
    Surroundings,
    audit::Actor,
    error::Failure,
    store::{
        Store,
        idempotent_answers::{Claim, Claimed, Making},
    },
};

/// How long a request is answered the same.
pub const IDEMPOTENCY_WINDOW: TimeDelta = TimeDelta::hours(1);
const NONCE_LENGTH: usize = 12;

/// Makes keys.
pub struct KeyMaker {
    /// Under which keys are hashed.
    pub peppers: Peppers,
    prefix: KeyPrefix,
    sealing: Hmac<Sha256>,
}

/// What a request is, for another of the same `Idempotency-Key` to be told from it.
pub struct Idempotency<'a> {
    /// The header.
    pub key: &'a str,
    /// The operation and all that it was asked.
    pub request: String,
}

/// What became of a request to make a key.
pub enum Made {
    /// The record and its secret.
    Key(Box<KeyRecord>, SecretString),
    /// It could not be made.
    Nothing,
    /// Another request was sent under the same `Idempotency-Key`.
    OfAnother,
}

impl KeyMaker {
    /// `secret` is the service's own, the same on every node.
    pub fn new(
        peppers: Peppers,
        prefix: KeyPrefix,
        secret: &SecretSlice<u8>,
    ) -> Result<Self, hmac::digest::InvalidLength> {
        let sealing = Hmac::<Sha256>::new_from_slice(secret.expose_secret())?.chain_update(b"latchkey idempotency");
        Ok(Self { peppers, prefix, sealing })
    }

    /// A new key.
    pub fn generate(&self, surroundings: &Surroundings) -> PlainKey {
        PlainKey::generate(&self.prefix, surroundings)
    }

    /// Makes what is asked for; once, when the request says that it may come again.
    pub async fn make(
        &self,
        store: &Store,
        surroundings: &Surroundings,
        actor: &Actor,
        key: PlainKey,
        making: &Making<'_>,
        idempotency: Option<Idempotency<'_>>,
    ) -> Result<Made, Failure> {
        let now = surroundings.now();
        let secret = key.into_secret();
        let Some(Idempotency { key, request }) = idempotency else {
            let made = store.make(actor, now, making).await?;
            return Ok(made.map_or(Made::Nothing, |record| Made::Key(Box::new(record), secret)));
        };
        let claim = Claim {
            key_hash: self.derive(b"name", actor.user_id, key.as_bytes()),
            request_hash: self.derive(b"request", actor.user_id, request.as_bytes()),
            sealed_secret: self.seal(actor.user_id, key, &secret, surroundings.random())?,
            now,
            expires_at: now + IDEMPOTENCY_WINDOW,
        };
        Ok(match store.make_once(actor, &claim, making).await? {
            Claimed::First(made) => made.map_or(Made::Nothing, |record| Made::Key(record, secret)),
            Claimed::Again(record, sealed) => Made::Key(record, self.open(actor.user_id, key, &sealed)?),
            Claimed::OfAnother => Made::OfAnother,
        })
    }

    fn seal(
        &self,
        user_id: i64,
        key: &str,
        secret: &SecretString,
        nonce: [u8; NONCE_LENGTH],
    ) -> Result<Vec<u8>, Failure> {
        let sealed = self.cipher(user_id, key)?.encrypt(&Nonce::from(nonce), secret.expose_secret().as_bytes());
        Ok([nonce.as_slice(), &sealed.map_err(|_| Failure::internal("a secret could not be sealed"))?].concat())
    }

    fn open(&self, user_id: i64, key: &str, sealed: &[u8]) -> Result<SecretString, Failure> {
        let broken = || Failure::internal("a sealed secret could not be opened: was the token secret changed?");
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LENGTH).ok_or_else(broken)?;
        let nonce: [u8; NONCE_LENGTH] = nonce.try_into().map_err(|_| broken())?;
        let secret = self.cipher(user_id, key)?.decrypt(&Nonce::from(nonce), sealed).map_err(|_| broken())?;
        String::from_utf8(secret).map(SecretString::from).map_err(|_| broken())
    }

    fn cipher(&self, user_id: i64, key: &str) -> Result<ChaCha20Poly1305, Failure> {
        ChaCha20Poly1305::new_from_slice(&self.derive(b"seal", user_id, key.as_bytes())).map_err(Failure::internal)
    }

    /// 32 bytes that tell nothing of `content`, for one use.
    fn derive(&self, usage: &[u8], user_id: i64, content: &[u8]) -> Vec<u8> {
        let length = (usage.len() as u64).to_be_bytes();
        let hmac = self.sealing.clone().chain_update(length).chain_update(usage).chain_update(user_id.to_be_bytes());
        hmac.chain_update(content).finalize().into_bytes().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maker(secret: u8) -> KeyMaker {
        let peppers = Peppers::new([(1, vec![1; 32].into())].into()).unwrap();
        KeyMaker::new(peppers, KeyPrefix::new("lk").unwrap(), &vec![secret; 32].into()).unwrap()
    }

    #[test]
    fn a_sealed_secret_is_opened_by_its_own_request_alone() {
        let sealed = maker(1).seal(7, "a", &"lk_secret".into(), [9; 12]).unwrap();
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        assert_eq!(maker(1).open(7, "a", &sealed).unwrap().expose_secret(), "lk_secret");
        assert!(maker(1).open(7, "b", &sealed).is_err());
        assert!(maker(1).open(8, "a", &sealed).is_err());
        assert!(maker(2).open(7, "a", &sealed).is_err());
        for broken in [&sealed[..11], &sealed[..sealed.len() - 1], &[]] {
            assert!(maker(1).open(7, "a", broken).is_err());
        }
    }
}
