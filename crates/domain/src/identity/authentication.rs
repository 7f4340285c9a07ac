//! How the credentials of a request are judged.
//!
//! Either a bearer token or an API key will do. When both are sent both must be good and belong to one user: a caller
//! who sends a bad credential beside a good one is confused or lying, and must not be answered as if it were neither.

use std::net::IpAddr;

use http::{HeaderMap, header::AUTHORIZATION};

use super::{Caller, Credential, token::Tokens};
use crate::{
    Surroundings,
    error::Failure,
    keys::{hash::Peppers, key::PlainKey},
    store::Store,
    verification::{
        Verifier,
        judge::{Code, Question, judge},
        known_key::KnownKey,
    },
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

/// What credentials are judged by.
#[derive(Clone, Copy)]
pub struct Judges<'a> {
    /// Where everything is kept.
    pub store: &'a Store,
    /// What the node remembers of it.
    pub verifier: &'a Verifier,
    /// Under which keys are hashed.
    pub peppers: &'a Peppers,
    /// Reads bearer tokens.
    pub tokens: &'a Tokens,
    /// The time.
    pub surroundings: &'a Surroundings,
}

/// The credentials of a request, and where it came from.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// Where the credentials stand.
    pub headers: &'a HeaderMap,
    /// Where the request came from.
    pub address: Option<IpAddr>,
}

/// Decides who a request acts for, by the database: a key is looked up there, and that a token's user still stands is checked
/// by the operation's own statement.
pub async fn authenticate(judges: Judges<'_>, credentials: Credentials<'_>) -> Result<Caller, Refusal> {
    let Judges { store, peppers, .. } = judges;
    let by_token = caller_of_token(judges, credentials)?;
    let by_key = match key_text(credentials) {
        None => None,
        Some(text) => {
            let hashes = PlainKey::parse(text).map(|key| peppers.hashes(&key).collect::<Vec<_>>()).unwrap_or_default();
            // What cannot be a key is in no database.
            let known = match hashes.is_empty() {
                true => None,
                false => store.find_known_key(&hashes).await.map_err(Failure::from)?,
            };
            let caller = known.as_ref().and_then(|known| caller_of_key(judges, credentials, known));
            let caller = caller.ok_or(BAD_KEY)?;
            if let (Some(known), Some(current)) = (&known, hashes.last())
                && known.pepper != current.pepper
            {
                store.rehash_key(known.id, known.pepper, current).await.map_err(Failure::from)?;
            }
            Some(caller)
        }
    };
    one_caller(by_token, by_key, credentials)
}

/// Decides the same from what the node remembers, for operations that have no statement of their own: within the bound of
/// [`verification::freshness`](crate::verification::freshness), and without a query most of the time.
pub async fn authenticate_from_memory(judges: Judges<'_>, credentials: Credentials<'_>) -> Result<Caller, Refusal> {
    let Judges { store, verifier, peppers, .. } = judges;
    let by_token = caller_of_token(judges, credentials)?;
    if let Some(caller) = &by_token {
        let user = verifier.memory.user(store, &verifier.freshness, caller.user_id).await?;
        if user.stale && user.value().is_none_or(|user| user.disabled) {
            return Err(not_sure());
        }
        if !user.value().is_some_and(|user| !user.disabled && user.token_generation == caller.generation) {
            return Err(Refusal::Failed(Failure::CallerGone));
        }
    }
    let by_key = match key_text(credentials) {
        None => None,
        Some(text) => {
            let key = PlainKey::parse(text).ok_or(BAD_KEY)?;
            let found = verifier.memory.key(store, &verifier.freshness, peppers, &key).await?;
            let caller = found.value().and_then(|known| caller_of_key(judges, credentials, known));
            Some(caller.ok_or_else(|| if found.stale { not_sure() } else { BAD_KEY })?)
        }
    };
    one_caller(by_token, by_key, credentials)
}

const BAD_KEY: Refusal = Refusal::Bad("The key in X-API-Key is not good.");

/// The database is away, and what is remembered against the caller may not hold any more: nobody is turned away for an outage.
fn not_sure() -> Refusal {
    Failure::unavailable("what is remembered of the caller may not hold any more").into()
}

fn one_caller(
    by_token: Option<Caller>,
    by_key: Option<Caller>,
    credentials: Credentials<'_>,
) -> Result<Caller, Refusal> {
    let caller = match (by_token, by_key) {
        (None, None) => return Err(Refusal::Missing),
        (Some(caller), None) | (None, Some(caller)) => caller,
        // Both generations must match: the key's was read just now, so it tells whether the token's is the last.
        (Some(token), Some(key)) if (token.user_id, token.generation) == (key.user_id, key.generation) => Caller {
            scopes: token.scopes.shared_with(&key.scopes),
            narrowing: token.narrowing.narrowed_by(&key.narrowing),
            ..key
        },
        (Some(_), Some(_)) => {
            return Err(Refusal::Bad("The bearer token and the key in X-API-Key do not agree."));
        }
    };
    Ok(Caller { address: credentials.address, ..caller })
}

fn caller_of_token(judges: Judges<'_>, credentials: Credentials<'_>) -> Result<Option<Caller>, Refusal> {
    if !credentials.headers.contains_key(AUTHORIZATION) {
        return Ok(None);
    }
    let token = bearer_token(credentials.headers).ok_or(Refusal::Bad("Authorization is not one bearer token."))?;
    let caller = judges.tokens.read(token, judges.surroundings.now());
    caller.map(Some).ok_or(Refusal::Bad("The bearer token is not good: it is not of this service, or has expired."))
}

fn key_text<'a>(credentials: Credentials<'a>) -> Option<&'a str> {
    credentials.headers.get("x-api-key").map(|value| value.to_str().unwrap_or_default())
}

/// The owner of a key, when it is good from where the request came.
fn caller_of_key(judges: Judges<'_>, credentials: Credentials<'_>, known: &KnownKey) -> Option<Caller> {
    let now = judges.surroundings.now();
    let question = Question { scopes: &[], address: credentials.address };
    let is_valid = judge(known, &question, now) == Code::Valid;
    if !known.deleted {
        judges.verifier.usage.count(known.id, is_valid, now);
    }
    is_valid.then(|| Caller {
        user_id: known.user_id,
        generation: known.token_generation,
        scopes: known.policy().own_scopes(known.role),
        narrowing: known.policy().clone(),
        credential: Credential::ApiKey(known.id, Box::new(known.policy().clone())),
        address: None,
    })
}

/// The token of an `Authorization: Bearer` header (RFC 6750, section 2.1), if there is exactly one.
pub fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (value, None) = (values.next()?, values.next()) else {
        return None;
    };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_matches(' '))
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
