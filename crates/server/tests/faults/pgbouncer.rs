//! A PgBouncer in transaction mode in front of a database.

use std::{env, fs, os::unix::fs::chown, path::PathBuf, process::Command};

use tempfile::TempDir;
use tokio_postgres::{Config, config::Host};

use crate::{database::Session, postgres::account, server::Process, wait::wait_until};

/// Has what an operator sets beside the mode: prepared statements are kept for each client, and the nodes' `options` are
/// passed over.
const DOCUMENTATION: &str = include_str!("../../../../docs/OPERATIONS.md");

/// A running pooler; it is gone when this is dropped.
pub struct PgBouncer {
    pub url: String,
    _process: Process,
    _directory: TempDir,
}

impl PgBouncer {
    /// `None` without the program that `LATCHKEY_TEST_PGBOUNCER` names.
    pub fn before(url: &str) -> Option<Self> {
        let program = PathBuf::from(env::var_os("LATCHKEY_TEST_PGBOUNCER")?);
        let config: Config = url.parse().unwrap();
        let (user, name) = (config.get_user().unwrap(), config.get_dbname().unwrap());
        let host = match &config.get_hosts()[0] {
            Host::Tcp(host) => host.clone(),
            Host::Unix(directory) => directory.display().to_string(),
        };
        let port = config.get_ports().first().copied().unwrap_or(5432);
        let (_, rest) = DOCUMENTATION.split_once("```ini\n").unwrap();
        let (documented, _) = rest.split_once("```").unwrap();
        let directory = tempfile::Builder::new().prefix("latchkey-pgbouncer-").tempdir().unwrap();
        let path = directory.path().display();
        let mut settings = format!(
            "[databases]\n{name} = host={host} port={port} user={user} dbname={name}\n\n[pgbouncer]\nlisten_addr =\n\
             listen_port = 6432\nunix_socket_dir = {path}\nauth_type = any\ndefault_pool_size = 20\n\
             pool_mode = transaction\n{documented}"
        );
        if let Some(account) = account() {
            // It refuses to run as root.
            settings += &format!("user = {}\n", account.name);
            chown(directory.path(), Some(account.uid.as_raw()), None).unwrap();
        }
        let file = directory.path().join("pgbouncer.ini");
        fs::write(&file, settings).unwrap();
        let process = Process::spawn(Command::new(program).arg(&file));
        let url =
            format!("postgres://{user}@{}:6432/{name}", directory.path().display().to_string().replace('/', "%2F"));
        wait_until("PgBouncer", || Session::try_open(&url).is_ok());
        Some(Self { url, _process: process, _directory: directory })
    }
}
