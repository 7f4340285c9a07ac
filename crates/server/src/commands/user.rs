//! `latchkey user`: users are made and changed by an operator on the machine, never over HTTP.

use std::{io::BufRead, num::NonZeroUsize};

use latchkey_domain::{
    identity::{password::Passwords, user},
    store::Store,
};
use secrecy::SecretString;

use super::{CommandResult, database};
use crate::config::{PasswordSource, User, UserCommand};

pub(super) async fn user(options: User) -> CommandResult {
    let database = database::open_beside(&options.database).await?;
    let done = async {
        database.migrate().await?;
        run(&database.small_store()?, options.command).await
    };
    let done = done.await;
    database.close().await?;
    done
}

async fn run(store: &Store, command: UserCommand) -> CommandResult {
    let surroundings = crate::surroundings();
    let passwords = Passwords::new(NonZeroUsize::MIN);
    match command {
        UserCommand::Create { name, role, password } => {
            let id = user::create(store, &passwords, &surroundings, &name, role, read(&password)?).await?;
            println!("user {id} was made");
        }
        UserCommand::SetPassword { name, password } => {
            user::set_password(store, &passwords, &surroundings, &name, read(&password)?).await?;
            println!("the password was set, and all bearer tokens of the user have ended");
        }
        UserCommand::Disable { name } => {
            user::disable(store, &surroundings, &name).await?;
            println!("the user is disabled");
        }
        UserCommand::Enable { name } => {
            user::enable(store, &name).await?;
            println!("the user is enabled");
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

/// The first line of standard input; `--password-stdin` is required, so there is no other source.
fn read(_source: &PasswordSource) -> CommandResult<SecretString> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\n', '\r']).into())
}
