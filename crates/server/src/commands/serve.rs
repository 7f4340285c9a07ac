//! `latchkey serve`: starts all parts, serves until it is told to stop, and shuts them down.

use std::{net::SocketAddr, num::NonZeroUsize, sync::Arc, time::Duration};

use latchkey_domain::{
    Env, Service, ServiceConfig,
    identity::{
        management_limits::ManagementLimitsConfig,
        password::PasswordHasher,
        users::{self, UserError},
    },
    model::{Actor, NewUser},
    store::{Store, StoreConfig},
    verification::VerifierConfig,
};
use secrecy::{ExposeSecret, SecretString};
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    sync::oneshot,
    time::timeout,
};

use super::{
    CommandResult,
    database::{self, DatabaseHandle},
};
use crate::{
    config::Serve,
    file_limit,
    http::{
        Apps, Limits,
        listener::{self, ConnectionLimits},
    },
    privileges, secrets,
    telemetry::metrics::{ConnectionMetrics, Metrics},
};

/// The user who is created on the first start of an embedded Postgres.
const BOOTSTRAP_USERNAME: &str = "admin";
/// Connections to the management listener: of a few probes and scrapers.
const MANAGEMENT_CONNECTIONS: usize = 32;
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
    let run_as = options.resources.run_as.as_deref();
    if options.database.database_url.is_none() && run_as.is_some() {
        return Err(
            "LATCHKEY_RUN_AS needs DATABASE_URL: with an embedded Postgres, the server keeps its account".into()
        );
    }
    // Before anything is started: an address in use is the most likely error.
    let public = bind(options.http.listen, "LATCHKEY_LISTEN")?;
    let management = match options.http.management_listen {
        Some(address) => Some(bind(address, "LATCHKEY_MANAGEMENT_LISTEN")?),
        None => None,
    };
    let mut shutdown = ShutdownSignal::new()?;

    let database = tokio::select! {
        database = database::start(&options.database) => database?,
        () = shutdown.received() => return Ok(()),
    };
    // Everything that only root may open is open, and there is no connection to the database yet.
    if database.data_dir.is_none() {
        privileges::switch_account(run_as)?;
    }
    let result = serve_with(&options, &database, Listeners { public, management }, shutdown).await;
    database.close().await?;
    result
}

struct Listeners {
    public: TcpListener,
    management: Option<TcpListener>,
}

fn bind(address: SocketAddr, variable: &str) -> CommandResult<TcpListener> {
    let listener = listener::bind(address);
    Ok(listener.map_err(|error| format!("cannot listen on {address}: {error}; set {variable}"))?)
}

async fn serve_with(
    options: &Serve,
    database: &DatabaseHandle,
    listeners: Listeners,
    mut shutdown: ShutdownSignal,
) -> CommandResult {
    prepare_schema(options, database).await?;
    let env = crate::env();
    let service = Arc::new(service(options, database, env.clone())?);
    let address = listeners.public.local_addr()?;
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
        max_connections: max_connections(options)?,
        max_connections_per_ip: http.max_connections_per_ip.get(),
        trusted_proxies: http.trusted_proxies.clone(),
        header_timeout: http.header_timeout,
        idle_timeout: http.idle_timeout,
        write_timeout: http.write_timeout,
        drain_timeout: http.drain_timeout,
    };
    let connection_metrics = metrics.connections().clone();
    let apps = Apps::new(Arc::clone(&service), metrics, limits);
    let (drained, is_drained) = oneshot::channel::<()>();
    let management = async {
        let Some(listener) = listeners.management else { return Ok(()) };
        tracing::info!(address = %listener.local_addr()?, "serving health and metrics");
        let limits = ConnectionLimits {
            max_connections: MANAGEMENT_CONNECTIONS,
            max_connections_per_ip: MANAGEMENT_CONNECTIONS,
            ..connections.clone()
        };
        // Until the other listener has drained, so that its end can be observed.
        let shutdown = async { _ = is_drained.await };
        listener::serve(listener, apps.management(), limits, ConnectionMetrics::new()?, shutdown).await;
        CommandResult::Ok(())
    };
    let with_metrics = http.management_listen.is_none();
    let public = async {
        tracing::info!(%address, "serving");
        let shutdown = async {
            shutdown.received().await;
            apps.announce_shutdown();
            _ = timeout(http.shutdown_delay, shutdown.received()).await;
        };
        let app = apps.public(with_metrics);
        listener::serve(listeners.public, app, connections.clone(), connection_metrics, shutdown).await;
        drop(drained);
    };
    // Until the server has drained, so that the cache stays usable meanwhile.
    let background_tasks = service.spawn_background_tasks();
    let ((), management) = tokio::join!(public, management);
    management?;
    drop(background_tasks);
    if timeout(FLUSH_TIMEOUT, service.background().flush()).await.is_err() {
        tracing::warn!("failed to flush usage counters before the flush timeout");
    }
    tracing::info!("stopped");
    Ok(())
}

/// The maximum number of connections, as far as the process may open files.
fn max_connections(options: &Serve) -> CommandResult<usize> {
    let configured = options.http.max_connections.get();
    let pools = &options.pools;
    // Logins have three of their own. One follows the change feed, two more check its snapshots, and one migrates.
    let database = pools.db_write_pool_size.get() + 2 * pools.read_connections() + 7;
    let file_limit = file_limit::raise()?;
    let max = file_limit::max_connections(configured, file_limit, database + MANAGEMENT_CONNECTIONS);
    if max < configured {
        tracing::warn!(max, configured, file_limit, "lowered the maximum number of connections: too few open files");
    }
    Ok(max)
}

/// Applies the migrations that the database lacks, or fails if it must not.
async fn prepare_schema(options: &Serve, database: &DatabaseHandle) -> CommandResult {
    if !options.no_migrate {
        for migration in database.migrate().await? {
            tracing::info!(%migration, "applied migration");
        }
        return Ok(());
    }
    match database.migration_status().await?.pending.as_slice() {
        [] => Ok(()),
        pending => Err(format!(
            "the database lacks migrations, and --no-migrate (LATCHKEY_NO_MIGRATE) is set; run `latchkey migrate` for: {}",
            pending.join(", ")
        )
        .into()),
    }
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
        connection: database.connection(),
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
        audit_retention: options.growth.audit_retention.0,
        max_keys_per_user: options.growth.max_keys_per_user,
        management_limits: ManagementLimitsConfig {
            read: options.growth.read_rate_limit.0,
            write: options.growth.write_rate_limit.0,
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
    if !users::list(store, env, Actor::Command, None, 1, None).await?.items.is_empty() {
        return Ok(());
    }
    let is_generated = password.is_none();
    let password = password.unwrap_or_else(|| format!("{:032x}", u128::from_be_bytes(env.rng.bytes::<16>())).into());
    let passwords = PasswordHasher::new(NonZeroUsize::MIN);
    let failed = |error: UserError| {
        format!("failed to create the user `{BOOTSTRAP_USERNAME}`, see LATCHKEY_ADMIN_PASSWORD: {error}")
    };
    let password_hash = Some(users::hash_password(&passwords, env, password.clone()).await.map_err(failed)?);
    let name = BOOTSTRAP_USERNAME.to_owned();
    let new = NewUser { name, password_hash, is_administrator: true, is_verifier: false };
    users::create(store, env, Actor::Command, new).await.map_err(failed)?;
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
