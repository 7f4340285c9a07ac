//! `latchkey user`: manages users. There is no HTTP API for it; an operator needs access to the database.

use std::{io::BufRead, num::NonZeroUsize};

use latchkey_domain::{
    identity::{password::Passwords, user},
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
    let surroundings = crate::surroundings();
    let passwords = Passwords::new(NonZeroUsize::MIN);
    match command {
        UserCommand::Create { name, role, password } => {
            let id = user::create(store, &passwords, &surroundings, &name, role, read_password(&password)?).await?;
            println!("created user {id}");
        }
        UserCommand::SetPassword { name, password } => {
            user::set_password(store, &passwords, &surroundings, &name, read_password(&password)?).await?;
            println!("set the password and revoked all bearer tokens of the user");
        }
        UserCommand::Disable { name } => {
            user::disable(store, &surroundings, &name).await?;
            println!("disabled the user");
        }
        UserCommand::Enable { name } => {
            user::enable(store, &name).await?;
            println!("enabled the user");
        }
        UserCommand::List => {
            for user in store.users().await? {
                let state = if user.disabled_at.is_some() { "disabled" } else { "enabled" };
                println!("{}\t{}\t{}\t{state}", user.id, user.name, user.role);
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
