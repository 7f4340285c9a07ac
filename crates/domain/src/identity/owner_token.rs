//! The format of owner tokens: JWTs as bearer tokens of users are, of a type and under a key of their own, so that neither can pass
//! for the other. They name who minted them: the statements of their operations check that the minter still could.

use std::time::Duration;

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::model::{Caller, Error, Policy, Scopes, caller::Minter};

/// The type in the header of a token (RFC 8725, section 3.11).
const TYPE: &str = "latchkey-owner+jwt";
const ISSUER: &str = "latchkey";
const AUDIENCE: &str = "latchkey:owner";

/// What an owner token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerTokenClaims {
    /// The owner.
    pub owner_id: i64,
    /// The generation of the owner's tokens.
    pub token_generation: i64,
    /// The project of the owner.
    pub project_id: i64,
    /// What the token may do.
    pub scopes: Scopes,
    /// The scopes that keys may have which the token creates or restricts; `None` for the default ones of the project.
    pub key_scopes: Option<Vec<String>>,
    /// Who minted it.
    pub minter: Minter,
}

impl OwnerTokenClaims {
    fn into_caller(self) -> Caller {
        let granted = self.key_scopes.map(|scopes| Policy { scopes: Some(scopes), ..Policy::default() });
        Caller::with_owner_token(
            self.owner_id,
            self.token_generation,
            self.scopes,
            self.project_id,
            self.minter,
            granted,
        )
    }
}

/// The claims as they are written.
#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    prj: i64,
    r#gen: i64,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_scopes: Option<Vec<String>>,
    act: Actor,
    iat: i64,
    exp: i64,
}

/// Who minted the token (RFC 8693, section 4.1).
#[derive(Serialize, Deserialize)]
struct Actor {
    sub: String,
    r#gen: i64,
    key: Option<i64>,
}

/// Signs and verifies owner tokens.
pub(super) struct OwnerTokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

impl OwnerTokens {
    /// `secret` is the service's own, the same on every node.
    pub(super) fn new(secret: &SecretSlice<u8>) -> Result<Self, hmac::digest::InvalidLength> {
        let derive = Hmac::<Sha256>::new_from_slice(secret.expose_secret())?.chain_update(b"latchkey owner token");
        let key = derive.finalize().into_bytes();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["aud", "exp", "iss", "sub"]);
        // The caller of `decode` compares the expiry with the injected clock.
        validation.validate_exp = false;
        Ok(Self { encoding: EncodingKey::from_secret(&key), decoding: DecodingKey::from_secret(&key), validation })
    }

    /// Whether a token says that it is one of an owner.
    pub(super) fn is_type_of(header: &Header) -> bool {
        header.typ.as_deref() == Some(TYPE)
    }

    /// A token with these claims.
    pub(super) fn encode(
        &self,
        claims: &OwnerTokenClaims,
        lifetime: Duration,
        now: DateTime<Utc>,
    ) -> Result<SecretString, Error> {
        let OwnerTokenClaims { owner_id, token_generation, project_id, scopes, key_scopes, minter } = claims;
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: owner_id.to_string(),
            prj: *project_id,
            r#gen: *token_generation,
            scope: scopes.to_string(),
            key_scopes: key_scopes.clone(),
            act: Actor { sub: minter.id.to_string(), r#gen: minter.token_generation, key: minter.key_id },
            iat: now.timestamp(),
            exp: now.timestamp().saturating_add_unsigned(lifetime.as_secs()),
        };
        let header = Header { typ: Some(TYPE.to_owned()), ..Header::new(Algorithm::HS256) };
        jsonwebtoken::encode(&header, &claims, &self.encoding).map(SecretString::from).map_err(Error::internal)
    }

    /// The caller with an authentic token, and when it expires, in seconds since 1970.
    pub(super) fn decode(&self, token: &str) -> Option<(Caller, i64)> {
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation).ok()?.claims;
        let minter =
            Minter { id: claims.act.sub.parse().ok()?, token_generation: claims.act.r#gen, key_id: claims.act.key };
        let decoded = OwnerTokenClaims {
            owner_id: claims.sub.parse().ok()?,
            token_generation: claims.r#gen,
            project_id: claims.prj,
            scopes: Scopes::parse(&claims.scope)?,
            key_scopes: claims.key_scopes,
            minter,
        };
        Some((decoded.into_caller(), claims.exp))
    }
}
