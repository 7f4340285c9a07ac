//! Narrows one of the caller's keys, or widens it as far as the caller's own rights go.

use super::{etag::Precondition, get::get, policy::Policy, record::KeyRecord};
use crate::{
    Surroundings,
    audit::Actor,
    error::Failure,
    identity::{Caller, Scope},
    store::Store,
};

/// What became of it.
pub enum Outcome {
    /// The record, with the policy.
    Set(Box<KeyRecord>),
    /// There is no such key, or it is another user's.
    NotFound,
    /// It is revoked, for good.
    Revoked,
    /// The record is not the one that was read.
    Changed,
    /// The policy allows more than the caller has.
    NotCovered,
}

/// Replaces the policy as a whole.
pub async fn set_policy(
    store: &Store,
    surroundings: &Surroundings,
    caller: &Caller,
    id: i64,
    precondition: &Precondition,
    policy: Policy,
) -> Result<Outcome, Failure> {
    let is_own = |scope: &String| Scope::named(scope).is_none_or(|_| caller.scopes.contain_named(scope));
    if !caller.narrowing.covers(&policy) || !policy.scopes.iter().flatten().all(is_own) {
        return Ok(Outcome::NotCovered);
    }
    let version = match precondition {
        Precondition::None => None,
        Precondition::Versions(_) => match get(store, caller, id).await? {
            None => return Ok(Outcome::NotFound),
            Some(record) if !precondition.holds_for(&record) => return Ok(Outcome::Changed),
            Some(record) => Some(record.version),
        },
    };
    let set = store.set_policy(&Actor::from(caller), surroundings.now(), id, version, policy).await?;
    if let Some(record) = set {
        return Ok(Outcome::Set(Box::new(record)));
    }
    Ok(match get(store, caller, id).await? {
        None => Outcome::NotFound,
        Some(record) if record.revoked_at.is_some() => Outcome::Revoked,
        Some(_) => Outcome::Changed,
    })
}
