//! The commands of the program, one module each.

mod database;
mod migrate;
mod openapi;
mod project;
mod serve;
mod user;

use std::{error::Error, process::ExitCode};

use crate::config::Command;

/// The result of a command. The text of an error is one line, printed to standard error.
pub type CommandResult<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// Runs a command, and returns the exit code if it does not fail.
pub async fn run(command: Command) -> CommandResult<ExitCode> {
    match command {
        Command::Serve(options) => serve::serve(*options).await?,
        Command::Migrate(options) => return migrate::migrate(&options).await,
        Command::User(options) => user::user(options).await?,
        Command::Project(options) => project::project(options).await?,
        Command::Member(options) => project::member(options).await?,
        Command::ServiceAccount(options) => project::service_account(options).await?,
        Command::Openapi { json } => openapi::openapi(json),
    }
    Ok(ExitCode::SUCCESS)
}
