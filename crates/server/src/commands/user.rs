//! `latchkey user`: manages users, as administrators do with the API, for an operator with access to the database.

use std::{io::BufRead, num::NonZeroUsize};

use latchkey_domain::{
    identity::{password::PasswordHasher, users},
    model::{Actor, Env, NewUser, User as ModelUser, UserChange, UserRole, error_chain},
    store::Store,
};
use secrecy::SecretString;

use super::{
    CommandResult,
    database::{PAGE, for_each, on_database},
};
use crate::config::{PasswordSource, User, UserCommand};

pub(super) async fn user(options: User) -> CommandResult {
    on_database(&options.database, async |store, env| run(store, env, options.command).await).await
}

async fn run(store: &Store, env: &Env, command: UserCommand) -> CommandResult {
    let passwords = PasswordHasher::new(NonZeroUsize::MIN);
    match command {
        UserCommand::Create { name, role, password } => {
            let password_hash = Some(users::hash_password(&passwords, env, read_password(&password)?).await?);
            let is_administrator = role == UserRole::Admin;
            let new = NewUser { name, password_hash, is_administrator, is_verifier: role == UserRole::Verifier };
            let user = users::create(store, env, Actor::Command, new).await?;
            println!("created user {}", user.principal.id);
        }
        UserCommand::SetPassword { name, revoke_keys, password } => {
            let hash = users::hash_password(&passwords, env, read_password(&password)?).await?;
            let change = UserChange { password_hash: Some(hash), ..UserChange::default() };
            let id = update(store, env, &name, change).await?;
            println!("set the password and revoked all bearer tokens of the user");
            if revoke_keys {
                revoke_keys_of(store, env, id).await?;
            }
        }
        UserCommand::SetRole { name, role } => {
            // An administrator keeps the roles in projects.
            let is_verifier = (role != UserRole::Admin).then_some(role == UserRole::Verifier);
            let is_administrator = Some(role == UserRole::Admin);
            update(store, env, &name, UserChange { is_administrator, is_verifier, ..UserChange::default() }).await?;
            println!("set the role");
        }
        UserCommand::Disable { name, revoke_keys } => {
            let id = update(store, env, &name, UserChange { disabled: Some(true), ..UserChange::default() }).await?;
            println!("disabled the user");
            if revoke_keys {
                revoke_keys_of(store, env, id).await?;
            }
        }
        UserCommand::Enable { name } => {
            update(store, env, &name, UserChange { disabled: Some(false), ..UserChange::default() }).await?;
            println!("enabled the user");
        }
        UserCommand::List => {
            let page = async |after| users::list(store, env, Actor::Command, None, PAGE, after).await;
            for_each(page, |ModelUser { principal, .. }| {
                let state = if principal.disabled_at.is_some() { "disabled" } else { "enabled" };
                println!("{}\t{}\t{}\t{state}", principal.id, principal.name, principal.role().as_str());
            })
            .await?;
        }
    }
    Ok(())
}

/// Changes the user of a name, and returns the id.
async fn update(store: &Store, env: &Env, name: &str, change: UserChange) -> CommandResult<i64> {
    let user = store.find_user(name).await?.ok_or(users::UserError::NotFound)?;
    users::update(store, env, Actor::Command, user.principal.id, &change).await?;
    Ok(user.principal.id)
}

/// The user is locked out already, whatever becomes of this.
async fn revoke_keys_of(store: &Store, env: &Env, user_id: i64) -> CommandResult {
    let revoked = users::revoke_keys(store, env, Actor::Command, user_id).await.map_err(|error| {
        format!("not all API keys of the user are revoked, repeat the same command: {}", error_chain(&error))
    })?;
    println!("revoked {revoked} API keys of the user");
    Ok(())
}

/// Reads the first line of standard input, the only source: `--password-stdin` is required.
fn read_password(_source: &PasswordSource) -> CommandResult<SecretString> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\n', '\r']).into())
}
