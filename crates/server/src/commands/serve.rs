//! `latchkey serve`: starts all parts, serves until it is told to stop, and shuts them down.

use std::{net::SocketAddr, num::NonZeroUsize, sync::Arc, time::Duration};

use latchkey_domain::{
    Env, Service, ServiceConfig,
    identity::{password::PasswordHasher, users},
    model::Role,
    store::{Store, StoreConfig},
    verification::VerifierConfig,
};
use secrecy::{ExposeSecret, SecretString};
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    time::timeout,
};

use super::{
    CommandResult,
    database::{self, DatabaseHandle},
};
use crate::{
    config::Serve,
    http::{
        Limits, app,
        listener::{self, ConnectionLimits},
    },
    secrets,
    telemetry::metrics::Metrics,
};

/// The user who is created on the first start of an embedded Postgres.
const BOOTSTRAP_USERNAME: &str = "admin";
/// How long the shutdown waits for the last flush, as the database may be unavailable.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(5);

pub(super) async fn serve(options: Serve) -> CommandResult {
    let secrets = &options.secrets;
    if options.database.database_url.is_some() && (secrets.token_secret.is_none() || secrets.peppers.is_none()) {
        return Err(
            "with DATABASE_URL, LATCHKEY_TOKEN_SECRET and LATCHKEY_PEPPERS must be set: generate each secret with \
                    `openssl rand -base64 32`, and write a pepper as 1:SECRET"
                .into(),
        );
    }
    // Before anything is started: an address in use is the most likely error.
    let address = options.http.listen;
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| format!("cannot listen on {address}: {error}; set LATCHKEY_LISTEN"))?;
    let mut shutdown = ShutdownSignal::new()?;

    let database = tokio::select! {
        database = database::start(&options.database) => database?,
        () = shutdown.received() => return Ok(()),
    };
    let result = serve_with(&options, &database, listener, shutdown).await;
    database.close().await?;
    result
}

async fn serve_with(
    options: &Serve,
    database: &DatabaseHandle,
    listener: TcpListener,
    mut shutdown: ShutdownSignal,
) -> CommandResult {
    for migration in database.migrate().await? {
        tracing::info!(%migration, "applied migration");
    }
    let env = crate::env();
    let service = Arc::new(service(options, database, env.clone())?);
    let address = listener.local_addr()?;
    if database.data_dir.is_some() {
        bootstrap_admin(service.store(), &env, options.secrets.admin_password.clone(), address).await?;
    }

    let http = &options.http;
    let metrics = Arc::new(Metrics::new()?);
    let limits = Limits {
        max_body_bytes: http.max_body_bytes,
        body_idle_timeout: http.body_idle_timeout,
        request_timeout: http.request_timeout,
        trusted_proxies: http.trusted_proxies.clone(),
    };
    let connections = ConnectionLimits {
        max_connections: http.max_connections.get(),
        header_timeout: http.header_timeout,
        idle_timeout: http.idle_timeout,
        drain_timeout: http.drain_timeout,
    };
    tracing::info!(%address, "serving");
    let open_connections = metrics.open_connections().clone();
    let app = app(Arc::clone(&service), metrics, limits);
    // Until the server has drained, so that the cache stays usable meanwhile.
    let background_tasks = service.spawn_background_tasks();
    listener::serve(listener, app, connections, open_connections, shutdown.received()).await;
    drop(background_tasks);
    if timeout(FLUSH_TIMEOUT, service.background().flush()).await.is_err() {
        tracing::warn!("failed to flush usage counters before the flush timeout");
    }
    tracing::info!("stopped");
    Ok(())
}

fn service(options: &Serve, database: &DatabaseHandle, env: Env) -> CommandResult<Service> {
    let token_secret = match (&options.secrets.token_secret, &database.data_dir) {
        (Some(secret), _) => secret.clone(),
        (None, Some(data_dir)) => secrets::token_secret(data_dir)?,
        (None, None) => return Err("LATCHKEY_TOKEN_SECRET is not set".into()),
    };
    let peppers = match (&options.secrets.peppers, &database.data_dir) {
        (Some(peppers), _) => peppers.clone(),
        (None, Some(data_dir)) => secrets::peppers(data_dir)?,
        (None, None) => return Err("LATCHKEY_PEPPERS is not set".into()),
    };
    let store = Store::new(StoreConfig {
        connection: database.connection()?,
        write_pool_size: options.pools.db_write_pool_size.get(),
        read_connections: options.pools.read_connections(),
        acquire_timeout: options.pools.db_acquire_timeout,
        clock: env.clock.clone(),
    })?;
    Ok(Service::new(ServiceConfig {
        store,
        env,
        peppers: peppers.0,
        key_prefix: options.credentials.key_prefix.clone(),
        token_secret: token_secret.0,
        token_ttl: options.credentials.token_ttl,
        password_hash_concurrency: options.resources.password_hash_concurrency(),
        verification: VerifierConfig {
            cache_capacity: options.cache.key_cache_capacity.get(),
            max_stale: options.cache.max_stale,
        },
    })?)
}

/// Creates the first user of an embedded database that has none, and prints how to log in.
async fn bootstrap_admin(
    store: &Store,
    env: &Env,
    password: Option<SecretString>,
    address: SocketAddr,
) -> CommandResult {
    if !store.list_users().await?.is_empty() {
        return Ok(());
    }
    let is_generated = password.is_none();
    let password = password.unwrap_or_else(|| format!("{:032x}", u128::from_be_bytes(env.rng.bytes::<16>())).into());
    let passwords = PasswordHasher::new(NonZeroUsize::MIN);
    users::create(store, &passwords, env, BOOTSTRAP_USERNAME, Role::Admin, password.clone()).await.map_err(
        |error| format!("failed to create the user `{BOOTSTRAP_USERNAME}`, see LATCHKEY_ADMIN_PASSWORD: {error}"),
    )?;
    // On standard error, for people: the log must not contain secrets.
    if is_generated {
        let password = password.expose_secret();
        eprintln!("\nCreated the user `{BOOTSTRAP_USERNAME}`. The password is not shown again:\n\n    {password}\n");
        eprintln!(
            "To get a token:\n\n    curl -d 'grant_type=password&username={BOOTSTRAP_USERNAME}&password={password}' \
             http://{address}/token\n"
        );
    } else {
        eprintln!("Created the user `{BOOTSTRAP_USERNAME}` with the password in LATCHKEY_ADMIN_PASSWORD.");
    }
    Ok(())
}

/// SIGTERM, or SIGINT from Ctrl-C at a terminal.
struct ShutdownSignal {
    terminate: Signal,
    interrupt: Signal,
}

impl ShutdownSignal {
    fn new() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Waits for one of the signals.
    async fn received(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
