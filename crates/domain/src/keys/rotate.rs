//! Replaces one of the caller's keys by a successor, and ends the old one, at once or after a grace period.

use chrono::TimeDelta;
use secrecy::SecretString;

use super::{
    get::get,
    idempotency::Idempotency,
    issuer::{Issued, KeyIssuer},
};
use crate::{
    model::{ApiKey, Caller, Env, Error},
    store::{Store, idempotency_keys::KeyCreation, keys::write::Successor},
};

/// What became of the request.
pub enum Outcome {
    /// The successor, with its secret.
    Rotated(Box<ApiKey>, SecretString),
    /// The caller has no such key.
    NotFound,
    /// The key is not active or pending, or was rotated or changed before.
    NotRotatable,
    /// The `Idempotency-Key` was used for another request.
    IdempotencyKeyReused,
}

/// Rotates a key. The old key expires after the grace period, or at its own expiry if that is earlier. Without a grace period
/// it is revoked, which does not depend on any node's clock.
pub async fn rotate(
    store: &Store,
    issuer: &KeyIssuer,
    env: &Env,
    caller: &Caller,
    id: i64,
    grace_period: TimeDelta,
    idempotency_key: Option<&str>,
) -> Result<Outcome, Error> {
    let Some(old) = get(store, caller, id).await? else {
        return Ok(Outcome::NotFound);
    };
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
    // At this very version: another policy may permit more than the caller has.
    let creation = KeyCreation::Successor { id, version: old.version, successor: &successor };
    Ok(match issuer.issue(store, env, caller, key, &creation, idempotency).await? {
        Issued::Key(key, secret) => Outcome::Rotated(key, secret),
        Issued::NotFound => store.ensure_caller_active(caller).await.map(|()| Outcome::NotRotatable)?,
        Issued::IdempotencyKeyMismatch => Outcome::IdempotencyKeyReused,
    })
}
