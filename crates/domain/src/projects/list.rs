//! Lists projects, oldest first, in keyset pages.

use crate::{
    model::{Caller, Env, Error, Page, Project},
    store::Store,
};

/// The page of at most `limit` projects in which the caller has a role, after the one with the id `after`, or the first page. An
/// administrator has all.
#[tracing::instrument(name = "projects.list", level = "debug", skip_all)]
pub async fn list(
    store: &Store,
    env: &Env,
    caller: &Caller,
    limit: usize,
    after: Option<i64>,
) -> Result<Page<Project, i64>, Error> {
    let now = env.clock.now();
    let projects = store.list_projects(caller, now, after, limit + 1).await?;
    if projects.is_empty() {
        store.ensure_caller_active(caller, now).await?;
    }
    Ok(Page::cut(projects, limit, |project| project.id))
}
