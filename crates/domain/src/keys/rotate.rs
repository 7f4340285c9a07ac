//! Replaces one of the caller's keys by a successor, and ends the old one, at once or after a grace period.

use chrono::TimeDelta;
use secrecy::SecretString;

use super::{
    get::get,
    idempotency::Idempotency,
    issuer::{Issued, KeyIssuer},
};
use crate::{
    model::{ApiKey, Caller, Env, Error, Precondition},
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
    /// The key is not active or pending, or was rotated or changed before.
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
    let Some(old) = get(store, caller, id).await? else {
        return Ok(Outcome::NotFound);
    };
    // A request that is sent again must be replayed, though its rotation has changed the version since.
    let is_met = precondition.matches(&old);
    if !is_met && idempotency_key.is_none() {
        return Ok(Outcome::PreconditionFailed);
    }
    if !caller.may_control(&old) {
        return Err(Error::InsufficientPermissions);
    }
    let key = issuer.generate(&env.rng);
    let successor = Successor {
        hash: issuer.peppers().current(&key),
        key_prefix: key.display_prefix().to_owned(),
        old_expires_at: (grace_period > TimeDelta::zero()).then(|| env.clock.now() + grace_period),
    };
    let idempotency = idempotency_key
        .map(|key| Idempotency { key, request: format!("rotate {id} {grace_period} {:?}", caller.default_policy()) });
    // At this very version: another policy may permit more than the caller has. No key has version 0.
    let version = if is_met { old.version } else { 0 };
    let creation = KeyCreation::Successor { id, version, successor: &successor };
    Ok(match issuer.issue(store, env, caller, key, &creation, idempotency).await? {
        Issued::Key(key, secret) => Outcome::Rotated(key, secret),
        Issued::NotFound if !is_met => Outcome::PreconditionFailed,
        Issued::NotFound => {
            store.ensure_caller_active(caller).await?;
            // It may have changed between the two statements.
            match get(store, caller, id).await? {
                None => Outcome::NotFound,
                Some(key) if !precondition.matches(&key) => Outcome::PreconditionFailed,
                Some(_) => Outcome::NotRotatable,
            }
        }
        Issued::IdempotencyKeyMismatch => Outcome::IdempotencyKeyReused,
    })
}
