//! The database of a command: the one of `DATABASE_URL`, or the embedded one of the data directory.

use std::{env, path::PathBuf, time::Duration};

use latchkey_domain::{
    model::{Env, Error, Page, error_chain},
    store::{
        ConnectionConfig, Store, StoreConfig,
        migrations::{self, MigrationStatus},
        runtime_role,
    },
};
use secrecy::ExposeSecret;

use super::CommandResult;
use crate::{
    config::Database,
    embedded::{EmbeddedError, EmbeddedPostgres},
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// How many items of a list are read at once.
pub(super) const PAGE: usize = 200;

/// A database, and the embedded Postgres if this command started it.
pub(super) struct DatabaseHandle {
    connection: ConnectionConfig,
    /// `None` with a database URL.
    pub(super) data_dir: Option<PathBuf>,
    embedded: Option<EmbeddedPostgres>,
}

impl DatabaseHandle {
    pub(super) fn connection(&self) -> ConnectionConfig {
        self.connection.clone()
    }

    /// Returns a store with one connection for writes and one for reads.
    pub(super) fn cli_store(&self) -> CommandResult<Store> {
        let config = StoreConfig {
            connection: self.connection(),
            write_pool_size: 1,
            read_connections: 1,
            acquire_timeout: CONNECT_TIMEOUT,
            clock: crate::env().clock,
        };
        Ok(Store::new(config)?)
    }

    /// Applies the migrations that the database lacks, and returns their names.
    pub(super) async fn migrate(&self) -> CommandResult<Vec<String>> {
        let applied = migrations::migrate(&self.connection).await;
        applied.map_err(|error| format!("failed to apply the migrations: {}", error_chain(&error)).into())
    }

    /// Grants a database role what a server needs.
    pub(super) async fn grant_to(&self, role: &str) -> CommandResult {
        let granted = runtime_role::grant(&self.connection, role).await;
        granted.map_err(|error| format!("failed to grant the privileges of a server: {}", error_chain(&error)).into())
    }

    /// Returns which migrations the database has.
    pub(super) async fn migration_status(&self) -> CommandResult<MigrationStatus> {
        let status = migrations::status(&self.connection).await;
        status.map_err(|error| format!("failed to read the migrations: {}", error_chain(&error)).into())
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
    if let Some(url) = &options.database_url {
        let connection = connection_config(url.expose_secret(), options)?;
        return Ok(DatabaseHandle { connection, data_dir: None, embedded: None });
    }
    let data_dir = data_dir(options)?;
    let embedded = EmbeddedPostgres::start(&data_dir).await?;
    tracing::info!(version = embedded.version(), data_dir = %data_dir.display(), "embedded Postgres started");
    let connection = connection_config(embedded.database_url(), options)?;
    Ok(DatabaseHandle { connection, data_dir: Some(data_dir), embedded: Some(embedded) })
}

/// Like [`start`], but connects to the embedded Postgres of a running server if there is one.
pub(super) async fn connect_or_start(options: &Database) -> CommandResult<DatabaseHandle> {
    match start(options).await {
        Err(error) if matches!(error.downcast_ref(), Some(EmbeddedError::InUse { .. })) => {
            let data_dir = data_dir(options)?;
            let connection = connection_config(&EmbeddedPostgres::running_database_url(&data_dir)?, options)?;
            Ok(DatabaseHandle { connection, data_dir: Some(data_dir), embedded: None })
        }
        result => result,
    }
}

/// Runs a command on a migrated database.
pub(super) async fn on_database(
    options: &Database,
    run: impl AsyncFnOnce(&Store, &Env) -> CommandResult,
) -> CommandResult {
    let database = connect_or_start(options).await?;
    let result = async {
        database.migrate().await?;
        run(&database.cli_store()?, &crate::env()).await
    };
    let result = result.await;
    database.close().await?;
    // The cause may be that the role of the database URL may not write.
    result.map_err(|error| error_chain(&*error).into())
}

/// Calls a function with each item of a list, of which `read` returns the page after a position.
pub(super) async fn for_each<T>(
    read: impl AsyncFn(Option<i64>) -> Result<Page<T, i64>, Error>,
    print: impl Fn(T),
) -> CommandResult {
    let mut after = None;
    loop {
        let page = read(after).await?;
        page.items.into_iter().for_each(&print);
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

fn connection_config(url: &str, options: &Database) -> CommandResult<ConnectionConfig> {
    Ok(ConnectionConfig::new(url, CONNECT_TIMEOUT, options.db_statement_timeout)?)
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
