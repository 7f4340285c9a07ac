//! The configuration: flags, and environment variables of the same names. An invalid value prevents the start.

mod database;
mod project;
mod secrets;
mod serve;
mod user;

use std::{num::NonZeroUsize, thread};

use clap::{
    CommandFactory, Parser, Subcommand,
    error::{ContextKind, ErrorKind},
};
use tracing_subscriber::filter::{LevelFilter, Targets};

pub use self::{
    database::{Database, DatabasePools, Migrate},
    project::{MemberCommand, MemberName, Members, ProjectCommand, Projects, ServiceAccountCommand, ServiceAccounts},
    secrets::{Base64Secret, PepperSet, Secrets},
    serve::{Cache, Credentials, Growth, Http, RequestLimit, Resources, Retention, Serve},
    user::{PasswordSource, User, UserCommand},
};

/// A self-hosted API-key service on Postgres.
#[derive(Parser)]
#[command(name = "latchkey", version)]
pub struct Cli {
    /// What to log: a level (error, warn, info, debug or trace), or `target=level` pairs separated by commas.
    ///
    /// Below `info` there is no line for each request. `debug` and `trace` slow the server down. Secrets are not logged at
    /// any level.
    #[arg(
        long,
        env = "LATCHKEY_LOG",
        default_value = "info",
        global = true,
        value_parser = log_targets,
        help_heading = "Logging"
    )]
    pub log: Targets,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// A command of the program.
#[derive(Subcommand)]
pub enum Command {
    /// Serve the API. Without a database URL, with an embedded Postgres in the data directory.
    Serve(Box<Serve>),
    /// Apply the migrations that the database lacks, and exit.
    Migrate(Migrate),
    /// Create, update and list users. Safe to run while the server is running.
    User(User),
    /// Create and list projects. Safe to run while the server is running.
    Project(Projects),
    /// Set, remove and list the members of projects. Safe to run while the server is running.
    Member(Members),
    /// Create service accounts. Safe to run while the server is running.
    ServiceAccount(ServiceAccounts),
    /// Print the contract, an OpenAPI document.
    Openapi {
        /// Print JSON instead of YAML.
        #[arg(long)]
        json: bool,
    },
}

impl Cli {
    /// Describes the invalid value of a flag or variable in one line. Never repeats the value, as clap does: it may be a
    /// secret with a typo. `None` for other errors.
    pub fn describe_invalid_value(error: &clap::Error) -> Option<String> {
        if error.kind() != ErrorKind::ValueValidation {
            return None;
        }
        let flag = error.get(ContextKind::InvalidArg)?.to_string();
        let reason = std::error::Error::source(error)?;
        let mut command = Self::command();
        command.build();
        let variable = all_subcommands(&command)
            .iter()
            .flat_map(|command| command.get_arguments())
            .find(|argument| argument.to_string() == flag)
            .and_then(|argument| argument.get_env());
        let variable = variable.map(|name| format!(" or {}", name.display())).unwrap_or_default();
        Some(format!("invalid value for {flag}{variable}: {reason}"))
    }
}

/// The number of processors that this process may use.
fn processors() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// A command and all commands below it.
fn all_subcommands(command: &clap::Command) -> Vec<&clap::Command> {
    let mut commands = vec![command];
    commands.extend(command.get_subcommands().flat_map(all_subcommands));
    commands
}

/// Rejects a word that is not a level: it would be taken for a target, and so disable all others silently.
fn log_targets(text: &str) -> Result<Targets, String> {
    let is_invalid = |part: &&str| !part.contains('=') && part.parse::<LevelFilter>().is_err();
    match text.split(',').find(is_invalid) {
        Some(part) => Err(format!("`{part}` is not a level; the levels are error, warn, info, debug and trace")),
        None => text.parse().map_err(|_| "anything but a level must be written as target=level".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const README: &str = include_str!("../../../../README.md");

    #[test]
    fn the_flags_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_variable_is_named_after_its_flag() {
        let command = Cli::command();
        let arguments = all_subcommands(&command).into_iter().flat_map(clap::Command::get_arguments);
        for argument in arguments {
            let (Some(flag), Some(variable)) = (argument.get_long(), argument.get_env()) else { continue };
            let named = flag.replace('-', "_").to_uppercase();
            let variable = variable.to_str().unwrap();
            assert!(variable == named || variable == format!("LATCHKEY_{named}"), "{flag}: {variable}");
        }
    }

    /// The default of a flag, which its help names in words when it is not a constant.
    fn default(argument: &clap::Arg) -> String {
        if let [default] = argument.get_default_values() {
            return format!("`{}`", default.to_str().unwrap());
        }
        let help = argument.get_help().unwrap().to_string();
        let default = help.split_once("[default: ").and_then(|(_, rest)| rest.split_once(']'));
        default.unwrap_or_else(|| panic!("the help of {argument} names no default: {help}")).0.to_owned()
    }

    #[test]
    fn the_readme_lists_every_variable_with_its_default() {
        let mut command = Cli::command();
        command.build();
        let serve = command.find_subcommand("serve").unwrap();
        let known: BTreeMap<String, String> = serve
            .get_arguments()
            .filter_map(|argument| Some((argument.get_env()?.to_str()?.to_owned(), default(argument))))
            .collect();
        let tables = README.split("\n| variable | default | ").skip(1);
        let rows = tables.flat_map(|table| table.lines().skip(2).map_while(|line| line.strip_prefix("| `")));
        let listed: BTreeMap<String, String> = rows
            .map(|row| {
                let mut cells = row.split(" | ");
                let variable = cells.next().unwrap().trim_end_matches('`');
                (variable.to_owned(), cells.next().unwrap().to_owned())
            })
            .collect();
        assert_eq!(listed, known);
    }

    #[test]
    fn every_flag_of_serve_belongs_to_a_group_of_the_help() {
        let command = Cli::command();
        for argument in command.find_subcommand("serve").unwrap().get_arguments() {
            assert!(argument.get_help_heading().is_some(), "{argument}");
        }
    }
}
