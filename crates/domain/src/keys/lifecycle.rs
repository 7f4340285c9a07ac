//! Switches keys off and on, and withdraws them for good. Doing it twice is the same as once.

use super::{get::get, record::KeyRecord};
use crate::{Surroundings, audit::Actor, error::Failure, identity::Caller, store::Store};

/// What became of it.
pub enum Outcome {
    /// The record, as it is now.
    Done(Box<KeyRecord>),
    /// There is no such key, or it is another user's.
    NotFound,
    /// It is revoked, for good.
    Revoked,
}

/// Switches a key off.
pub async fn disable(store: &Store, surroundings: &Surroundings, caller: &Caller, id: i64) -> Result<Outcome, Failure> {
    match store.disable_key(&Actor::from(caller), surroundings.now(), id).await? {
        Some(record) => Ok(Outcome::Done(Box::new(record))),
        None => unchanged(store, caller, id).await,
    }
}

/// Switches a key on again; not one that may do more than the caller, who could bring it back to somebody so.
pub async fn enable(store: &Store, surroundings: &Surroundings, caller: &Caller, id: i64) -> Result<Outcome, Failure> {
    if !caller.narrowing.is_open() {
        match get(store, caller, id).await? {
            None => return Ok(Outcome::NotFound),
            Some(record) if !caller.narrowing.covers(&record.policy) => return Err(Failure::NotCovered),
            Some(_) => {}
        }
    }
    match store.enable_key(&Actor::from(caller), surroundings.now(), id).await? {
        Some(record) => Ok(Outcome::Done(Box::new(record))),
        None => unchanged(store, caller, id).await,
    }
}

/// Withdraws a key; `None` when there is no such key, or it is another user's. The first reason stays.
pub async fn revoke(
    store: &Store,
    surroundings: &Surroundings,
    caller: &Caller,
    id: i64,
    reason: Option<String>,
) -> Result<Option<KeyRecord>, Failure> {
    match store.revoke_key(&Actor::from(caller), surroundings.now(), id, reason).await? {
        Some(record) => Ok(Some(record)),
        None => get(store, caller, id).await,
    }
}

/// Why a key was neither switched off nor on: it was so already, or cannot be.
async fn unchanged(store: &Store, caller: &Caller, id: i64) -> Result<Outcome, Failure> {
    Ok(match get(store, caller, id).await? {
        None => Outcome::NotFound,
        Some(record) if record.revoked_at.is_some() => Outcome::Revoked,
        Some(record) => Outcome::Done(Box::new(record)),
    })
}
