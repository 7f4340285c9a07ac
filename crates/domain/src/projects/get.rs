//! Reads a project.

use crate::{
    model::{Caller, Env, Error, Project, Scope},
    store::Store,
};

/// The project of this slug, for a caller that may read its owners. Fails with [`Error::ProjectNotFound`] if the caller has no role in
/// such a project.
#[tracing::instrument(name = "projects.get", level = "debug", skip_all)]
pub async fn get(store: &Store, env: &Env, caller: &Caller, slug: &str) -> Result<Project, Error> {
    find(store, env, caller, slug, Scope::OwnersRead).await
}

/// The project of this slug, for a caller that has a scope in it.
pub(super) async fn find(
    store: &Store,
    env: &Env,
    caller: &Caller,
    slug: &str,
    scope: Scope,
) -> Result<Project, Error> {
    let now = env.clock.now();
    match store.get_project(caller, now, slug, scope).await? {
        Some(project) => Ok(project),
        None => {
            store.ensure_project_access(caller, now, slug, scope).await?;
            // The caller gained its role between the two statements.
            Err(Error::Contention)
        }
    }
}
