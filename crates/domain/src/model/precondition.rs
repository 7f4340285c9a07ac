//! What a key or project must be for a mutation to happen.

use super::ApiKey;

/// A condition on the version of a key or project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Precondition {
    /// Any version will do.
    None,
    /// It has one of these versions.
    VersionIn(Vec<i64>),
}

impl Precondition {
    /// Whether a key meets it.
    pub fn matches(&self, key: &ApiKey) -> bool {
        self.matches_version(key.version)
    }

    /// Whether what has this version meets it.
    pub fn matches_version(&self, version: i64) -> bool {
        match self {
            Self::None => true,
            Self::VersionIn(versions) => versions.contains(&version),
        }
    }
}
