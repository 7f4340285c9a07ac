//! A database for each test, cloned from a template that is migrated once for the process.

use std::{
    env,
    path::Path,
    process,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use latchkey_domain::store::{ConnectionConfig, migrations};
use tokio::sync::OnceCell;
use tokio_postgres::{Client, Config, NoTls, Row, config::Host};

/// How to clone the template.
static TEMPLATE: OnceCell<String> = OnceCell::const_new();
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// A database that is gone when the test is over, also when it panics.
pub struct Database {
    name: String,
}

impl Database {
    /// With every migration.
    pub async fn migrated() -> Self {
        let template = TEMPLATE.get_or_init(make_template).await;
        Self::create(template).await
    }

    /// With nothing in it.
    pub async fn empty() -> Self {
        Self::create("").await
    }

    async fn create(options: &str) -> Self {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("latchkey_test_{}_{number}", process::id());
        execute_on_server(&format!("CREATE DATABASE {name} {options}")).await;
        Self { name }
    }

    pub fn url(&self) -> String {
        url_of(&self.name)
    }

    pub fn settings(&self) -> ConnectionConfig {
        settings(&self.url())
    }

    pub async fn connect(&self) -> Client {
        connect(&self.url()).await
    }

    /// Runs statements beside the server.
    pub async fn execute(&self, sql: &str) {
        self.connect().await.batch_execute(sql).await.unwrap();
    }

    /// The rows of one query beside the server.
    pub async fn query(&self, sql: &str) -> Vec<Row> {
        self.connect().await.query(sql, &[]).await.unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let name = self.name.clone();
        // The test's own runtime may be the one that is unwinding, so the removal has a thread and a runtime of its own.
        let removal = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(drop_database(&name));
        });
        let _ = removal.join();
    }
}

/// Ends the connections to a database, which its server may still hold, and removes it.
async fn drop_database(name: &str) {
    let client = connect(&server_url()).await;
    let end = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    // `FORCE` would end them too, but then looks only every 100 ms whether they are gone.
    for _ in 0..200 {
        if client.query(&end, &[]).await.unwrap().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    client.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
}

async fn make_template() -> String {
    drop_leftovers().await;
    let name = format!("latchkey_test_{}_template", process::id());
    execute_on_server(&format!("CREATE DATABASE {name}")).await;
    let url = url_of(&name);
    // The migrations block the thread that runs them, which a test's own runtime has but one of.
    let migrate = || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async move { migrations::migrate(&settings(&url)).await.unwrap() })
    };
    tokio::task::spawn_blocking(migrate).await.unwrap();
    let version = "SELECT current_setting('server_version_num')::integer >= 150000";
    let knows_strategies: bool = connect(&server_url()).await.query_one(version, &[]).await.unwrap().get(0);
    // Copying files is the faster way here, and the only one before Postgres 15.
    format!("TEMPLATE {name}{}", if knows_strategies { " STRATEGY file_copy" } else { "" })
}

/// Nothing runs at the end of a test process, so its template goes with the next one. Databases of processes that still
/// run stay; where there is no `/proc` to tell, so do all.
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
            // Another process that starts may be at it as well.
            client.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).await.ok();
        }
    }
}

async fn execute_on_server(statement: &str) {
    connect(&server_url()).await.batch_execute(statement).await.unwrap();
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

fn settings(url: &str) -> ConnectionConfig {
    ConnectionConfig::new(url, Duration::from_secs(5), Duration::from_secs(30)).unwrap()
}

/// Where the server of all databases answers.
fn server_url() -> String {
    env::var("LATCHKEY_TEST_DATABASE_URL").unwrap_or_else(|_| {
        panic!("LATCHKEY_TEST_DATABASE_URL names no Postgres to create databases in; use `make test`, which starts one")
    })
}

fn url_of(database: &str) -> String {
    let config: Config = server_url().parse().unwrap();
    let host = match &config.get_hosts()[0] {
        Host::Tcp(host) => host.clone(),
        Host::Unix(directory) => directory.to_str().unwrap().replace('/', "%2F"),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let user = config.get_user().unwrap_or("postgres");
    let password = config.get_password().map(|password| format!(":{}", String::from_utf8_lossy(password)));
    format!("postgres://{user}{}@{host}:{port}/{database}", password.unwrap_or_default())
}
