//! A Postgres that a test may stop and start. Unlike the server of all test databases it is durable.

use std::{
    fs,
    fs::{File, Permissions},
    net::TcpListener,
    os::unix::fs::{PermissionsExt, chown},
    path::Path,
    process::Command,
};

use nix::unistd::{User, geteuid};

use crate::{
    certificates::Identity,
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
    /// The directory of its socket, as a URL has it.
    host: String,
    directory: TempDir,
    /// The `-c` options that say where it listens.
    listen: String,
    /// The directory of `initdb` and `pg_ctl`.
    binaries: String,
}

impl PrivatePostgres {
    /// Starts one of the same version as the server of all test databases.
    pub fn start() -> Self {
        let binaries = rows(&server_url(), "SELECT setting FROM pg_config WHERE name = 'BINDIR'").remove(0);
        let postgres = Self::without_data(binaries);
        postgres.run("initdb", &["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        postgres.restart();
        postgres
    }

    /// Starts a streaming standby of this server.
    #[must_use]
    pub fn start_standby(&self) -> Self {
        let standby = Self::without_data(self.binaries.clone());
        standby.run("pg_basebackup", &["-d", &self.url, "-R", "-X", "stream", "-c", "fast", "--no-sync"]);
        standby.restart();
        standby
    }

    /// Also listens on a free port of 127.0.0.1, for TLS only, and returns the port. The user `postgres` may connect, and the user
    /// `certified` with a client certificate of this name. The certificates are PEM files.
    pub fn listen_with_tls(&mut self, certificate: &Identity, client_root: &Path) -> u16 {
        rows(&self.url, "CREATE ROLE certified LOGIN");
        self.stop(StopMode::Fast);
        let data = self.directory.data();
        let access = "local all all trust\nhostssl all postgres 127.0.0.1/32 trust\n\
                      hostssl all certified 127.0.0.1/32 trust clientcert=verify-full\n";
        fs::write(data.join("pg_hba.conf"), access).unwrap();
        for (from, to) in [
            (certificate.certificate.as_path(), "server.crt"),
            (&certificate.key, "server.key"),
            (client_root, "root.crt"),
        ] {
            let to = data.join(to);
            fs::copy(from, &to).unwrap();
            fs::set_permissions(&to, Permissions::from_mode(0o600)).unwrap();
            if let Some(account) = account() {
                chown(&to, Some(account.uid.as_raw()), Some(account.gid.as_raw())).unwrap();
            }
        }
        // Postgres cannot choose a port itself.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        self.listen = format!("-c listen_addresses=127.0.0.1 -c port={port} -c ssl=on -c ssl_ca_file=root.crt");
        self.url = format!("postgres://postgres@{}:{port}/postgres", self.host);
        self.restart();
        port
    }

    fn without_data(binaries: String) -> Self {
        let directory = account().map_or_else(TempDir::new, |account| TempDir::owned_by(&account));
        let host = directory.path().display().to_string().replace('/', "%2F");
        let listen = "-c listen_addresses=''".to_owned();
        Self { url: format!("postgres://postgres@{host}/postgres"), host, directory, listen, binaries }
    }

    /// The URL of its database `postgres` with another server as the second host.
    pub fn url_with(&self, second: &Self) -> String {
        format!("postgres://postgres@{},{}/postgres", self.host, second.host)
    }

    /// Makes a standby the primary of a new timeline, and waits until it is.
    pub fn promote(&self) {
        self.run("pg_ctl", &["-w", "promote"]);
    }

    /// The URL of its database `postgres`, as a superuser.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Starts it after [`PrivatePostgres::stop`], and waits until it accepts connections.
    pub fn restart(&self) {
        self.restart_with(&[]);
    }

    /// Like [`PrivatePostgres::restart`], with these environment variables.
    pub fn restart_with(&self, variables: &[(&str, &str)]) {
        let directory = self.directory.path().display();
        let settings = format!("{} -c unix_socket_directories='{directory}'", self.listen);
        self.run_with("pg_ctl", &["-l", &format!("{directory}/log"), "-w", "-o", &settings, "start"], variables);
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
        self.run_with(program, arguments, &[]);
    }

    fn run_with(&self, program: &str, arguments: &[&str], variables: &[(&str, &str)]) {
        let program = format!("{}/{program}", self.binaries);
        let mut command = match account() {
            Some(account) => {
                let mut command = Command::new("setpriv");
                command.arg(format!("--reuid={}", account.uid)).arg(format!("--regid={}", account.gid));
                // The variables are for the program alone: what a preloaded library creates must belong to the account.
                command.args(["--clear-groups", "env"]);
                command
            }
            None => Command::new("env"),
        };
        command.args(variables.iter().map(|(name, value)| format!("{name}={value}"))).arg(program);
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
