//! Changes the caller's own password.

use std::sync::Arc;

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
    /// The current password was not accepted, or there are too many logins at the same time to hash the new one.
    Refused(Refusal),
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
    if let Err(refusal) = check_password(store, logins, env, user.name, current, caller.client_ip).await? {
        return Ok(Outcome::Refused(refusal));
    }
    let Some(hash) = logins.hash(new, caller.client_ip, &env.rng).await? else {
        return Ok(Outcome::Refused(Refusal::Overloaded));
    };
    if store.set_own_password(caller, env.clock.now(), hash).await? {
        Ok(Outcome::Changed)
    } else {
        Err(Error::CallerInactive)
    }
}
