//! Finding the programs of Postgres: the installed ones first, then those that were
//! downloaded earlier. Downloading is in `download`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::account::Account;
use super::directory::DataDirectory;
use super::error::EmbeddedError;

/// The oldest major version that Latchkey works with.
const MINIMUM: u32 = 14;

/// Where packages put Postgres: the parent, and what the name of the directory that
/// holds `bin` starts with.
const PACKAGED: [(&str, &str); 4] = [
    ("/usr/lib/postgresql", ""),
    ("/usr", "pgsql-"),
    ("/opt/homebrew/opt", "postgresql"),
    ("/usr/local/opt", "postgresql"),
];

/// Downloaded binaries are in `<data_dir>/postgresql-<version>`.
pub(super) const DOWNLOADED: &str = "postgresql-";

/// A directory with `postgres` and `initdb` of one version.
#[derive(Debug, Clone)]
pub(super) struct Binaries {
    pub(super) directory: PathBuf,
    pub(super) version: String,
    pub(super) major: u32,
}

/// Directories where Postgres may be installed, in order of preference: those of
/// `PATH`, then those of packages with the highest version first.
pub(super) fn usual_directories() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut directories: Vec<PathBuf> =
        std::env::split_paths(&path).filter(|directory| directory.is_absolute()).collect();
    for (parent, prefix) in PACKAGED {
        directories.extend(versions_in(Path::new(parent), prefix));
    }
    directories
}

/// Finds binaries, or downloads them: of major version `wanted` for an existing
/// cluster, or else of any that is new enough.
pub(super) async fn locate(
    directories: &[PathBuf],
    directory: &DataDirectory,
    account: &Account,
    wanted: Option<u32>,
) -> Result<Binaries, EmbeddedError> {
    let downloaded = versions_in(directory.root(), DOWNLOADED);
    for candidate in directories.iter().chain(&downloaded) {
        if let Some(binaries) = inspect(candidate, account).await
            && wanted.map_or(binaries.major >= MINIMUM, |major| binaries.major == major)
        {
            return Ok(binaries);
        }
    }
    match download(directory, account, wanted).await {
        Ok(binaries) => Ok(binaries),
        Err(reason) => Err(match wanted {
            Some(major) => {
                EmbeddedError::NoBinariesForCluster { cluster: directory.cluster(), major, download: reason }
            }
            None => EmbeddedError::NoBinaries { minimum: MINIMUM, download: reason },
        }),
    }
}

#[cfg(feature = "download")]
async fn download(
    directory: &DataDirectory,
    account: &Account,
    wanted: Option<u32>,
) -> Result<Binaries, Option<String>> {
    let bin = super::download::download(directory, wanted).await.map_err(|error| Some(error.to_string()))?;
    inspect(&bin, account).await.ok_or_else(|| Some(format!("{} does not run on this system", bin.display())))
}

#[cfg(not(feature = "download"))]
async fn download(
    _directory: &DataDirectory,
    _account: &Account,
    _wanted: Option<u32>,
) -> Result<Binaries, Option<String>> {
    Err(None)
}

/// The `bin` directories under `parent/prefix*`, highest version first.
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

/// The binaries in a directory, if they are there and `account` can run them.
async fn inspect(directory: &Path, account: &Account) -> Option<Binaries> {
    if !directory.join("initdb").is_file() || !directory.join("postgres").is_file() {
        return None;
    }
    let output =
        account.command(directory.join("postgres")).arg("--version").stdin(Stdio::null()).output().await.ok()?;
    let (version, major) = parse_version(&String::from_utf8_lossy(&output.stdout))?;
    Some(Binaries { directory: directory.to_path_buf(), version, major })
}

/// Reads `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`.
fn parse_version(line: &str) -> Option<(String, u32)> {
    let (_, rest) = line.split_once("(PostgreSQL)")?;
    let version = rest.split_whitespace().next()?;
    let major = *numbers(version).first()?;
    Some((version.to_owned(), major))
}

/// The numbers in a version, so that 9 comes before 15.
fn numbers(version: &str) -> Vec<u32> {
    version.split(|character: char| !character.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
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
