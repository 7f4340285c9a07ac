//! Exchanges a name and a password for a bearer token (RFC 6749, section 4.3), with a limit on failed attempts.
//!
//! An attempt is counted before its password is looked at and taken back when it was right, so that many at once cannot
//! slip past the limit. Limits are per name and address, against guessing one password, and per address, against trying
//! one password on many names; a name alone is never locked, or anyone could lock out anyone.

use std::{net::IpAddr, time::Duration};

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use super::{Caller, Role, Scopes, password::Passwords, token::Tokens};
use crate::{
    Surroundings,
    error::Failure,
    store::{Store, failed_logins::Attempts},
};

/// How long a failed attempt counts.
pub const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Failed attempts on one name from one address within the window.
pub const LIMIT_PER_NAME: i64 = 10;
/// Failed attempts on any name from one address within the window.
pub const LIMIT_PER_ADDRESS: i64 = 100;

/// An attempt to log in.
pub struct Attempt {
    /// The name that was tried.
    pub name: String,
    /// The password that was tried.
    pub password: SecretString,
    /// The scopes asked for; empty for all that the user's role has.
    pub scope: String,
    /// Where it came from.
    pub address: IpAddr,
}

/// What became of it.
pub enum Outcome {
    /// A token, and what it may do.
    Issued {
        /// The token.
        token: SecretString,
        /// What it may do.
        scopes: Scopes,
    },
    /// The name or the password is wrong, or the user is disabled; which, is not said.
    Refused,
    /// A scope is unknown, or more than the user has.
    ScopeRefused,
    /// Too many failed attempts; not looked at.
    LimitReached {
        /// How long until the next attempt is looked at.
        retry_after: Duration,
    },
}

/// Looks at an attempt.
pub async fn issue_token(
    store: &Store,
    passwords: &Passwords,
    tokens: &Tokens,
    surroundings: &Surroundings,
    attempt: Attempt,
) -> Result<Outcome, Failure> {
    let Attempt { name, password, scope, address } = attempt;
    let now = surroundings.now();
    let attempts = store.count_login(&name, address, now, WINDOW).await?;
    if attempts.of_name > LIMIT_PER_NAME || attempts.of_address > LIMIT_PER_ADDRESS {
        return Ok(Outcome::LimitReached { retry_after: left_of_window(&attempts, now) });
    }

    let user = store.find_user(&name).await?;
    let hash = user.as_ref().map(|user| user.password_hash.clone());
    let right = passwords.check(password, hash).await?;
    let Some(user) = user.filter(|user| right && user.disabled_at.is_none()) else {
        return Ok(Outcome::Refused);
    };
    store.forget_logins(&name, address).await?;

    let role = Role::stored(&user.role)?;
    let Some(asked) = Scopes::parse(&scope).filter(|asked| role.scopes().contain(asked)) else {
        return Ok(Outcome::ScopeRefused);
    };
    let scopes = if asked.is_empty() { role.scopes() } else { asked };
    let is_narrowed = scopes != role.scopes();
    let caller = Caller::with_token(user.id, user.token_generation, scopes.clone(), is_narrowed);
    let token = tokens.sign(&caller, surroundings.now())?;
    Ok(Outcome::Issued { token, scopes })
}

fn left_of_window(attempts: &Attempts, now: DateTime<Utc>) -> Duration {
    let passed = (now - attempts.since).to_std().unwrap_or_default();
    WINDOW.saturating_sub(passed).max(Duration::from_secs(1))
}
