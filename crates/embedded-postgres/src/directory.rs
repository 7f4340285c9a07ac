//! The data directory: its layout, the lock on it, and where the socket goes.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, Permissions, TryLockError};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::account::Account;
use super::error::EmbeddedError;

/// The port, which for a Unix socket is only a part of the file's name.
pub(super) const PORT: u16 = 5432;

/// The longest path of a socket: `sockaddr_un` has room for 108 bytes on Linux and
/// 104 on macOS, one of which ends the path.
const LONGEST_SOCKET_PATH: usize = 103;

/// A data directory that this process alone uses for as long as the value lives.
#[derive(Debug)]
pub(super) struct DataDirectory {
    root: PathBuf,
    /// Locked; the system frees the lock when the process ends, however it ends.
    _lock: File,
}

impl DataDirectory {
    /// Creates the directory if needed, checks that `account` can enter it, and
    /// takes the lock.
    pub(super) async fn open(path: &Path, account: &Account) -> Result<Self, EmbeddedError> {
        create(path, account)?;
        let root = path.canonicalize().map_err(EmbeddedError::io("resolve", path))?;
        account.check_can_enter(&root).await?;
        let lock = lock(&root)?;
        Ok(Self { root, _lock: lock })
    }

    /// The data directory itself.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Where the cluster is.
    pub(super) fn cluster(&self) -> PathBuf {
        self.root.join("postgres")
    }

    /// Where Postgres' log is.
    pub(super) fn log(&self) -> PathBuf {
        self.root.join("postgres.log")
    }

    /// Entries of the data directory whose name starts with `prefix`.
    pub(super) fn entries_starting_with(&self, prefix: &str) -> Result<Vec<PathBuf>, EmbeddedError> {
        let entries = fs::read_dir(&self.root).map_err(EmbeddedError::io("read", &self.root))?;
        Ok(entries
            .filter_map(Result::ok)
            .filter(|entry| entry.file_name().as_bytes().starts_with(prefix.as_bytes()))
            .map(|entry| entry.path())
            .collect())
    }

    /// Makes the directory of the socket, which only `account` (and root) can enter,
    /// and returns it. It is in the data directory unless its path is too long for
    /// the address of a socket; then it is under the temporary directory.
    pub(super) fn prepare_socket_directory(&self, account: &Account) -> Result<PathBuf, EmbeddedError> {
        let inside = self.root.join("socket");
        if socket_file(&inside).as_os_str().len() <= LONGEST_SOCKET_PATH {
            if inside.is_dir() {
                // An earlier server may have run Postgres as another account.
                account.own(&inside)?;
            }
            private_directory(&inside, account)?;
            return Ok(inside);
        }
        let outside = std::env::temp_dir().join(format!("latchkey-{}", identity(&self.root)?));
        private_directory(&outside, account)?;
        Ok(outside)
    }
}

/// The file that Postgres listens on in a socket directory.
pub(super) fn socket_file(directory: &Path) -> PathBuf {
    directory.join(format!(".s.PGSQL.{PORT}"))
}

/// A short name which a file or directory keeps as long as it exists.
pub(super) fn identity(path: &Path) -> Result<String, EmbeddedError> {
    let metadata = fs::metadata(path).map_err(EmbeddedError::io("read", path))?;
    Ok(format!("{:x}-{:x}", metadata.dev(), metadata.ino()))
}

/// `path` with `suffix` added to its last part.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// Creates a directory, and its parents likewise.
fn create(path: &Path, account: &Account) -> Result<(), EmbeddedError> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent()
        && !parent.as_os_str().is_empty()
    {
        create(parent, account)?;
    }
    match DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => {}
        // Another server that starts at this moment; the lock decides between them.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(()),
        Err(error) => return Err(EmbeddedError::io("create", path)(error)),
    }
    if account.is_switched_to() {
        // The account that runs Postgres must get through, but needs no list of
        // names. Set afterwards, as root's umask may take it away from a new one.
        fs::set_permissions(path, Permissions::from_mode(0o711)).map_err(EmbeddedError::io("open up", path))?;
    }
    Ok(())
}

fn lock(root: &Path) -> Result<File, EmbeddedError> {
    let path = root.join("lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(&path)
        .map_err(EmbeddedError::io("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(EmbeddedError::InUse { directory: root.to_path_buf() }),
        Err(TryLockError::Error(error)) => Err(EmbeddedError::io("lock", &path)(error)),
    }
}

/// Creates a directory for `account` alone, or takes an existing one if it is just
/// that. Under the shared temporary directory somebody else may have made it first,
/// so an existing one is checked and never changed.
fn private_directory(path: &Path, account: &Account) -> Result<(), EmbeddedError> {
    match DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => return account.own(path),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(EmbeddedError::io("create", path)(error)),
    }
    let metadata = fs::symlink_metadata(path).map_err(EmbeddedError::io("read", path))?;
    let private = metadata.is_dir() && metadata.mode() & 0o077 == 0;
    if private && metadata.uid() == account.uid() {
        return Ok(());
    }
    let refused = std::io::Error::new(
        ErrorKind::PermissionDenied,
        "it is not a private directory of the account that runs Postgres, so remove it",
    );
    Err(EmbeddedError::io("use", path)(refused))
}
