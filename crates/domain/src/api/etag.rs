//! The `ETag` of a key or project and `If-Match` (RFC 9110, sections 8.8.3 and 13.1.1).
//!
//! A tag has the version of the key, which is compared, and its status, which changes with time alone, so that two different
//! responses never share a tag.

use chrono::{DateTime, Utc};

use crate::model::{ApiKey, KeyStatus, Precondition, Project};

/// The precondition of an `If-Match` header. A tag that is weak or was not issued here matches nothing.
pub fn parse_if_match(if_match: Option<&str>) -> Precondition {
    match if_match.map(str::trim) {
        None | Some("*") => Precondition::None,
        Some(tags) => Precondition::VersionIn(tags.split(',').filter_map(version).collect()),
    }
}

/// The tag of a key at `now`.
pub(super) fn etag(key: &ApiKey, now: DateTime<Utc>) -> String {
    format!("\"{}-{}\"", key.version, key.status(now).as_str())
}

/// The precondition of an `If-Match` header about a project, whose tags have its version alone.
pub(super) fn parse_project_if_match(if_match: Option<&str>) -> Precondition {
    let version = |tag: &str| number(tag.trim().strip_prefix('"')?.strip_suffix('"')?);
    match if_match.map(str::trim) {
        None | Some("*") => Precondition::None,
        Some(tags) => Precondition::VersionIn(tags.split(',').filter_map(version).collect()),
    }
}

/// The tag of a project.
pub(super) fn project_etag(project: &Project) -> String {
    format!("\"{}\"", project.version)
}

fn version(tag: &str) -> Option<i64> {
    let (version, status) = tag.trim().strip_prefix('"')?.strip_suffix('"')?.split_once('-')?;
    status.parse::<KeyStatus>().ok()?;
    number(version)
}

/// Numbers have one spelling in a tag.
fn number(text: &str) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_strong_tags_that_were_issued_here_match() {
        let versions = |text| match parse_if_match(Some(text)) {
            Precondition::VersionIn(versions) => versions,
            Precondition::None => panic!("{text} matches everything"),
        };
        assert_eq!(versions("\"7-active\""), [7]);
        assert_eq!(versions("\"7-active\", \"8-expired\""), [7, 8]);
        for other in [
            "",
            "7",
            "\"7\"",
            "W/\"7-active\"",
            "\"x-active\"",
            "\"7-active",
            "\"07-active\"",
            "\"+7-active\"",
            "\"7-x\"",
        ] {
            assert!(versions(other).is_empty(), "{other}");
        }
        assert_eq!(parse_if_match(Some("*")), Precondition::None);
        assert_eq!(parse_if_match(None), Precondition::None);
    }

    #[test]
    fn a_tag_of_a_project_is_read_back() {
        let tag = project_etag(&Project::example());
        assert!(parse_project_if_match(Some(&tag)).matches_version(1));
        for other in ["\"2\"", "1", "W/\"1\"", "\"01\"", "\"1-active\""] {
            assert!(!parse_project_if_match(Some(other)).matches_version(1), "{other}");
        }
        assert_eq!(parse_project_if_match(Some("*")), Precondition::None);
    }

    #[test]
    fn a_tag_is_read_back() {
        let key = ApiKey { version: 7, ..ApiKey::example() };
        assert_eq!(etag(&key, DateTime::UNIX_EPOCH), "\"7-active\"");
        assert!(parse_if_match(Some(&etag(&key, DateTime::UNIX_EPOCH))).matches(&key));
    }
}
