//! Lists the owners of a project, oldest first, in keyset pages.

use crate::{
    model::{Caller, Env, Error, Owner, Page, Scope},
    store::Store,
};

/// The page of at most `limit` owners after the one with the id `after`, or the first page; with an external id, only that owner.
#[tracing::instrument(name = "owners.list", level = "debug", skip_all)]
pub async fn list(
    store: &Store,
    env: &Env,
    caller: &Caller,
    project: &str,
    external_id: Option<&str>,
    limit: usize,
    after: Option<i64>,
) -> Result<Page<Owner, i64>, Error> {
    let now = env.clock.now();
    let owners = store.list_owners(caller, now, project, external_id, after, limit + 1).await?;
    if owners.is_empty() {
        store.ensure_project_access(caller, now, project, Scope::OwnersRead).await?;
    }
    Ok(Page::cut(owners, limit, |owner| owner.id))
}
