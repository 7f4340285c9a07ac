//! What can go wrong with the embedded Postgres, in the words an operator reads.

use std::io;
use std::path::{Path, PathBuf};

/// Why the embedded Postgres could not be started or stopped. Each message says
/// what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbeddedError {
    /// Another server holds the lock of the data directory.
    #[error(
        "the data directory {} is in use by another Latchkey server: stop that one, or set LATCHKEY_DATA_DIR to another directory",
        .directory.display()
    )]
    InUse {
        /// The data directory.
        directory: PathBuf,
    },

    /// Another process holds the data directory, but its Postgres does not run.
    #[error("the Postgres in {} does not run (yet): try again in a moment", .directory.display())]
    NotRunning {
        /// The data directory.
        directory: PathBuf,
    },

    /// The account which runs Postgres has no way into the data directory.
    #[error(
        "the account {account}, which runs Postgres because root may not, can't enter the directory {}: set LATCHKEY_DATA_DIR to a directory that it can enter, such as /var/lib/latchkey",
        .directory.display()
    )]
    NotEnterable {
        /// The account that runs Postgres.
        account: String,
        /// The topmost directory that it can't enter.
        directory: PathBuf,
    },

    /// The server runs as root and there is no account to run Postgres as.
    #[error(
        "Postgres can't run as root and there is no account postgres or nobody to run it as: start Latchkey as an ordinary user"
    )]
    NoAccount,

    /// `postgres` in the data directory is something else than a cluster.
    #[error(
        "{} is not a Postgres cluster, as it has no readable PG_VERSION: move it away, or set LATCHKEY_DATA_DIR to another directory",
        .path.display()
    )]
    NotACluster {
        /// The directory that should be a cluster.
        path: PathBuf,
    },

    /// No Postgres is installed, and none could be downloaded.
    #[error(
        "no Postgres {minimum} or newer was found{}: install Postgres, or set DATABASE_URL to a database of your own",
        because(.download.as_deref())
    )]
    NoBinaries {
        /// The oldest usable major version.
        minimum: u32,
        /// Why the download failed, if it was tried.
        download: Option<String>,
    },

    /// The cluster was made by a major version of Postgres which is not there.
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
        /// Why the download failed, if it was tried.
        download: Option<String>,
    },

    /// `initdb` failed.
    #[error("initdb could not create the cluster; resolve what it said and start again:\n{output}")]
    Initialize {
        /// The last lines it printed.
        output: String,
    },

    /// Postgres ended, or never answered, after it was started.
    #[error(
        "Postgres {what}; resolve what its log {} says and start again:\n{lines}",
        .log.display()
    )]
    NotReady {
        /// What was seen of it.
        what: String,
        /// The log file.
        log: PathBuf,
        /// The last lines of this start in the log.
        lines: String,
    },

    /// The role or the database could not be created.
    #[error("the database could not be prepared; look into postgres.log in the data directory")]
    Prepare(#[source] tokio_postgres::Error),

    /// Postgres could not be made to end.
    #[error("Postgres did not end even when killed: end its processes by hand before the next start")]
    NotStopped,

    /// A file or program could not be used.
    #[error("can't {action} {}: {source}; check its permissions and the disk", .path.display())]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
}

impl EmbeddedError {
    /// Makes the closure for `map_err` which tells what was tried on which path.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { action, path, source }
    }
}

fn because(download: Option<&str>) -> String {
    download.map_or_else(String::new, |reason| format!(" and the download failed ({reason})"))
}
