//! A private Postgres cluster that Latchkey starts for itself when no
//! `DATABASE_URL` is set.
//!
//! Here: the public handle and the order of the steps of a start. Not here: the
//! steps themselves (one submodule each), the schema, and the connection pool.
//!
//! Everything lives in one data directory:
//!
//! | path | what |
//! | --- | --- |
//! | `lock` | held while a server uses the directory |
//! | `postgres/` | the cluster |
//! | `postgres.new-*/` | a cluster that `initdb` has not finished |
//! | `postgres.log`, `postgres.log.1` | what Postgres logged |
//! | `socket/` | the Unix socket, the only way in |
//! | `postgresql-<version>/` | downloaded binaries, if none were installed |

mod account;
mod binaries;
mod cluster;
mod directory;
#[cfg(feature = "download")]
mod download;
mod error;
mod initialize;
mod log;
mod process;
mod supervisor;

use std::path::{Path, PathBuf};

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use account::Account;
use cluster::Cluster;
use directory::DataDirectory;
pub use error::EmbeddedError;

/// The role that Latchkey connects as, and the database which that role owns.
const NAME: &str = "latchkey";

/// A running private Postgres cluster, watched and restarted by a task of its own.
///
/// End it with [`EmbeddedPostgres::stop`]. If the value is only dropped, or the
/// process is killed, Postgres is shut down all the same, but nobody waits for it.
#[derive(Debug)]
pub struct EmbeddedPostgres {
    database_url: String,
    version: String,
    stop: oneshot::Sender<()>,
    supervisor: JoinHandle<Result<(), EmbeddedError>>,
}

impl EmbeddedPostgres {
    /// Starts the cluster in `data_dir`, creating the directory, the cluster, the
    /// role and the database where they do not exist yet.
    ///
    /// # Errors
    /// Says in one sentence what is in the way, see [`EmbeddedError`].
    pub async fn start(data_dir: &Path) -> Result<Self, EmbeddedError> {
        Self::start_with(data_dir, &binaries::usual_directories()).await
    }

    /// [`EmbeddedPostgres::start`] that looks for installed binaries in
    /// `directories` only, for tests that need a machine without Postgres.
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
        account.own_tree(&directory.cluster())?;

        let version = binaries.version.clone();
        let cluster = Cluster::new(binaries, account, directory)?;
        let database_url = cluster.database_url(NAME);
        let mut server = cluster.launch().await?;
        if let Err(error) = cluster.make_ready(&mut server).await {
            // The first failure is the one worth reporting.
            let _ = server.stop().await;
            return Err(error);
        }

        let (stop, stop_requested) = oneshot::channel();
        let supervisor = tokio::spawn(supervisor::run(cluster, server, stop_requested));
        Ok(Self { database_url, version, stop, supervisor })
    }

    /// The address of the `latchkey` database of a cluster that another process runs.
    ///
    /// # Errors
    /// If no cluster runs in `data_dir`.
    pub fn running_database_url(data_dir: &Path) -> Result<String, EmbeddedError> {
        // Postgres writes where its socket is into the fifth line (documented with `postmaster.pid`).
        let state = std::fs::read_to_string(data_dir.join("postgres/postmaster.pid")).ok();
        let socket_directory = state.as_deref().and_then(|state| state.lines().nth(4)).filter(|line| !line.is_empty());
        match socket_directory {
            Some(directory) => Ok(cluster::database_url(directory.as_bytes(), NAME)),
            None => Err(EmbeddedError::NotRunning { directory: data_dir.to_owned() }),
        }
    }

    /// The address of the `latchkey` database for `tokio-postgres`. It holds no
    /// secret and stays the same when Postgres is restarted.
    #[must_use]
    pub fn database_url(&self) -> &str {
        &self.database_url
    }

    /// The version of Postgres that runs, such as `15.14`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Shuts Postgres down and frees the data directory. Open connections are
    /// closed; what they had committed is kept.
    ///
    /// # Errors
    /// If Postgres is still there after it was asked, told, and killed.
    pub async fn stop(self) -> Result<(), EmbeddedError> {
        // The supervisor only goes away early if its task panicked, which the
        // join below reports.
        let _ = self.stop.send(());
        match self.supervisor.await {
            Ok(outcome) => outcome,
            Err(_) => Err(EmbeddedError::NotStopped),
        }
    }
}
