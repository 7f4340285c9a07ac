//! Reads an owner.

use crate::{
    model::{Caller, Env, Error, Owner, Scope},
    store::Store,
};

/// The owner of this id in a project; `None` if there is none.
#[tracing::instrument(name = "owners.get", level = "debug", skip_all)]
pub async fn get(store: &Store, env: &Env, caller: &Caller, project: &str, id: i64) -> Result<Option<Owner>, Error> {
    let now = env.clock.now();
    let found = store.find_owner(caller, now, project, id).await?;
    if found.is_none() {
        store.ensure_project_access(caller, now, project, Scope::OwnersRead).await?;
    }
    Ok(found)
}
