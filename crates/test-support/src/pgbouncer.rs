//! PgBouncer in transaction mode in front of a database.

use std::{env, fs, path::PathBuf, process::Command};

use tokio_postgres::{Config, config::Host};

use crate::{
    database::{Session, host_and_port},
    postgres::account,
    program::Process,
    tempdir::TempDir,
    wait::wait_until,
};

/// Contains, in its first `ini` block, what an operator must set besides the mode.
const DOCUMENTATION: &str = include_str!("../../../docs/OPERATIONS.md");

/// A running PgBouncer; it stops when this is dropped.
pub struct PgBouncer {
    url: String,
    _process: Process,
    _directory: TempDir,
}

impl PgBouncer {
    /// Starts the program that `LATCHKEY_TEST_PGBOUNCER` names, for the database at a URL; `None` when it names none.
    pub fn start(url: &str) -> Option<Self> {
        let program = PathBuf::from(env::var_os("LATCHKEY_TEST_PGBOUNCER")?);
        let config: Config = url.parse().unwrap();
        let (user, name) = (config.get_user().unwrap(), config.get_dbname().unwrap());
        let (host, port) = host_and_port(&config);
        let host = match host {
            Host::Tcp(host) => host,
            Host::Unix(directory) => directory.display().to_string(),
        };
        let (_, rest) = DOCUMENTATION.split_once("```ini\n").unwrap();
        let (documented, _) = rest.split_once("```").unwrap();
        let account = account();
        let directory = account.as_ref().map_or_else(TempDir::new, TempDir::owned_by);
        let path = directory.path().display();
        let mut settings = format!(
            "[databases]\n{name} = host={host} port={port} user={user} dbname={name}\n\n[pgbouncer]\nlisten_addr =\n\
             listen_port = 6432\nunix_socket_dir = {path}\nauth_type = any\ndefault_pool_size = 20\n\
             pool_mode = transaction\n{documented}"
        );
        if let Some(account) = account {
            settings.push_str("user = ");
            settings.push_str(&account.name);
            settings.push('\n');
        }
        let file = directory.path().join("pgbouncer.ini");
        fs::write(&file, settings).unwrap();
        let process = Process::spawn(Command::new(program).arg(&file));
        let socket = directory.path().display().to_string().replace('/', "%2F");
        let url = format!("postgres://{user}@{socket}:6432/{name}");
        wait_until("PgBouncer to accept connections", || Session::try_open(&url).is_ok());
        Some(Self { url, _process: process, _directory: directory })
    }

    /// The URL of the database by way of PgBouncer.
    pub fn url(&self) -> &str {
        &self.url
    }
}
