//! Lists projects, oldest first, in keyset pages.

use crate::{
    model::{Caller, Env, Error, Project},
    store::Store,
};

/// A page of projects.
pub struct Page {
    /// Oldest first.
    pub projects: Vec<Project>,
    /// The id after which the next page begins; `None` on the last page.
    pub next: Option<i64>,
}

/// The page of at most `limit` projects in which the caller has a role, after the one with the id `after`, or the first page. An
/// administrator has all.
#[tracing::instrument(name = "projects.list", level = "debug", skip_all)]
pub async fn list(store: &Store, env: &Env, caller: &Caller, limit: usize, after: Option<i64>) -> Result<Page, Error> {
    let now = env.clock.now();
    let mut projects = store.list_projects(caller, now, after, limit + 1).await?;
    if projects.is_empty() {
        store.ensure_caller_active(caller, now).await?;
    }
    let has_more = projects.len() > limit;
    projects.truncate(limit);
    let next = projects.last().filter(|_| has_more).map(|project| project.id);
    Ok(Page { projects, next })
}
