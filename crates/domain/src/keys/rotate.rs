//! Replaces one of the caller's keys by a successor, and ends the old one, at once or after a grace period.

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;

use super::{
    get::get,
    idempotency::Idempotency,
    issuer::{Issued, KeyIssuer},
    mutation::MAX_ATTEMPTS,
};
use crate::{
    model::{ApiKey, Caller, Env, Error, KeyStatus, Precondition},
    store::{Store, idempotency_keys::KeyCreation, keys::write::Successor},
};

/// How a key is rotated.
pub struct RotateParams<'a> {
    /// What the key must be.
    pub precondition: &'a Precondition,
    /// How long the old key stays valid at most.
    pub grace_period: TimeDelta,
    /// Makes the request safe to retry.
    pub idempotency_key: Option<&'a str>,
}

/// What became of the request.
pub enum Outcome {
    /// The successor, with its secret.
    Rotated(Box<ApiKey>, SecretString),
    /// The caller has no such key.
    NotFound,
    /// The key does not meet the precondition.
    PreconditionFailed,
    /// The key is not active or pending, or was rotated before.
    NotRotatable,
    /// The `Idempotency-Key` was used for another request.
    IdempotencyKeyReused,
}

/// Rotates a key. The old key expires after the grace period, or at its own expiry if that is earlier. Without a grace period
/// it is revoked, which does not depend on any node's clock.
#[tracing::instrument(name = "keys.rotate", level = "debug", skip_all)]
pub async fn rotate(
    store: &Store,
    issuer: &KeyIssuer,
    env: &Env,
    caller: &Caller,
    id: i64,
    params: RotateParams<'_>,
) -> Result<Outcome, Error> {
    let RotateParams { precondition, grace_period, idempotency_key } = params;
    for _ in 0..MAX_ATTEMPTS {
        let old = get(store, env, caller, id).await?;
        if old.as_ref().is_some_and(|old| !caller.may_control(old)) {
            return Err(Error::InsufficientPermissions);
        }
        let is_met = old.as_ref().is_some_and(|old| precondition.matches(old));
        if !is_met && idempotency_key.is_none() {
            return Ok(old.map_or(Outcome::NotFound, |_| Outcome::PreconditionFailed));
        }
        let version = match &old {
            Some(old) if is_met => (*precondition != Precondition::None).then_some(old.version),
            // A request that is sent again is replayed, though its key has changed or is gone since. No key has version 0.
            _ => Some(0),
        };
        let expected = old.filter(|_| !caller.is_unrestricted()).map(|old| old.policy);
        let key = issuer.generate(&env.rng);
        let successor = Successor {
            hash: issuer.peppers().current(&key),
            key_prefix: key.display_prefix().to_owned(),
            old_expires_at: (grace_period > TimeDelta::zero()).then(|| env.clock.now() + grace_period),
        };
        let idempotency = idempotency_key.map(|key| Idempotency {
            key,
            request: format!("rotate {id} {grace_period} {:?}", caller.default_policy()),
        });
        let creation = KeyCreation::Successor { id, version, expected: expected.as_ref(), successor: &successor };
        match issuer.issue(store, env, caller, key, &creation, idempotency).await? {
            Issued::Key(key, secret) => return Ok(Outcome::Rotated(key, secret)),
            Issued::IdempotencyKeyMismatch => return Ok(Outcome::IdempotencyKeyReused),
            Issued::NotFound => {}
        }
        store.ensure_caller_active(caller, env.clock.now()).await?;
        match get(store, env, caller, id).await? {
            None => return Ok(Outcome::NotFound),
            Some(key) if !precondition.matches(&key) => return Ok(Outcome::PreconditionFailed),
            // Its policy changed, and may permit more than the caller has: the next attempt checks it.
            Some(key) if is_rotatable(&key, env.clock.now()) => {}
            Some(_) => return Ok(Outcome::NotRotatable),
        }
    }
    Err(Error::Contention)
}

fn is_rotatable(key: &ApiKey, now: DateTime<Utc>) -> bool {
    key.successor_id.is_none() && matches!(key.status(now), KeyStatus::Active | KeyStatus::Pending)
}
