//! Conditions by which keys are searched.

use chrono::{DateTime, Utc};

use super::{KeyStatus, Metadata, PlainKey, plain_key::DISPLAY_PREFIX_LENGTH};

/// Conditions, all of which a key must meet. One that is `None` is met by every key. It has no `Debug`, as it may contain a key.
#[derive(Default)]
pub struct KeyFilter {
    /// The key itself, or how it begins.
    pub key: Option<KeyText>,
    /// The external id of the owner.
    pub owner: Option<String>,
    /// The status.
    pub status: Option<KeyStatus>,
    /// What the description contains, in upper or lower case.
    pub description: Option<String>,
    /// What the metadata contains.
    pub metadata: Metadata,
    /// The key expires after this time.
    pub expires_after: Option<DateTime<Utc>>,
    /// The key expires before this time.
    pub expires_before: Option<DateTime<Utc>>,
    /// The key was created before this time.
    pub created_before: Option<DateTime<Utc>>,
    /// The key was created before this time, and was not used since.
    pub unused_since: Option<DateTime<Utc>>,
}

/// What somebody has of a key.
pub enum KeyText {
    /// A whole key.
    Whole(Box<PlainKey>),
    /// How it begins, at most as far as records show it.
    Beginning(String),
}

impl KeyText {
    /// A text of visible ASCII characters. What is not a whole key is how one begins.
    pub fn parse(text: &str) -> Self {
        match PlainKey::parse(text) {
            Some(key) => Self::Whole(Box::new(key)),
            None => Self::Beginning(text.chars().take(DISPLAY_PREFIX_LENGTH).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_whole_key_is_a_beginning_as_far_as_it_is_shown() {
        let beginning = |text: &str| match KeyText::parse(text) {
            KeyText::Beginning(text) => text,
            KeyText::Whole(_) => panic!("a whole key"),
        };
        assert_eq!(beginning("lk_1"), "lk_1");
        assert_eq!(beginning("lk_1B5vSVXMv6XQWTgVUg4yLkcJbV0q0a2UIZXbZ1P"), "lk_1B5vSVXMv");
    }
}
