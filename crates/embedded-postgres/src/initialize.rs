//! Creates the cluster with `initdb`, completely or not at all.
//!
//! The role and the database are created later, by `cluster`, as this needs a running server.

use std::{
    fs::{self, File},
    io::{self, ErrorKind},
    process::Stdio,
};

use nix::unistd::mkdtemp;

use crate::{EmbeddedError, account::Account, binaries::Binaries, directory::DataDirectory, log};

/// The superuser of the cluster. The role that the program connects as is an ordinary one, so that an injected
/// statement cannot reach files or programs through Postgres.
pub(crate) const SUPERUSER: &str = "postgres";

/// The prefix of the names of directories in which `initdb` has not finished.
const UNFINISHED_PREFIX: &str = "postgres.new-";

/// Texts are sorted by their bytes, so that indexes do not depend on the system's locale data. Linux has such a locale
/// with letters beyond ASCII, macOS only the plain one.
const LOCALE: &str = if cfg!(target_os = "linux") { "--locale=C.UTF-8" } else { "--locale=C" };

/// The major version of the cluster; `None` when there is no cluster yet.
pub(crate) fn existing_major_version(directory: &DataDirectory) -> Result<Option<u32>, EmbeddedError> {
    let cluster = directory.cluster();
    if !cluster.try_exists().map_err(EmbeddedError::io("read", &cluster))? {
        return Ok(None);
    }
    let file = cluster.join("PG_VERSION");
    let not_a_cluster = || EmbeddedError::NotACluster { path: cluster.clone() };
    match fs::read_to_string(&file) {
        Ok(text) => text.trim().parse().map(Some).map_err(|_| not_a_cluster()),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Err(EmbeddedError::io("read", &file)(error)),
        Err(_) => Err(not_a_cluster()),
    }
}

/// Creates the cluster in a temporary directory and moves it to its final place when it is complete and on disk. A
/// killed `initdb` leaves only a temporary directory behind, which the next start removes.
pub(crate) async fn create_cluster(
    binaries: &Binaries,
    account: &Account,
    directory: &DataDirectory,
) -> Result<(), EmbeddedError> {
    remove_unfinished(directory)?;
    // Each start has a new name, because an orphaned initdb may still be writing to an earlier directory.
    let template = directory.root().join(format!("{UNFINISHED_PREFIX}XXXXXX"));
    let unfinished = mkdtemp(&template).map_err(io::Error::from).map_err(EmbeddedError::io("create", &template))?;
    account.chown(&unfinished)?;

    let initdb = binaries.directory.join("initdb");
    let output = account
        .command(&initdb)
        .arg("-D")
        .arg(&unfinished)
        .arg(format!("--username={SUPERUSER}"))
        // Every connection to the socket is trusted. Its directory has mode 0700, so only root and the account that
        // runs Postgres can connect, and both can read the cluster's files anyway. `peer` would reject root, which this
        // process is when Postgres runs as another account. A password would have to be stored in a file next to the
        // cluster, readable by the same two accounts.
        .args(["--auth-local=trust", "--auth-host=reject"])
        .args(["--encoding=UTF8", LOCALE])
        .args(["--data-checksums", "--no-instructions"])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .map_err(EmbeddedError::io("run", &initdb))?;
    if !output.status.success() {
        remove_unfinished(directory)?;
        return Err(EmbeddedError::Initialize { output: log::quote(&output.stderr) });
    }

    let cluster = directory.cluster();
    fs::rename(&unfinished, &cluster).map_err(EmbeddedError::io("create", &cluster))?;
    File::open(directory.root()).and_then(|root| root.sync_all()).map_err(EmbeddedError::io("sync", directory.root()))
}

/// Removes the directories that a killed `initdb` left behind.
fn remove_unfinished(directory: &DataDirectory) -> Result<(), EmbeddedError> {
    for path in directory.entries_starting_with(UNFINISHED_PREFIX)? {
        // An orphaned initdb may still be writing to it. A later start removes it then.
        if let Err(error) = fs::remove_dir_all(&path) {
            tracing::warn!(%error, path = %path.display(), "failed to remove an unfinished cluster");
        }
    }
    Ok(())
}
