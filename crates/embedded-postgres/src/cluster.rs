//! One run of the cluster's server: starting it, waiting until it answers, and
//! stopping it. Starting it anew when it ends is the supervisor's part.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use nix::sys::signal::Signal;
use nix::unistd::Pid;
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config, NoTls};

use super::NAME;
use super::account::Account;
use super::binaries::Binaries;
use super::directory::{DataDirectory, PORT, identity, socket_file, with_suffix};
use super::error::EmbeddedError;
use super::initialize::SUPERUSER;
use super::{log, process};

/// Settings that Latchkey depends on. They are given on the command line, so that
/// neither `postgresql.conf` nor `ALTER SYSTEM` changes them. The rest stays with
/// Postgres' defaults, which are durable and modest (`fsync` on, 100 connections,
/// 128 MB of shared buffers, scram for passwords), and can be tuned in that file.
const SETTINGS: [&str; 7] = [
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "timezone=UTC",
    "log_timezone=UTC",
    // The log is ours to keep small, and errors quote it.
    "log_destination=stderr",
    "logging_collector=off",
    "restart_after_crash=on",
];

/// How long Postgres may stay silent while it starts. Recovery after a crash may
/// take longer, but then it answers that it is starting up.
const SILENCE_LIMIT: Duration = Duration::from_secs(60);
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// A cluster and all that is needed to start its server.
#[derive(Debug)]
pub(super) struct Cluster {
    binaries: Binaries,
    account: Account,
    directory: DataDirectory,
    socket_directory: PathBuf,
    /// Names the cluster in the command lines of its processes.
    name: String,
}

impl Cluster {
    /// Prepares to start the cluster of a data directory.
    pub(super) fn new(binaries: Binaries, account: Account, directory: DataDirectory) -> Result<Self, EmbeddedError> {
        let socket_directory = directory.prepare_socket_directory(&account)?;
        let name = format!("latchkey-{}", identity(&directory.cluster())?);
        Ok(Self { binaries, account, directory, socket_directory, name })
    }

    /// The address of the database `name` for the role of the same name.
    pub(super) fn database_url(&self, name: &str) -> String {
        database_url(self.socket_directory.as_os_str().as_bytes(), name)
    }

    /// Keeps the log from growing without end.
    pub(super) fn keep_log_small(&self) {
        log::keep_small(&self.directory.log());
    }

    /// Clears away what an earlier server left and starts a new one, which is not
    /// ready yet.
    pub(super) async fn launch(&self) -> Result<Server, EmbeddedError> {
        process::end_leftovers(&self.name, self.account.uid()).await?;
        process::remove_stale_pid_file(&self.directory.cluster())?;
        self.remove_socket()?;
        self.keep_log_small();

        let log = self.directory.log();
        let log_start = log::size(&log);
        let output = log::open(&log)?;
        let errors = output.try_clone().map_err(EmbeddedError::io("open", &log))?;
        let program = self.binaries.directory.join("postgres");
        let child = self
            .server_command(&program)
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .spawn()
            .map_err(EmbeddedError::io("run", &program))?;
        let watcher = match child.id() {
            Some(pid) => Some(self.watch(pid)?),
            None => None,
        };
        Ok(Server { child, watcher, log, log_start })
    }

    /// Waits until the server answers, and sees to it that the role and the database
    /// exist.
    pub(super) async fn make_ready(&self, server: &mut Server) -> Result<(), EmbeddedError> {
        let client = self.wait_for_answer(server).await?;
        prepare(&client).await.map_err(EmbeddedError::Prepare)
    }

    fn server_command(&self, program: &Path) -> Command {
        let mut command = self.account.command(program);
        command.arg("-D").arg(self.directory.cluster());
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command.arg("-c").arg(format!("port={PORT}"));
        command.arg("-c").arg(format!("cluster_name={}", self.name));
        command.arg("-c").arg(socket_setting(&self.socket_directory));
        command
    }

    /// Starts a process that shuts Postgres down when this process is gone, however
    /// it went: the pipe that it reads from then ends. Linux' parent-death signal
    /// would need unsafe code, and comes already when the *thread* that started
    /// Postgres ends. A Postgres that slips through is ended by the next start.
    fn watch(&self, postmaster: u32) -> Result<Child, EmbeddedError> {
        let shell = Path::new("/bin/sh");
        self.account
            .command(shell)
            .args(["-c", "read -r line; kill -INT \"$1\"", "latchkey-watcher"])
            .arg(postmaster.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(EmbeddedError::io("run", shell))
    }

    /// Removes the socket of a server that ended without doing so. Its lock file
    /// holds a process number, which may belong to another program by now.
    fn remove_socket(&self) -> Result<(), EmbeddedError> {
        let socket = socket_file(&self.socket_directory);
        for path in [with_suffix(&socket, ".lock"), socket] {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(EmbeddedError::io("remove", &path)(error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    async fn wait_for_answer(&self, server: &mut Server) -> Result<Client, EmbeddedError> {
        let started = Instant::now();
        let mut deadline = started + SILENCE_LIMIT;
        loop {
            if let Some(status) = server.ended()? {
                return Err(server.not_ready(format!("ended with {status} while starting")));
            }
            match self.connect().await {
                Ok(client) => return Ok(client),
                Err(Some(error)) if error.code() == Some(&SqlState::CANNOT_CONNECT_NOW) => {
                    deadline = Instant::now() + SILENCE_LIMIT;
                }
                Err(_) if Instant::now() > deadline => {
                    return Err(server.not_ready("does not answer".to_owned()));
                }
                Err(_) => {}
            }
            // Every answer during a long recovery is a line in the log.
            let quick = started.elapsed() < Duration::from_secs(2);
            sleep(Duration::from_millis(if quick { 10 } else { 200 })).await;
        }
    }

    /// Connects as the superuser. `None` is a server that takes too long.
    async fn connect(&self) -> Result<Client, Option<tokio_postgres::Error>> {
        let mut config = Config::new();
        config.host_path(&self.socket_directory).port(PORT).user(SUPERUSER).dbname(SUPERUSER);
        let (client, connection) =
            timeout(CONNECT_LIMIT, config.connect(NoTls)).await.map_err(|_| None)?.map_err(Some)?;
        // Ends by itself when the client is dropped.
        tokio::spawn(connection);
        Ok(client)
    }
}

/// Creates the role and the database if they are missing. At every start, as an
/// earlier one may have been killed between the two.
async fn prepare(client: &Client) -> Result<(), tokio_postgres::Error> {
    let role = "SELECT 1 FROM pg_roles WHERE rolname = $1";
    if client.query_opt(role, &[&NAME]).await?.is_none() {
        let create = format!("CREATE ROLE {NAME} LOGIN");
        client.batch_execute(&create).await?;
    }
    let database = "SELECT 1 FROM pg_database WHERE datname = $1";
    if client.query_opt(database, &[&NAME]).await?.is_none() {
        let create = format!("CREATE DATABASE {NAME} OWNER {NAME}");
        client.batch_execute(&create).await?;
    }
    Ok(())
}

/// The address of the database `name` behind a socket, for the role of the same name.
pub(super) fn database_url(socket_directory: &[u8], name: &str) -> String {
    format!("postgres://{name}@{}/{name}", percent_encode(socket_directory, NON_ALPHANUMERIC))
}

/// The setting is a list of directories, in which quotes protect commas and spaces.
fn socket_setting(directory: &Path) -> OsString {
    use std::os::unix::ffi::OsStringExt;
    let mut setting = b"unix_socket_directories=\"".to_vec();
    for &byte in directory.as_os_str().as_bytes() {
        if byte == b'"' {
            setting.push(b'"');
        }
        setting.push(byte);
    }
    setting.push(b'"');
    OsString::from_vec(setting)
}

/// A started server process. Dropping it shuts the server down in the background,
/// through its watcher.
#[derive(Debug)]
pub(super) struct Server {
    child: Child,
    watcher: Option<Child>,
    log: PathBuf,
    /// How large the log was when this server started.
    log_start: u64,
}

impl Server {
    /// Waits until the server process has ended.
    pub(super) async fn wait(&mut self) -> Result<ExitStatus, EmbeddedError> {
        let status = self.child.wait().await;
        let status = status.map_err(EmbeddedError::io("wait for", Path::new("postgres")))?;
        self.dismiss_watcher().await;
        Ok(status)
    }

    /// Shuts the server down: fast, which closes connections and writes a checkpoint;
    /// at once if that takes too long; and by force in the end.
    pub(super) async fn stop(mut self) -> Result<(), EmbeddedError> {
        let steps = [
            (Signal::SIGINT, process::FAST_LIMIT),
            (Signal::SIGQUIT, process::IMMEDIATE_LIMIT),
            (Signal::SIGKILL, process::IMMEDIATE_LIMIT),
        ];
        for (signal, limit) in steps {
            if let Some(pid) = self.pid() {
                process::signal(pid, signal);
            }
            if let Ok(ended) = timeout(limit, self.wait()).await {
                return ended.map(|_| ());
            }
            tracing::warn!("Postgres did not end on {signal} within {limit:?}");
        }
        Err(EmbeddedError::NotStopped)
    }

    /// The number of the process, if it has not ended.
    fn pid(&self) -> Option<Pid> {
        let pid = self.child.id()?;
        i32::try_from(pid).ok().map(Pid::from_raw)
    }

    fn ended(&mut self) -> Result<Option<ExitStatus>, EmbeddedError> {
        self.child.try_wait().map_err(EmbeddedError::io("wait for", Path::new("postgres")))
    }

    fn not_ready(&self, what: String) -> EmbeddedError {
        EmbeddedError::NotReady { what, log: self.log.clone(), lines: log::last_lines(&self.log, self.log_start) }
    }

    /// Ends the watcher of an ended server, before its number goes to another process.
    async fn dismiss_watcher(&mut self) {
        if let Some(mut watcher) = self.watcher.take()
            && let Err(error) = watcher.kill().await
        {
            tracing::warn!(%error, "can't end the watcher of Postgres");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn socket_directories_are_quoted() {
        let setting = socket_setting(Path::new("/a, \"b\""));
        assert_eq!(setting, "unix_socket_directories=\"/a, \"\"b\"\"\"");
    }
}
