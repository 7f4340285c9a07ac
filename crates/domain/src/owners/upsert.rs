//! Creates or changes an owner.

use crate::{
    model::{Caller, Env, Error, Owner, OwnerChange, Scope},
    store::Store,
};

/// How often the statement is attempted if another creates the owner at the same time.
const MAX_ATTEMPTS: usize = 3;

/// What became of the request.
pub enum Outcome {
    /// The owner is new.
    Created(Owner),
    /// The owner existed, and is as it was asked for.
    Existing(Owner),
}

/// Creates the owner of an external id, or changes it.
#[tracing::instrument(name = "owners.upsert", level = "debug", skip_all)]
pub async fn upsert(
    store: &Store,
    env: &Env,
    caller: &Caller,
    project: &str,
    change: &OwnerChange,
) -> Result<Outcome, Error> {
    for _ in 0..MAX_ATTEMPTS {
        let now = env.clock.now();
        match store.upsert_owner(caller, now, project, change).await? {
            Some((owner, true)) => return Ok(Outcome::Created(owner)),
            Some((owner, false)) => return Ok(Outcome::Existing(owner)),
            None => store.ensure_project_access(caller, now, project, Scope::OwnersWrite).await?,
        }
    }
    Err(Error::Contention)
}
