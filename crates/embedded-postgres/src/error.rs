//! Errors of the embedded Postgres, with messages for operators.

use std::{
    io,
    path::{Path, PathBuf},
};

/// The reason why the embedded Postgres could not be started or stopped. Each message says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbeddedError {
    /// Another process holds the lock of the data directory.
    #[error(
        "the data directory {} is in use by another Latchkey server: stop that one, or set LATCHKEY_DATA_DIR to another directory",
        .directory.display()
    )]
    InUse {
        /// The data directory.
        directory: PathBuf,
    },

    /// No Postgres runs in the data directory.
    #[error("the Postgres in {} does not run (yet): try again in a moment", .directory.display())]
    NotRunning {
        /// The data directory.
        directory: PathBuf,
    },

    /// The account that runs Postgres cannot enter the data directory.
    #[error(
        "the account {account}, which runs Postgres because root may not, can't enter the directory {}: set LATCHKEY_DATA_DIR to a directory that it can enter, such as /var/lib/latchkey",
        .directory.display()
    )]
    NotEnterable {
        /// The account that runs Postgres.
        account: String,
        /// The topmost directory that it cannot enter.
        directory: PathBuf,
    },

    /// This process runs as root and there is no account to run Postgres as.
    #[error(
        "Postgres cannot run as root and there is no account postgres or nobody to run it as: start Latchkey as an ordinary user"
    )]
    NoAccount,

    /// `postgres` in the data directory is not a cluster.
    #[error(
        "{} is not a Postgres cluster, as it has no readable PG_VERSION: move it away, or set LATCHKEY_DATA_DIR to another directory",
        .path.display()
    )]
    NotACluster {
        /// The path that should be a cluster.
        path: PathBuf,
    },

    /// No Postgres is installed, and none could be downloaded.
    #[error(
        "no Postgres {minimum} or newer was found{}: install Postgres, or set DATABASE_URL to a database of your own",
        because(.download.as_deref())
    )]
    NoBinaries {
        /// The oldest supported major version.
        minimum: u32,
        /// The reason why the download failed; `None` when there was none.
        download: Option<String>,
    },

    /// The cluster was created by a major version of Postgres that is not installed.
    #[error(
        "the cluster {} was made by Postgres {major}, which was not found{}: install Postgres {major}",
        .cluster.display(),
        because(.download.as_deref())
    )]
    NoBinariesForCluster {
        /// The cluster.
        cluster: PathBuf,
        /// Its major version.
        major: u32,
        /// The reason why the download failed; `None` when there was none.
        download: Option<String>,
    },

    /// `initdb` failed.
    #[error("initdb could not create the cluster; resolve what it reports and start again:\n{output}")]
    Initialize {
        /// The last lines of its output.
        output: String,
    },

    /// Postgres exited or did not respond after its start.
    #[error(
        "Postgres {reason}; resolve what its log {} reports and start again:\n{lines}",
        .log.display()
    )]
    NotReady {
        /// What Postgres did, as a verb with its object.
        reason: String,
        /// The log file.
        log: PathBuf,
        /// The last lines of the log since the start.
        lines: String,
    },

    /// The role or the database could not be created.
    #[error("the role and the database could not be created; see postgres.log in the data directory")]
    Prepare(#[source] tokio_postgres::Error),

    /// Postgres is still running after all attempts to stop it.
    #[error("Postgres is still running after it was killed: stop its processes manually before the next start")]
    NotStopped,

    /// A file or program could not be used.
    #[error("cannot {action} {}: {source}; check its permissions and the disk", .path.display())]
    Io {
        /// The failed action, as a verb.
        action: &'static str,
        /// The file or program.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
}

impl EmbeddedError {
    /// A closure for `map_err` that adds the failed action and its path.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { action, path, source }
    }
}

/// The part of a message about a failed download.
fn because(download: Option<&str>) -> String {
    download.map_or_else(String::new, |reason| format!(" and the download failed ({reason})"))
}
