//! Makes a key for the caller.

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use super::{
    making::{Idempotency, KeyMaker, Made},
    policy::Policy,
    record::KeyRecord,
};
use crate::{
    Surroundings,
    audit::Actor,
    error::Failure,
    identity::Caller,
    store::{Store, idempotent_answers::Making, key_changes::NewKey},
};

/// What a caller may set on a new key.
pub struct Wish {
    /// What it is for.
    pub description: Option<String>,
    /// When it ends; a time in the past makes a key that is expired at once.
    pub expires_at: Option<DateTime<Utc>>,
}

/// What became of it.
pub enum Outcome {
    /// The record and, this once, the key.
    Created(Box<KeyRecord>, SecretString),
    /// The `Idempotency-Key` was another request's.
    IdempotencyKeyReused,
}

/// Makes a key that is narrowed as the caller is: no credential can hand out more than it has.
pub async fn create(
    store: &Store,
    maker: &KeyMaker,
    surroundings: &Surroundings,
    caller: &Caller,
    wish: Wish,
    idempotency_key: Option<&str>,
) -> Result<Outcome, Failure> {
    let idempotency = idempotency_key.map(|key| Idempotency {
        key,
        request: format!("create {:?} {:?} {:?}", wish.description, wish.expires_at, caller.narrowing),
    });
    let key = maker.generate(surroundings);
    let new = NewKey {
        hash: maker.peppers.current(&key).ok_or_else(|| Failure::internal("there is no pepper"))?,
        key_prefix: key.shown().to_owned(),
        description: wish.description,
        created_at: surroundings.now(),
        expires_at: wish.expires_at,
        policy: Policy { not_before: None, ..caller.narrowing.clone() },
    };
    match maker.make(store, surroundings, &Actor::from(caller), key, &Making::Key(&new), idempotency).await? {
        Made::Key(record, key) => Ok(Outcome::Created(record, key)),
        Made::Nothing => Err(Failure::CallerGone),
        Made::OfAnother => Ok(Outcome::IdempotencyKeyReused),
    }
}
