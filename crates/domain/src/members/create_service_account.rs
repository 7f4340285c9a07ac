//! Creates a principal for a program.

use crate::{
    model::{Actor, Env, Error, Member, Role, Scope},
    store::{Store, members::CreatedAccount},
};

/// The service account as a member with this role; `None` if the name is taken in the project.
#[tracing::instrument(name = "members.create_service_account", level = "debug", skip_all)]
pub async fn create_service_account(
    store: &Store,
    env: &Env,
    actor: Actor<'_>,
    project: &str,
    name: &str,
    role: Role,
) -> Result<Option<Member>, Error> {
    let now = env.clock.now();
    match store.insert_service_account(actor, now, project, name, role).await? {
        CreatedAccount::Created(member) => Ok(Some(member)),
        CreatedAccount::Taken => Ok(None),
        CreatedAccount::Nothing => {
            store.ensure_project_access(actor, now, project, Scope::ProjectAdmin).await?;
            // The caller gained its role between the two statements.
            Err(Error::Contention)
        }
    }
}
