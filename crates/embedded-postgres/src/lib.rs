#![doc = include_str!("../README.md")]

mod account;
mod binaries;
mod cluster;
mod directory;
#[cfg(feature = "download")]
mod download;
mod error;
mod initialize;
mod log;
#[cfg(feature = "download")]
mod pins;
mod process;
mod supervisor;

use std::{
    fs,
    path::{Path, PathBuf},
};

use tokio::{sync::oneshot, task::JoinHandle};

use account::Account;
use cluster::Cluster;
use directory::DataDirectory;
pub use error::EmbeddedError;

/// A running private Postgres cluster, supervised by a task.
///
/// Stop it with [`EmbeddedPostgres::stop`]. If the value is dropped or the process is killed, Postgres is shut down
/// too, but nothing waits for it.
#[derive(Debug)]
pub struct EmbeddedPostgres {
    database_url: String,
    version: String,
    stop: oneshot::Sender<()>,
    supervisor: JoinHandle<Result<(), EmbeddedError>>,
}

impl EmbeddedPostgres {
    /// Starts the cluster in `data_dir` and waits until it accepts connections. Creates the directory, the cluster, the
    /// role and the database unless they exist.
    ///
    /// # Errors
    /// Returns [`EmbeddedError`] when the cluster cannot be created or started.
    pub async fn start(data_dir: &Path) -> Result<Self, EmbeddedError> {
        Self::start_with(data_dir, &binaries::default_directories()).await
    }

    /// [`EmbeddedPostgres::start`] with the directories in which to look for installed programs of Postgres. For tests
    /// that need a machine without Postgres.
    ///
    /// # Errors
    /// As [`EmbeddedPostgres::start`].
    #[doc(hidden)]
    pub async fn start_with(data_dir: &Path, directories: &[PathBuf]) -> Result<Self, EmbeddedError> {
        let account = Account::choose()?;
        let directory = DataDirectory::open(data_dir, &account).await?;
        let existing = initialize::existing_major_version(&directory)?;
        let binaries = binaries::locate(directories, &directory, &account, existing).await?;
        if existing.is_none() {
            initialize::create_cluster(&binaries, &account, &directory).await?;
        }
        account.chown_tree(&directory.cluster())?;

        let version = binaries.version.clone();
        let cluster = Cluster::new(binaries, account, directory)?;
        let database_url = cluster.database_url();
        let mut server = cluster.launch().await?;
        if let Err(error) = cluster.wait_ready(&mut server).await {
            // The first error is the one to report.
            let _ = server.stop().await;
            return Err(error);
        }

        let (stop, stop_requested) = oneshot::channel();
        let supervisor = tokio::spawn(supervisor::run(cluster, server, stop_requested));
        Ok(Self { database_url, version, stop, supervisor })
    }

    /// The URL of the database of a cluster that another process runs in `data_dir`.
    ///
    /// # Errors
    /// Returns [`EmbeddedError::NotRunning`] when no cluster runs there.
    pub fn running_database_url(data_dir: &Path) -> Result<String, EmbeddedError> {
        // The fifth line of `postmaster.pid` is the directory of the socket (PostgreSQL documentation, "Database File
        // Layout").
        let state = fs::read_to_string(data_dir.join("postgres/postmaster.pid")).ok();
        let socket_directory = state.as_deref().and_then(|state| state.lines().nth(4)).filter(|line| !line.is_empty());
        match socket_directory {
            Some(directory) => Ok(cluster::database_url(directory.as_bytes())),
            None => Err(EmbeddedError::NotRunning { directory: data_dir.to_owned() }),
        }
    }

    /// The URL of the database, for `tokio-postgres`. It contains no secret and does not change when Postgres is
    /// restarted.
    #[must_use]
    pub fn database_url(&self) -> &str {
        &self.database_url
    }

    /// The version of the running Postgres, such as `15.14`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Shuts Postgres down and unlocks the data directory. Open connections are closed; committed transactions are
    /// kept.
    ///
    /// # Errors
    /// Returns [`EmbeddedError::NotStopped`] when Postgres is still running after it was killed.
    pub async fn stop(self) -> Result<(), EmbeddedError> {
        // Fails only when the supervisor has panicked, which the result of its task reports.
        let _ = self.stop.send(());
        match self.supervisor.await {
            Ok(outcome) => outcome,
            Err(_) => Err(EmbeddedError::NotStopped),
        }
    }
}
