//! Locates the programs of Postgres: installed ones first, then those downloaded earlier, then a new download.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Stdio,
};

#[cfg(feature = "download")]
use crate::download::download;
use crate::{EmbeddedError, account::Account, directory::DataDirectory};

/// The oldest major version that is supported.
pub(crate) const MINIMUM_MAJOR: u32 = 14;

/// Where packages install Postgres: a parent directory, and the prefix of the names of its subdirectories that contain
/// `bin`.
const PACKAGE_DIRECTORIES: [(&str, &str); 4] = [
    ("/usr/lib/postgresql", ""),
    ("/usr", "pgsql-"),
    ("/opt/homebrew/opt", "postgresql"),
    ("/usr/local/opt", "postgresql"),
];

/// Downloaded binaries are in `<data_dir>/postgresql-<version>`.
const DOWNLOADED_PREFIX: &str = "postgresql-";

/// The programs of one version of Postgres.
#[derive(Debug, Clone)]
pub(crate) struct Binaries {
    /// The directory with `postgres` and `initdb`.
    pub(crate) directory: PathBuf,
    /// The version, such as `15.14`.
    pub(crate) version: String,
    /// The major version, such as 15.
    pub(crate) major: u32,
}

/// The directories where Postgres may be installed, in order of preference: those in `PATH`, then those of packages,
/// the highest version first.
pub(crate) fn default_directories() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut directories: Vec<PathBuf> = env::split_paths(&path).filter(|directory| directory.is_absolute()).collect();
    for (parent, prefix) in PACKAGE_DIRECTORIES {
        directories.extend(versions_in(Path::new(parent), prefix));
    }
    directories
}

/// Locates the programs in `directories` or among earlier downloads, or downloads them. Their major version is
/// `wanted`, that of an existing cluster; without it, any supported one.
///
/// # Errors
/// Returns [`EmbeddedError::NoBinaries`] or [`EmbeddedError::NoBinariesForCluster`] when there are none.
pub(crate) async fn locate(
    directories: &[PathBuf],
    directory: &DataDirectory,
    account: &Account,
    wanted: Option<u32>,
) -> Result<Binaries, EmbeddedError> {
    let downloaded = versions_in(directory.root(), DOWNLOADED_PREFIX);
    for candidate in directories.iter().chain(&downloaded) {
        if let Some(binaries) = inspect(candidate, account).await
            && wanted.map_or(binaries.major >= MINIMUM_MAJOR, |major| binaries.major == major)
        {
            return Ok(binaries);
        }
    }
    match fetch(directory, account, wanted).await {
        Ok(binaries) => Ok(binaries),
        Err(reason) => Err(match wanted {
            Some(major) => {
                EmbeddedError::NoBinariesForCluster { cluster: directory.cluster(), major, download: reason }
            }
            None => EmbeddedError::NoBinaries { minimum: MINIMUM_MAJOR, download: reason },
        }),
    }
}

/// Downloads the programs. The error is the reason of a failure, or `None` when downloads are not compiled in.
#[cfg(feature = "download")]
async fn fetch(directory: &DataDirectory, account: &Account, wanted: Option<u32>) -> Result<Binaries, Option<String>> {
    let downloaded = download(directory.root(), DOWNLOADED_PREFIX, wanted).await;
    let bin = downloaded.map_err(|error| Some(error.to_string()))?;
    inspect(&bin, account).await.ok_or_else(|| Some(format!("{} does not run on this system", bin.display())))
}

#[cfg(not(feature = "download"))]
#[expect(clippy::unused_async, reason = "it has the signature of the function that downloads")]
async fn fetch(
    _directory: &DataDirectory,
    _account: &Account,
    _wanted: Option<u32>,
) -> Result<Binaries, Option<String>> {
    Err(None)
}

/// The directories `parent/prefix*/bin`, the highest version first.
fn versions_in(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else {
        return Vec::new();
    };
    let mut found: Vec<(Vec<u32>, PathBuf)> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let name = entry.file_name();
            let rest = name.to_str()?.strip_prefix(prefix)?;
            Some((numbers(rest), entry.path().join("bin")))
        })
        .collect();
    found.sort();
    found.into_iter().rev().map(|(_, bin)| bin).collect()
}

/// The programs in a directory; `None` when they are missing or `account` cannot run them.
async fn inspect(directory: &Path, account: &Account) -> Option<Binaries> {
    if !directory.join("initdb").is_file() || !directory.join("postgres").is_file() {
        return None;
    }
    let output =
        account.command(directory.join("postgres")).arg("--version").stdin(Stdio::null()).output().await.ok()?;
    let (version, major) = parse_version(&String::from_utf8_lossy(&output.stdout))?;
    Some(Binaries { directory: directory.to_path_buf(), version, major })
}

/// The version and the major version in a line such as `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`.
fn parse_version(line: &str) -> Option<(String, u32)> {
    let (_, rest) = line.split_once("(PostgreSQL)")?;
    let version = rest.split_whitespace().next()?;
    let major = *numbers(version).first()?;
    Some((version.to_owned(), major))
}

/// The numbers in a version, as a sort key that orders 9 before 15.
fn numbers(version: &str) -> Vec<u32> {
    version.split(|character: char| !character.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_parsed() {
        let debian = "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n";
        assert_eq!(parse_version(debian), Some(("15.14".to_owned(), 15)));
        let beta = "postgres (PostgreSQL) 19beta1";
        assert_eq!(parse_version(beta), Some(("19beta1".to_owned(), 19)));
        assert_eq!(parse_version("something else 15.1"), None);
    }

    #[test]
    fn the_highest_version_comes_first() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["postgresql-9.6", "postgresql-17.5.0", "postgresql-17.10.0", "other"] {
            fs::create_dir(directory.path().join(name)).unwrap();
        }
        let found = versions_in(directory.path(), "postgresql-");
        let expected = ["postgresql-17.10.0", "postgresql-17.5.0", "postgresql-9.6"];
        let expected = expected.map(|name| directory.path().join(name).join("bin"));
        assert_eq!(found, expected);
    }
}
