//! The data directory: its layout, its lock, and the directory of the socket.

use std::{
    env,
    ffi::OsString,
    fs::{self, DirBuilder, File, Permissions, TryLockError},
    io::{self, ErrorKind},
    os::unix::{
        ffi::OsStrExt,
        fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    },
    path::{Path, PathBuf},
};

use crate::{EmbeddedError, account::Account};

/// The port. For a Unix socket it is only a part of the file name.
pub(crate) const PORT: u16 = 5432;

/// The maximum length in bytes of a socket's path: `sockaddr_un` has 108 bytes on Linux and 104 on macOS, including the
/// terminating zero.
const MAX_SOCKET_PATH: usize = 103;

/// A data directory, locked for this process while the value exists.
#[derive(Debug)]
pub(crate) struct DataDirectory {
    root: PathBuf,
    /// The locked file. The system releases the lock when the process ends for any reason.
    _lock: File,
}

impl DataDirectory {
    /// Creates the directory if it does not exist, checks that `account` can enter it, and locks it.
    ///
    /// # Errors
    /// Returns [`EmbeddedError::NotEnterable`], or [`EmbeddedError::InUse`] when another process holds the lock.
    pub(crate) async fn open(path: &Path, account: &Account) -> Result<Self, EmbeddedError> {
        create(path, account)?;
        let root = path.canonicalize().map_err(EmbeddedError::io("resolve", path))?;
        account.check_can_enter(&root).await?;
        let lock = lock(&root)?;
        Ok(Self { root, _lock: lock })
    }

    /// The data directory itself.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The directory of the cluster.
    pub(crate) fn cluster(&self) -> PathBuf {
        self.root.join("postgres")
    }

    /// The log file of Postgres.
    pub(crate) fn log(&self) -> PathBuf {
        self.root.join("postgres.log")
    }

    /// The entries of the data directory whose names start with `prefix`.
    pub(crate) fn entries_starting_with(&self, prefix: &str) -> Result<Vec<PathBuf>, EmbeddedError> {
        let entries = fs::read_dir(&self.root).map_err(EmbeddedError::io("read", &self.root))?;
        Ok(entries
            .filter_map(Result::ok)
            .filter(|entry| entry.file_name().as_bytes().starts_with(prefix.as_bytes()))
            .map(|entry| entry.path())
            .collect())
    }

    /// Creates the directory of the socket, which only `account` and root can enter, and returns it. It is in the data
    /// directory, or in the temporary directory when the path of the socket would be too long.
    pub(crate) fn prepare_socket_directory(&self, account: &Account) -> Result<PathBuf, EmbeddedError> {
        let inside = self.root.join("socket");
        if socket_file(&inside).as_os_str().len() <= MAX_SOCKET_PATH {
            if inside.is_dir() {
                // Postgres may have run as another account before.
                account.chown(&inside)?;
            }
            private_directory(&inside, account)?;
            return Ok(inside);
        }
        let outside = env::temp_dir().join(format!("latchkey-{}", identity(&self.root)?));
        private_directory(&outside, account)?;
        Ok(outside)
    }
}

/// The socket of Postgres in the directory of the socket.
pub(crate) fn socket_file(directory: &Path) -> PathBuf {
    directory.join(format!(".s.PGSQL.{PORT}"))
}

/// A short name of a file or directory, which does not change while it exists.
pub(crate) fn identity(path: &Path) -> Result<String, EmbeddedError> {
    let metadata = fs::metadata(path).map_err(EmbeddedError::io("read", path))?;
    Ok(format!("{:x}-{:x}", metadata.dev(), metadata.ino()))
}

/// `path` with `suffix` appended to its last component.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// Creates a directory and its missing parents.
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
        // Another process starts at the same time. The lock decides between them.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(()),
        Err(error) => return Err(EmbeddedError::io("create", path)(error)),
    }
    if account.is_switched_to() {
        // The account that runs Postgres must be able to enter the directory, but not to list it. This is a second
        // step, because root's umask may restrict the mode of a new directory.
        let permissions = Permissions::from_mode(0o711);
        fs::set_permissions(path, permissions).map_err(EmbeddedError::io("change the permissions of", path))?;
    }
    Ok(())
}

/// Locks the data directory.
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

/// Creates a directory that only `account` can enter, or accepts an existing one that is exactly this. In the shared
/// temporary directory another user may have created it first, so an existing one is checked and never changed.
fn private_directory(path: &Path, account: &Account) -> Result<(), EmbeddedError> {
    match DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => return account.chown(path),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(EmbeddedError::io("create", path)(error)),
    }
    let metadata = fs::symlink_metadata(path).map_err(EmbeddedError::io("read", path))?;
    let private = metadata.is_dir() && metadata.mode() & 0o077 == 0;
    if private && metadata.uid() == account.uid() {
        return Ok(());
    }
    let reason = io::Error::new(
        ErrorKind::PermissionDenied,
        "it is not a private directory of the account that runs Postgres, so remove it",
    );
    Err(EmbeddedError::io("use", path)(reason))
}
