//! How a connection to Postgres is made.

use std::time::Duration;

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::AsyncPgConnection;
use tokio_postgres::{Client, Config, NoTls};

/// Where the database is, and how long a statement may take.
pub struct ConnectionSettings {
    config: Config,
}

/// A database URL that cannot be understood. It does not repeat the URL, which may hold a password.
#[derive(Debug, thiserror::Error)]
#[error("the database URL cannot be understood; it looks like postgres://user:password@host:5432/database")]
pub struct InvalidUrl;

impl ConnectionSettings {
    /// `statement_timeout`: after which Postgres itself gives a statement up.
    pub fn new(url: &str, connect_timeout: Duration, statement_timeout: Duration) -> Result<Self, InvalidUrl> {
        let mut config: Config = url.parse().map_err(|_| InvalidUrl)?;
        let timeout = format!("-c statement_timeout={}", statement_timeout.as_millis());
        let options = match config.get_options() {
            Some(options) => format!("{options} {timeout}"),
            None => timeout,
        };
        config.options(options).connect_timeout(connect_timeout);
        if config.get_application_name().is_none() {
            config.application_name("latchkey");
        }
        Ok(Self { config })
    }

    /// A connection for one statement at a time.
    pub(super) async fn open(&self) -> ConnectionResult<AsyncPgConnection> {
        let (client, connection) = self.config.connect(NoTls).await.map_err(unconnected)?;
        AsyncPgConnection::try_from_client_and_connection(client, connection).await
    }

    /// A client, and what has to run for it to work; that ends when the connection is lost.
    pub(super) async fn open_raw(&self) -> ConnectionResult<(Client, impl Future<Output = ()> + Send + 'static)> {
        let (client, connection) = self.config.connect(NoTls).await.map_err(unconnected)?;
        let run = async move {
            if let Err(error) = connection.await {
                tracing::warn!(error = %error, "a connection to the database was lost");
            }
        };
        Ok((client, run))
    }
}

fn unconnected(error: tokio_postgres::Error) -> ConnectionError {
    // The cause tells what to do ("connection refused"), while the error alone says that something went wrong.
    let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
    ConnectionError::BadConnection(format!("{error}{cause}"))
}
