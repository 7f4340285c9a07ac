//! Bearer tokens: JWTs signed with HMAC-SHA-256, which any node verifies without a query.
//!
//! A token names its user and the user's token generation; the statement of the token's operation checks that both are still
//! current. `jsonwebtoken` reads and writes the format. Its bundled cryptography includes RSA and elliptic curves, so it is given
//! an implementation of the one algorithm that is accepted.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::ErrorKind,
};
use quick_cache::sync::Cache;
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use signature::{Signer, Verifier};

use super::owner_token::{OwnerTokenClaims, OwnerTokens};
use crate::model::{Caller, Error, Rights, Scope, Scopes, principal::DEFAULT_PROJECT};

const ISSUER: &str = "latchkey";
/// The most verified tokens that are cached, at less than a kilobyte each.
const TOKEN_CACHE_CAPACITY: usize = 1_000;

/// Signs and verifies bearer tokens.
pub struct TokenSigner {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    ttl: Duration,
    of_owners: OwnerTokens,
    /// Tokens whose signature was verified: a gateway sends the same one with each request.
    cache: Cache<Box<str>, Arc<CachedToken>>,
}

/// What an authentic token says until it expires.
struct CachedToken {
    caller: Caller,
    /// Seconds since 1970.
    expires_at: i64,
}

/// The claims of a token.
#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    iat: i64,
    exp: i64,
    scope: String,
    /// The generation of the user's tokens.
    generation: i64,
    /// Whether the token was requested with fewer scopes than its user has.
    #[serde(default = "default_restricted")]
    restricted: bool,
    /// Whether it has all that its user has when it is used. Otherwise it has `scope` at most, as all tokens of version 0.1.0.
    #[serde(default)]
    full: bool,
}

fn default_restricted() -> bool {
    true
}

/// A secret with which no token can be signed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token secret has fewer than {} bytes", TokenSigner::MIN_LENGTH)]
pub struct SecretTooShort;

impl TokenSigner {
    /// The least length of a secret, in bytes: 256 bits (RFC 7518, section 3.2).
    pub const MIN_LENGTH: usize = 32;

    /// Tokens are valid for `ttl`, in whole seconds.
    pub fn new(secret: &SecretSlice<u8>, ttl: Duration) -> Result<Self, SecretTooShort> {
        if secret.expose_secret().len() < Self::MIN_LENGTH {
            return Err(SecretTooShort);
        }
        // The provider is global; another signer may have installed the same one.
        let _ = HMAC_SHA_256.install_default();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "iss", "sub"]);
        // The expiry is compared with the injected clock, in `verify`.
        validation.validate_exp = false;
        Ok(Self {
            encoding: EncodingKey::from_secret(secret.expose_secret()),
            decoding: DecodingKey::from_secret(secret.expose_secret()),
            validation,
            ttl,
            of_owners: OwnerTokens::new(secret).map_err(|_| SecretTooShort)?,
            cache: Cache::new(TOKEN_CACHE_CAPACITY),
        })
    }

    /// How long a token is valid.
    pub fn ttl(&self) -> Duration {
        self.ttl
    }

    /// A token for a caller, whose principal has these rights.
    pub fn sign(&self, caller: &Caller, rights: &Rights, now: DateTime<Utc>) -> Result<SecretString, Error> {
        let now = now.timestamp();
        let full = caller.has_everything();
        let scope = if full { scopes_of_0_1_0(rights) } else { caller.scopes };
        let claims = Claims {
            iss: ISSUER.to_owned(),
            sub: caller.user_id.to_string(),
            iat: now,
            exp: now.saturating_add_unsigned(self.ttl.as_secs()),
            scope: scope.to_string(),
            generation: caller.token_generation,
            restricted: !caller.is_unrestricted(),
            full,
        };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding);
        token.map(SecretString::from).map_err(Error::internal)
    }

    /// A token of an owner.
    pub fn sign_for_owner(
        &self,
        claims: &OwnerTokenClaims,
        lifetime: Duration,
        now: DateTime<Utc>,
    ) -> Result<SecretString, Error> {
        self.of_owners.encode(claims, lifetime, now)
    }

    /// The caller with this token; `None` if the token is not authentic or has expired.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Option<Caller> {
        let cached = match self.cache.get(token) {
            Some(cached) => cached,
            None => {
                let decoded = Arc::new(self.decode(token)?);
                self.cache.insert(token.into(), Arc::clone(&decoded));
                decoded
            }
        };
        (cached.expires_at > now.timestamp()).then(|| cached.caller.clone())
    }

    fn decode(&self, token: &str) -> Option<CachedToken> {
        if OwnerTokens::is_type_of(&jsonwebtoken::decode_header(token).ok()?) {
            return self.of_owners.decode(token).map(|(caller, expires_at)| CachedToken { caller, expires_at });
        }
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation).ok()?.claims;
        let (user_id, scopes) = (claims.sub.parse().ok()?, Scopes::parse(&claims.scope)?);
        let caller = if claims.restricted {
            Caller::with_restricted_token(user_id, claims.generation, scopes)
        } else {
            let caller = Caller::with_token(user_id, claims.generation);
            if claims.full { caller } else { caller.with_scopes(scopes) }
        };
        Some(CachedToken { caller, expires_at: claims.exp })
    }
}

/// What a full token says for servers of version 0.1.0, which reject scopes that they do not know, and know no projects.
fn scopes_of_0_1_0(rights: &Rights) -> Scopes {
    let verifies = rights.permits(Scope::Verify, DEFAULT_PROJECT);
    let scopes = [(Scope::Verify, verifies), (Scope::AuditRead, rights.is_administrator())];
    let permitted = scopes.into_iter().filter_map(|(scope, is_permitted)| is_permitted.then_some(scope));
    [Scope::KeysRead, Scope::KeysWrite].into_iter().chain(permitted).collect()
}

static HMAC_SHA_256: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| match algorithm {
        Algorithm::HS256 => HmacSha256::new(key.as_bytes()).map(|hmac| Box::new(hmac) as Box<dyn JwtSigner>),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    },
    verifier_factory: |algorithm, key| match algorithm {
        Algorithm::HS256 => HmacSha256::new(key.try_get_as_bytes()?).map(|hmac| Box::new(hmac) as Box<dyn JwtVerifier>),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    },
    key_utils: KeyUtils::new_unimplemented(),
};

struct HmacSha256(Hmac<Sha256>);

impl HmacSha256 {
    fn new(key: &[u8]) -> jsonwebtoken::errors::Result<Self> {
        Hmac::new_from_slice(key).map(Self).map_err(|_| ErrorKind::InvalidKeyFormat.into())
    }
}

impl Signer<Vec<u8>> for HmacSha256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(self.0.clone().chain_update(message).finalize().into_bytes().to_vec())
    }
}

impl JwtSigner for HmacSha256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl Verifier<Vec<u8>> for HmacSha256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        self.0.clone().chain_update(message).verify_slice(signature).map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for HmacSha256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    use chrono::TimeDelta;

    use super::*;
    use crate::model::{Credential, Membership, PrincipalKind, Role, caller::Minter};

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn signer(secret: u8) -> TokenSigner {
        TokenSigner::new(&vec![secret; 32].into(), Duration::from_secs(60)).unwrap()
    }

    fn caller() -> Caller {
        Caller::with_token(7, 3)
    }

    fn token() -> String {
        signer(1).sign(&caller(), &Rights::new(false, []), NOW).unwrap().expose_secret().to_owned()
    }

    #[test]
    fn a_token_names_its_user() {
        let caller = signer(1).verify(&token(), NOW).unwrap();
        assert_eq!((caller.user_id, caller.token_generation), (7, 3));
        assert!(caller.is_unrestricted());
    }

    #[test]
    fn an_unrestricted_token_has_what_its_user_has_when_it_is_used() {
        assert_eq!(signer(1).verify(&token(), NOW).unwrap().scopes, Scopes::all());
        // What it says are scopes that servers of version 0.1.0 know, of what it has everywhere or in the default project.
        let claimed = |rights: &Rights| {
            let token = signer(1).sign(&caller(), rights, NOW).unwrap();
            let claims = token.expose_secret().split('.').nth(1).unwrap().to_owned();
            serde_json::from_slice::<Claims>(&BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap().scope
        };
        let role = |project_id, role| Rights::new(false, [Membership { project_id, role }]);
        assert_eq!(claimed(&role(2, Role::Admin)), "latchkey:keys.read latchkey:keys.write");
        assert_eq!(claimed(&role(1, Role::Admin)), "latchkey:keys.read latchkey:keys.write latchkey:verify");
        assert_eq!(claimed(&Rights::new(true, [])), Scopes::of_unrestricted_key().to_string());
    }

    #[test]
    fn a_token_for_which_scopes_were_requested_gains_none() {
        let scopes = Scopes::parse("latchkey:keys.read latchkey:keys.write").unwrap();
        let token = caller().with_scopes(scopes);
        let token = signer(1).sign(&token, &Rights::new(true, []), NOW).unwrap();
        let caller = signer(1).verify(token.expose_secret(), NOW).unwrap();
        assert_eq!(caller.scopes, scopes);
        assert!(caller.is_unrestricted() && !caller.has_everything());
    }

    #[test]
    fn a_restricted_token_stays_restricted() {
        let scopes = Scopes::parse("latchkey:keys.read").unwrap();
        let token = signer(1).sign(&Caller::with_restricted_token(7, 3, scopes), &Rights::new(false, []), NOW).unwrap();
        let caller = signer(1).verify(token.expose_secret(), NOW).unwrap();
        assert_eq!(caller.scopes, scopes);
        assert!(!caller.is_unrestricted());
    }

    fn owner_claims() -> OwnerTokenClaims {
        OwnerTokenClaims {
            owner_id: 9,
            token_generation: 2,
            project_id: 5,
            scopes: Scopes::parse("latchkey:keys.read").unwrap(),
            key_scopes: Some(vec!["orders:read".to_owned()]),
            minter: Minter { id: 7, token_generation: 3, key_id: Some(4) },
        }
    }

    #[test]
    fn a_token_of_an_owner_names_its_owner_and_who_minted_it() {
        let token = signer(1).sign_for_owner(&owner_claims(), Duration::from_secs(60), NOW).unwrap();
        let caller = signer(1).verify(token.expose_secret(), NOW).unwrap();
        assert_eq!((caller.user_id, caller.token_generation, caller.project_id), (9, 2, 5));
        assert_eq!(caller.kind, PrincipalKind::Owner);
        assert_eq!((caller.credential.clone(), caller.minter), (Credential::OwnerToken, Some(owner_claims().minter)));
        assert_eq!(caller.default_policy().scopes, owner_claims().key_scopes);
        assert!(signer(1).verify(token.expose_secret(), NOW + TimeDelta::seconds(60)).is_none());
        assert!(signer(2).verify(token.expose_secret(), NOW).is_none());
    }

    #[test]
    fn no_token_passes_for_one_of_another_type() {
        let owner = signer(1).sign_for_owner(&owner_claims(), Duration::from_secs(60), NOW).unwrap();
        for (token, typ) in [(token(), "latchkey-owner+jwt"), (owner.expose_secret().to_owned(), "JWT")] {
            let (_, rest) = token.split_once('.').unwrap();
            let header = BASE64_URL_SAFE_NO_PAD.encode(format!(r#"{{"typ":"{typ}","alg":"HS256"}}"#));
            assert!(signer(1).verify(&format!("{header}.{rest}"), NOW).is_none(), "{typ}");
        }
    }

    #[test]
    fn a_token_expires() {
        assert!(signer(1).verify(&token(), NOW + TimeDelta::milliseconds(59_999)).is_some());
        assert!(signer(1).verify(&token(), NOW + TimeDelta::seconds(60)).is_none());
    }

    #[test]
    fn a_token_of_another_secret_is_refused() {
        assert!(signer(2).verify(&token(), NOW).is_none());
    }

    #[test]
    fn a_changed_or_unsigned_token_is_refused() {
        let token = token();
        let (message, signature) = token.rsplit_once('.').unwrap();
        let claims = message.split_once('.').unwrap().1;
        for header in [r#"{"alg":"none","typ":"JWT"}"#, r#"{"alg":"HS512","typ":"JWT"}"#, r#"{"alg":"RS256"}"#] {
            let header = BASE64_URL_SAFE_NO_PAD.encode(header);
            for signature in ["", signature] {
                assert!(signer(1).verify(&format!("{header}.{claims}.{signature}"), NOW).is_none());
            }
        }
        assert!(signer(1).verify(message, NOW).is_none());
        assert!(signer(1).verify(&token.replacen("eyJ", "eyK", 2), NOW).is_none());
        assert!(signer(1).verify("", NOW).is_none());
    }

    #[test]
    fn a_short_secret_is_refused() {
        assert_eq!(TokenSigner::new(&vec![1; 31].into(), Duration::from_secs(60)).err(), Some(SecretTooShort));
    }
}
