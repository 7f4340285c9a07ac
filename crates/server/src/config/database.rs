//! The database: which one, and the connections to it.

use std::{num::NonZeroUsize, path::PathBuf, time::Duration};

use clap::Args;
use secrecy::SecretString;

use super::processors;

/// Which database to use.
#[derive(Args, Clone)]
#[command(next_help_heading = "Database")]
pub struct Database {
    /// The Postgres (14 or later) to use, as `postgres://user:password@host:5432/database` [default: an embedded Postgres]
    ///
    /// The user must be allowed to create tables, unless the database is migrated already. The embedded Postgres keeps its files
    /// in the data directory.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<SecretString>,
    /// How long Postgres may work on a statement before it cancels it.
    ///
    /// Too low, and long lists and migrations of large tables fail. Too high, and slow statements hold connections that
    /// other requests wait for.
    #[arg(long, env = "LATCHKEY_DB_STATEMENT_TIMEOUT", default_value = "5s", value_parser = humantime::parse_duration)]
    pub db_statement_timeout: Duration,
    /// The directory of the embedded Postgres and its secrets [default: `/var/lib/latchkey` for root, else
    /// `$XDG_DATA_HOME/latchkey` or `~/.local/share/latchkey`]
    #[arg(long, env = "LATCHKEY_DATA_DIR", help_heading = "Embedded Postgres")]
    pub data_dir: Option<PathBuf>,
}

/// `latchkey migrate`
#[derive(Args)]
pub struct Migrate {
    /// The database.
    #[command(flatten)]
    pub database: Database,
    /// List the migrations as `applied`, `pending` or, if only a later release knows them, `unknown`, and apply none.
    ///
    /// The exit code is 0 if none is pending, 3 if one is, and 1 if the database cannot be read.
    #[arg(long)]
    pub status: bool,
    /// Then grant an existing database role what `latchkey serve` needs, for servers that must not own the tables.
    ///
    /// That role cannot change audit events, tables, triggers, users or privileges. Repeat it with each upgrade.
    #[arg(long, value_name = "ROLE", conflicts_with = "status")]
    pub grant_to: Option<String>,
}

/// The connections of a server.
#[derive(Args)]
#[command(next_help_heading = "Database")]
pub struct DatabasePools {
    /// The maximum number of connections for writes.
    ///
    /// Too low, and writes wait for each other; requests that wait longer than the acquire timeout get 503. Too high, and
    /// all nodes together exceed the `max_connections` of Postgres.
    #[arg(long, env = "LATCHKEY_DB_WRITE_POOL_SIZE", default_value = "16")]
    pub db_write_pool_size: NonZeroUsize,
    /// The number of connections for lookups of keys and their users, each shared by many requests, and again for all other reads
    /// [default: one for every two processors]
    ///
    /// Lookups are apart from other reads, so that no list delays a verification.
    /// Requests on one connection are pipelined. More connections let Postgres use more processors; fewer put more requests
    /// into one packet.
    #[arg(long, env = "LATCHKEY_DB_READ_CONNECTIONS")]
    pub db_read_connections: Option<NonZeroUsize>,
    /// How long a request waits for a connection before it gets 503.
    ///
    /// Too low, and short bursts of writes fail. Too high, and requests pile up while the database is overloaded or
    /// unavailable; it should be lower than the request timeout.
    #[arg(long, env = "LATCHKEY_DB_ACQUIRE_TIMEOUT", default_value = "3s", value_parser = humantime::parse_duration)]
    pub db_acquire_timeout: Duration,
}

impl DatabasePools {
    /// The number of connections for lookups, and of those for all other reads.
    pub fn read_connections(&self) -> usize {
        // Each uses at most one process of Postgres, and the fewer there are, the more requests share a packet.
        self.db_read_connections.map_or_else(|| processors().get().div_ceil(2), NonZeroUsize::get)
    }
}
