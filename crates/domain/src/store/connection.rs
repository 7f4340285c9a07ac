//! Connections to Postgres.

use std::{error::Error, net::IpAddr, sync::Arc, time::Duration};

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::AsyncPgConnection;
use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream};
use tokio::sync::Notify;
use tokio_postgres::{
    AsyncMessage, Client, Config, Socket,
    config::{Host, SslMode, TargetSessionAttrs},
    tls::MakeTlsConnect,
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::tls::{self, InvalidTls, TlsParameters};

/// How long sent data may stay unacknowledged before a TCP connection is lost; also the interval of keepalive probes.
const TCP_USER_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a connection is idle before keepalive probes begin; less than firewalls keep an idle connection.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(30);

/// Where the database is, and the statement timeout.
#[derive(Clone)]
pub struct ConnectionConfig {
    config: Config,
    /// Trusts no certificate and is not used if `config` disables TLS.
    tls: MakeRustlsConnect,
    statement_timeout: Duration,
}

type Connection = tokio_postgres::Connection<Socket, <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream>;

/// A database URL that cannot be used. It does not repeat the URL, which may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum InvalidDatabaseUrl {
    /// It cannot be parsed.
    #[error("the database URL cannot be understood; it looks like postgres://user:password@host:5432/database")]
    Malformed,
    /// It leaves open whether a connection over a network is encrypted.
    #[error(
        "the database host is not this machine, so the database URL must say whether connections use TLS: add \
         sslmode=verify-full, or sslmode=disable if nobody can read or change what is sent"
    )]
    NoSslMode,
    /// What it says of TLS cannot be done.
    #[error(transparent)]
    Tls(#[from] InvalidTls),
}

impl ConnectionConfig {
    /// Parses a database URL. Postgres cancels a statement that runs longer than `statement_timeout`.
    ///
    /// Reads the files of certificates that it names. TLS always verifies the name and the certificate of the server. Only a
    /// connection to this machine may do without TLS if the URL does not disable it.
    ///
    /// Of several hosts, connections lead to the one that accepts writes, whatever `target_session_attrs` says: a standby may not
    /// know of a revocation yet.
    pub fn new(url: &str, connect_timeout: Duration, statement_timeout: Duration) -> Result<Self, InvalidDatabaseUrl> {
        // tokio-postgres also reads `host=… sslmode=…`, whose parameters about TLS would be overlooked here.
        if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(InvalidDatabaseUrl::Malformed);
        }
        let (url, parameters) = TlsParameters::take_from(url)?;
        let mut config: Config = url.parse().map_err(|_| InvalidDatabaseUrl::Malformed)?;
        let timeout = format!("-c statement_timeout={}", statement_timeout.as_millis());
        let options = match config.get_options() {
            Some(options) => format!("{options} {timeout}"),
            None => timeout,
        };
        config.options(options).connect_timeout(connect_timeout).target_session_attrs(TargetSessionAttrs::ReadWrite);
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
        let tls = match parameters.enabled {
            Some(true) => {
                config.ssl_mode(SslMode::Require);
                parameters.client_config()?
            }
            None if !is_local(&config) => return Err(InvalidDatabaseUrl::NoSslMode),
            _ => {
                config.ssl_mode(SslMode::Disable);
                tls::unused()
            }
        };
        Ok(Self { config, tls: MakeRustlsConnect::new(tls), statement_timeout })
    }

    /// How long Postgres may work on a statement before it cancels it.
    pub(super) fn statement_timeout(&self) -> Duration {
        self.statement_timeout
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

/// Whether all servers are on this machine.
fn is_local(config: &Config) -> bool {
    let is_local_host = |host: &Host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback()),
    };
    // With addresses, connections lead to them, whatever the names are.
    match config.get_hostaddrs() {
        [] => config.get_hosts().iter().all(is_local_host),
        addresses => addresses.iter().all(IpAddr::is_loopback),
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
