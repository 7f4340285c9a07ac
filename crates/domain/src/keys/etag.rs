//! The `ETag` of a record, and what `If-Match` asks of it (RFC 9110, sections 8.8.3 and 13.1.1).
//!
//! A tag names the record's version, which decides, and its status, which changes with time alone, so that two different
//! answers never share one.

use chrono::{DateTime, Utc};

use super::record::KeyRecord;

/// What must be true of a record for a change to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Precondition {
    /// It exists.
    None,
    /// It has one of these versions.
    Versions(Vec<i64>),
}

impl Precondition {
    /// Reads `If-Match`. What is no strong tag of ours matches nothing.
    pub fn read(if_match: Option<&str>) -> Self {
        match if_match.map(str::trim) {
            None | Some("*") => Self::None,
            Some(tags) => Self::Versions(tags.split(',').filter_map(version).collect()),
        }
    }

    /// Whether a record fulfils it.
    pub fn holds_for(&self, record: &KeyRecord) -> bool {
        match self {
            Self::None => true,
            Self::Versions(versions) => versions.contains(&record.version),
        }
    }
}

/// The tag of a record at `now`.
pub fn etag(record: &KeyRecord, now: DateTime<Utc>) -> String {
    format!("\"{}-{}\"", record.version, record.status(now).name())
}

fn version(tag: &str) -> Option<i64> {
    let (version, _status) = tag.trim().strip_prefix('"')?.strip_suffix('"')?.split_once('-')?;
    version.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_strong_tags_of_ours_match() {
        let versions = |text| match Precondition::read(Some(text)) {
            Precondition::Versions(versions) => versions,
            Precondition::None => panic!("{text} matches everything"),
        };
        assert_eq!(versions("\"7-active\""), [7]);
        assert_eq!(versions("\"7-active\", \"8-expired\""), [7, 8]);
        for other in ["", "7", "\"7\"", "W/\"7-active\"", "\"x-active\"", "\"7-active"] {
            assert!(versions(other).is_empty(), "{other}");
        }
        assert_eq!(Precondition::read(Some("*")), Precondition::None);
        assert_eq!(Precondition::read(None), Precondition::None);
    }
}
