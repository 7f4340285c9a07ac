//! Lists projects, oldest first, in keyset pages.

use crate::{
    model::{Actor, Env, Error, Page, Project},
    store::Store,
};

/// The page of at most `limit` projects in which the actor has a role, after the one with the id `after`, or the first page.
/// Administrators and commands have all.
#[tracing::instrument(name = "projects.list", level = "debug", skip_all)]
pub async fn list(
    store: &Store,
    env: &Env,
    actor: Actor<'_>,
    limit: usize,
    after: Option<i64>,
) -> Result<Page<Project, i64>, Error> {
    let now = env.clock.now();
    let projects = store.list_projects(actor, now, after, limit + 1).await?;
    if let (true, Actor::Caller(caller)) = (projects.is_empty(), actor) {
        store.ensure_caller_active(caller, now).await?;
    }
    Ok(Page::cut(projects, limit, |project| project.id))
}
