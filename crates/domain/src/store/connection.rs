//! How a connection to Postgres is made.

use std::{error::Error, sync::Arc, time::Duration};

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::AsyncPgConnection;
use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream};
use rustls::{ClientConfig, RootCertStore};
use tokio::sync::Notify;
use tokio_postgres::{AsyncMessage, Client, Config, Socket, config::SslMode, tls::MakeTlsConnect};
use tokio_postgres_rustls::MakeRustlsConnect;

/// A connection over TCP on which nothing that was sent is acknowledged for so long is lost.
const SILENCE: Duration = Duration::from_secs(5);
/// An idle one is looked after so often; also before a firewall forgets it.
const IDLE: Duration = Duration::from_secs(30);

/// Where the database is, and how long a statement may take.
pub struct ConnectionSettings {
    config: Config,
    /// Trusts nobody, and is not used, when `config` says that connections are in the clear.
    tls: MakeRustlsConnect,
}

type Connection = tokio_postgres::Connection<Socket, <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream>;

/// A database URL that cannot be used. It does not repeat the URL, which may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum InvalidUrl {
    /// It is not one.
    #[error("the database URL cannot be understood; it looks like postgres://user:password@host:5432/database")]
    Malformed,
    /// It asks for TLS, but nobody could be trusted.
    #[error(
        "the database URL asks for TLS, but this machine has no root certificates; on Debian, install ca-certificates"
    )]
    NoRoots,
}

impl ConnectionSettings {
    /// `statement_timeout`: after which Postgres itself gives a statement up.
    ///
    /// `sslmode=require` and `sslmode=verify-full` mean the same: TLS, with the server's name and certificate checked
    /// against the machine's roots. Without either the connection is in the clear.
    pub fn new(url: &str, connect_timeout: Duration, statement_timeout: Duration) -> Result<Self, InvalidUrl> {
        let url = url.replace("sslmode=verify-full", "sslmode=require");
        let mut config: Config = url.parse().map_err(|_| InvalidUrl::Malformed)?;
        let timeout = format!("-c statement_timeout={}", statement_timeout.as_millis());
        let options = match config.get_options() {
            Some(options) => format!("{options} {timeout}"),
            None => timeout,
        };
        config.options(options).connect_timeout(connect_timeout);
        // What a firewall or a lost machine swallows without a word would be waited for a quarter of an hour otherwise, and
        // everything that shares the connection with it.
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(SILENCE);
        }
        if config.get_keepalives_interval().is_none() {
            config.keepalives_idle(IDLE).keepalives_interval(SILENCE);
        }
        if config.get_application_name().is_none() {
            config.application_name("latchkey");
        }
        let tls = match config.get_ssl_mode() {
            SslMode::Require => MakeRustlsConnect::with_native_certs().map_err(|_| InvalidUrl::NoRoots)?.0,
            _ => {
                config.ssl_mode(SslMode::Disable);
                let trust = ClientConfig::builder().with_root_certificates(RootCertStore::empty());
                MakeRustlsConnect::new(trust.with_no_client_auth())
            }
        };
        Ok(Self { config, tls })
    }

    /// A connection for one statement at a time.
    pub(super) async fn open(&self) -> ConnectionResult<AsyncPgConnection> {
        let (client, connection) = self.connect().await?;
        AsyncPgConnection::try_from_client_and_connection(client, connection).await
    }

    /// A client, and what has to run for it to work; that ends when the connection is lost.
    pub(super) async fn open_raw(&self) -> ConnectionResult<(Client, BoxFuture<'static, ()>)> {
        let (client, connection) = self.connect().await?;
        Ok((client, run(connection).boxed()))
    }

    /// The same, and `told` is told of each notification.
    pub(super) async fn open_told(&self, told: Arc<Notify>) -> ConnectionResult<(Client, BoxFuture<'static, ()>)> {
        let (client, connection) = self.connect().await?;
        Ok((client, tell(connection, told).boxed()))
    }

    async fn connect(&self) -> ConnectionResult<(Client, Connection)> {
        self.config.connect(self.tls.clone()).await.map_err(unconnected)
    }
}

async fn tell(mut connection: Connection, told: Arc<Notify>) {
    let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
    while let Some(message) = messages.next().await {
        match message {
            Ok(AsyncMessage::Notification(_)) => told.notify_one(),
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "the connection to the change log was lost");
                return;
            }
        }
    }
}

async fn run(connection: Connection) {
    if let Err(error) = connection.await {
        tracing::warn!(%error, "a connection to the database was lost");
    }
}

fn unconnected(error: tokio_postgres::Error) -> ConnectionError {
    // The cause tells what to do ("connection refused"), while the error alone says that something went wrong.
    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    ConnectionError::BadConnection(format!("{error}{cause}"))
}
