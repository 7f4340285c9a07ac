//! Exchanges a name and a password for a bearer token (RFC 6749, section 4.3), with a limit on failed logins.
//!
//! A login counts as failed before its password is verified, and is taken back when it succeeds, so that many at once cannot
//! exceed the limit. Limits are per name and address, against guessing one password, and per address, against trying one
//! password on many names. A name alone is never locked, or anyone could lock out anyone.

use std::{net::IpAddr, time::Duration};

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use sha2::Sha256;

use super::{password::PasswordHasher, token_signer::TokenSigner};
use crate::{
    model::{Caller, Env, Error, Scopes},
    store::{Store, login_attempts::LoginAttempts},
};

/// How long a failed login counts.
pub const ATTEMPT_WINDOW: Duration = Duration::from_secs(15 * 60);
/// The most failed logins on one name from one address within the window.
pub const LIMIT_PER_NAME: i64 = 10;
/// The most failed logins on any name from one address within the window.
pub const LIMIT_PER_IP: i64 = 100;

/// A login.
pub struct LoginAttempt {
    /// The name of the user.
    pub name: String,
    /// The password.
    pub password: SecretString,
    /// The scopes that the token shall have, separated by spaces; empty for all that the user has.
    pub scope: String,
    /// Where the request came from.
    pub client_ip: IpAddr,
}

/// What became of the login.
pub enum Outcome {
    /// It succeeded.
    Issued {
        /// The token.
        token: SecretString,
        /// What the token may do.
        scopes: Scopes,
    },
    /// The name or the password is wrong, or the user is disabled. Which, is not disclosed.
    InvalidGrant,
    /// A scope is unknown, or the user does not have it.
    InvalidScope,
    /// There were too many failed logins. The password was not verified.
    RateLimited {
        /// How long until a login is possible again.
        retry_after: Duration,
    },
}

/// Hashes the names that logins are counted under, because people type passwords into the wrong field.
pub struct LoginNameHasher(Hmac<Sha256>);

impl LoginNameHasher {
    /// `secret` is the service's own, the same on every node.
    pub fn new(secret: &SecretSlice<u8>) -> Result<Self, Error> {
        let hmac = Hmac::<Sha256>::new_from_slice(secret.expose_secret()).map_err(Error::internal)?;
        Ok(Self(hmac.chain_update(b"latchkey login name")))
    }

    fn hash(&self, name: &str) -> [u8; 32] {
        self.0.clone().chain_update(name).finalize().into_bytes().into()
    }
}

/// Logs a user in.
#[tracing::instrument(name = "identity.issue_token", level = "debug", skip_all)]
pub async fn issue_token(
    store: &Store,
    passwords: &PasswordHasher,
    tokens: &TokenSigner,
    names: &LoginNameHasher,
    env: &Env,
    attempt: LoginAttempt,
) -> Result<Outcome, Error> {
    let LoginAttempt { name, password, scope, client_ip } = attempt;
    let name_hash = names.hash(&name);
    let now = env.clock.now();
    let attempts = store.record_login_attempt(&name_hash, client_ip, now, ATTEMPT_WINDOW).await?;
    if attempts.per_name > LIMIT_PER_NAME || attempts.per_ip > LIMIT_PER_IP {
        return Ok(Outcome::RateLimited { retry_after: retry_after(&attempts, now) });
    }

    let user = store.find_user(&name).await?;
    let hash = user.as_ref().map(|user| user.password_hash.clone());
    let is_correct = passwords.verify(password, hash).await?;
    let Some(user) = user.filter(|user| is_correct && user.disabled_at.is_none()) else {
        return Ok(Outcome::InvalidGrant);
    };
    store.clear_login_attempts(&name_hash, client_ip).await?;

    let granted = user.role.scopes();
    let Some(requested) = Scopes::parse(&scope).filter(|requested| granted.contains_all(requested)) else {
        return Ok(Outcome::InvalidScope);
    };
    let caller = if requested.is_empty() || requested == granted {
        Caller::with_token(user.id, user.token_generation, granted)
    } else {
        Caller::with_restricted_token(user.id, user.token_generation, requested)
    };
    let token = tokens.sign(&caller, env.clock.now())?;
    Ok(Outcome::Issued { token, scopes: caller.scopes })
}

fn retry_after(attempts: &LoginAttempts, now: DateTime<Utc>) -> Duration {
    let elapsed = (now - attempts.window_started_at).to_std().unwrap_or_default();
    ATTEMPT_WINDOW.saturating_sub(elapsed).max(Duration::from_secs(1))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn names_are_hashed_under_the_secret() {
        let hasher = |secret: u8| LoginNameHasher::new(&vec![secret; 32].into()).unwrap();
        assert_eq!(hasher(1).hash("alice"), hasher(1).hash("alice"));
        assert_ne!(hasher(1).hash("alice"), hasher(1).hash("bob"));
        assert_ne!(hasher(1).hash("alice"), hasher(2).hash("alice"));
    }

    #[test]
    fn a_login_is_possible_again_when_the_window_ends_and_after_a_second_at_least() {
        let after = |seconds| {
            let attempts = LoginAttempts { per_name: 0, per_ip: 0, window_started_at: DateTime::UNIX_EPOCH };
            retry_after(&attempts, DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds))
        };
        assert_eq!(after(0), ATTEMPT_WINDOW);
        assert_eq!(after(60), ATTEMPT_WINDOW - Duration::from_secs(60));
        assert_eq!(after(15 * 60), Duration::from_secs(1));
        assert_eq!(after(-5), ATTEMPT_WINDOW);
    }
}
