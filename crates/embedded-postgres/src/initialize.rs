//! Creating the cluster with `initdb`, whole or not at all.
//!
//! The role and the database of Latchkey are made later, by `cluster`, as that needs
//! a running server.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::process::Stdio;

use super::account::Account;
use super::binaries::Binaries;
use super::directory::DataDirectory;
use super::error::EmbeddedError;
use super::log;

/// The superuser of the cluster. Latchkey's role is an ordinary one, so that a flaw
/// in a statement can't reach files or programs through Postgres.
pub(super) const SUPERUSER: &str = "postgres";

const UNFINISHED: &str = "postgres.new-";

/// Sorts by bytes everywhere, so indexes never depend on the system's locale data.
/// Linux has it with letters beyond ASCII; macOS knows only the plain one.
const LOCALE: &str = if cfg!(target_os = "linux") { "--locale=C.UTF-8" } else { "--locale=C" };

/// The major version of the cluster, or `None` if there is no cluster yet.
pub(super) fn existing_major_version(directory: &DataDirectory) -> Result<Option<u32>, EmbeddedError> {
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

/// Creates the cluster in a directory beside its final place and moves it there when
/// it is complete and on disk. A killed `initdb` so leaves only a directory behind
/// that the next start removes.
pub(super) async fn create_cluster(
    binaries: &Binaries,
    account: &Account,
    directory: &DataDirectory,
) -> Result<(), EmbeddedError> {
    remove_unfinished(directory)?;
    // The name is new each time: an initdb that outlived a killed server may still
    // be writing to the last one.
    let template = directory.root().join(format!("{UNFINISHED}XXXXXX"));
    let unfinished = nix::unistd::mkdtemp(&template)
        .map_err(std::io::Error::from)
        .map_err(EmbeddedError::io("create", &template))?;
    account.own(&unfinished)?;

    let initdb = binaries.directory.join("initdb");
    let output = account
        .command(&initdb)
        .arg("-D")
        .arg(&unfinished)
        .arg(format!("--username={SUPERUSER}"))
        // Whoever reaches the socket is let in. Its directory has mode 0700, so only
        // the account that runs Postgres and root get there, and both could read the
        // cluster's files anyway. `peer` would refuse root, which is who Latchkey is
        // when Postgres runs as another account; a password would have to be kept
        // in a file beside the cluster, readable by the same two.
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

fn remove_unfinished(directory: &DataDirectory) -> Result<(), EmbeddedError> {
    for path in directory.entries_starting_with(UNFINISHED)? {
        // It may still be written to, see above; then a later start removes it.
        if let Err(error) = fs::remove_dir_all(&path) {
            tracing::warn!(%error, path = %path.display(), "can't remove an unfinished cluster");
        }
    }
    Ok(())
}
