//! `latchkey serve`: puts the parts together, serves until it is told to stop, and takes them apart again.

use std::{net::SocketAddr, num::NonZeroUsize, sync::Arc, thread, time::Duration};

use latchkey_domain::{
    Service, Settings, Surroundings,
    identity::{Role, password::Passwords, user},
    store::{Store, StoreSettings},
    verification::VerifierSettings,
};
use secrecy::{ExposeSecret, SecretString};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    time::timeout,
};

use super::{
    CommandResult,
    database::{self, Opened},
};
use crate::{
    config::Serve,
    http::{
        Limits,
        accept::{self, ConnectionLimits},
        app,
    },
    secrets,
    telemetry::metrics::Metrics,
};

/// The name of the user who is made on the first start of an embedded database.
const ADMIN: &str = "admin";
/// How long the end waits for a database that may be away.
const FINISH_TIMEOUT: Duration = Duration::from_secs(5);

pub(super) async fn serve(options: Serve) -> CommandResult {
    if options.database.database_url.is_some() && (options.token_secret.is_none() || options.peppers.is_none()) {
        return Err(
            "with DATABASE_URL, LATCHKEY_TOKEN_SECRET and LATCHKEY_PEPPERS must be set: make each secret with \
                    `openssl rand -base64 32`, and write a pepper as 1:SECRET"
                .into(),
        );
    }
    // Before anything is started: a taken address is the likeliest mistake.
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}; set LATCHKEY_LISTEN", options.listen))?;
    let mut stop = Stop::new()?;

    let opened = tokio::select! {
        opened = database::open(&options.database) => opened?,
        () = stop.asked() => return Ok(()),
    };
    let served = serve_on(&options, &opened, listener, stop).await;
    opened.close().await?;
    served
}

async fn serve_on(options: &Serve, database: &Opened, listener: TcpListener, mut stop: Stop) -> CommandResult {
    for migration in database.migrate().await? {
        tracing::info!(%migration, "migrated");
    }
    let surroundings = crate::surroundings();
    let service = Arc::new(service(options, database, surroundings.clone())?);
    let address = listener.local_addr()?;
    if database.data_dir.is_some() {
        make_admin(service.store(), &surroundings, options.admin_password.clone(), address).await?;
    }

    let metrics = Arc::new(Metrics::new()?);
    let limits = Limits {
        body: options.body_limit,
        body_timeout: options.body_timeout,
        request_timeout: options.request_timeout,
        trusted_proxies: options.trusted_proxies.clone(),
    };
    let connections = ConnectionLimits {
        count: options.connection_limit.get(),
        header_timeout: options.header_timeout,
        drain_timeout: options.drain_timeout,
    };
    tracing::info!(%address, "serving");
    let open = metrics.connections().clone();
    let app = app(Arc::clone(&service), metrics, limits);
    tokio::select! {
        () = accept::serve(listener, app, connections, open, stop.asked()) => {}
        // It never ends; until the server has drained, so that what is asked meanwhile is answered as before.
        () = service.work() => {}
    }
    if timeout(FINISH_TIMEOUT, service.finish()).await.is_err() {
        tracing::warn!("the last usage could not be written");
    }
    tracing::info!("stopped");
    Ok(())
}

fn service(options: &Serve, database: &Opened, surroundings: Surroundings) -> CommandResult<Service> {
    let token_secret = match (&options.token_secret, &database.data_dir) {
        (Some(secret), _) => secret.clone(),
        (None, Some(data_dir)) => secrets::token_secret(data_dir)?,
        (None, None) => return Err("LATCHKEY_TOKEN_SECRET is not set".into()),
    };
    let peppers = match (&options.peppers, &database.data_dir) {
        (Some(peppers), _) => peppers.clone(),
        (None, Some(data_dir)) => secrets::peppers(data_dir)?,
        (None, None) => return Err("LATCHKEY_PEPPERS is not set".into()),
    };
    let processors = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let store = Store::new(StoreSettings {
        connection: database.connection()?,
        pool_size: options.pool_size.get(),
        // The fewer share it, the more go out in one packet; but each keeps one process of Postgres busy at most.
        readers: options.read_connections.map_or(processors.get().div_ceil(2), NonZeroUsize::get),
        pool_timeout: options.pool_timeout,
        name_secret: token_secret.0.clone(),
    })?;
    Ok(Service::new(Settings {
        store,
        surroundings,
        peppers: peppers.0,
        key_prefix: options.key_prefix.clone(),
        token_secret: token_secret.0,
        token_lifetime: options.token_lifetime,
        parallel_hashing: options.parallel_hashing.unwrap_or(processors),
        verification: VerifierSettings { capacity: options.remembered_keys.get(), stale_limit: options.stale_limit },
    })?)
}

/// Makes the first user of an embedded database that has none, and says how to log in.
async fn make_admin(
    store: &Store,
    surroundings: &Surroundings,
    password: Option<SecretString>,
    address: SocketAddr,
) -> CommandResult {
    if !store.users().await?.is_empty() {
        return Ok(());
    }
    let made = password.is_none();
    let password =
        password.unwrap_or_else(|| format!("{:032x}", u128::from_be_bytes(surroundings.random::<16>())).into());
    let passwords = Passwords::new(NonZeroUsize::MIN);
    user::create(store, &passwords, surroundings, ADMIN, Role::Admin, password.clone())
        .await
        .map_err(|error| format!("the user `{ADMIN}` could not be made, see LATCHKEY_ADMIN_PASSWORD: {error}"))?;
    // On standard error, which is for people: the logs never hold a secret.
    if made {
        eprintln!(
            "\nThe user `{ADMIN}` was made. Its password is shown this once:\n\n    {}\n",
            password.expose_secret()
        );
        eprintln!(
            "A token:\n\n    curl -d 'grant_type=password&username={ADMIN}&password={}' http://{address}/token\n",
            password.expose_secret()
        );
    } else {
        eprintln!("The user `{ADMIN}` was made, with the password in LATCHKEY_ADMIN_PASSWORD.");
    }
    Ok(())
}

/// SIGTERM, or Ctrl-C at a terminal.
struct Stop {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Stop {
    fn new() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn asked(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
