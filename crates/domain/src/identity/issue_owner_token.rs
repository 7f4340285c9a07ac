//! Issues tokens of owners, with which a page or program of a customer manages the customer's keys.

use std::time::Duration;

use secrecy::SecretString;

use super::owner_token::OwnerTokenClaims;
use crate::{
    identity::token_signer::TokenSigner,
    model::{Caller, Env, Error, Scope, Scopes, caller::Minter},
    store::Store,
};

/// What the caller chooses of a token.
pub struct OwnerTokenParams {
    /// The external id of the owner.
    pub external_id: String,
    /// What the token may do; `None` to read and manage keys, and not to create them.
    pub scopes: Option<Scopes>,
    /// The scopes that keys may have which the token creates or restricts; `None` for the default ones of the project.
    pub key_scopes: Option<Vec<String>>,
    /// How long it is valid.
    pub lifetime: Duration,
}

/// What became of the request.
pub enum Outcome {
    /// The token, and what it may do.
    Issued(SecretString, Scopes),
    /// There is no such owner.
    OwnerNotFound,
    /// The owner is disabled.
    OwnerDisabled,
    /// The project is disabled.
    ProjectDisabled,
}

/// Issues a token of an owner. It ends with the caller, and with the key that was the caller's credential.
#[tracing::instrument(name = "identity.issue_owner_token", level = "debug", skip_all)]
pub async fn issue_owner_token(
    store: &Store,
    tokens: &TokenSigner,
    env: &Env,
    caller: &Caller,
    project: &str,
    params: OwnerTokenParams,
) -> Result<Outcome, Error> {
    let now = env.clock.now();
    let Some((project, owner)) = store.find_token_owner(caller, now, project, &params.external_id).await? else {
        store.ensure_project_access(caller, now, project, Scope::OwnersWrite).await?;
        // The caller gained its role between the two statements.
        return Err(Error::Contention);
    };
    let Some(owner) = owner else { return Ok(Outcome::OwnerNotFound) };
    if project.disabled {
        return Ok(Outcome::ProjectDisabled);
    }
    if owner.disabled {
        return Ok(Outcome::OwnerDisabled);
    }
    let scopes = params.scopes.unwrap_or_else(|| [Scope::KeysRead, Scope::KeysManage].into_iter().collect());
    let minter = Minter { id: caller.user_id, token_generation: caller.token_generation, key_id: caller.key_id() };
    let claims = OwnerTokenClaims {
        owner_id: owner.id,
        token_generation: owner.token_generation,
        project_id: project.id,
        scopes,
        key_scopes: params.key_scopes,
        minter,
    };
    Ok(Outcome::Issued(tokens.sign_for_owner(&claims, params.lifetime, now)?, scopes))
}
