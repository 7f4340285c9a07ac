//! The secrets of a server with an embedded Postgres, generated on the first start and kept in files of the data directory
//! that only the program's user can read. They are not in the database, so a copy of the database does not contain them.

use std::{
    fs, io,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::config::{Base64Secret, PepperSet};

/// An error with the secrets of a data directory.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// The file cannot be read or written.
    #[error("failed to read or write the secret in {}: {cause}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        cause: io::Error,
    },
    /// The file does not contain a valid secret.
    #[error("the secret in {} is invalid: {reason}; restore it from a backup", .path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// The reason, without the content.
        reason: String,
    },
}

/// Returns the secret that signs bearer tokens; generates it if there is none.
pub fn token_secret(data_dir: &Path) -> Result<Base64Secret, SecretsError> {
    let path = data_dir.join("token-secret");
    load_or_create(&path, || BASE64_STANDARD.encode(crate::random::<32>()))?
        .parse()
        .map_err(|reason| SecretsError::Content { path, reason })
}

/// Returns the peppers that keys are hashed with; generates one if there is none. To change the pepper, append another to
/// the line of the file, with the next number: `1:…,2:…`.
pub fn peppers(data_dir: &Path) -> Result<PepperSet, SecretsError> {
    let path = data_dir.join("peppers");
    load_or_create(&path, || format!("1:{}", BASE64_STANDARD.encode(crate::random::<32>())))?
        .parse()
        .map_err(|reason| SecretsError::Content { path, reason })
}

fn load_or_create(path: &Path, generate: impl FnOnce() -> String) -> Result<String, SecretsError> {
    let failed = |cause| SecretsError::File { path: path.to_owned(), cause };
    match fs::read_to_string(path) {
        Ok(text) => return Ok(text.trim().to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
    }
    // Written to another file and renamed, so that an interrupted start leaves no partial secret.
    let text = generate();
    let new = path.with_extension("new");
    let mut file =
        fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new).map_err(failed)?;
    writeln!(file, "{text}").and_then(|()| file.sync_all()).map_err(failed)?;
    fs::rename(&new, path).map_err(failed)?;
    Ok(text)
}
