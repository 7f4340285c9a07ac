//! `latchkey project`, `latchkey member` and `latchkey service-account`: what administrators and admins of projects do with the API,
//! for an operator with access to the database.

use latchkey_domain::{
    members::{
        self,
        create_service_account::{self, create_service_account},
    },
    model::{Actor, Env, Error, ProjectChange, error_chain},
    projects::{self, create},
    store::Store,
};

use super::{CommandResult, database};
use crate::config::{
    Database, MemberCommand, MemberName, Members, ProjectCommand, Projects, ServiceAccountCommand, ServiceAccounts,
};

/// How many items are read at once.
const PAGE: usize = 200;

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
            let mut after = None;
            loop {
                let page = projects::list::list(store, env, Actor::Command, PAGE, after).await?;
                for project in page.items {
                    println!("{}\t{}", project.slug, if project.disabled { "disabled" } else { "enabled" });
                }
                after = page.next;
                if after.is_none() {
                    return Ok(());
                }
            }
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
            let mut after = None;
            loop {
                let page = members::list::list(store, env, Actor::Command, &project, PAGE, after).await?;
                for member in page.items {
                    let (id, kind, role) = (member.principal_id, member.kind.as_str(), member.role.as_str());
                    println!("{id}\t{kind}\t{}\t{role}", member.name);
                }
                after = page.next;
                if after.is_none() {
                    return Ok(());
                }
            }
        }
    })
    .await
}

pub(super) async fn service_account(options: ServiceAccounts) -> CommandResult {
    on_database(&options.database, async |store, env| {
        let ServiceAccountCommand::Create { project, name, role } = options.command;
        if !create_service_account::is_valid_name(&name) {
            return Err("a name has 1 to 255 characters, none of them a control character".into());
        }
        match create_service_account(store, env, Actor::Command, &project, &name, role).await? {
            Some(member) => println!("created service account {}", member.principal_id),
            None => return Err("there is already a service account of this name in the project".into()),
        }
        Ok(())
    })
    .await
}

/// Runs a command on a migrated database.
async fn on_database(options: &Database, run: impl AsyncFnOnce(&Store, &Env) -> CommandResult) -> CommandResult {
    let database = database::connect_or_start(options).await?;
    let result = async {
        database.migrate().await?;
        run(&database.cli_store()?, &crate::env()).await
    };
    let result = result.await;
    database.close().await?;
    result.map_err(|error| error_chain(&*error).into())
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
