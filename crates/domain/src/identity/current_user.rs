//! Reads the caller's own user.

use crate::{
    model::{Caller, Error, User},
    store::Store,
};

/// The caller's user.
#[tracing::instrument(name = "identity.current_user", level = "debug", skip_all)]
pub async fn current_user(store: &Store, caller: &Caller) -> Result<User, Error> {
    store.find_active_user(caller).await?.ok_or(Error::CallerInactive)
}
