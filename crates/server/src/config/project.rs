//! `latchkey project`, `latchkey member` and `latchkey service-account`

use clap::{Args, Subcommand};
use latchkey_domain::model::Role;

use super::Database;

/// `latchkey project`
#[derive(Args)]
pub struct Projects {
    /// The database of the projects.
    #[command(flatten)]
    pub database: Database,
    /// The command.
    #[command(subcommand)]
    pub command: ProjectCommand,
}

/// A command of `latchkey project`.
#[derive(Subcommand)]
pub enum ProjectCommand {
    /// Create a project. Its settings are changed with the API.
    Create {
        /// The slug, by which paths name the project: a lower-case letter, then up to 62 lower-case letters, digits and hyphens.
        #[arg(value_parser = slug)]
        slug: String,
    },
    /// List all projects.
    List,
}

/// `latchkey member`
#[derive(Args)]
pub struct Members {
    /// The database of the members.
    #[command(flatten)]
    pub database: Database,
    /// The command.
    #[command(subcommand)]
    pub command: MemberCommand,
}

/// A command of `latchkey member`.
#[derive(Subcommand)]
pub enum MemberCommand {
    /// Give a user or a service account a role in a project, or another role.
    ///
    /// It is in effect at once, also for the bearer tokens and keys that exist.
    Set {
        /// Who gets the role, and where.
        #[command(flatten)]
        member: MemberName,
        /// The role: admin, manager, auditor or verifier.
        #[arg(value_parser = role)]
        role: Role,
    },
    /// Take the role of a user in a project, or disable a service account with its keys.
    Remove {
        /// Who loses the role, and where.
        #[command(flatten)]
        member: MemberName,
    },
    /// List the members of a project.
    List {
        /// The slug of the project.
        project: String,
    },
}

/// A member of a project.
#[derive(Args)]
pub struct MemberName {
    /// The slug of the project.
    pub project: String,
    /// The name of the user, or of the service account.
    pub name: String,
    /// The name is that of a service account of the project.
    #[arg(long)]
    pub service_account: bool,
}

/// `latchkey service-account`
#[derive(Args)]
pub struct ServiceAccounts {
    /// The database of the service accounts.
    #[command(flatten)]
    pub database: Database,
    /// The command.
    #[command(subcommand)]
    pub command: ServiceAccountCommand,
}

/// A command of `latchkey service-account`.
#[derive(Subcommand)]
pub enum ServiceAccountCommand {
    /// Create a service account of a project. `issueApiKey` gives it keys.
    Create {
        /// The slug of the project.
        project: String,
        /// The name: 1 to 255 characters, unique among the service accounts of the project.
        name: String,
        /// The role: admin, manager, auditor or verifier.
        #[arg(long, value_parser = role)]
        role: Role,
    },
}

fn role(text: &str) -> Result<Role, String> {
    text.parse().map_err(|_| "a role is one of admin, manager, auditor, verifier".to_owned())
}

fn slug(text: &str) -> Result<String, String> {
    let is_allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    let is_slug = text.len() <= 63 && text.starts_with(|first: char| first.is_ascii_lowercase());
    if is_slug && text.bytes().all(is_allowed) {
        Ok(text.to_owned())
    } else {
        Err("a slug is a lower-case letter, then up to 62 lower-case letters, digits and hyphens".to_owned())
    }
}
