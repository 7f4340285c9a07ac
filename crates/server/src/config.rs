//! The configuration: flags, and environment variables of the same names. A wrong value stops the start.

use std::{
    collections::BTreeMap, fmt, net::SocketAddr, num::NonZeroUsize, path::PathBuf, str::FromStr, thread, time::Duration,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use clap::{
    Args, CommandFactory, Parser, Subcommand,
    error::{ContextKind, ErrorKind},
};
use ipnet::IpNet;
use latchkey_domain::{
    identity::{Role, token::Tokens},
    keys::{hash::Peppers, key::KeyPrefix},
    verification::freshness::AGE_LIMIT,
};
use secrecy::{SecretSlice, SecretString};
use tracing_subscriber::filter::{LevelFilter, Targets};

/// An API-key service that a team hosts itself on Postgres.
#[derive(Parser)]
#[command(name = "latchkey", version)]
pub struct Cli {
    /// How much to log: a level (error, warn, info, debug), or `target=level` pairs separated by commas.
    #[arg(long, env = "LATCHKEY_LOG", default_value = "info", global = true, value_parser = log_targets)]
    pub log: Targets,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program does.
#[derive(Subcommand)]
pub enum Command {
    /// Serve the API. Without a database URL, on a Postgres of its own in the data directory.
    Serve(Box<Serve>),
    /// Run the migrations that the database lacks, and stop.
    Migrate(Database),
    /// Make, change and list users; also while the server runs.
    User(User),
    /// Print the contract.
    Openapi {
        /// As JSON in place of YAML.
        #[arg(long)]
        json: bool,
    },
}

/// Where everything is kept.
#[derive(Args, Clone)]
pub struct Database {
    /// The Postgres (14 or later) to use, as postgres://user:password@host:5432/database. Without it, a Postgres of
    /// its own is started in the data directory.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<SecretString>,
    /// Where the embedded Postgres and its secrets live [default: /var/lib/latchkey for root, else
    /// $XDG_DATA_HOME/latchkey or ~/.local/share/latchkey]
    #[arg(long, env = "LATCHKEY_DATA_DIR")]
    pub data_dir: Option<PathBuf>,
    /// After this time Postgres gives a statement up.
    #[arg(long, env = "LATCHKEY_STATEMENT_TIMEOUT", default_value = "5s", value_parser = humantime::parse_duration)]
    pub statement_timeout: Duration,
}

impl Cli {
    /// How many threads the program wants.
    pub fn worker_threads(&self) -> NonZeroUsize {
        let Command::Serve(serve) = &self.command else {
            return NonZeroUsize::MIN;
        };
        serve.worker_threads.unwrap_or_else(|| thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }

    /// What is wrong with the value of a flag or variable, in one line. Never the value, which clap would repeat: it may
    /// be a secret with a slip in it. `None` when the error is about something else.
    pub fn wrong_value(error: &clap::Error) -> Option<String> {
        if error.kind() != ErrorKind::ValueValidation {
            return None;
        }
        let flag = error.get(ContextKind::InvalidArg)?.to_string();
        let reason = std::error::Error::source(error)?;
        let mut command = Self::command();
        command.build();
        let variable = with_subcommands(&command)
            .iter()
            .flat_map(|command| command.get_arguments())
            .find(|argument| argument.to_string() == flag)
            .and_then(|argument| argument.get_env());
        let variable = variable.map(|name| format!(" or {}", name.display())).unwrap_or_default();
        Some(format!("the value of {flag}{variable} is wrong: {reason}"))
    }
}

fn with_subcommands(command: &clap::Command) -> Vec<&clap::Command> {
    let mut commands = vec![command];
    commands.extend(command.get_subcommands().flat_map(with_subcommands));
    commands
}

/// `latchkey serve`
#[derive(Args)]
pub struct Serve {
    /// Where everything is kept.
    #[command(flatten)]
    pub database: Database,
    /// The address to listen on, for HTTP/1.1 and HTTP/2 without TLS.
    #[arg(long, env = "LATCHKEY_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Signs bearer tokens and cursors, the same on every node: at least 32 bytes in base64, as `openssl rand -base64
    /// 32` makes them. With the embedded Postgres, made on the first start and kept in the data directory.
    #[arg(long, env = "LATCHKEY_TOKEN_SECRET", hide_env_values = true)]
    pub token_secret: Option<Secret>,
    /// Under which keys are hashed, the same on every node, as NUMBER:SECRET pairs separated by commas; each at least 32
    /// bytes in base64. New keys use the highest number; keys under a lower one are re-hashed when they are used. With the
    /// embedded Postgres, made on the first start and kept in the data directory.
    #[arg(long, env = "LATCHKEY_PEPPERS", hide_env_values = true)]
    pub peppers: Option<PepperList>,
    /// How long a bearer token is good.
    #[arg(long, env = "LATCHKEY_TOKEN_LIFETIME", default_value = "1h", value_parser = lifetime)]
    pub token_lifetime: Duration,
    /// How new keys begin: 1 to 8 lowercase letters and digits, a letter first.
    #[arg(long, env = "LATCHKEY_KEY_PREFIX", default_value = "lk", value_parser = key_prefix)]
    pub key_prefix: KeyPrefix,
    /// The password of the user `admin`, who is made on the first start of an empty embedded Postgres; one is made and
    /// printed without it.
    #[arg(long, env = "LATCHKEY_ADMIN_PASSWORD", hide_env_values = true)]
    pub admin_password: Option<SecretString>,
    /// Networks of proxies in front (CIDR, separated by commas) whose `X-Forwarded-For` is believed.
    #[arg(long, env = "LATCHKEY_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpNet>,
    /// How many bytes a request's body may have.
    #[arg(long, env = "LATCHKEY_BODY_LIMIT", default_value = "65536")]
    pub body_limit: usize,
    /// How long the head of a request may take to arrive, and a connection may stay idle.
    #[arg(long, env = "LATCHKEY_HEADER_TIMEOUT", default_value = "30s", value_parser = humantime::parse_duration)]
    pub header_timeout: Duration,
    /// How long a request's body may pause while it arrives.
    #[arg(long, env = "LATCHKEY_BODY_TIMEOUT", default_value = "10s", value_parser = humantime::parse_duration)]
    pub body_timeout: Duration,
    /// How long a request may take as a whole.
    #[arg(long, env = "LATCHKEY_REQUEST_TIMEOUT", default_value = "30s", value_parser = humantime::parse_duration)]
    pub request_timeout: Duration,
    /// How long requests under way may take to end after SIGTERM.
    #[arg(long, env = "LATCHKEY_DRAIN_TIMEOUT", default_value = "30s", value_parser = humantime::parse_duration)]
    pub drain_timeout: Duration,
    /// How many connections are served at once; more wait to be accepted.
    #[arg(long, env = "LATCHKEY_CONNECTION_LIMIT", default_value = "4096")]
    pub connection_limit: NonZeroUsize,
    /// How many connections to Postgres for writes.
    #[arg(long, env = "LATCHKEY_POOL_SIZE", default_value = "16")]
    pub pool_size: NonZeroUsize,
    /// How many connections to Postgres for reads, each shared by many requests [default: one for every two processors]
    #[arg(long, env = "LATCHKEY_READ_CONNECTIONS")]
    pub read_connections: Option<NonZeroUsize>,
    /// How long a request waits for a connection to Postgres.
    #[arg(long, env = "LATCHKEY_POOL_TIMEOUT", default_value = "3s", value_parser = humantime::parse_duration)]
    pub pool_timeout: Duration,
    /// How many keys are remembered, so that they are verified without a query; each takes some 300 bytes.
    #[arg(long, env = "LATCHKEY_REMEMBERED_KEYS", default_value = "100000")]
    pub remembered_keys: NonZeroUsize,
    /// For how long a remembered key still verifies when the database is away; 0s for not at all, 5m at most.
    #[arg(long, env = "LATCHKEY_STALE_LIMIT", default_value = "60s", value_parser = stale_limit)]
    pub stale_limit: Duration,
    /// How many threads serve requests; fewer, when Postgres on the same machine needs the processors more [default: one
    /// for each processor]
    #[arg(long, env = "LATCHKEY_WORKER_THREADS")]
    pub worker_threads: Option<NonZeroUsize>,
    /// How many passwords are hashed at once [default: one for each processor]
    #[arg(long, env = "LATCHKEY_PARALLEL_HASHING")]
    pub parallel_hashing: Option<NonZeroUsize>,
}

/// `latchkey user`
#[derive(Args)]
pub struct User {
    /// Where everything is kept.
    #[command(flatten)]
    pub database: Database,
    /// What to do.
    #[command(subcommand)]
    pub command: UserCommand,
}

/// What `latchkey user` does.
#[derive(Subcommand)]
pub enum UserCommand {
    /// Make a user.
    Create {
        /// 1 to 255 characters.
        name: String,
        /// What the user may do: admin, verifier or member.
        #[arg(long, value_parser = role)]
        role: Role,
        /// Where the password comes from.
        #[command(flatten)]
        password: PasswordSource,
    },
    /// Set a user's password, and end all of the user's bearer tokens.
    SetPassword {
        /// The user.
        name: String,
        /// Where the password comes from.
        #[command(flatten)]
        password: PasswordSource,
    },
    /// Make a user's tokens and keys stop working, at once.
    Disable {
        /// The user.
        name: String,
    },
    /// Let a disabled user log in again; the user's keys work again too.
    Enable {
        /// The user.
        name: String,
    },
    /// List the users.
    List,
}

/// Where a password comes from; never a flag, whose value every process of the machine can see.
#[derive(Args)]
pub struct PasswordSource {
    /// Read the password from the first line of standard input.
    #[arg(long, required = true)]
    pub password_stdin: bool,
}

/// At least 32 bytes, given in base64.
#[derive(Clone)]
pub struct Secret(pub SecretSlice<u8>);

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

impl FromStr for Secret {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bytes = BASE64_STANDARD.decode(text.trim()).map_err(|_| "a secret is not base64".to_owned())?;
        if bytes.len() < Tokens::MIN_LENGTH {
            return Err(format!("a secret has {} bytes, and needs at least {}", bytes.len(), Tokens::MIN_LENGTH));
        }
        Ok(Self(bytes.into()))
    }
}

/// Peppers by number.
#[derive(Clone)]
pub struct PepperList(pub Peppers);

impl fmt::Debug for PepperList {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PepperList")
    }
}

impl FromStr for PepperList {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut peppers = BTreeMap::new();
        for pair in text.split(',') {
            let (number, secret) = pair.split_once(':').ok_or("a pepper is written as NUMBER:SECRET")?;
            let number = number.trim().parse().map_err(|_| "a pepper's number is not a number from 1 to 32767")?;
            if peppers.insert(number, secret.parse::<Secret>()?.0).is_some() {
                return Err(format!("pepper {number} is given twice"));
            }
        }
        Peppers::new(peppers).map(Self).map_err(|error| error.to_string())
    }
}

/// A word that is no level would name a target, and so silence all others without a word.
fn log_targets(text: &str) -> Result<Targets, String> {
    let unknown = |part: &&str| !part.contains('=') && part.parse::<LevelFilter>().is_err();
    match text.split(',').find(unknown) {
        Some(part) => Err(format!("`{part}` is not a level; the levels are error, warn, info, debug and trace")),
        None => text.parse().map_err(|_| "what is not a level is written as target=level".to_owned()),
    }
}

fn key_prefix(text: &str) -> Result<KeyPrefix, String> {
    KeyPrefix::new(text).ok_or_else(|| "a prefix is 1 to 8 lowercase letters and digits, a letter first".to_owned())
}

fn role(text: &str) -> Result<Role, String> {
    Role::named(text).ok_or_else(|| "a role is one of admin, verifier, member".to_owned())
}

fn stale_limit(text: &str) -> Result<Duration, String> {
    let limit = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    if limit > AGE_LIMIT {
        return Err(format!("nothing is remembered for longer than {}", humantime::format_duration(AGE_LIMIT)));
    }
    Ok(limit)
}

fn lifetime(text: &str) -> Result<Duration, String> {
    let lifetime = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    if lifetime < Duration::from_secs(1) {
        return Err("a token is good for at least a second".to_owned());
    }
    Ok(lifetime)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flags_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_variable_is_named_after_its_flag() {
        for command in Cli::command().get_subcommands() {
            for argument in command.get_arguments() {
                let (Some(flag), Some(variable)) = (argument.get_long(), argument.get_env()) else { continue };
                let named = flag.replace('-', "_").to_uppercase();
                let variable = variable.to_str().unwrap();
                assert!(variable == named || variable == format!("LATCHKEY_{named}"), "{flag}: {variable}");
            }
        }
    }

    #[test]
    fn secrets_are_long_enough_and_never_printed() {
        let secret = BASE64_STANDARD.encode([7; 32]);
        assert!(secret.parse::<Secret>().is_ok());
        assert_eq!(
            BASE64_STANDARD.encode([7; 31]).parse::<Secret>().unwrap_err(),
            "a secret has 31 bytes, and needs at least 32"
        );
        assert_eq!("?".parse::<Secret>().unwrap_err(), "a secret is not base64");
        assert!(format!("1:{secret}, 2:{secret}").parse::<PepperList>().is_ok());
        for bad in [secret.clone(), format!("0:{secret}"), format!("1:{secret},1:{secret}"), "1:abc".into()] {
            let message = bad.parse::<PepperList>().unwrap_err();
            assert!(!message.contains(&secret), "{message}");
        }
        assert_eq!(format!("{:?}", secret.parse::<Secret>().unwrap()), "Secret");
    }
}
