//! Makes a key for the caller.

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use super::{
    hash::Peppers,
    key::{KeyPrefix, PlainKey},
    record::KeyRecord,
};
use crate::{
    Surroundings,
    error::Failure,
    identity::Caller,
    store::{Store, keys::NewKey},
};

/// What a caller may set on a new key.
pub struct Wish {
    /// What it is for.
    pub description: Option<String>,
    /// When it ends; a time in the past makes a key that is expired at once.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Answers the record and, this once, the key.
pub async fn create(
    store: &Store,
    peppers: &Peppers,
    prefix: &KeyPrefix,
    surroundings: &Surroundings,
    caller: &Caller,
    wish: Wish,
) -> Result<(KeyRecord, SecretString), Failure> {
    let key = PlainKey::generate(prefix, surroundings);
    let hash = peppers.current(&key).ok_or_else(|| Failure::internal("there is no pepper"))?;
    let new = NewKey {
        hash,
        key_prefix: key.shown().to_owned(),
        description: wish.description,
        created_at: surroundings.now(),
        expires_at: wish.expires_at,
    };
    let record = store.insert_key(caller, new).await?.ok_or(Failure::CallerGone)?;
    Ok((record, key.into_secret()))
}
