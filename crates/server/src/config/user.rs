//! `latchkey user`

use clap::{Args, Subcommand};
use latchkey_domain::model::UserRole;

use super::Database;

/// `latchkey user`
#[derive(Args)]
pub struct User {
    /// The database of the users.
    #[command(flatten)]
    pub database: Database,
    /// The command.
    #[command(subcommand)]
    pub command: UserCommand,
}

/// A command of `latchkey user`.
#[derive(Subcommand)]
pub enum UserCommand {
    /// Create a user.
    Create {
        /// The username: 1 to 255 characters.
        name: String,
        /// The role: admin, verifier or member.
        #[arg(long, value_parser = role)]
        role: UserRole,
        /// The source of the password.
        #[command(flatten)]
        password: PasswordSource,
    },
    /// Set a user's password and revoke all bearer tokens of the user.
    SetPassword {
        /// The username.
        name: String,
        /// Revoke all API keys of the user, too, for good.
        ///
        /// For an account that somebody else has used: the keys that were created meanwhile stay valid otherwise. No key of any
        /// user can be created or changed while a batch of keys is revoked.
        #[arg(long)]
        revoke_keys: bool,
        /// The source of the password.
        #[command(flatten)]
        password: PasswordSource,
    },
    /// Set a user's role: admin for an administrator, verifier for a verifier of the default project, or member for neither.
    ///
    /// It is in effect at once, also for the bearer tokens and keys that the user has.
    SetRole {
        /// The username.
        name: String,
        /// The role: admin, verifier or member.
        #[arg(value_parser = role)]
        role: UserRole,
    },
    /// Disable a user. The user's bearer tokens and keys are rejected from now on.
    Disable {
        /// The username.
        name: String,
        /// Revoke all API keys of the user, too, so that they are invalid even after the user is enabled again.
        #[arg(long)]
        revoke_keys: bool,
    },
    /// Enable a disabled user, who can log in again. The user's keys are valid again, earlier bearer tokens are not.
    Enable {
        /// The username.
        name: String,
    },
    /// List all users.
    List,
}

/// The source of a password. It is never a flag, whose value every process of the machine can read.
#[derive(Args)]
pub struct PasswordSource {
    /// Read the password from the first line of standard input.
    #[arg(long, required = true)]
    pub password_stdin: bool,
}

fn role(text: &str) -> Result<UserRole, String> {
    let role = text.parse().ok().filter(|role| *role != UserRole::Owner);
    role.ok_or_else(|| "a role is one of admin, verifier, member".to_owned())
}
