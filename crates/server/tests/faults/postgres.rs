//! A Postgres that a test may stop: durable, unlike the one that all tests share, and with programs of the same version.

use std::{
    fs::{Permissions, set_permissions},
    os::unix::fs::{PermissionsExt, chown},
    path::PathBuf,
    process::Command,
};

use nix::unistd::{User, geteuid};
use tempfile::TempDir;

use crate::database::{rows, server_url};

/// How `pg_ctl` stops it.
#[derive(Debug, Clone, Copy)]
pub enum Stop {
    /// Transactions are undone, connections closed.
    Fast,
    /// As if it had been killed: it recovers when it is started again.
    Immediate,
}

/// A running Postgres, or one that could; it is gone when this is dropped.
pub struct Postgres {
    pub url: String,
    directory: TempDir,
    binaries: PathBuf,
}

impl Postgres {
    pub fn start() -> Self {
        let binaries = rows(&server_url(), "SELECT setting FROM pg_config WHERE name = 'BINDIR'").remove(0).into();
        let directory = tempfile::Builder::new().prefix("latchkey-faults-").tempdir().unwrap();
        if let Some(account) = account() {
            chown(directory.path(), Some(account.uid.as_raw()), Some(account.gid.as_raw())).unwrap();
        }
        let host = directory.path().display().to_string().replace('/', "%2F");
        let postgres = Self { url: format!("postgres://postgres@{host}/postgres"), directory, binaries };
        postgres.run("initdb", &["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        postgres.start_again();
        set_permissions(postgres.directory.path(), Permissions::from_mode(0o755)).unwrap();
        postgres
    }

    pub fn start_again(&self) {
        let directory = self.directory.path().display();
        let settings = format!("-c listen_addresses='' -c unix_socket_directories='{directory}'");
        self.run("pg_ctl", &["-l", &format!("{directory}/log"), "-w", "-o", &settings, "start"]);
    }

    pub fn stop(&self, how: Stop) {
        let mode = match how {
            Stop::Fast => "fast",
            Stop::Immediate => "immediate",
        };
        self.run("pg_ctl", &["-m", mode, "-w", "stop"]);
    }

    /// One of its programs, on its data.
    fn run(&self, program: &str, arguments: &[&str]) {
        let program = self.binaries.join(program);
        let mut command = match account() {
            // Postgres refuses to run as root.
            Some(account) => {
                let mut command = Command::new("setpriv");
                command.arg(format!("--reuid={}", account.uid)).arg(format!("--regid={}", account.gid));
                command.arg("--clear-groups").arg(program);
                command
            }
            None => Command::new(program),
        };
        let output = self.directory.path().join("output");
        // A pipe would be inherited by the server, and never end.
        let file = || std::fs::File::options().create(true).append(true).open(&output).unwrap();
        let command = command.arg("-D").arg(self.directory.path().join("data")).args(arguments);
        let status = command.current_dir("/").stdout(file()).stderr(file()).status().unwrap();
        assert!(status.success(), "{command:?}: {}", std::fs::read_to_string(&output).unwrap());
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if self.directory.path().join("data/postmaster.pid").exists() {
            self.stop(Stop::Immediate);
        }
    }
}

/// The account that servers run as which refuse to be root.
pub fn account() -> Option<User> {
    geteuid().is_root().then(|| User::from_name("postgres").unwrap().expect("there is an account for Postgres"))
}
