//! Gives a user or a service account a role in a project.

use crate::{
    model::{Actor, Env, Error, Member, Role, Scope},
    store::Store,
};

/// The member with this role; `None` if there is no such user, or no such service account of the project.
#[tracing::instrument(name = "members.set", level = "debug", skip_all)]
pub async fn set(
    store: &Store,
    env: &Env,
    actor: Actor<'_>,
    project: &str,
    principal_id: i64,
    role: Role,
) -> Result<Option<Member>, Error> {
    let now = env.clock.now();
    let member = store.set_member(actor, now, project, principal_id, role).await?;
    if member.is_none() {
        store.ensure_project_access(actor, now, project, Scope::ProjectAdmin).await?;
    }
    Ok(member)
}
