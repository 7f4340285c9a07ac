//! Creates a key for the caller.

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use super::{
    grant::may_grant,
    idempotency::Idempotency,
    issuer::{Issued, KeyIssuer},
};
use crate::{
    model::{ApiKey, Caller, Env, Error, Metadata, Policy, PrincipalKind, Project},
    store::{Store, idempotency_keys::KeyCreation, keys::write::NewKey},
};

/// What the caller chooses of a new key.
pub struct NewKeyParams {
    /// What the key is for.
    pub description: Option<String>,
    /// When the key expires; `None` for when the caller's own key does, or after the default lifetime of the project, whatever is
    /// earlier. A time in the past creates an expired key.
    pub expires_at: Option<DateTime<Utc>>,
    /// What restricts the key; `None` for what restricts the caller.
    pub policy: Option<Policy>,
    /// What the deployer stores of the key.
    pub metadata: Metadata,
}

/// What became of the request.
pub enum Outcome {
    /// The key, with its secret.
    Created(Box<ApiKey>, SecretString),
    /// The `Idempotency-Key` was used for another request.
    IdempotencyKeyReused,
    /// The user has as many keys as is allowed.
    QuotaExceeded,
}

/// Creates a key. One that permits more than the caller has, or expires later than the caller's own key, is refused, because
/// no credential hands out more than it has.
#[tracing::instrument(name = "keys.create", level = "debug", skip_all)]
pub async fn create(
    store: &Store,
    issuer: &KeyIssuer,
    env: &Env,
    caller: &Caller,
    project: &Project,
    params: NewKeyParams,
    idempotency_key: Option<&str>,
) -> Result<Outcome, Error> {
    let NewKeyParams { description, expires_at, policy, metadata } = params;
    let now = env.clock.now();
    if !metadata.is_empty() && caller.kind == PrincipalKind::Owner {
        store.ensure_caller_active(caller, now).await?;
        return Err(Error::InsufficientRole);
    }
    let requested = expires_at;
    let expires_at = requested.or(caller.key_expires_at());
    let policy = policy.map(|policy| project.settings.complete(policy, caller.kind));
    let may_grant = match &policy {
        Some(policy) => may_grant(store, env, caller, policy).await?,
        None => true,
    };
    if !may_grant || !caller.may_set_expiry(expires_at) {
        store.ensure_caller_active(caller, now).await?;
        return Err(Error::InsufficientPermissions);
    }
    let policy = policy.unwrap_or_else(|| caller.default_policy());
    // A request that is sent again is the same, though the default lifetime ends later.
    let with_metadata = if metadata.is_empty() { String::new() } else { format!(" {metadata:?}") };
    let request = format!("create {description:?} {expires_at:?} {policy:?}{with_metadata}");
    let idempotency = idempotency_key.map(|key| Idempotency { key, request });
    let default = || [expires_at, project.settings.default_expiry(now)].into_iter().flatten().min();
    let expires_at = requested.or_else(default);
    // A request that is sent again is replayed, though the maximum lifetime is shorter since.
    let is_allowed = project.settings.allows_expiry(now, expires_at);
    if !is_allowed && idempotency_key.is_none() {
        store.ensure_caller_active(caller, now).await?;
        return Err(Error::ExpiresTooLate);
    }
    let key = issuer.generate(&env.rng, project);
    let new = NewKey {
        hash: issuer.peppers().current(&key),
        key_prefix: key.display_prefix().to_owned(),
        description,
        created_at: now,
        expires_at,
        policy,
        metadata,
    };
    let creation = if is_allowed { KeyCreation::New(&new) } else { KeyCreation::Nothing };
    Ok(match issuer.issue(store, env, caller, Some(caller.user_id), key, &creation, idempotency).await? {
        Issued::Key(key, secret) => Outcome::Created(key, secret),
        Issued::NotFound => {
            store.ensure_caller_active(caller, env.clock.now()).await?;
            if !is_allowed {
                return Err(Error::ExpiresTooLate);
            }
            // The credential became valid again between the two statements, or its key has another expiry.
            return Err(Error::Contention);
        }
        Issued::IdempotencyKeyMismatch => Outcome::IdempotencyKeyReused,
        Issued::QuotaExceeded => {
            store.ensure_caller_active(caller, env.clock.now()).await?;
            Outcome::QuotaExceeded
        }
    })
}
