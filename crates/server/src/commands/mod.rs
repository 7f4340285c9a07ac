//! What the program does when it is called, one file for each command.

mod database;
mod migrate;
mod openapi;
mod serve;
mod user;

use std::error::Error;

use crate::config::Command;

/// A command that failed; its text is one line for the person who called it.
pub type CommandResult<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// Does what was asked for.
pub async fn run(command: Command) -> CommandResult {
    match command {
        Command::Serve(options) => serve::serve(*options).await,
        Command::Migrate(options) => migrate::migrate(&options).await,
        Command::User(options) => user::user(options).await,
        Command::Openapi { json } => openapi::openapi(json),
    }
}
