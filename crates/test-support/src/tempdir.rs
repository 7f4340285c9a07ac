//! Temporary directories.

use std::{
    fs::Permissions,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
};

use nix::unistd::User;

/// A directory that every account may enter, because Postgres runs under another one when the tests run as root. It is
/// removed when this is dropped.
pub struct TempDir(tempfile::TempDir);

impl TempDir {
    /// Creates an empty directory.
    #[expect(clippy::new_without_default, reason = "it does I/O")]
    pub fn new() -> Self {
        let mut builder = tempfile::Builder::new();
        builder.prefix("latchkey-test-").permissions(Permissions::from_mode(0o755));
        Self(builder.tempdir().unwrap())
    }

    /// Creates an empty directory that an account owns.
    pub fn owned_by(account: &User) -> Self {
        let directory = Self::new();
        chown(directory.path(), Some(account.uid.as_raw()), Some(account.gid.as_raw())).unwrap();
        directory
    }

    /// The directory's absolute path.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The path of a data directory that does not exist yet.
    pub fn data(&self) -> PathBuf {
        self.path().join("data")
    }
}
