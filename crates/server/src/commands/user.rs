//! `latchkey user`: manages users. There is no HTTP API for it; an operator needs access to the database.

use std::{io::BufRead, num::NonZeroUsize};

use latchkey_domain::{
    identity::{password::PasswordHasher, users},
    model::{Env, error_chain},
    store::Store,
};
use secrecy::SecretString;

use super::{CommandResult, database};
use crate::config::{PasswordSource, User, UserCommand};

pub(super) async fn user(options: User) -> CommandResult {
    let database = database::connect_or_start(&options.database).await?;
    let result = async {
        database.migrate().await?;
        run(&database.cli_store()?, options.command).await
    };
    let result = result.await;
    database.close().await?;
    // The cause may be that the role of the database URL may not change users.
    result.map_err(|error| error_chain(&*error).into())
}

async fn run(store: &Store, command: UserCommand) -> CommandResult {
    let env = crate::env();
    let passwords = PasswordHasher::new(NonZeroUsize::MIN);
    match command {
        UserCommand::Create { name, role, password } => {
            let id = users::create(store, &passwords, &env, &name, role, read_password(&password)?).await?;
            println!("created user {id}");
        }
        UserCommand::SetPassword { name, revoke_keys, password } => {
            let password = read_password(&password)?;
            let id = users::set_password(store, &passwords, &env, &name, password).await?;
            println!("set the password and revoked all bearer tokens of the user");
            if revoke_keys {
                revoke_keys_of(store, &env, id).await?;
            }
        }
        UserCommand::SetRole { name, role } => {
            users::set_role(store, &env, &name, role).await?;
            println!("set the role");
        }
        UserCommand::Disable { name, revoke_keys } => {
            let id = users::disable(store, &env, &name).await?;
            println!("disabled the user");
            if revoke_keys {
                revoke_keys_of(store, &env, id).await?;
            }
        }
        UserCommand::Enable { name } => {
            users::enable(store, &env, &name).await?;
            println!("enabled the user");
        }
        UserCommand::List => {
            for user in store.list_users().await? {
                let state = if user.disabled_at.is_some() { "disabled" } else { "enabled" };
                println!("{}\t{}\t{}\t{state}", user.id, user.name, user.role().as_str());
            }
        }
    }
    Ok(())
}

/// The user is locked out already, whatever becomes of this.
async fn revoke_keys_of(store: &Store, env: &Env, user_id: i64) -> CommandResult {
    let revoked = users::revoke_keys(store, env, user_id).await.map_err(|error| {
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
