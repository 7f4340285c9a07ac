//! A Postgres that a test may stop and start. Unlike the server of all test databases it is durable.

use std::{fs, fs::File, process::Command};

use nix::unistd::{User, geteuid};

use crate::{
    database::{rows, server_url},
    tempdir::TempDir,
};

/// How `pg_ctl` stops Postgres.
#[derive(Debug, Clone, Copy)]
pub enum StopMode {
    /// Rolls open transactions back and closes connections.
    Fast,
    /// Like a crash: Postgres recovers at the next start.
    Immediate,
}

/// A Postgres with a data directory of its own, running or stopped. It is stopped and removed when this is dropped.
pub struct PrivatePostgres {
    url: String,
    directory: TempDir,
    /// The directory of `initdb` and `pg_ctl`.
    binaries: String,
}

impl PrivatePostgres {
    /// Starts one of the same version as the server of all test databases.
    pub fn start() -> Self {
        let binaries = rows(&server_url(), "SELECT setting FROM pg_config WHERE name = 'BINDIR'").remove(0);
        let directory = account().map_or_else(TempDir::new, |account| TempDir::owned_by(&account));
        let host = directory.path().display().to_string().replace('/', "%2F");
        let postgres = Self { url: format!("postgres://postgres@{host}/postgres"), directory, binaries };
        postgres.run("initdb", &["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        postgres.restart();
        postgres
    }

    /// The URL of its database `postgres`, as a superuser.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Starts it after [`PrivatePostgres::stop`], and waits until it accepts connections.
    pub fn restart(&self) {
        let directory = self.directory.path().display();
        let settings = format!("-c listen_addresses='' -c unix_socket_directories='{directory}'");
        self.run("pg_ctl", &["-l", &format!("{directory}/log"), "-w", "-o", &settings, "start"]);
    }

    /// Stops it, and waits until it has stopped.
    pub fn stop(&self, mode: StopMode) {
        let mode = match mode {
            StopMode::Fast => "fast",
            StopMode::Immediate => "immediate",
        };
        self.run("pg_ctl", &["-m", mode, "-w", "stop"]);
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let program = format!("{}/{program}", self.binaries);
        let mut command = match account() {
            Some(account) => {
                let mut command = Command::new("setpriv");
                command.arg(format!("--reuid={}", account.uid)).arg(format!("--regid={}", account.gid));
                command.arg("--clear-groups").arg(program);
                command
            }
            None => Command::new(program),
        };
        let output = self.directory.path().join("output");
        // The server would inherit a pipe and keep it open.
        let file = || File::options().create(true).append(true).open(&output).unwrap();
        let command = command.arg("-D").arg(self.directory.data()).args(arguments);
        let status = command.current_dir("/").stdout(file()).stderr(file()).status().unwrap();
        assert!(status.success(), "{command:?}: {}", fs::read_to_string(&output).unwrap());
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        if self.directory.data().join("postmaster.pid").exists() {
            self.stop(StopMode::Immediate);
        }
    }
}

/// The account for programs that refuse to run as root; `None` unless the tests do.
pub(crate) fn account() -> Option<User> {
    geteuid().is_root().then(|| User::from_name("postgres").unwrap().expect("there is an account for Postgres"))
}
