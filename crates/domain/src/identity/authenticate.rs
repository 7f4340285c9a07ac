//! Authentication: who the caller of an operation is.
//!
//! Either a bearer token or an API key suffices. If both are sent, both must be valid and belong to one principal: a client
//! that sends an invalid credential beside a valid one is misconfigured or an attacker.

use std::{net::IpAddr, sync::Arc};

use super::token_signer::TokenSigner;
use crate::{
    model::{
        Caller, Clock, Credential, Error, KeySnapshot, PlainKey, Policy, PrincipalKind, Project, Rights, Standing,
    },
    verification::{
        Verifier,
        evaluate::{VerificationCode, VerificationRequest, evaluate},
    },
};

/// Why a request is not authenticated.
#[derive(Debug)]
pub enum AuthError {
    /// It has no credential.
    MissingCredentials,
    /// A credential is invalid; the sentence says which.
    InvalidCredentials(&'static str),
    /// The bearer token and the API key belong to different principals.
    CredentialsMismatch,
    /// A page of an origin that the project of the owner does not allow has sent the token.
    OriginNotAllowed,
    /// Authentication failed.
    Failed(Error),
}

impl From<Error> for AuthError {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// The credentials of a request.
#[derive(Debug, Clone, Copy, Default)]
pub struct Credentials<'a> {
    /// The bearer token.
    pub bearer_token: Option<&'a str>,
    /// The API key.
    pub api_key: Option<&'a str>,
    /// Where the request came from, if known.
    pub client_ip: Option<IpAddr>,
    /// The origin of the web page that sent the request, if one did.
    pub origin: Option<&'a str>,
}

/// Authenticates requests.
pub struct Authenticator {
    verifier: Arc<Verifier>,
    tokens: TokenSigner,
    clock: Clock,
}

const INVALID_KEY: AuthError = AuthError::InvalidCredentials("The API key in X-API-Key is invalid.");

impl Authenticator {
    /// An authenticator of these tokens and keys.
    pub fn new(verifier: Arc<Verifier>, tokens: TokenSigner, clock: Clock) -> Self {
        Self { verifier, tokens, clock }
    }

    /// Signs and verifies bearer tokens.
    pub fn tokens(&self) -> &TokenSigner {
        &self.tokens
    }

    /// Authenticates the caller of an operation whose statement checks that the caller is active. A key is read from the
    /// database. What the principal may do is not read yet, except for a token that its user may have outgrown.
    pub async fn authenticate(&self, credentials: Credentials<'_>) -> Result<Caller, AuthError> {
        let token_caller = self.verify_token(credentials)?;
        let key_caller = match credentials.api_key {
            None => None,
            Some(text) => {
                let key = PlainKey::parse(text).ok_or(INVALID_KEY)?;
                let found = self.verifier.read_key(&key, credentials.client_ip).await?.ok_or(INVALID_KEY)?;
                let caller = self.evaluate_key(credentials, &found.key, &found.project).ok_or(INVALID_KEY)?;
                Some(caller)
            }
        };
        let caller = combine(self.within_project(token_caller, credentials).await?, key_caller, credentials)?;
        match caller.kind {
            // Owners have no roles.
            PrincipalKind::Owner => Ok(caller.with_rights(&Rights::new(false, []))),
            _ if caller.may_be_outgrown() => self.with_current_rights(caller).await,
            PrincipalKind::User | PrincipalKind::ServiceAccount => Ok(caller),
        }
    }

    /// Authenticates the caller of an operation without a statement of its own from the cache, under the same freshness rule as
    /// verified keys: usually without a query.
    pub async fn authenticate_cached(&self, credentials: Credentials<'_>) -> Result<Caller, AuthError> {
        let token_caller = self.verify_token(credentials)?;
        let key_caller = match credentials.api_key {
            None => None,
            Some(text) => {
                let key = PlainKey::parse(text).ok_or(INVALID_KEY)?;
                let known = self.verifier.find_key(&key, credentials.client_ip).await?.ok_or(INVALID_KEY)?;
                let caller = self.evaluate_key(credentials, &known.key, &known.project);
                Some(caller.ok_or_else(|| if known.is_stale { stale_cache_unavailable() } else { INVALID_KEY })?)
            }
        };
        let caller = combine(token_caller, key_caller, credentials)?;
        self.with_current_rights(caller).await
    }

    /// The caller with its rights. Fails if its principal, or the one that minted its token, is disabled or has revoked its tokens.
    /// Usually without a query, under the same freshness rule as verified keys.
    pub async fn with_current_rights(&self, caller: Caller) -> Result<Caller, AuthError> {
        if let Some(minter) = caller.minter {
            self.find_current(minter.id, minter.token_generation).await?;
        }
        let current = self.find_current(caller.user_id, caller.token_generation).await?;
        Ok(caller.with_rights(&current.rights))
    }

    /// The standing of a principal, whose tokens of this generation are accepted.
    async fn find_current(&self, id: i64, token_generation: i64) -> Result<Arc<Standing>, AuthError> {
        let standing = self.verifier.find_standing(id).await?;
        if standing.is_stale && standing.value.as_ref().is_none_or(|standing| standing.disabled) {
            return Err(stale_cache_unavailable());
        }
        let is_current = |standing: &Arc<Standing>| !standing.disabled && standing.token_generation == token_generation;
        standing.value.filter(is_current).ok_or(Error::CallerInactive.into())
    }

    /// The caller with an owner token, which may use it where its project allows, to create what the project allows.
    async fn within_project(
        &self,
        token_caller: Option<Caller>,
        credentials: Credentials<'_>,
    ) -> Result<Option<Caller>, AuthError> {
        match token_caller {
            Some(caller) if caller.credential == Credential::OwnerToken => {
                let project = self.verifier.project(caller.project_id).await?;
                let settings = &project.settings;
                if credentials
                    .origin
                    .is_some_and(|origin| settings.allowed_origins.iter().all(|allowed| allowed != origin))
                {
                    return Err(AuthError::OriginNotAllowed);
                }
                let default = settings.default_policy();
                // A token without scopes for keys has those of the project.
                let granted = if caller.is_unrestricted() { default } else { Policy { scopes: None, ..default } };
                Ok(Some(caller.restricted_by(granted)))
            }
            caller => Ok(caller),
        }
    }

    fn verify_token(&self, credentials: Credentials<'_>) -> Result<Option<Caller>, AuthError> {
        let Some(token) = credentials.bearer_token else {
            return Ok(None);
        };
        let caller = self.tokens.verify(token, self.clock.now());
        let invalid = "The bearer token is invalid: it was not issued by this service, or has expired.";
        caller.map(Some).ok_or(AuthError::InvalidCredentials(invalid))
    }

    /// The caller with this key, if the key is valid where the request came from.
    fn evaluate_key(&self, credentials: Credentials<'_>, key: &KeySnapshot, project: &Project) -> Option<Caller> {
        let now = self.clock.now();
        let request = VerificationRequest { scopes: &[], client_ip: credentials.client_ip };
        let is_valid = evaluate(key, project, &request, now) == VerificationCode::Valid;
        if !key.deleted {
            self.verifier.usage().count(key.id, is_valid, now);
        }
        is_valid.then(|| Caller::with_key(key))
    }
}

/// The error when the database is unreachable and a cache entry, which may be outdated, speaks against the caller: an outage
/// rejects nobody.
fn stale_cache_unavailable() -> AuthError {
    Error::unavailable("the cache entry of the caller may be outdated").into()
}

fn combine(
    token_caller: Option<Caller>,
    key_caller: Option<Caller>,
    credentials: Credentials<'_>,
) -> Result<Caller, AuthError> {
    let caller = match (token_caller, key_caller) {
        (None, None) => return Err(AuthError::MissingCredentials),
        (Some(caller), None) | (None, Some(caller)) => caller,
        (Some(token), Some(key)) => Caller::with_both(token, key).ok_or(AuthError::CredentialsMismatch)?,
    };
    Ok(caller.from_ip(credentials.client_ip))
}
