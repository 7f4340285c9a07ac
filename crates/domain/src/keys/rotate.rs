//! Replaces one of the caller's keys by a new one, and ends the old one with or without an overlap.

use chrono::TimeDelta;
use secrecy::SecretString;

use super::{
    get::get,
    making::{Idempotency, KeyMaker, Made},
    record::KeyRecord,
};
use crate::{
    Surroundings,
    audit::Actor,
    error::Failure,
    identity::Caller,
    store::{Store, idempotent_answers::Making, key_changes::Successor},
};

/// What became of it.
pub enum Outcome {
    /// The record of the successor and, this once, the new key.
    Rotated(Box<KeyRecord>, SecretString),
    /// There is no such key, or it is another user's.
    NotFound,
    /// It is not active or pending, or was rotated before.
    NotRotatable,
    /// The key may do more than the caller.
    NotCovered,
    /// The `Idempotency-Key` was another request's.
    IdempotencyKeyReused,
}

/// The old key ends at its own expiry or after `overlap`, whichever is earlier. Without overlap it is revoked, which needs no
/// clock of any node to be right.
pub async fn rotate(
    store: &Store,
    maker: &KeyMaker,
    surroundings: &Surroundings,
    caller: &Caller,
    id: i64,
    overlap: TimeDelta,
    idempotency_key: Option<&str>,
) -> Result<Outcome, Failure> {
    let Some(old) = get(store, caller, id).await? else {
        return Ok(Outcome::NotFound);
    };
    if !caller.narrowing.covers(&old.policy) {
        return Ok(Outcome::NotCovered);
    }
    let now = surroundings.now();
    let key = maker.generate(surroundings);
    let successor = Successor {
        hash: maker.peppers.current(&key).ok_or_else(|| Failure::internal("there is no pepper"))?,
        key_prefix: key.shown().to_owned(),
        old_ends_at: (overlap > TimeDelta::zero()).then(|| now + overlap),
    };
    let idempotency = idempotency_key
        .map(|key| Idempotency { key, request: format!("rotate {id} {} {:?}", overlap, caller.narrowing) });
    // At this very version, or the key may have been widened since it was compared with the caller.
    let making = Making::Successor(id, old.version, &successor);
    Ok(match maker.make(store, surroundings, &Actor::from(caller), key, &making, idempotency).await? {
        Made::Key(record, key) => Outcome::Rotated(record, key),
        Made::Nothing => store.confirm(caller).await.map(|()| Outcome::NotRotatable)?,
        Made::OfAnother => Outcome::IdempotencyKeyReused,
    })
}
