//! Creates a key for the caller.

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use super::{
    idempotency::Idempotency,
    issuer::{Issued, KeyIssuer},
};
use crate::{
    model::{ApiKey, Caller, Env, Error},
    store::{Store, idempotency_keys::KeyCreation, keys::write::NewKey},
};

/// What the caller chooses of a new key.
pub struct NewKeyParams {
    /// What the key is for.
    pub description: Option<String>,
    /// When the key expires. A time in the past creates an expired key.
    pub expires_at: Option<DateTime<Utc>>,
}

/// What became of the request.
pub enum Outcome {
    /// The key, with its secret.
    Created(Box<ApiKey>, SecretString),
    /// The `Idempotency-Key` was used for another request.
    IdempotencyKeyReused,
}

/// Creates a key that is restricted as the caller is, because no credential hands out more than it has.
#[tracing::instrument(name = "keys.create", level = "debug", skip_all)]
pub async fn create(
    store: &Store,
    issuer: &KeyIssuer,
    env: &Env,
    caller: &Caller,
    params: NewKeyParams,
    idempotency_key: Option<&str>,
) -> Result<Outcome, Error> {
    let policy = caller.default_policy();
    let idempotency = idempotency_key.map(|key| Idempotency {
        key,
        request: format!("create {:?} {:?} {policy:?}", params.description, params.expires_at),
    });
    let key = issuer.generate(&env.rng);
    let new = NewKey {
        hash: issuer.peppers().current(&key),
        key_prefix: key.display_prefix().to_owned(),
        description: params.description,
        created_at: env.clock.now(),
        expires_at: params.expires_at,
        policy,
    };
    Ok(match issuer.issue(store, env, caller, key, &KeyCreation::New(&new), idempotency).await? {
        Issued::Key(key, secret) => Outcome::Created(key, secret),
        Issued::NotFound => {
            store.ensure_caller_active(caller, env.clock.now()).await?;
            // The credential became valid again between the two statements.
            return Err(Error::Contention);
        }
        Issued::IdempotencyKeyMismatch => Outcome::IdempotencyKeyReused,
    })
}
