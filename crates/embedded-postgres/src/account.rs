//! The account that runs Postgres: an unprivileged one when Latchkey runs as root,
//! as Postgres refuses to run as root; the own one otherwise.
//!
//! Every program of Postgres is started through [`Account::command`].

use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, lchown};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use nix::unistd::{Uid, User, geteuid};
use tokio::process::Command;

use super::error::EmbeddedError;

/// Accounts to run Postgres as when Latchkey is root, in order of preference.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

/// What a program of Postgres gets to see of the environment. The rest stays out:
/// `PG*` variables would change settings, and Latchkey's own may hold secrets.
const KEPT_VARIABLES: [&str; 3] = ["PATH", "LD_LIBRARY_PATH", "TMPDIR"];

/// The account that runs Postgres.
#[derive(Debug, Clone)]
pub(super) struct Account {
    name: String,
    uid: u32,
    /// The group to switch to, if this process is root and has to switch.
    switch_to_group: Option<u32>,
}

impl Account {
    /// Chooses the account by who runs this process.
    pub(super) fn choose() -> Result<Self, EmbeddedError> {
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

    /// The number of the account.
    pub(super) fn uid(&self) -> u32 {
        self.uid
    }

    /// Whether the account is another one than that of this process.
    pub(super) fn is_switched_to(&self) -> bool {
        self.switch_to_group.is_some()
    }

    /// A command that runs `program` as this account, in a process group of its own
    /// so that the terminal's Ctrl-C does not reach it: the server drains first and
    /// then stops Postgres itself.
    pub(super) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().current_dir("/").process_group(0);
        for variable in KEPT_VARIABLES {
            if let Some(value) = std::env::var_os(variable) {
                command.env(variable, value);
            }
        }
        // Keeps messages in English, and macOS from loading a locale in a thread,
        // which makes Postgres refuse to start.
        command.env("LC_ALL", "C");
        if let Some(group) = self.switch_to_group {
            // With a uid set, std also drops root's supplementary groups.
            command.uid(self.uid).gid(group);
        }
        command
    }

    /// Checks that the account can enter `directory`, by letting it try: permission
    /// bits alone would miss access lists and mount options.
    pub(super) async fn check_can_enter(&self, directory: &Path) -> Result<(), EmbeddedError> {
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

    async fn can_enter(&self, directory: &Path) -> Result<bool, EmbeddedError> {
        let status =
            self.command("/bin/sh").args(["-c", ":"]).current_dir(directory).stdin(Stdio::null()).status().await;
        match status {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(false),
            Err(error) => Err(EmbeddedError::io("enter", directory)(error)),
        }
    }

    /// Hands one path to the account.
    pub(super) fn own(&self, path: &Path) -> Result<(), EmbeddedError> {
        if !self.is_switched_to() {
            return Ok(());
        }
        // Never through a symbolic link, as this runs as root.
        lchown(path, Some(self.uid), self.switch_to_group).map_err(EmbeddedError::io("change the owner of", path))
    }

    /// Hands a directory with all that is in it to the account, if it is another's:
    /// it may have been restored from a backup, or used by a non-root server.
    pub(super) fn own_tree(&self, top: &Path) -> Result<(), EmbeddedError> {
        if !self.is_switched_to() {
            return Ok(());
        }
        let metadata = fs::symlink_metadata(top).map_err(EmbeddedError::io("read", top))?;
        if metadata.uid() == self.uid {
            return Ok(());
        }
        for path in tree(top)? {
            self.own(&path)?;
        }
        // The top comes last: an interrupted walk starts over at the next start.
        self.own(top)
    }
}

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
