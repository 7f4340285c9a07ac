//! Exchanges a name and a password for a bearer token (RFC 6749, section 4.3), with limits on failed logins and on logins at the
//! same time.
//!
//! A login over a limit costs a read, and nothing if its block is cached ([`LoginBlocks`]). Any other waits until its password
//! can be hashed, counts as failed, and is taken back when it succeeds: so many at once cannot exceed the limit, and a login that
//! gave up waiting has not failed.

use std::{
    net::{IpAddr, Ipv4Addr},
    panic::resume_unwind,
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use sha2::Sha256;
use tracing::Instrument;

use super::{
    login_blocks::{CachedBlock, Exempt, LoginBlocks, MAX_KNOWN_LOGINS},
    login_events::{FailedLoginEvents, LoginResult},
    login_limits::{ATTEMPT_WINDOW, KNOWN_LOGIN_TTL, LoginLimits},
    login_queue::{LoginPlace, LoginQueue},
    password::{HashPermit, PasswordHasher},
    token_signer::TokenSigner,
};
use crate::{
    model::{Caller, Clock, Counters, Env, Error, Principal, Rng, Scopes, audit::AccessEvent},
    store::{Store, login_attempts::LoginCount},
};

/// A login.
pub struct LoginAttempt {
    /// The name of the user.
    pub name: String,
    /// The password.
    pub password: SecretString,
    /// The scopes that the token shall have, separated by spaces; empty for all that the user has.
    pub scope: String,
    /// Where the request came from, if known. Clients of unknown address share one limit.
    pub client_ip: Option<IpAddr>,
}

/// What became of the login.
pub enum Outcome {
    /// It succeeded.
    Issued {
        /// The token.
        token: SecretString,
        /// The user.
        user_id: i64,
        /// What the token may do.
        scopes: Scopes,
    },
    /// A scope is unknown, or the user does not have it.
    InvalidScope,
    /// The password was not accepted.
    Refused(Refusal),
}

/// Why a password was not accepted.
pub enum Refusal {
    /// The name or the password is wrong, or the user is disabled. Which, is not disclosed.
    WrongPassword,
    /// There were too many failed logins. The password was not verified.
    RateLimited {
        /// How long until a login is possible again.
        retry_after: Duration,
    },
    /// There are too many logins at the same time. The password was not verified, and the login did not count as failed.
    Overloaded,
}

/// What logins share on a node.
pub struct Logins {
    names: LoginNameHasher,
    passwords: PasswordHasher,
    queue: Arc<LoginQueue>,
    blocks: LoginBlocks,
    failed_events: FailedLoginEvents,
    counts: Counters<LoginResult>,
}

impl Logins {
    /// `secret` is the service's own, the same on every node.
    pub fn new(secret: &SecretSlice<u8>, passwords: PasswordHasher, clock: Clock) -> Result<Self, Error> {
        Ok(Self {
            names: LoginNameHasher::new(secret)?,
            passwords,
            queue: Arc::default(),
            blocks: LoginBlocks::new(clock),
            failed_events: FailedLoginEvents::default(),
            counts: Counters::default(),
        })
    }

    /// The hash of a password to set, in PHC format, for a client at this address. `None` if there are too many logins at the same
    /// time.
    pub async fn hash(
        &self,
        password: SecretString,
        client_ip: Option<IpAddr>,
        rng: &Rng,
    ) -> Result<Option<String>, Error> {
        let limits = LoginLimits::new(Vec::new(), address(client_ip));
        let Some(_place) = self.queue.enter(limits.widest_network()) else { return Ok(None) };
        self.passwords.hash(password, rng).await.map(Some)
    }

    /// How many logins had each result.
    pub fn counts(&self) -> &Counters<LoginResult> {
        &self.counts
    }
}

/// Hashes the names that logins are counted under, because people type passwords into the wrong field.
struct LoginNameHasher(Hmac<Sha256>);

impl LoginNameHasher {
    fn new(secret: &SecretSlice<u8>) -> Result<Self, Error> {
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
    store: &Arc<Store>,
    logins: &Arc<Logins>,
    tokens: &TokenSigner,
    env: &Env,
    attempt: LoginAttempt,
) -> Result<Outcome, Error> {
    let LoginAttempt { name, password, scope, client_ip } = attempt;
    let user = match check_password(store, logins, env, name, password, client_ip).await? {
        Ok(user) => user,
        Err(refusal) => return Ok(Outcome::Refused(refusal)),
    };

    let granted = user.rights.scopes();
    let Some(requested) = Scopes::parse(&scope).filter(|requested| granted.contains_all(requested)) else {
        return Ok(Outcome::InvalidScope);
    };
    let full = Caller::with_token(user.id, user.token_generation);
    // Scopes that are named are all that the token ever has.
    let caller = if requested.is_empty() {
        full
    } else if requested == granted {
        full.with_scopes(requested)
    } else {
        Caller::with_restricted_token(user.id, user.token_generation, requested)
    };
    let token = tokens.sign(&caller, &user.rights, env.clock.now())?;
    let scopes = caller.scopes.intersection(&granted);
    Ok(Outcome::Issued { token, user_id: user.id, scopes })
}

/// The address that a login counts for. Clients of unknown address share one.
fn address(client_ip: Option<IpAddr>) -> IpAddr {
    client_ip.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

/// The enabled user of this name, if the password is right. It is a login: limited, counted and recorded.
pub(super) async fn check_password(
    store: &Arc<Store>,
    logins: &Arc<Logins>,
    env: &Env,
    name: String,
    password: SecretString,
    client_ip: Option<IpAddr>,
) -> Result<Result<Principal, Refusal>, Error> {
    let limits = LoginLimits::new(logins.names.hash(&name).to_vec(), address(client_ip));
    let now = env.clock.now();
    let refused = match logins.blocks.find(&limits) {
        None => None,
        Some(CachedBlock::Blocked(until)) => Some(until),
        Some(CachedBlock::BlockedIfUnknown(until)) => {
            let is_known = store.is_known_login(limits.of_name(), now).await?;
            (!is_known).then_some(until)
        }
    };
    if let Some(until) = refused {
        logins.counts.increment(LoginResult::RateLimited);
        return Ok(Err(rate_limited_until(until, now)));
    }
    // Before the counters are read, because a flood of logins that are refused here would keep the database busy.
    let Some(place) = logins.queue.enter(limits.widest_network()) else {
        logins.counts.increment(LoginResult::Overloaded);
        return Ok(Err(Refusal::Overloaded));
    };
    let read_at = env.clock.monotonic();
    let counts = store.find_login_counts(limits.counters(), now).await?;
    let mut is_known = false;
    if let Some((counter, until)) = limits.blocked_network(&counts, 1) {
        let exempt = exempt_names(store, counter.network, now).await?;
        is_known = match &exempt {
            Exempt::Known(known) => known.contains(limits.of_name()),
            Exempt::TooMany => store.is_known_login(limits.of_name(), now).await?,
        };
        logins.blocks.insert(counter, until, exempt, read_at);
    }
    if let Some(refusal) = rate_limited(&limits, is_known, &counts, 1, now) {
        if let Some(until) = limits.name_blocked_until(&counts, 1) {
            logins.blocks.insert(limits.of_name(), until, Exempt::none(), read_at);
        }
        logins.counts.increment(LoginResult::RateLimited);
        return Ok(Err(refusal));
    }
    let permit = logins.passwords.wait_for_permit().await?;

    // From here on the login counts as failed. In a task of its own: a client that disconnects must not prevent its event.
    let login = AdmittedLogin { name, password, client_ip, limits, is_known, permit, place };
    let checked = login.check(Arc::clone(store), Arc::clone(logins), env.clone());
    match tokio::spawn(checked.in_current_span()).await {
        Ok(checked) => checked,
        // The message may contain a secret, so it must not become the cause of an error.
        Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
        Err(error) => Err(Error::internal(error)),
    }
}

/// The names that others do not block in a network.
async fn exempt_names(store: &Store, network: IpNet, now: DateTime<Utc>) -> Result<Exempt, Error> {
    let limit = i64::try_from(MAX_KNOWN_LOGINS + 1).map_err(Error::internal)?;
    Ok(store.list_known_logins(network, now, limit).await?.into())
}

/// A login whose password may be hashed.
struct AdmittedLogin {
    name: String,
    password: SecretString,
    client_ip: Option<IpAddr>,
    limits: LoginLimits,
    is_known: bool,
    permit: HashPermit,
    place: LoginPlace,
}

impl AdmittedLogin {
    /// The user, if the password is right. The login is counted, and its event is written.
    async fn check(
        self,
        store: Arc<Store>,
        logins: Arc<Logins>,
        env: Env,
    ) -> Result<Result<Principal, Refusal>, Error> {
        let Self { name, password, client_ip, limits, is_known, permit, place: _place } = self;
        let user = store.find_user(&name).await?;
        let now = env.clock.now();
        let counts = store.record_failed_login(limits.counters(), now, ATTEMPT_WINDOW).await?;
        // Others may have failed since the first look.
        if let Some(refusal) = rate_limited(&limits, is_known, &counts, 0, now) {
            logins.counts.increment(LoginResult::RateLimited);
            return Ok(Err(refusal));
        }
        let (user, hash) = user.map(|user| (user.principal, user.password_hash)).unzip();
        let is_correct = permit.verify(password, hash.flatten()).await?;
        let named_id = user.as_ref().map(|user| user.id);
        let Some(user) = user.filter(|user| is_correct && user.disabled_at.is_none()) else {
            if logins.failed_events.admits_one(named_id, env.clock.monotonic()) {
                store.record_login_event(&AccessEvent::failed_login(named_id, client_ip, now)).await?;
            } else {
                store.omit_login_event(limits.of_name()).await?;
            }
            logins.counts.increment(LoginResult::Failure);
            return Ok(Err(Refusal::WrongPassword));
        };
        let event = AccessEvent::login(user.id, client_ip, now);
        store.record_successful_login(limits.counters(), now + KNOWN_LOGIN_TTL, &event).await?;
        logins.counts.increment(LoginResult::Success);
        Ok(Ok(user))
    }
}

/// The refusal if the login would exceed a limit after another `added` failures. Where its name is known, other names do not
/// block it.
fn rate_limited(
    limits: &LoginLimits,
    is_known: bool,
    counts: &[LoginCount],
    added: i32,
    now: DateTime<Utc>,
) -> Option<Refusal> {
    let by_network = limits.network_blocked_until(counts, added).filter(|_| !is_known);
    Some(rate_limited_until(limits.name_blocked_until(counts, added).max(by_network)?, now))
}

fn rate_limited_until(until: DateTime<Utc>, now: DateTime<Utc>) -> Refusal {
    // Clocks of nodes differ.
    let retry_after = (until - now).to_std().unwrap_or_default().clamp(Duration::from_secs(1), ATTEMPT_WINDOW);
    Refusal::RateLimited { retry_after }
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
        let limits = LoginLimits::new(vec![1; 32], [192, 0, 2, 1].into());
        let expires_at = DateTime::UNIX_EPOCH + ATTEMPT_WINDOW;
        let counts = limits.counters().iter().cloned();
        let counts: Vec<_> = counts.map(|counter| LoginCount { counter, failures: 10, expires_at }).collect();
        let after = |seconds| {
            let now = DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
            match rate_limited(&limits, true, &counts, 1, now) {
                Some(Refusal::RateLimited { retry_after }) => retry_after,
                _ => panic!("the login is not limited"),
            }
        };
        assert_eq!(after(0), ATTEMPT_WINDOW);
        assert_eq!(after(60), ATTEMPT_WINDOW - Duration::from_secs(60));
        assert_eq!(after(15 * 60), Duration::from_secs(1));
        assert_eq!(after(-5), ATTEMPT_WINDOW);
        assert!(rate_limited(&limits, false, &counts, 0, expires_at).is_none());
    }
}
