//! One run of the cluster's server: start, wait until it is ready, stop. The supervisor restarts it.

use std::{
    ffi::OsString,
    fs,
    io::ErrorKind,
    os::unix::ffi::{OsStrExt, OsStringExt},
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use nix::{sys::signal::Signal, unistd::Pid};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use tokio::{
    process::{Child, Command},
    time::{Instant, sleep, timeout},
};
use tokio_postgres::{Client, Config, NoTls, error::SqlState};

use crate::{
    EmbeddedError,
    account::Account,
    binaries::Binaries,
    directory::{DataDirectory, PORT, identity, socket_file, with_suffix},
    initialize::SUPERUSER,
    log, process,
};

/// The role that the program connects as, and the database that this role owns.
pub(crate) const NAME: &str = "latchkey";

/// The settings that the program depends on. They are passed on the command line, so that neither `postgresql.conf` nor
/// `ALTER SYSTEM` overrides them. All others have Postgres' defaults, which are durable and modest (`fsync` on, 100
/// connections, 128 MB of shared buffers, scram for passwords), and can be tuned in that file.
const SETTINGS: [&str; 7] = [
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "timezone=UTC",
    "log_timezone=UTC",
    // This crate truncates the log and quotes it in errors.
    "log_destination=stderr",
    "logging_collector=off",
    "restart_after_crash=on",
];

/// The time after which a starting Postgres must have responded. Recovery after a crash may take longer, but then
/// Postgres responds that it is starting up, which restarts this time.
const STARTUP_TIMEOUT: Duration = Duration::from_secs(60);
/// The time limit of one attempt to connect.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A cluster with everything that is needed to start its server.
#[derive(Debug)]
pub(crate) struct Cluster {
    binaries: Binaries,
    account: Account,
    directory: DataDirectory,
    socket_directory: PathBuf,
    /// The name of the cluster in the command lines of its processes.
    name: String,
}

impl Cluster {
    /// Prepares the cluster of a data directory for its start.
    pub(crate) fn new(binaries: Binaries, account: Account, directory: DataDirectory) -> Result<Self, EmbeddedError> {
        let socket_directory = directory.prepare_socket_directory(&account)?;
        let name = format!("latchkey-{}", identity(&directory.cluster())?);
        Ok(Self { binaries, account, directory, socket_directory, name })
    }

    /// The URL of the database, for the role that owns it.
    pub(crate) fn database_url(&self) -> String {
        database_url(self.socket_directory.as_os_str().as_bytes())
    }

    /// Truncates the log of Postgres if it is large.
    pub(crate) fn truncate_log_if_large(&self) {
        log::truncate_if_large(&self.directory.log());
    }

    /// Removes what an earlier server left behind and starts a new one, which is not ready yet.
    pub(crate) async fn launch(&self) -> Result<Server, EmbeddedError> {
        process::terminate_orphans(&self.name, self.account.uid()).await?;
        process::remove_stale_pid_file(&self.directory.cluster())?;
        self.remove_socket()?;
        self.truncate_log_if_large();

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

    /// Waits until the server accepts connections, then ensures that the role and the database exist.
    pub(crate) async fn wait_ready(&self, server: &mut Server) -> Result<(), EmbeddedError> {
        let client = self.wait_for_connection(server).await?;
        ensure_role_and_database(&client).await.map_err(EmbeddedError::Prepare)
    }

    /// The command that runs the server.
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

    /// Starts a process that shuts Postgres down when this process ends for any reason, which closes the pipe that the
    /// other one reads from. Linux' parent-death signal would need unsafe code, and is sent when the *thread* that
    /// started Postgres ends. The next start terminates a Postgres that is still running.
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

    /// Removes the socket that a killed server left behind, and its lock file, which contains a process id that another
    /// program may have by now.
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

    /// Connects to a starting server as soon as it accepts connections.
    async fn wait_for_connection(&self, server: &mut Server) -> Result<Client, EmbeddedError> {
        let started = Instant::now();
        let mut deadline = started + STARTUP_TIMEOUT;
        loop {
            if let Some(status) = server.exit_status()? {
                return Err(server.not_ready(format!("ended with {status} while starting")));
            }
            match self.connect().await {
                Ok(client) => return Ok(client),
                Err(Some(error)) if error.code() == Some(&SqlState::CANNOT_CONNECT_NOW) => {
                    deadline = Instant::now() + STARTUP_TIMEOUT;
                }
                Err(_) if Instant::now() > deadline => {
                    return Err(server.not_ready("does not respond".to_owned()));
                }
                Err(_) => {}
            }
            // Each attempt during a long recovery writes a line to the log.
            let quick = started.elapsed() < Duration::from_secs(2);
            sleep(Duration::from_millis(if quick { 10 } else { 200 })).await;
        }
    }

    /// Connects as the superuser. The error `None` is a timeout.
    async fn connect(&self) -> Result<Client, Option<tokio_postgres::Error>> {
        let mut config = Config::new();
        config.host_path(&self.socket_directory).port(PORT).user(SUPERUSER).dbname(SUPERUSER);
        let (client, connection) =
            timeout(CONNECT_TIMEOUT, config.connect(NoTls)).await.map_err(|_| None)?.map_err(Some)?;
        // Ends when the client is dropped.
        tokio::spawn(connection);
        Ok(client)
    }
}

/// Creates the role and the database unless they exist. This runs at every start, as an earlier one may have been
/// killed between the two.
async fn ensure_role_and_database(client: &Client) -> Result<(), tokio_postgres::Error> {
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

/// The URL of the database, for the role that owns it, through the socket in a directory.
pub(crate) fn database_url(socket_directory: &[u8]) -> String {
    format!("postgres://{NAME}@{}/{NAME}", percent_encode(socket_directory, NON_ALPHANUMERIC))
}

/// The setting for the directory of the socket. Its value is a list, in which quotes protect commas and spaces.
fn socket_setting(directory: &Path) -> OsString {
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

/// A started server process. Dropping it shuts the server down in the background, through its watcher.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    watcher: Option<Child>,
    log: PathBuf,
    /// The size of the log in bytes when this server started.
    log_start: u64,
}

impl Server {
    /// Waits until the server process has exited.
    pub(crate) async fn wait(&mut self) -> Result<ExitStatus, EmbeddedError> {
        let status = self.child.wait().await;
        let status = status.map_err(EmbeddedError::io("wait for", Path::new("postgres")))?;
        self.dismiss_watcher().await;
        Ok(status)
    }

    /// Shuts the server down: first in fast mode, which closes connections and writes a checkpoint; after a timeout in
    /// immediate mode; and finally by killing it.
    ///
    /// # Errors
    /// Returns [`EmbeddedError::NotStopped`] when the server has not exited after all of these.
    pub(crate) async fn stop(mut self) -> Result<(), EmbeddedError> {
        let steps = [
            (Signal::SIGINT, process::FAST_SHUTDOWN_TIMEOUT),
            (Signal::SIGQUIT, process::IMMEDIATE_SHUTDOWN_TIMEOUT),
            (Signal::SIGKILL, process::IMMEDIATE_SHUTDOWN_TIMEOUT),
        ];
        for (signal, time_limit) in steps {
            if let Some(pid) = self.pid() {
                process::signal(pid, signal);
            }
            if let Ok(exited) = timeout(time_limit, self.wait()).await {
                return exited.map(|_| ());
            }
            tracing::warn!(%signal, timeout = ?time_limit, "Postgres ignored a shutdown signal");
        }
        Err(EmbeddedError::NotStopped)
    }

    /// The id of the process; `None` when it has exited.
    fn pid(&self) -> Option<Pid> {
        let pid = self.child.id()?;
        i32::try_from(pid).ok().map(Pid::from_raw)
    }

    /// The exit status of the process; `None` while it is running.
    fn exit_status(&mut self) -> Result<Option<ExitStatus>, EmbeddedError> {
        self.child.try_wait().map_err(EmbeddedError::io("wait for", Path::new("postgres")))
    }

    fn not_ready(&self, reason: String) -> EmbeddedError {
        EmbeddedError::NotReady { reason, log: self.log.clone(), lines: log::last_lines(&self.log, self.log_start) }
    }

    /// Kills the watcher of an exited server, before another process gets the server's id.
    async fn dismiss_watcher(&mut self) {
        if let Some(mut watcher) = self.watcher.take()
            && let Err(error) = watcher.kill().await
        {
            tracing::warn!(%error, "failed to stop the watcher of Postgres");
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
