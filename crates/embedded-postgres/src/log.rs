//! The log file of Postgres: opened for appending, truncated when large, and quoted in errors.

use std::{
    fs::{self, File},
    io::{Read, Seek, SeekFrom},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use crate::{EmbeddedError, directory::with_suffix};

/// The size in bytes above which the log is copied to `postgres.log.1` and truncated.
const MAX_SIZE: u64 = 10 * 1024 * 1024;

/// The largest number of lines that an error quotes.
const QUOTED_LINES: usize = 5;
/// The largest number of bytes that are read to quote the log.
const QUOTED_BYTES: u64 = 4096;

/// Opens the log for appending. This process opens it, so that the account that runs Postgres does not need permission
/// to create files in the data directory.
pub(crate) fn open(path: &Path) -> Result<File, EmbeddedError> {
    File::options().create(true).append(true).mode(0o600).open(path).map_err(EmbeddedError::io("open", path))
}

/// The size of the log in bytes; 0 when there is none. Later lines start there.
pub(crate) fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

/// Copies the log to `postgres.log.1` and truncates it, if it is larger than [`MAX_SIZE`]. Postgres keeps the file open
/// and continues to append at the new end.
pub(crate) fn truncate_if_large(path: &Path) {
    if size(path) <= MAX_SIZE {
        return;
    }
    let truncated = fs::copy(path, with_suffix(path, ".1"))
        .and_then(|_| File::options().write(true).open(path))
        .and_then(|file| file.set_len(0));
    if let Err(error) = truncated {
        tracing::warn!(%error, log = %path.display(), "failed to truncate the log of Postgres");
    }
}

/// The last lines of the log after the byte `from`, indented.
pub(crate) fn last_lines(path: &Path, from: u64) -> String {
    let start = from.max(size(path).saturating_sub(QUOTED_BYTES));
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|mut file| {
        file.seek(SeekFrom::Start(start))?;
        file.read_to_end(&mut bytes)
    });
    match read {
        Ok(_) => quote(&bytes),
        Err(error) => format!("  (the log cannot be read: {error})"),
    }
}

/// The last lines of a program's output, indented.
pub(crate) fn quote(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    if lines.is_empty() {
        return "  (nothing was logged)".to_owned();
    }
    let first = lines.len().saturating_sub(QUOTED_LINES);
    let quoted: Vec<String> = lines[first..].iter().map(|line| format!("  {line}")).collect();
    quoted.join("\n")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn only_the_last_lines_of_this_start_are_quoted() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "old\n1\n2\n3\n4\n5\n6\n").unwrap();
        assert_eq!(last_lines(file.path(), 4), "  2\n  3\n  4\n  5\n  6");
        assert_eq!(last_lines(file.path(), 14), "  6");
        assert_eq!(last_lines(file.path(), 16), "  (nothing was logged)");
    }

    #[test]
    fn a_large_log_is_truncated_under_the_writer() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("postgres.log");
        let mut writer = open(&path).unwrap();
        writer.write_all(&vec![b'x'; 10 * 1024 * 1024]).unwrap();
        truncate_if_large(&path);
        assert_eq!(size(&path), MAX_SIZE);
        writer.write_all(b"y").unwrap();
        truncate_if_large(&path);
        assert_eq!(size(&path), 0);
        assert_eq!(size(&with_suffix(&path, ".1")), MAX_SIZE + 1);
        writer.write_all(b"new\n").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new\n");
    }
}
