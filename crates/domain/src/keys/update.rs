//! Changes one of the caller's keys.

use chrono::{DateTime, Utc};

use super::{etag::Precondition, get::get, record::KeyRecord};
use crate::{Surroundings, audit::Actor, error::Failure, identity::Caller, store::Store};

/// What is to change; the outer `None` leaves a value as it is, the inner one removes it.
#[derive(Debug, Default)]
pub struct Change {
    /// What the key is for.
    pub description: Option<Option<String>>,
    /// When it ends.
    pub expires_at: Option<Option<DateTime<Utc>>>,
}

/// What became of it.
pub enum Outcome {
    /// The record, as it stands after the change.
    Updated(Box<KeyRecord>),
    /// There is no such key, or it is another user's.
    NotFound,
    /// The record is not the one that was read.
    Changed,
}

/// Makes the change, if the record is still the one that was read.
pub async fn update(
    store: &Store,
    surroundings: &Surroundings,
    caller: &Caller,
    id: i64,
    precondition: &Precondition,
    change: Change,
) -> Result<Outcome, Failure> {
    let moves_end = change.expires_at.is_some() && !caller.narrowing.is_open();
    let is_empty = matches!(change, Change { description: None, expires_at: None });
    let mut version = None;
    // A change of nothing is a read, and must not write a row version.
    if is_empty || moves_end || *precondition != Precondition::None {
        match get(store, caller, id).await? {
            None => return Ok(Outcome::NotFound),
            Some(record) if !precondition.holds_for(&record) => return Ok(Outcome::Changed),
            // A key that may do more than the caller could be brought back to somebody so.
            Some(record) if moves_end && !caller.narrowing.covers(&record.policy) => return Err(Failure::NotCovered),
            Some(record) if is_empty => return Ok(Outcome::Updated(Box::new(record))),
            Some(record) if *precondition != Precondition::None => version = Some(record.version),
            Some(_) => {}
        }
    }
    match store.update_key(&Actor::from(caller), surroundings.now(), id, version, change).await? {
        Some(record) => Ok(Outcome::Updated(Box::new(record))),
        // Either it went, or it was changed between the two statements.
        None if version.is_some() && get(store, caller, id).await?.is_some() => Ok(Outcome::Changed),
        None => store.confirm(caller).await.map(|()| Outcome::NotFound),
    }
}
