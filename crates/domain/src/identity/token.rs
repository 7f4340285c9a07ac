//! Bearer tokens: JWTs signed with HMAC-SHA-256, which any node can check without a query.
//!
//! A token names its user and the user's token generation; that both still stand is checked by the statement that the
//! token's operation runs. `jsonwebtoken` reads and writes the format; its bundled cryptography brings RSA and elliptic
//! curves along, so it is given the one algorithm that we accept.

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

use super::{Caller, Scopes};
use crate::error::Failure;

const ISSUER: &str = "latchkey";
/// How many tokens are remembered, at less than a kilobyte each.
const REMEMBERED: usize = 1_000;

/// Signs and reads bearer tokens.
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    lifetime: Duration,
    /// Good tokens that were read, until others take their place: a gateway sends the same one with each request.
    read: Cache<Box<str>, Arc<Read>>,
}

/// What a good token says, as long as it has not expired.
struct Read {
    caller: Caller,
    /// Seconds since 1970.
    expires_at: i64,
}

/// What a token says.
#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    iat: i64,
    exp: i64,
    scope: String,
    /// The generation of the user's tokens.
    generation: i64,
    /// Whether it may do less than its user; a token that does not say is taken to.
    #[serde(default = "always")]
    narrowed: bool,
}

fn always() -> bool {
    true
}

/// Why a secret cannot sign tokens.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token secret has fewer than {} bytes", Tokens::MIN_LENGTH)]
pub struct ShortSecret;

impl Tokens {
    /// The fewest bytes of a secret: 256 bits (RFC 7518, section 3.2).
    pub const MIN_LENGTH: usize = 32;

    /// `lifetime`: how long a token is good, in whole seconds.
    pub fn new(secret: &SecretSlice<u8>, lifetime: Duration) -> Result<Self, ShortSecret> {
        if secret.expose_secret().len() < Self::MIN_LENGTH {
            return Err(ShortSecret);
        }
        // The provider is the process's; another `Tokens` may have installed the same one before.
        let _ = HMAC_SHA_256.install_default();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "iss", "sub"]);
        // Against the clock that the service was handed, below.
        validation.validate_exp = false;
        Ok(Self {
            encoding: EncodingKey::from_secret(secret.expose_secret()),
            decoding: DecodingKey::from_secret(secret.expose_secret()),
            validation,
            lifetime,
            read: Cache::new(REMEMBERED),
        })
    }

    /// How long a token is good.
    pub fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// A token for this caller.
    pub fn sign(&self, caller: &Caller, now: DateTime<Utc>) -> Result<SecretString, Failure> {
        let now = now.timestamp();
        let claims = Claims {
            iss: ISSUER.to_owned(),
            sub: caller.user_id.to_string(),
            iat: now,
            exp: now.saturating_add_unsigned(self.lifetime.as_secs()),
            scope: caller.scopes.to_string(),
            generation: caller.generation,
            narrowed: !caller.narrowing.is_open(),
        };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding);
        token.map(SecretString::from).map_err(Failure::internal)
    }

    /// Who a token stands for; `None` when it is not ours, was changed, or has expired.
    pub fn read(&self, token: &str, now: DateTime<Utc>) -> Option<Caller> {
        let read = match self.read.get(token) {
            Some(read) => read,
            None => {
                let read = Arc::new(self.read_anew(token)?);
                self.read.insert(token.into(), Arc::clone(&read));
                read
            }
        };
        (read.expires_at > now.timestamp()).then(|| read.caller.clone())
    }

    fn read_anew(&self, token: &str) -> Option<Read> {
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation).ok()?.claims;
        let (user_id, scopes) = (claims.sub.parse().ok()?, Scopes::parse(&claims.scope)?);
        let caller = Caller::with_token(user_id, claims.generation, scopes, claims.narrowed);
        Some(Read { caller, expires_at: claims.exp })
    }
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
    use crate::identity::Role;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn tokens(secret: u8) -> Tokens {
        Tokens::new(&vec![secret; 32].into(), Duration::from_secs(60)).unwrap()
    }

    fn caller() -> Caller {
        Caller::with_token(7, 3, Role::Member.scopes(), false)
    }

    fn token() -> String {
        tokens(1).sign(&caller(), NOW).unwrap().expose_secret().to_owned()
    }

    #[test]
    fn a_token_says_who_it_stands_for() {
        let read = tokens(1).read(&token(), NOW).unwrap();
        assert_eq!((read.user_id, read.generation, read.scopes), (7, 3, Role::Member.scopes()));
    }

    #[test]
    fn a_token_ends_with_its_lifetime() {
        assert!(tokens(1).read(&token(), NOW + TimeDelta::milliseconds(59_999)).is_some());
        assert!(tokens(1).read(&token(), NOW + TimeDelta::seconds(60)).is_none());
    }

    #[test]
    fn a_token_of_another_secret_is_refused() {
        assert!(tokens(2).read(&token(), NOW).is_none());
    }

    #[test]
    fn a_changed_or_unsigned_token_is_refused() {
        let token = token();
        let (message, signature) = token.rsplit_once('.').unwrap();
        let claims = message.split_once('.').unwrap().1;
        for header in [r#"{"alg":"none","typ":"JWT"}"#, r#"{"alg":"HS512","typ":"JWT"}"#, r#"{"alg":"RS256"}"#] {
            let header = BASE64_URL_SAFE_NO_PAD.encode(header);
            for signature in ["", signature] {
                assert!(tokens(1).read(&format!("{header}.{claims}.{signature}"), NOW).is_none());
            }
        }
        assert!(tokens(1).read(message, NOW).is_none());
        assert!(tokens(1).read(&token.replacen("eyJ", "eyK", 2), NOW).is_none());
        assert!(tokens(1).read("", NOW).is_none());
    }

    #[test]
    fn a_short_secret_is_refused() {
        assert_eq!(Tokens::new(&vec![1; 31].into(), Duration::from_secs(60)).err(), Some(ShortSecret));
    }
}
