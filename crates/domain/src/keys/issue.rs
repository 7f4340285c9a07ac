//! Issues a key to an owner or a service account.

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use super::{
    grant::may_grant,
    idempotency::Idempotency,
    issuer::{Issued, KeyIssuer},
};
use crate::{
    model::{ApiKey, Caller, Env, Error, Metadata, Policy, PrincipalKind, Project},
    store::{
        Store,
        idempotency_keys::KeyCreation,
        keys::write::{IssuedKey, NewKey, Recipient},
    },
};

/// How often the statement is attempted if another creates the owner at the same time.
const MAX_ATTEMPTS: usize = 3;

/// What the caller chooses of a key that it issues.
pub struct IssueParams<'a> {
    /// Whom the key belongs to.
    pub recipient: Recipient<'a>,
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
    /// There is no such service account, or it has no role any more.
    ServiceAccountNotFound,
    /// The `Idempotency-Key` was used for another request.
    IdempotencyKeyReused,
    /// The owner has as many keys as is allowed.
    QuotaExceeded,
}

/// Issues a key to the owner of an external id, which is created if there is none, or to a service account. The key is managed. Owners
/// get what a member may give to owners, service accounts what the caller has.
#[tracing::instrument(name = "keys.issue", level = "debug", skip_all)]
pub async fn issue(
    store: &Store,
    issuer: &KeyIssuer,
    env: &Env,
    caller: &Caller,
    project: &Project,
    params: IssueParams<'_>,
    idempotency_key: Option<&str>,
) -> Result<Outcome, Error> {
    let request = format!(
        "issue {} {:?} {:?} {:?} {:?} {:?}",
        project.slug, params.recipient, params.description, params.expires_at, params.policy, params.metadata
    );
    let IssueParams { recipient, description, expires_at, policy, metadata } = params;
    let settings = &project.settings;
    let policy = match policy {
        // Of service accounts, absent scopes are completed as those of owners.
        Some(policy) => settings.complete(policy, PrincipalKind::Owner),
        None => settings.default_policy(),
    };
    let ensure_access =
        async || store.ensure_project_access(caller, env.clock.now(), &project.slug, recipient.scope()).await;
    let may_give = match recipient {
        Recipient::Owner(_) => Caller::may_give_to_owner(&policy),
        Recipient::ServiceAccount(_) => may_grant(store, env, caller, &policy).await?,
    };
    if !may_give {
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
        let principal_id = match recipient {
            Recipient::Owner(external_id) => issuer.owner_id(store, project.id, external_id).await?,
            Recipient::ServiceAccount(name) => store.find_service_account_id(project.id, name).await?,
        };
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
        let issued = IssuedKey { project: &project.slug, recipient, key: &new };
        let creation = if is_allowed { KeyCreation::Issued(&issued) } else { KeyCreation::Nothing };
        let idempotency = idempotency_key.map(|key| Idempotency { key, request: request.clone() });
        return Ok(match issuer.issue(store, env, caller, principal_id, key, &creation, idempotency).await? {
            Issued::Key(key, secret) => {
                if let Recipient::Owner(external_id) = recipient
                    && principal_id.is_some_and(|id| id != key.user_id)
                {
                    issuer.refresh_owner_id(store, project.id, external_id).await?;
                }
                Outcome::Issued(key, secret)
            }
            Issued::IdempotencyKeyMismatch => {
                ensure_access().await?;
                Outcome::IdempotencyKeyReused
            }
            Issued::QuotaExceeded => {
                ensure_access().await?;
                // The quota may be that of a deleted owner.
                if let Recipient::Owner(external_id) = recipient
                    && issuer.refresh_owner_id(store, project.id, external_id).await? != principal_id
                {
                    continue;
                }
                Outcome::QuotaExceeded
            }
            Issued::NotFound if !is_allowed => {
                ensure_access().await?;
                return Err(Error::ExpiresTooLate);
            }
            Issued::NotFound => match why_not(store, env, caller, &project.slug, recipient).await? {
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
    recipient: Recipient<'_>,
) -> Result<Option<Outcome>, Error> {
    let now = env.clock.now();
    store.ensure_project_access(caller, now, project, recipient.scope()).await?;
    let external_id = match recipient {
        Recipient::Owner(external_id) => external_id,
        // Owners of this external id do not matter.
        Recipient::ServiceAccount(_) => "",
    };
    Ok(match (store.find_token_owner(caller, now, project, external_id).await?, recipient) {
        (Some((project, _)), _) if project.disabled => Some(Outcome::ProjectDisabled),
        (_, Recipient::ServiceAccount(_)) => Some(Outcome::ServiceAccountNotFound),
        (Some((_, Some(owner))), Recipient::Owner(_)) if owner.disabled => Some(Outcome::OwnerDisabled),
        _ => None,
    })
}
