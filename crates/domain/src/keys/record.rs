//! The record of a key, and what the key is good for.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};

use crate::store::schema::api_keys;

/// A key as the database keeps it, less its hash.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = api_keys, check_for_backend(diesel::pg::Pg))]
pub struct KeyRecord {
    /// Unique among all users' keys.
    pub id: i64,
    /// The owner.
    pub user_id: i64,
    /// The first 12 characters of the key.
    pub key_prefix: String,
    /// What the key is for.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// From this instant on it is not good any more.
    pub expires_at: Option<DateTime<Utc>>,
    /// Before this instant it is not good yet.
    pub not_before: Option<DateTime<Utc>>,
    /// Since when it is switched off.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Since when it is withdrawn, for good.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// What a key is good for at one moment; all but `Active` mean that it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStatus {
    /// Good.
    Active,
    /// Not good yet.
    Pending,
    /// Switched off, until it is switched on again.
    Disabled,
    /// Withdrawn for good.
    Revoked,
    /// Past its end.
    Expired,
}

impl KeyRecord {
    /// The status at `now`. What cannot be undone comes first; an expiry at `now` has passed (half-open).
    pub fn status(&self, now: DateTime<Utc>) -> KeyStatus {
        if self.revoked_at.is_some() {
            KeyStatus::Revoked
        } else if self.expires_at.is_some_and(|end| end <= now) {
            KeyStatus::Expired
        } else if self.disabled_at.is_some() {
            KeyStatus::Disabled
        } else if self.not_before.is_some_and(|start| start > now) {
            KeyStatus::Pending
        } else {
            KeyStatus::Active
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn record() -> KeyRecord {
        KeyRecord {
            id: 1,
            user_id: 1,
            key_prefix: "lk_123456789".into(),
            description: None,
            created_at: NOW,
            expires_at: None,
            not_before: None,
            disabled_at: None,
            revoked_at: None,
        }
    }

    fn at(microseconds: i64) -> Option<DateTime<Utc>> {
        Some(NOW + TimeDelta::microseconds(microseconds))
    }

    #[test]
    fn a_key_expires_at_its_expiry_and_not_before() {
        assert_eq!(KeyRecord { expires_at: at(1), ..record() }.status(NOW), KeyStatus::Active);
        assert_eq!(KeyRecord { expires_at: at(0), ..record() }.status(NOW), KeyStatus::Expired);
        assert_eq!(KeyRecord { expires_at: at(-1), ..record() }.status(NOW), KeyStatus::Expired);
    }

    #[test]
    fn a_key_is_good_from_its_not_before_on() {
        assert_eq!(KeyRecord { not_before: at(1), ..record() }.status(NOW), KeyStatus::Pending);
        assert_eq!(KeyRecord { not_before: at(0), ..record() }.status(NOW), KeyStatus::Active);
    }

    #[test]
    fn what_cannot_be_undone_is_said_first() {
        let mut key =
            KeyRecord { not_before: at(1), disabled_at: at(0), expires_at: at(0), revoked_at: at(0), ..record() };
        assert_eq!(key.status(NOW), KeyStatus::Revoked);
        key.revoked_at = None;
        assert_eq!(key.status(NOW), KeyStatus::Expired);
        key.expires_at = None;
        assert_eq!(key.status(NOW), KeyStatus::Disabled);
        key.disabled_at = None;
        assert_eq!(key.status(NOW), KeyStatus::Pending);
        key.not_before = None;
        assert_eq!(key.status(NOW), KeyStatus::Active);
    }
}
