//! Throw-away databases on the Postgres that `LATCHKEY_TEST_DATABASE_URL` names, and SQL on connections of the test's
//! own.

use std::{
    env,
    path::Path,
    process,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use latchkey_domain::store::{ConnectionConfig, migrations, runtime_role};
use tokio::{runtime::Runtime, sync::OnceCell};
use tokio_postgres::{Client, Config, NoTls, Row, SimpleQueryMessage, SimpleQueryRow, config::Host};

/// The options of `CREATE DATABASE` that clone the migrated template, which is created once for each test process.
static TEMPLATE: OnceCell<String> = OnceCell::const_new();
/// The role that servers connect as, and its password if the test server asks for one. All test databases share it, and it stays
/// on the server.
const RUNTIME_ROLE: &str = "latchkey_test_runtime";
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// Another process may create it at the same time. Before Postgres 15, everyone may create tables.
const CREATE_RUNTIME_ROLE: &str = "
    DO $$ BEGIN
        CREATE ROLE latchkey_test_runtime LOGIN PASSWORD 'latchkey_test_runtime';
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$;
    REVOKE CREATE ON SCHEMA public FROM PUBLIC";

/// A database that is dropped with this value, also when the test panics.
pub struct TestDatabase {
    name: String,
    url: String,
    runtime_url: String,
}

impl TestDatabase {
    /// Creates a database with every migration applied, and the privileges of a server granted.
    pub async fn migrated() -> Self {
        let template = TEMPLATE.get_or_init(create_template).await;
        Self::create(template).await
    }

    /// Creates a database without any table.
    pub async fn empty() -> Self {
        Self::create("").await
    }

    /// Creates a database without any table, for tests that are not async.
    pub fn empty_blocking() -> Self {
        block_on(Self::empty())
    }

    async fn create(options: &str) -> Self {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("latchkey_test_{}_{number}", process::id());
        execute_on_server(&format!("CREATE DATABASE {name} {options}")).await;
        let (url, runtime_url) = (url_of(&name), runtime_url_of(&name));
        Self { name, url, runtime_url }
    }

    /// The URL that a server connects to, as a role that may serve only.
    pub fn runtime_url(&self) -> &str {
        &self.runtime_url
    }

    /// The URL with the role that owns the tables.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// How the store connects to it.
    pub fn connection_settings(&self) -> ConnectionConfig {
        connection_settings(&self.url)
    }

    /// Opens a connection of the test's own.
    pub async fn connect(&self) -> Client {
        connect(&self.url).await
    }

    /// Runs statements on a connection of their own.
    pub async fn execute(&self, sql: &str) {
        self.connect().await.batch_execute(sql).await.unwrap();
    }

    /// Runs one query on a connection of its own, and returns its rows.
    pub async fn query(&self, sql: &str) -> Vec<Row> {
        self.connect().await.query(sql, &[]).await.unwrap()
    }

    /// Opens a connection of the test's own, for tests that are not async.
    pub fn session(&self) -> Session {
        Session::open(&self.url)
    }

    /// Terminates all connections and rejects new ones, until [`TestDatabase::allow_connections`] is called.
    pub fn block_connections(&self) {
        let name = &self.name;
        let server = Session::open(&server_url());
        server.rows(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
        server.rows(&format!("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'"));
    }

    /// Accepts connections again.
    pub fn allow_connections(&self) {
        Session::open(&server_url()).rows(&format!("ALTER DATABASE {} ALLOW_CONNECTIONS true", self.name));
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        block_on(drop_database(&self.name));
    }
}

/// A blocking connection, for statements that belong together. Dropping it rolls back an open transaction.
pub struct Session {
    runtime: Runtime,
    client: Client,
}

impl Session {
    /// Connects; panics when that fails.
    pub fn open(url: &str) -> Self {
        Self::try_open(url).unwrap_or_else(|error| panic!("{error:?}"))
    }

    /// Connects.
    ///
    /// # Errors
    /// When Postgres cannot be reached or rejects the connection.
    pub fn try_open(url: &str) -> Result<Self, tokio_postgres::Error> {
        let runtime = current_thread_runtime();
        let client = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
            tokio::spawn(connection);
            Ok(client)
        })?;
        Ok(Self { runtime, client })
    }

    /// Runs all statements of the text and returns their rows, each as its values separated by tabs.
    pub fn rows(&self, sql: &str) -> Vec<String> {
        let messages = self.runtime.block_on(self.client.simple_query(sql));
        let messages = messages.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        let rows = messages.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let values =
            |row: &SimpleQueryRow| (0..row.len()).map(|column| row.get(column).unwrap_or("").to_owned()).collect();
        rows.map(values).map(|values: Vec<String>| values.join("\t")).collect()
    }
}

/// Runs all statements of the text on a new connection and returns their rows, each as its values separated by tabs.
pub fn rows(url: &str, sql: &str) -> Vec<String> {
    Session::open(url).rows(sql)
}

/// Calls a function while a table is locked exclusively.
pub fn while_locked<T>(url: &str, table: &str, act: impl FnOnce() -> T) -> T {
    let session = Session::open(url);
    session.rows(&format!("BEGIN; LOCK TABLE {table}"));
    let result = act();
    session.rows("ROLLBACK");
    result
}

/// The host and port in a database URL.
pub(crate) fn host_and_port(config: &Config) -> (Host, u16) {
    (config.get_hosts()[0].clone(), config.get_ports().first().copied().unwrap_or(5432))
}

/// The URL of a maintenance database of the server on which all test databases are created.
///
/// # Panics
/// When `LATCHKEY_TEST_DATABASE_URL` is not set.
pub fn server_url() -> String {
    env::var("LATCHKEY_TEST_DATABASE_URL").expect(
        "LATCHKEY_TEST_DATABASE_URL must name a Postgres to create databases on; `tests/with-postgres` starts one",
    )
}

/// The URL of another database of the same server.
fn url_of(database: &str) -> String {
    let server = server_url();
    let (address, parameters) = server.split_once('?').map_or((server.as_str(), None), |(a, b)| (a, Some(b)));
    let (address, _) = address.rsplit_once('/').expect("a URL such as postgres://user@host/database");
    format!("{address}/{database}{}", parameters.map(|parameters| format!("?{parameters}")).unwrap_or_default())
}

/// The URL of a database of the test server with the runtime role.
fn runtime_url_of(database: &str) -> String {
    let url = url_of(database);
    let (scheme, rest) = url.split_once("://").expect("a URL such as postgres://user@host/database");
    let address = rest.split_once('@').map_or(rest, |(_, address)| address);
    format!("{scheme}://{RUNTIME_ROLE}:{RUNTIME_ROLE}@{address}")
}

fn connection_settings(url: &str) -> ConnectionConfig {
    ConnectionConfig::new(url, Duration::from_secs(5), Duration::from_secs(30)).unwrap()
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn execute_on_server(statement: &str) {
    connect(&server_url()).await.batch_execute(statement).await.unwrap();
}

/// Creates the migrated template and returns the options that clone it.
async fn create_template() -> String {
    drop_leftovers().await;
    let name = format!("latchkey_test_{}_template", process::id());
    execute_on_server(&format!("CREATE DATABASE {name}")).await;
    let url = url_of(&name);
    // Migrating blocks its thread, and the test's own runtime may have only one.
    let migrate = || {
        let runtime = Runtime::new().unwrap();
        runtime.block_on(async move {
            let settings = connection_settings(&url);
            migrations::migrate(&settings).await.unwrap();
            connect(&url).await.batch_execute(CREATE_RUNTIME_ROLE).await.unwrap();
            runtime_role::grant(&settings, RUNTIME_ROLE).await.unwrap();
        });
    };
    tokio::task::spawn_blocking(migrate).await.unwrap();
    let version = "SELECT current_setting('server_version_num')::integer >= 150000";
    let has_strategies: bool = connect(&server_url()).await.query_one(version, &[]).await.unwrap().get(0);
    // Copying files is faster here, and the only way before Postgres 15.
    format!("TEMPLATE {name}{}", if has_strategies { " STRATEGY file_copy" } else { "" })
}

/// Drops the databases of test processes that have ended: no code runs at the end of a test process, so its template
/// outlives it. Without `/proc` it is unknown which have ended, and nothing is dropped.
async fn drop_leftovers() {
    if !Path::new("/proc/self").exists() {
        return;
    }
    let client = connect(&server_url()).await;
    let names = "SELECT datname::text FROM pg_database WHERE datname ~ '^latchkey_test_[0-9]+_'";
    for row in client.query(names, &[]).await.unwrap() {
        let name: String = row.get(0);
        let process = name.split('_').nth(2).unwrap_or_default();
        if !Path::new("/proc").join(process).exists() {
            // Another starting process may drop it at the same time.
            client.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).await.ok();
        }
    }
}

/// Terminates the connections that a server may still hold, and drops the database.
async fn drop_database(name: &str) {
    let client = connect(&server_url()).await;
    let terminate = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    // `FORCE` would terminate them too, but it checks only every 100 ms whether they are gone.
    for _ in 0..200 {
        if client.query(&terminate, &[]).await.unwrap().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    client.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
}

/// Runs a future on a thread and a runtime of its own, because the calling thread may already run one.
fn block_on<T: Send>(future: impl Future<Output = T> + Send) -> T {
    thread::scope(|scope| {
        let result = scope.spawn(|| current_thread_runtime().block_on(future)).join();
        result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

fn current_thread_runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}
