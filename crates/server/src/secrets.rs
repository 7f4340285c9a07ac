//! The secrets of a server that keeps its own database: made on the first start, and kept beside it in the data
//! directory, readable by the program's user alone. They stay outside the database, so that a copy of it is not enough.

use std::{
    fs, io,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::config::{PepperList, Secret};

/// Why the secrets of a data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// The file cannot be read or written.
    #[error("the secret in {} cannot be kept: {cause}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is in the way.
        cause: io::Error,
    },
    /// The file holds something else.
    #[error("the file {} should hold a secret, but {reason}; restore it from a backup", .path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong with it; never its content.
        reason: String,
    },
}

/// The secret that signs bearer tokens, made when there is none yet.
pub fn token_secret(data_dir: &Path) -> Result<Secret, SecretsError> {
    let path = data_dir.join("token-secret");
    keep(&path, || BASE64_STANDARD.encode(crate::random::<32>()))?
        .parse()
        .map_err(|reason| SecretsError::Content { path, reason })
}

/// The peppers under which keys are hashed; one is made when there is none yet. To change the pepper, add a line's worth
/// with the next number: `1:…,2:…`.
pub fn peppers(data_dir: &Path) -> Result<PepperList, SecretsError> {
    let path = data_dir.join("peppers");
    keep(&path, || format!("1:{}", BASE64_STANDARD.encode(crate::random::<32>())))?
        .parse()
        .map_err(|reason| SecretsError::Content { path, reason })
}

fn keep(path: &Path, make: impl FnOnce() -> String) -> Result<String, SecretsError> {
    let failed = |cause| SecretsError::File { path: path.to_owned(), cause };
    match fs::read_to_string(path) {
        Ok(text) => return Ok(text.trim().to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
    }
    // Written aside and renamed, so that a start that is cut short leaves no half a secret.
    let text = make();
    let new = path.with_extension("new");
    let mut file =
        fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new).map_err(failed)?;
    writeln!(file, "{text}").and_then(|()| file.sync_all()).map_err(failed)?;
    fs::rename(&new, path).map_err(failed)?;
    Ok(text)
}
