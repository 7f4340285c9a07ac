//! Databases on the Postgres that `make test` starts, and SQL beside the program.

use std::{
    env, process,
    sync::atomic::{AtomicUsize, Ordering},
};

use tokio::runtime::Runtime;
use tokio_postgres::{NoTls, SimpleQueryMessage, SimpleQueryRow};

static COUNT: AtomicUsize = AtomicUsize::new(0);

/// An empty database that is gone when the test is over, also when it panics.
pub struct Database {
    name: String,
    pub url: String,
}

impl Database {
    pub fn create() -> Self {
        let name = format!("latchkey_program_{}_{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        execute(&server_url(), &format!("CREATE DATABASE {name}"));
        let url = url_of(&server_url(), &name);
        Self { name, url }
    }

    /// Runs a statement beside the server.
    pub fn execute(&self, statement: &str) {
        execute(&self.url, statement);
    }

    /// Ends all connections, and allows no new one, until [`Database::open`].
    pub fn close(&self) {
        let Self { name, .. } = self;
        execute(
            &server_url(),
            &format!(
                "ALTER DATABASE {name} ALLOW_CONNECTIONS false; \
                 SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'"
            ),
        );
    }

    pub fn open(&self) {
        execute(&server_url(), &format!("ALTER DATABASE {} ALLOW_CONNECTIONS true", self.name));
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        execute(&server_url(), &format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

/// Runs statements one by one, each for itself.
pub fn execute(url: &str, statements: &str) {
    for statement in statements.split("; ") {
        rows(url, statement);
    }
}

/// The rows of a query, each as its values separated by tabs.
pub fn rows(url: &str, query: &str) -> Vec<String> {
    Session::open(url).rows(query)
}

/// Does something while nobody else can use a table.
pub fn while_locked<T>(url: &str, table: &str, act: impl FnOnce() -> T) -> T {
    let session = Session::open(url);
    session.rows(&format!("BEGIN; LOCK TABLE {table}"));
    let done = act();
    session.rows("ROLLBACK");
    done
}

/// A connection for statements that belong together; what it left open is undone when it is dropped.
pub struct Session {
    runtime: Runtime,
    client: tokio_postgres::Client,
}

impl Session {
    pub fn open(url: &str) -> Self {
        Self::try_open(url).unwrap_or_else(|error| panic!("{error:?}"))
    }

    pub fn try_open(url: &str) -> Result<Self, tokio_postgres::Error> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
            tokio::spawn(connection);
            Ok(client)
        })?;
        Ok(Self { runtime, client })
    }

    /// The rows of all queries in the text, each as its values separated by tabs.
    pub fn rows(&self, query: &str) -> Vec<String> {
        self.try_rows(query).unwrap_or_else(|error| panic!("{query}: {error:?}"))
    }

    pub fn try_rows(&self, query: &str) -> Result<Vec<String>, tokio_postgres::Error> {
        let messages = self.runtime.block_on(self.client.simple_query(query))?;
        let rows = messages.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let values =
            |row: &SimpleQueryRow| (0..row.len()).map(|column| row.get(column).unwrap_or("").to_owned()).collect();
        Ok(rows.map(values).map(|values: Vec<String>| values.join("\t")).collect())
    }
}

/// Where the server of all databases answers.
pub fn server_url() -> String {
    env::var("LATCHKEY_TEST_DATABASE_URL").expect(
        "LATCHKEY_TEST_DATABASE_URL names no Postgres to create databases in; use `make test`, which starts one",
    )
}

/// The address of another database of the same server.
fn url_of(server: &str, database: &str) -> String {
    let (address, parameters) = server.split_once('?').map_or((server, None), |(left, right)| (left, Some(right)));
    let (server, _) = address.rsplit_once('/').expect("an address such as postgres://user@host/database");
    format!("{server}/{database}{}", parameters.map(|parameters| format!("?{parameters}")).unwrap_or_default())
}
