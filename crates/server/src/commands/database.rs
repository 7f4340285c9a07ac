//! The database of a command: the one of `DATABASE_URL`, or the embedded one of the data directory.

use std::{env, path::PathBuf, time::Duration};

use latchkey_domain::{
    model::error_chain,
    store::{ConnectionConfig, Store, StoreConfig},
};
use secrecy::ExposeSecret;

use super::CommandResult;
use crate::{
    config::Database,
    embedded::{EmbeddedError, EmbeddedPostgres},
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// A database, and the embedded Postgres if this command started it.
pub(super) struct DatabaseHandle {
    url: String,
    statement_timeout: Duration,
    /// `None` with a database URL.
    pub(super) data_dir: Option<PathBuf>,
    embedded: Option<EmbeddedPostgres>,
}

impl DatabaseHandle {
    pub(super) fn connection(&self) -> CommandResult<ConnectionConfig> {
        Ok(ConnectionConfig::new(&self.url, CONNECT_TIMEOUT, self.statement_timeout)?)
    }

    /// Returns a store with one connection for writes and one for reads.
    pub(super) fn cli_store(&self) -> CommandResult<Store> {
        let config = StoreConfig {
            connection: self.connection()?,
            write_pool_size: 1,
            read_connections: 1,
            acquire_timeout: CONNECT_TIMEOUT,
            clock: crate::env().clock,
        };
        Ok(Store::new(config)?)
    }

    /// Applies the migrations that the database lacks, and returns their names.
    pub(super) async fn migrate(&self) -> CommandResult<Vec<String>> {
        let applied = latchkey_domain::store::migrations::migrate(&self.connection()?).await;
        applied.map_err(|error| format!("failed to apply the migrations: {}", error_chain(&error)).into())
    }

    /// Stops the embedded Postgres if this command started it.
    pub(super) async fn close(self) -> CommandResult {
        match self.embedded {
            Some(embedded) => Ok(embedded.stop().await?),
            None => Ok(()),
        }
    }
}

/// Returns the database of a server, and starts the embedded Postgres if there is no database URL. Fails if another
/// process uses the data directory.
pub(super) async fn start(options: &Database) -> CommandResult<DatabaseHandle> {
    let statement_timeout = options.db_statement_timeout;
    if let Some(url) = &options.database_url {
        return Ok(DatabaseHandle {
            url: url.expose_secret().to_owned(),
            statement_timeout,
            data_dir: None,
            embedded: None,
        });
    }
    let data_dir = data_dir(options)?;
    let embedded = EmbeddedPostgres::start(&data_dir).await?;
    tracing::info!(version = embedded.version(), data_dir = %data_dir.display(), "embedded Postgres started");
    let url = embedded.database_url().to_owned();
    Ok(DatabaseHandle { url, statement_timeout, data_dir: Some(data_dir), embedded: Some(embedded) })
}

/// Like [`start`], but connects to the embedded Postgres of a running server if there is one.
pub(super) async fn connect_or_start(options: &Database) -> CommandResult<DatabaseHandle> {
    match start(options).await {
        Err(error) if matches!(error.downcast_ref(), Some(EmbeddedError::InUse { .. })) => {
            let data_dir = data_dir(options)?;
            let url = EmbeddedPostgres::running_database_url(&data_dir)?;
            let statement_timeout = options.db_statement_timeout;
            Ok(DatabaseHandle { url, statement_timeout, data_dir: Some(data_dir), embedded: None })
        }
        result => result,
    }
}

fn data_dir(options: &Database) -> CommandResult<PathBuf> {
    if let Some(directory) = &options.data_dir {
        return Ok(std::path::absolute(directory)?);
    }
    if nix::unistd::geteuid().is_root() {
        return Ok(PathBuf::from("/var/lib/latchkey"));
    }
    let absolute = |variable| env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute("XDG_DATA_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local/share")))
        .map(|directory| directory.join("latchkey"))
        .ok_or_else(|| "no data directory: set LATCHKEY_DATA_DIR, or DATABASE_URL".into())
}
