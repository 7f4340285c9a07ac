//! Replaces a key that the caller reaches by a successor, and ends the old one, at once or after a grace period.

use chrono::TimeDelta;
use secrecy::SecretString;

use super::{
    idempotency::Idempotency,
    issuer::{Issued, KeyIssuer},
    mutation::{MAX_ATTEMPTS, find},
};
use crate::{
    model::{ApiKey, Caller, Env, Error, KeyStatus, Precondition},
    store::{
        Store,
        idempotency_keys::KeyCreation,
        keys::{
            read::ReachedKey,
            write::{ExpectedKey, Successor},
        },
    },
};

/// How a key is rotated.
#[derive(Clone, Copy)]
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
    /// The caller does not reach such a key.
    NotFound,
    /// The key does not meet the precondition.
    PreconditionFailed,
    /// The key is not active or pending, or was rotated before.
    NotRotatable,
    /// The `Idempotency-Key` was used for another request.
    IdempotencyKeyReused,
    /// The user has as many keys as is allowed.
    QuotaExceeded,
}

/// Rotates a key. One that permits more than the caller has, or expires later than the caller's own key, is refused: so would
/// its successor. The old key expires after the grace period, or at its own expiry if that is earlier. Without a grace period
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
    // Another key with an earlier expiry gets no replay, but the rotated key does, although it expires earlier since.
    let expiry = if caller.is_key(id) { None } else { caller.key_expires_at() };
    let expiry = expiry.map(|expiry| format!(" {expiry:?}")).unwrap_or_default();
    // The successor inherits the expiry, which must not change after it was checked.
    let is_versioned = *precondition != Precondition::None || caller.key_expires_at().is_some();
    for _ in 0..MAX_ATTEMPTS {
        let found = find(store, env, caller, id).await?;
        let refused = refuse(env, caller, &params, found.as_ref());
        let old = found.map(|found| found.key);
        // A request that is sent again is replayed, though its key has changed or is gone since.
        let refused = match (refused, idempotency_key) {
            (Some(refused), None) => return refused,
            (refused, _) => refused,
        };
        let expected = match &old {
            Some(old) if refused.is_none() => ExpectedKey {
                version: is_versioned.then_some(old.version),
                policy: (!caller.has_everything()).then_some(&old.policy),
                may_be_managed: true,
            },
            // No key has this version.
            _ => ExpectedKey { version: Some(0), ..ExpectedKey::default() },
        };
        let principal_id = old.as_ref().map_or(caller.user_id, |old| old.user_id);
        let project_id = old.as_ref().map_or(caller.project_id, |old| old.project_id);
        let project = store.project_of(project_id).await?;
        let key = issuer.generate(&env.rng, &project);
        let successor = Successor {
            hash: issuer.peppers().current(&key),
            key_prefix: key.display_prefix().to_owned(),
            old_expires_at: (grace_period > TimeDelta::zero()).then(|| env.clock.now() + grace_period),
        };
        let idempotency = idempotency_key.map(|key| Idempotency {
            key,
            request: format!("rotate {id} {grace_period} {:?}{expiry}", caller.default_policy()),
        });
        let creation = KeyCreation::Successor { id, expected, successor: &successor };
        match issuer.issue(store, env, caller, Some(principal_id), key, &creation, idempotency).await? {
            Issued::Key(key, secret) => return Ok(Outcome::Rotated(key, secret)),
            Issued::IdempotencyKeyMismatch => return Ok(Outcome::IdempotencyKeyReused),
            Issued::QuotaExceeded => return refused.unwrap_or(Ok(Outcome::QuotaExceeded)),
            Issued::NotFound => {}
        }
        if let Some(refused) = refused {
            return refused;
        }
        // The key changed, or the caller became inactive: the next attempt finds out.
    }
    Err(Error::Contention)
}

/// Why the key, as it is now, is not rotated.
fn refuse(
    env: &Env,
    caller: &Caller,
    params: &RotateParams<'_>,
    found: Option<&ReachedKey>,
) -> Option<Result<Outcome, Error>> {
    let Some(ReachedKey { key, kind, .. }) = found else {
        return Some(Ok(Outcome::NotFound));
    };
    let is_valid = matches!(key.status(env.clock.now()), KeyStatus::Active | KeyStatus::Pending);
    if !caller.may_control(key, *kind) || !caller.may_set_expiry(key.expires_at) {
        Some(Err(Error::InsufficientPermissions))
    } else if !params.precondition.matches(key) {
        Some(Ok(Outcome::PreconditionFailed))
    } else if key.successor_id.is_some() || !is_valid {
        Some(Ok(Outcome::NotRotatable))
    } else if key.managed && caller.owns(key) && params.grace_period > TimeDelta::zero() {
        // Two keys would have the rate limit twice.
        Some(Err(Error::KeyManaged))
    } else {
        None
    }
}
