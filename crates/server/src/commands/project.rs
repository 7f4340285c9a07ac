//! `latchkey project`, `latchkey member` and `latchkey service-account`: what administrators and admins of projects do with the API,
//! for an operator with access to the database.

use latchkey_domain::{
    members::{self, create_service_account::create_service_account},
    model::{
        Actor, Error, ProjectChange,
        principal::{MAX_NAME_LENGTH, is_valid_name},
    },
    projects::{self, create},
    store::Store,
};

use super::{
    CommandResult,
    database::{PAGE, for_each, on_database},
};
use crate::config::{
    MemberCommand, MemberName, Members, ProjectCommand, Projects, ServiceAccountCommand, ServiceAccounts,
};

pub(super) async fn project(options: Projects) -> CommandResult {
    on_database(&options.database, async |store, env| match options.command {
        ProjectCommand::Create { slug } => {
            match create::create(store, env, Actor::Command, &slug, ProjectChange::default()).await? {
                create::Outcome::Created(project) => println!("created project {}", project.slug),
                create::Outcome::Taken => return Err("there is already a project with this slug".into()),
            }
            Ok(())
        }
        ProjectCommand::List => {
            let page = async |after| projects::list::list(store, env, Actor::Command, PAGE, after).await;
            for_each(page, |project| {
                println!("{}\t{}", project.slug, if project.disabled { "disabled" } else { "enabled" });
            })
            .await
        }
    })
    .await
}

pub(super) async fn member(options: Members) -> CommandResult {
    on_database(&options.database, async |store, env| match options.command {
        MemberCommand::Set { member, role } => {
            let id = find(store, &member).await?;
            let set = members::set::set(store, env, Actor::Command, &member.project, id, role).await?;
            set.ok_or_else(|| no_such(&member))?;
            println!("set the role");
            Ok(())
        }
        MemberCommand::Remove { member } => {
            let id = find(store, &member).await?;
            if !members::remove::remove(store, env, Actor::Command, &member.project, id).await? {
                return Err("there is no member of this name in the project".into());
            }
            println!("removed the member");
            Ok(())
        }
        MemberCommand::List { project } => {
            let page = async |after| members::list::list(store, env, Actor::Command, &project, PAGE, after).await;
            for_each(page, |member| {
                let (id, kind, role) = (member.principal_id, member.kind.as_str(), member.role.as_str());
                println!("{id}\t{kind}\t{}\t{role}", member.name);
            })
            .await
        }
    })
    .await
}

pub(super) async fn service_account(options: ServiceAccounts) -> CommandResult {
    on_database(&options.database, async |store, env| {
        let ServiceAccountCommand::Create { project, name, role } = options.command;
        if !is_valid_name(&name) {
            let error = format!("a name has 1 to {MAX_NAME_LENGTH} characters, none of them a control character");
            return Err(error.into());
        }
        match create_service_account(store, env, Actor::Command, &project, &name, role).await? {
            Some(member) => println!("created service account {}", member.principal_id),
            None => return Err("there is already a service account of this name in the project".into()),
        }
        Ok(())
    })
    .await
}

/// The id of the principal of a name.
async fn find(store: &Store, member: &MemberName) -> CommandResult<i64> {
    if !member.service_account {
        let user = store.find_user(&member.name).await?;
        return user.map(|user| user.principal.id).ok_or_else(|| no_such(member).into());
    }
    let project_id = store.find_project_id(&member.project).await?.ok_or(Error::ProjectNotFound)?;
    let id = store.find_service_account_id(project_id, &member.name).await?;
    id.ok_or_else(|| no_such(member).into())
}

fn no_such(member: &MemberName) -> &'static str {
    if member.service_account {
        "there is no service account of this name in the project"
    } else {
        "there is no user of this name; a service account is named with --service-account"
    }
}
