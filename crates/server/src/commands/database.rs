//! The database that a command works on: a given one, or the embedded one of the data directory.

use std::{env, path::PathBuf, time::Duration};

use latchkey_domain::{
    error::in_one_line,
    store::{ConnectionSettings, Store, StoreSettings},
};
use secrecy::{ExposeSecret, SecretSlice};

use super::CommandResult;
use crate::{
    config::Database,
    embedded::{EmbeddedError, EmbeddedPostgres},
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Where the database is, and the embedded Postgres when it was started for this command.
pub(super) struct Opened {
    url: String,
    statement_timeout: Duration,
    /// `None` for a given database.
    pub(super) data_dir: Option<PathBuf>,
    embedded: Option<EmbeddedPostgres>,
}

impl Opened {
    pub(super) fn connection(&self) -> CommandResult<ConnectionSettings> {
        Ok(ConnectionSettings::new(&self.url, CONNECT_TIMEOUT, self.statement_timeout)?)
    }

    /// A store for a command line: few connections, no logins.
    pub(super) fn small_store(&self) -> CommandResult<Store> {
        let settings = StoreSettings {
            connection: self.connection()?,
            pool_size: 1,
            readers: 1,
            pool_timeout: CONNECT_TIMEOUT,
            name_secret: SecretSlice::from(Vec::new()),
        };
        Ok(Store::new(settings)?)
    }

    /// Runs the migrations that the database lacks.
    pub(super) async fn migrate(&self) -> CommandResult<Vec<String>> {
        let run = latchkey_domain::store::migrations::migrate(&self.connection()?).await;
        run.map_err(|error| format!("the migrations could not be run: {}", in_one_line(&error)).into())
    }

    /// Stops the embedded Postgres, if it was started for this command.
    pub(super) async fn close(self) -> CommandResult {
        match self.embedded {
            Some(embedded) => Ok(embedded.stop().await?),
            None => Ok(()),
        }
    }
}

/// The database to serve: nobody else may be serving the same data directory.
pub(super) async fn open(options: &Database) -> CommandResult<Opened> {
    let statement_timeout = options.statement_timeout;
    if let Some(url) = &options.database_url {
        return Ok(Opened { url: url.expose_secret().to_owned(), statement_timeout, data_dir: None, embedded: None });
    }
    let data_dir = data_dir(options)?;
    let embedded = EmbeddedPostgres::start(&data_dir).await?;
    tracing::info!(version = embedded.version(), data_dir = %data_dir.display(), "the embedded Postgres runs");
    let url = embedded.database_url().to_owned();
    Ok(Opened { url, statement_timeout, data_dir: Some(data_dir), embedded: Some(embedded) })
}

/// The database to look at or change beside a server, which may be running.
pub(super) async fn open_beside(options: &Database) -> CommandResult<Opened> {
    match open(options).await {
        Err(error) if matches!(error.downcast_ref(), Some(EmbeddedError::InUse { .. })) => {
            let data_dir = data_dir(options)?;
            let url = EmbeddedPostgres::running_database_url(&data_dir)?;
            let statement_timeout = options.statement_timeout;
            Ok(Opened { url, statement_timeout, data_dir: Some(data_dir), embedded: None })
        }
        opened => opened,
    }
}

fn data_dir(options: &Database) -> CommandResult<PathBuf> {
    if let Some(directory) = &options.data_dir {
        return Ok(std::path::absolute(directory)?);
    }
    if nix::unistd::geteuid().is_root() {
        return Ok(PathBuf::from("/var/lib/latchkey"));
    }
    let of_user = |variable| env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    of_user("XDG_DATA_HOME")
        .or_else(|| of_user("HOME").map(|home| home.join(".local/share")))
        .map(|directory| directory.join("latchkey"))
        .ok_or_else(|| "there is no place for data: set LATCHKEY_DATA_DIR, or DATABASE_URL".into())
}
