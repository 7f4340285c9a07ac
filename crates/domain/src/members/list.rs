//! Lists the members of a project, oldest principals first, in keyset pages.

use crate::{
    model::{Actor, Env, Error, Member, Page, Scope},
    store::Store,
};

/// The page of at most `limit` members after the principal with the id `after`, or the first page.
#[tracing::instrument(name = "members.list", level = "debug", skip_all)]
pub async fn list(
    store: &Store,
    env: &Env,
    actor: Actor<'_>,
    project: &str,
    limit: usize,
    after: Option<i64>,
) -> Result<Page<Member, i64>, Error> {
    let now = env.clock.now();
    let members = store.list_members(actor, now, project, after, limit + 1).await?;
    if members.is_empty() {
        store.ensure_project_access(actor, now, project, Scope::ProjectAdmin).await?;
    }
    Ok(Page::cut(members, limit, |member| member.principal_id))
}
