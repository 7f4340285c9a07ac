//! `latchkey user`: manages users. There is no HTTP API for it; an operator needs access to the database.

use std::{io::BufRead, num::NonZeroUsize};

use latchkey_domain::{
    identity::{password::PasswordHasher, users},
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
    result
}

async fn run(store: &Store, command: UserCommand) -> CommandResult {
    let env = crate::env();
    let passwords = PasswordHasher::new(NonZeroUsize::MIN);
    match command {
        UserCommand::Create { name, role, password } => {
            let id = users::create(store, &passwords, &env, &name, role, read_password(&password)?).await?;
            println!("created user {id}");
        }
        UserCommand::SetPassword { name, password } => {
            users::set_password(store, &passwords, &env, &name, read_password(&password)?).await?;
            println!("set the password and revoked all bearer tokens of the user");
        }
        UserCommand::Disable { name } => {
            users::disable(store, &env, &name).await?;
            println!("disabled the user");
        }
        UserCommand::Enable { name } => {
            users::enable(store, &name).await?;
            println!("enabled the user");
        }
        UserCommand::List => {
            for user in store.list_users().await? {
                let state = if user.disabled_at.is_some() { "disabled" } else { "enabled" };
                println!("{}\t{}\t{}\t{state}", user.id, user.name, user.role.as_str());
            }
        }
    }
    Ok(())
}

/// Reads the first line of standard input, the only source: `--password-stdin` is required.
fn read_password(_source: &PasswordSource) -> CommandResult<SecretString> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\n', '\r']).into())
}
