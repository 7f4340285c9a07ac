//! Takes a member's role in a project.

use crate::{
    model::{Actor, Env, Error, Scope},
    store::Store,
};

/// Removes a member, and disables a service account. Whether there was one.
#[tracing::instrument(name = "members.remove", level = "debug", skip_all)]
pub async fn remove(
    store: &Store,
    env: &Env,
    actor: Actor<'_>,
    project: &str,
    principal_id: i64,
) -> Result<bool, Error> {
    let now = env.clock.now();
    let is_removed = store.remove_member(actor, now, project, principal_id).await?;
    if !is_removed {
        store.ensure_project_access(actor, now, project, Scope::ProjectAdmin).await?;
    }
    Ok(is_removed)
}
