//! Connections to Postgres.

use std::{error::Error, sync::Arc, time::Duration};

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::AsyncPgConnection;
use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream};
use rustls::{ClientConfig, RootCertStore};
use tokio::sync::Notify;
use tokio_postgres::{AsyncMessage, Client, Config, Socket, config::SslMode, tls::MakeTlsConnect};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long sent data may stay unacknowledged before a TCP connection is lost; also the interval of keepalive probes.
const TCP_USER_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a connection is idle before keepalive probes begin; less than firewalls keep an idle connection.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(30);

/// Where the database is, and the statement timeout.
pub struct ConnectionConfig {
    config: Config,
    /// Trusts no certificate and is not used if `config` disables TLS.
    tls: MakeRustlsConnect,
}

type Connection = tokio_postgres::Connection<Socket, <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream>;

/// A database URL that cannot be used. It does not repeat the URL, which may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum InvalidDatabaseUrl {
    /// It cannot be parsed.
    #[error("the database URL cannot be understood; it looks like postgres://user:password@host:5432/database")]
    Malformed,
    /// It requires TLS, but there are no root certificates.
    #[error(
        "the database URL asks for TLS, but this machine has no root certificates; on Debian, install ca-certificates"
    )]
    NoRoots,
}

impl ConnectionConfig {
    /// Parses a database URL. Postgres cancels a statement that runs longer than `statement_timeout`.
    ///
    /// `sslmode=require` and `sslmode=verify-full` mean the same: TLS, with the server's name and certificate verified against
    /// the machine's root certificates. Without either, the connection is not encrypted.
    pub fn new(url: &str, connect_timeout: Duration, statement_timeout: Duration) -> Result<Self, InvalidDatabaseUrl> {
        let url = url.replace("sslmode=verify-full", "sslmode=require");
        let mut config: Config = url.parse().map_err(|_| InvalidDatabaseUrl::Malformed)?;
        let timeout = format!("-c statement_timeout={}", statement_timeout.as_millis());
        let options = match config.get_options() {
            Some(options) => format!("{options} {timeout}"),
            None => timeout,
        };
        config.options(options).connect_timeout(connect_timeout);
        // Without it, a packet that a firewall or a lost machine drops would block everything on its connection for a quarter
        // of an hour.
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(TCP_USER_TIMEOUT);
        }
        if config.get_keepalives_interval().is_none() {
            config.keepalives_idle(KEEPALIVE_IDLE).keepalives_interval(TCP_USER_TIMEOUT);
        }
        if config.get_application_name().is_none() {
            config.application_name("latchkey");
        }
        let tls = match config.get_ssl_mode() {
            SslMode::Require => MakeRustlsConnect::with_native_certs().map_err(|_| InvalidDatabaseUrl::NoRoots)?.0,
            _ => {
                config.ssl_mode(SslMode::Disable);
                let trust = ClientConfig::builder().with_root_certificates(RootCertStore::empty());
                MakeRustlsConnect::new(trust.with_no_client_auth())
            }
        };
        Ok(Self { config, tls })
    }

    /// Opens a connection for one statement at a time.
    pub(super) async fn connect(&self) -> ConnectionResult<AsyncPgConnection> {
        let (client, connection) = self.open().await?;
        AsyncPgConnection::try_from_client_and_connection(client, connection).await
    }

    /// Opens a connection that can be shared. The future must run for the client to work; it ends when the connection is lost.
    pub(super) async fn connect_client(&self) -> ConnectionResult<(Client, BoxFuture<'static, ()>)> {
        let (client, connection) = self.open().await?;
        Ok((client, run(connection).boxed()))
    }

    /// Opens a connection as [`ConnectionConfig::connect_client`] does, whose future reports each notification to `notify`.
    pub(super) async fn connect_with_notifications(
        &self,
        notify: Arc<Notify>,
    ) -> ConnectionResult<(Client, BoxFuture<'static, ()>)> {
        let (client, connection) = self.open().await?;
        Ok((client, forward_notifications(connection, notify).boxed()))
    }

    async fn open(&self) -> ConnectionResult<(Client, Connection)> {
        self.config.connect(self.tls.clone()).await.map_err(|error| connection_error(&error))
    }
}

async fn forward_notifications(mut connection: Connection, notify: Arc<Notify>) {
    let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
    while let Some(message) = messages.next().await {
        match message {
            Ok(AsyncMessage::Notification(_)) => notify.notify_one(),
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "lost the connection to the change feed");
                return;
            }
        }
    }
}

async fn run(connection: Connection) {
    if let Err(error) = connection.await {
        tracing::warn!(%error, "lost a connection to the database");
    }
}

fn connection_error(error: &tokio_postgres::Error) -> ConnectionError {
    // Only the cause says what is wrong ("connection refused").
    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    ConnectionError::BadConnection(format!("{error}{cause}"))
}
