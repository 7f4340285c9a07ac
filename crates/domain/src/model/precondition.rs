//! What a key must be for a mutation to happen.

use super::ApiKey;

/// A condition on the version of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Precondition {
    /// Any version will do.
    None,
    /// The key has one of these versions.
    VersionIn(Vec<i64>),
}

impl Precondition {
    /// Whether a key meets it.
    pub fn matches(&self, key: &ApiKey) -> bool {
        match self {
            Self::None => true,
            Self::VersionIn(versions) => versions.contains(&key.version),
        }
    }
}
