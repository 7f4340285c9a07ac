//! A directory for one test, gone with it.

use std::{
    fs::Permissions,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

/// A directory that every account can enter: as root, Postgres runs as another one.
pub struct Scratch(TempDir);

impl Scratch {
    pub fn new() -> Self {
        let mut builder = tempfile::Builder::new();
        builder.prefix("latchkey-program-").permissions(Permissions::from_mode(0o755));
        Self(builder.tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// A data directory that does not exist yet.
    pub fn data(&self) -> PathBuf {
        self.path().join("data")
    }
}
