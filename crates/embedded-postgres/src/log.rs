//! Postgres' log file: opened for appending, kept small, and quoted in errors.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::directory::with_suffix;
use super::error::EmbeddedError;

/// The log is set aside when it is larger. One older log is kept.
const LARGEST: u64 = 10 * 1024 * 1024;

const QUOTED_LINES: usize = 5;
const QUOTED_BYTES: u64 = 4096;

/// Opens the log for Postgres to append to. This process opens it, so that the
/// account that runs Postgres needs no right to create files in the data directory.
pub(super) fn open(path: &Path) -> Result<File, EmbeddedError> {
    File::options().create(true).append(true).mode(0o600).open(path).map_err(EmbeddedError::io("open", path))
}

/// The size of the log, from where later lines can be quoted.
pub(super) fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

/// Copies a log that has become too large aside and empties it. Postgres keeps its
/// file open, and as it appends it goes on at the new end.
pub(super) fn keep_small(path: &Path) {
    if size(path) <= LARGEST {
        return;
    }
    let emptied = fs::copy(path, with_suffix(path, ".1"))
        .and_then(|_| File::options().write(true).open(path))
        .and_then(|file| file.set_len(0));
    if let Err(error) = emptied {
        tracing::warn!(%error, log = %path.display(), "can't set Postgres' log aside");
    }
}

/// The last lines that were logged after `from`, indented.
pub(super) fn last_lines(path: &Path, from: u64) -> String {
    let start = from.max(size(path).saturating_sub(QUOTED_BYTES));
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|mut file| {
        file.seek(SeekFrom::Start(start))?;
        file.read_to_end(&mut bytes)
    });
    match read {
        Ok(_) => quote(&bytes),
        Err(error) => format!("  (the log can't be read: {error})"),
    }
}

/// The last lines of what a program printed, indented.
pub(super) fn quote(output: &[u8]) -> String {
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
    use super::*;
    use std::io::Write;

    #[test]
    fn quotes_the_last_lines_of_this_start_only() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "old\n1\n2\n3\n4\n5\n6\n").unwrap();
        assert_eq!(last_lines(file.path(), 4), "  2\n  3\n  4\n  5\n  6");
        assert_eq!(last_lines(file.path(), 14), "  6");
        assert_eq!(last_lines(file.path(), 16), "  (nothing was logged)");
    }

    #[test]
    fn a_large_log_is_set_aside_under_the_writer() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("postgres.log");
        let mut writer = open(&path).unwrap();
        writer.write_all(&vec![b'x'; 10 * 1024 * 1024]).unwrap();
        keep_small(&path);
        assert_eq!(size(&path), LARGEST);
        writer.write_all(b"y").unwrap();
        keep_small(&path);
        assert_eq!(size(&path), 0);
        assert_eq!(size(&with_suffix(&path, ".1")), LARGEST + 1);
        writer.write_all(b"new\n").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new\n");
    }
}
