//! Issues a key to an owner.

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use super::{
    idempotency::Idempotency,
    issuer::{Issued, KeyIssuer},
};
use crate::{
    model::{ApiKey, Caller, Env, Error, Metadata, Policy, PrincipalKind, Project, Scope},
    store::{
        Store,
        idempotency_keys::KeyCreation,
        keys::write::{IssuedKey, NewKey},
    },
};

/// How often the statement is attempted if another creates the owner at the same time.
const MAX_ATTEMPTS: usize = 3;

/// What the caller chooses of a key that it issues.
pub struct IssueParams {
    /// The external id of the owner.
    pub external_id: String,
    /// What the key is for.
    pub description: Option<String>,
    /// When the key expires; `None` for after the default lifetime of the project.
    pub expires_at: Option<DateTime<Utc>>,
    /// What restricts the key; `None` for the default policy of the project.
    pub policy: Option<Policy>,
    /// What the deployer stores of the key.
    pub metadata: Metadata,
}

/// What became of the request.
pub enum Outcome {
    /// The key, with its secret.
    Issued(Box<ApiKey>, SecretString),
    /// The project is disabled.
    ProjectDisabled,
    /// The owner is disabled.
    OwnerDisabled,
    /// The `Idempotency-Key` was used for another request.
    IdempotencyKeyReused,
    /// The owner has as many keys as is allowed.
    QuotaExceeded,
}

/// Issues a key to the owner of an external id, who is created if there is none. The key is managed.
#[tracing::instrument(name = "keys.issue", level = "debug", skip_all)]
pub async fn issue(
    store: &Store,
    issuer: &KeyIssuer,
    env: &Env,
    caller: &Caller,
    project: &Project,
    params: IssueParams,
    idempotency_key: Option<&str>,
) -> Result<Outcome, Error> {
    let request = format!(
        "issue {} {:?} {:?} {:?} {:?} {:?}",
        project.slug, params.external_id, params.description, params.expires_at, params.policy, params.metadata
    );
    let IssueParams { external_id, description, expires_at, policy, metadata } = params;
    let settings = &project.settings;
    let policy = match policy {
        Some(policy) => settings.complete(policy, PrincipalKind::Owner),
        None => settings.default_policy(),
    };
    let ensure_access =
        async || store.ensure_project_access(caller, env.clock.now(), &project.slug, Scope::OwnersWrite).await;
    if !Caller::may_give_to_owner(&policy) {
        ensure_access().await?;
        return Err(Error::InsufficientPermissions);
    }
    let now = env.clock.now();
    let expires_at = expires_at.or_else(|| settings.default_expiry(now));
    // A request that is sent again is replayed, though the maximum lifetime is shorter since.
    let is_allowed = settings.allows_expiry(now, expires_at);
    if !is_allowed && idempotency_key.is_none() {
        ensure_access().await?;
        return Err(Error::ExpiresTooLate);
    }
    for _ in 0..MAX_ATTEMPTS {
        let owner_id = issuer.owner_id(store, project.id, &external_id).await?;
        let key = issuer.generate(&env.rng, project);
        let new = NewKey {
            hash: issuer.peppers().current(&key),
            key_prefix: key.display_prefix().to_owned(),
            description: description.clone(),
            created_at: now,
            expires_at,
            policy: policy.clone(),
            metadata: metadata.clone(),
        };
        let issued = IssuedKey { project: &project.slug, external_id: &external_id, key: &new };
        let creation = if is_allowed { KeyCreation::Issued(&issued) } else { KeyCreation::Nothing };
        let idempotency = idempotency_key.map(|key| Idempotency { key, request: request.clone() });
        return Ok(match issuer.issue(store, env, caller, owner_id, key, &creation, idempotency).await? {
            Issued::Key(key, secret) => Outcome::Issued(key, secret),
            Issued::IdempotencyKeyMismatch => {
                ensure_access().await?;
                Outcome::IdempotencyKeyReused
            }
            Issued::QuotaExceeded => {
                ensure_access().await?;
                Outcome::QuotaExceeded
            }
            Issued::NotFound if !is_allowed => {
                ensure_access().await?;
                return Err(Error::ExpiresTooLate);
            }
            Issued::NotFound => match why_not(store, env, caller, &project.slug, &external_id).await? {
                Some(outcome) => outcome,
                None => continue,
            },
        });
    }
    Err(Error::Contention)
}

/// Why no key was issued; `None` if there is no reason any more.
async fn why_not(
    store: &Store,
    env: &Env,
    caller: &Caller,
    project: &str,
    external_id: &str,
) -> Result<Option<Outcome>, Error> {
    let now = env.clock.now();
    store.ensure_project_access(caller, now, project, Scope::OwnersWrite).await?;
    Ok(match store.find_token_owner(caller, now, project, external_id).await? {
        Some((project, _)) if project.disabled => Some(Outcome::ProjectDisabled),
        Some((_, Some(owner))) if owner.disabled => Some(Outcome::OwnerDisabled),
        _ => None,
    })
}
