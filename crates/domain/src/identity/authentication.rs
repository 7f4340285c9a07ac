//! How the credentials of a request are judged.
//!
//! Either a bearer token or an API key will do. When both are sent both must be good and belong to one user: a caller
//! who sends a bad credential beside a good one is confused or lying, and must not be answered as if it were neither.

use http::{HeaderMap, header::AUTHORIZATION};

use super::{Caller, Role, token::Tokens};
use crate::{
    Surroundings,
    error::Failure,
    keys::{hash::Peppers, key::PlainKey, record::KeyStatus},
    store::Store,
};

/// Why a request was not let in.
#[derive(Debug)]
pub enum Refusal {
    /// It brought no credential.
    Missing,
    /// A credential is not good; the sentence says which.
    Bad(&'static str),
    /// It could not be judged.
    Failed(Failure),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Decides who a request acts for.
pub async fn authenticate(
    store: &Store,
    peppers: &Peppers,
    tokens: &Tokens,
    surroundings: &Surroundings,
    headers: &HeaderMap,
) -> Result<Caller, Refusal> {
    let by_token = headers
        .contains_key(AUTHORIZATION)
        .then(|| {
            let token = bearer_token(headers).ok_or(Refusal::Bad("Authorization is not one bearer token."))?;
            let caller = tokens.read(token, surroundings.now());
            caller.ok_or(Refusal::Bad("The bearer token is not good: it is not of this service, or has expired."))
        })
        .transpose()?;
    let by_key = match headers.get("x-api-key") {
        None => None,
        Some(value) => {
            let text = value.to_str().unwrap_or_default();
            let caller = caller_of_key(store, peppers, surroundings, text).await?;
            Some(caller.ok_or(Refusal::Bad("The key in X-API-Key is not good."))?)
        }
    };
    match (by_token, by_key) {
        (None, None) => Err(Refusal::Missing),
        (Some(caller), None) | (None, Some(caller)) => Ok(caller),
        // Both generations must match: the key's was read just now, so it tells whether the token's is the last.
        (Some(token), Some(key)) if (token.user_id, token.generation) == (key.user_id, key.generation) => {
            Ok(Caller { scopes: token.scopes.shared_with(&key.scopes), ..token })
        }
        (Some(_), Some(_)) => Err(Refusal::Bad("The bearer token and the key in X-API-Key do not agree.")),
    }
}

/// The token of an `Authorization: Bearer` header (RFC 6750, section 2.1), if there is exactly one.
fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (value, None) = (values.next()?, values.next()) else {
        return None;
    };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_matches(' '))
}

/// The owner of a key that is good at this moment.
async fn caller_of_key(
    store: &Store,
    peppers: &Peppers,
    surroundings: &Surroundings,
    text: &str,
) -> Result<Option<Caller>, Failure> {
    let Some(key) = PlainKey::parse(text) else {
        return Ok(None);
    };
    let hashes: Vec<_> = peppers.hashes(&key).collect();
    let Some(found) = store.find_key_by_hash(&hashes).await? else {
        return Ok(None);
    };
    if found.key.status(surroundings.now()) != KeyStatus::Active {
        return Ok(None);
    }
    if let Some(current) = hashes.last().filter(|current| current.pepper != found.pepper) {
        store.rehash_key(found.key.id, found.pepper, current).await?;
    }
    let role = Role::named(&found.role).ok_or_else(|| Failure::internal("the role of a user is unknown"))?;
    Ok(Some(Caller { user_id: found.key.user_id, generation: found.token_generation, scopes: role.scopes() }))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_bearer_token_is_read_from_one_header_of_that_scheme() {
        let token = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(AUTHORIZATION, HeaderValue::from_bytes(value.as_bytes()).unwrap());
            }
            bearer_token(&headers).map(str::to_owned)
        };
        assert_eq!(token(&["Bearer abc"]).as_deref(), Some("abc"));
        assert_eq!(token(&["bearer  abc "]).as_deref(), Some("abc"));
        assert_eq!(token(&["Basic abc"]), None);
        assert_eq!(token(&["Bearer"]), None);
        assert_eq!(token(&["abc"]), None);
        assert_eq!(token(&["Bearer ä"]), None);
        assert_eq!(token(&["Bearer abc", "Bearer abc"]), None);
        assert_eq!(token(&[]), None);
    }
}
