//! Reads the caller's own principal.

use crate::{
    model::{Caller, Env, Error, Principal},
    store::Store,
};

/// The caller's principal.
#[tracing::instrument(name = "identity.current_user", level = "debug", skip_all)]
pub async fn current_user(store: &Store, env: &Env, caller: &Caller) -> Result<Principal, Error> {
    store.find_active_principal(caller, env.clock.now()).await?.ok_or(Error::CallerInactive)
}
