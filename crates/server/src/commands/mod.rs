//! The commands of the program, one module each.

mod database;
mod migrate;
mod openapi;
mod serve;
mod user;

use std::error::Error;

use crate::config::Command;

/// The result of a command. The text of an error is one line, printed to standard error.
pub type CommandResult<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// Runs a command.
pub async fn run(command: Command) -> CommandResult {
    match command {
        Command::Serve(options) => serve::serve(*options).await,
        Command::Migrate(options) => migrate::migrate(&options).await,
        Command::User(options) => user::user(options).await,
        Command::Openapi { json } => {
            openapi::openapi(json);
            Ok(())
        }
    }
}
