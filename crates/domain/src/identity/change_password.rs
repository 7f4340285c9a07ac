//! Changes the caller's own password.

use std::{sync::Arc, time::Duration};

use secrecy::SecretString;

use super::issue_token::{Logins, Refusal, check_password};
use crate::{
    model::{Caller, Env, Error},
    store::Store,
};

/// What became of the request.
pub enum Outcome {
    /// The password is set, and the caller's bearer tokens have ended.
    Changed,
    /// The credential is no full token.
    NoFullToken,
    /// The current password is wrong.
    WrongPassword,
    /// There were too many failed logins. The password was not verified.
    RateLimited {
        /// How long until it can be tried again.
        retry_after: Duration,
    },
    /// There are too many logins at the same time.
    Overloaded,
}

/// Changes the password of a user who knows the current one. That is checked by a login, so that who has stolen a token can guess no
/// more passwords than anybody else.
#[tracing::instrument(name = "identity.change_password", level = "debug", skip_all)]
pub async fn change_password(
    store: &Arc<Store>,
    logins: &Arc<Logins>,
    env: &Env,
    caller: &Caller,
    current: SecretString,
    new: SecretString,
) -> Result<Outcome, Error> {
    if !caller.has_full_token() {
        return Ok(Outcome::NoFullToken);
    }
    let user = store.ensure_caller_active(caller, env.clock.now()).await?;
    match check_password(store, logins, env, user.name, current, caller.client_ip).await? {
        Ok(_) => {}
        Err(Refusal::WrongPassword) => return Ok(Outcome::WrongPassword),
        Err(Refusal::RateLimited { retry_after }) => return Ok(Outcome::RateLimited { retry_after }),
        Err(Refusal::Overloaded) => return Ok(Outcome::Overloaded),
    }
    let Some(hash) = logins.hash(new, caller.client_ip, &env.rng).await? else { return Ok(Outcome::Overloaded) };
    if store.set_own_password(caller, env.clock.now(), hash).await? {
        Ok(Outcome::Changed)
    } else {
        Err(Error::CallerInactive)
    }
}
