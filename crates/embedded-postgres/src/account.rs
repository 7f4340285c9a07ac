//! The account that runs Postgres. Postgres refuses to run as root, so for root it is an unprivileged account;
//! otherwise it is the account of this process.
//!
//! Every program of Postgres is started through [`Account::command`].

use std::{
    env,
    ffi::OsStr,
    fs,
    io::ErrorKind,
    os::unix::fs::{MetadataExt, lchown},
    path::{Path, PathBuf},
    process::Stdio,
};

use nix::unistd::{Uid, User, geteuid};
use tokio::process::Command;

use crate::EmbeddedError;

/// The accounts that run Postgres for root, in order of preference.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

/// The environment variables that are passed on to Postgres. Others are not: `PG*` variables would change its settings,
/// and those of the program may contain secrets.
const PASSED_VARIABLES: [&str; 3] = ["PATH", "LD_LIBRARY_PATH", "TMPDIR"];

/// The account that runs Postgres.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    name: String,
    uid: u32,
    /// The group to switch to; `None` when Postgres runs as the account of this process.
    switch_to_group: Option<u32>,
}

impl Account {
    /// Chooses the account that runs Postgres.
    ///
    /// # Errors
    /// Returns [`EmbeddedError::NoAccount`] when this process is root and there is no unprivileged account.
    pub(crate) fn choose() -> Result<Self, EmbeddedError> {
        let own = geteuid();
        if !own.is_root() {
            return Ok(Self { name: name_of(own), uid: own.as_raw(), switch_to_group: None });
        }
        UNPRIVILEGED
            .iter()
            .find_map(|name| User::from_name(name).ok().flatten())
            .filter(|user| !user.uid.is_root())
            .map(|user| Self { name: user.name, uid: user.uid.as_raw(), switch_to_group: Some(user.gid.as_raw()) })
            .ok_or(EmbeddedError::NoAccount)
    }

    /// The user id of the account.
    pub(crate) fn uid(&self) -> u32 {
        self.uid
    }

    /// Whether the account is not that of this process.
    pub(crate) fn is_switched_to(&self) -> bool {
        self.switch_to_group.is_some()
    }

    /// A command that runs `program` as this account. It has its own process group, so that Ctrl-C in a terminal does
    /// not reach it: the program stops Postgres itself, after its last query.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().current_dir("/").process_group(0);
        for variable in PASSED_VARIABLES {
            if let Some(value) = env::var_os(variable) {
                command.env(variable, value);
            }
        }
        // Messages are in English, and macOS loads no locale in a thread, which would keep Postgres from starting.
        command.env("LC_ALL", "C");
        if let Some(group) = self.switch_to_group {
            // With a user id set, std also drops root's supplementary groups.
            command.uid(self.uid).gid(group);
        }
        command
    }

    /// Checks that the account can enter `directory`, by trying it: permission bits alone ignore access lists and mount
    /// options.
    pub(crate) async fn check_can_enter(&self, directory: &Path) -> Result<(), EmbeddedError> {
        if !self.is_switched_to() || self.can_enter(directory).await? {
            return Ok(());
        }
        let mut refused = directory.to_path_buf();
        let mut from_root: Vec<&Path> = directory.ancestors().collect();
        from_root.reverse();
        for ancestor in from_root {
            if !self.can_enter(ancestor).await? {
                refused = ancestor.to_path_buf();
                break;
            }
        }
        Err(EmbeddedError::NotEnterable { account: self.name.clone(), directory: refused })
    }

    /// Whether the account can enter `directory`.
    async fn can_enter(&self, directory: &Path) -> Result<bool, EmbeddedError> {
        let status =
            self.command("/bin/sh").args(["-c", ":"]).current_dir(directory).stdin(Stdio::null()).status().await;
        match status {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(false),
            Err(error) => Err(EmbeddedError::io("enter", directory)(error)),
        }
    }

    /// Makes the account the owner of one path.
    pub(crate) fn chown(&self, path: &Path) -> Result<(), EmbeddedError> {
        if !self.is_switched_to() {
            return Ok(());
        }
        // Symbolic links are not followed, as this runs as root.
        lchown(path, Some(self.uid), self.switch_to_group).map_err(EmbeddedError::io("change the owner of", path))
    }

    /// Makes the account the owner of a directory and its content, unless it is already the owner of the directory. The
    /// owner is another one after a restore from a backup, or when the directory was used by a non-root server.
    pub(crate) fn chown_tree(&self, top: &Path) -> Result<(), EmbeddedError> {
        if !self.is_switched_to() {
            return Ok(());
        }
        let metadata = fs::symlink_metadata(top).map_err(EmbeddedError::io("read", top))?;
        if metadata.uid() == self.uid {
            return Ok(());
        }
        for path in tree(top)? {
            self.chown(&path)?;
        }
        // The top is last, so that an interrupted walk is repeated at the next start.
        self.chown(top)
    }
}

/// The name of an account; its number when it has no name.
fn name_of(uid: Uid) -> String {
    User::from_uid(uid).ok().flatten().map_or_else(|| uid.to_string(), |user| user.name)
}

/// All paths below `top`.
fn tree(top: &Path) -> Result<Vec<PathBuf>, EmbeddedError> {
    let mut paths = Vec::new();
    let mut to_read = vec![top.to_path_buf()];
    while let Some(directory) = to_read.pop() {
        let entries = fs::read_dir(&directory).map_err(EmbeddedError::io("read", &directory))?;
        for entry in entries {
            let entry = entry.map_err(EmbeddedError::io("read", &directory))?;
            let file_type = entry.file_type().map_err(EmbeddedError::io("read", &entry.path()))?;
            if file_type.is_dir() {
                to_read.push(entry.path());
            }
            paths.push(entry.path());
        }
    }
    Ok(paths)
}
