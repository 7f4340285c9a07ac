//! The limit of open files (`RLIMIT_NOFILE`): connections to clients must leave enough of them for everything else.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Files that are neither connections to clients nor to the database: listeners, output, the runtime's own, the data
/// directory's, and some to spare.
const OTHER_FILES: usize = 64;

/// Raises the soft limit to the hard one, and returns it. The soft one is usually 1024, for programs that use `select`.
pub fn raise() -> nix::Result<u64> {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    match setrlimit(Resource::RLIMIT_NOFILE, hard, hard) {
        Ok(()) => Ok(hard),
        Err(_) => Ok(soft),
    }
}

/// How many clients can be connected: at most `configured`, and at least one. `reserved` is the number of all other
/// connections.
pub fn max_connections(configured: usize, file_limit: u64, reserved: usize) -> usize {
    let file_limit = usize::try_from(file_limit).unwrap_or(usize::MAX);
    configured.min(file_limit.saturating_sub(reserved + OTHER_FILES)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_left_for_everything_else() {
        assert_eq!(max_connections(4096, u64::MAX, 20), 4096);
        assert_eq!(max_connections(4096, 1024, 20), 1024 - 20 - 64);
        assert_eq!(max_connections(4096, 50, 20), 1);
        assert_eq!(max_connections(100, 1024, 20), 100);
    }
}
