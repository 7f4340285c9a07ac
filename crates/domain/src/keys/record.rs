//! The record of a key, and what the key is good for.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};

use super::policy::Policy;
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
    /// Since when it is switched off.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Since when it is withdrawn, for good.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Steps up with every change.
    pub version: i64,
    /// The key that this one replaced.
    pub predecessor_id: Option<i64>,
    /// The key that replaced this one.
    pub successor_id: Option<i64>,
    /// What narrows it.
    #[diesel(embed)]
    pub policy: Policy,
}

/// What decides on the status of a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Validity {
    /// Withdrawn for good.
    pub revoked: bool,
    /// From this instant on it is not good any more.
    pub expires_at: Option<DateTime<Utc>>,
    /// Switched off.
    pub disabled: bool,
    /// Before this instant it is not good yet.
    pub not_before: Option<DateTime<Utc>>,
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

impl KeyStatus {
    /// Every status.
    pub const ALL: [Self; 5] = [Self::Active, Self::Pending, Self::Disabled, Self::Revoked, Self::Expired];

    /// The status of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// Its name in the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Pending => "pending",
            Self::Disabled => "disabled",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }
}

impl Validity {
    /// The status at `now`. What cannot be undone comes first; an expiry at `now` has passed (half-open).
    pub fn status(&self, now: DateTime<Utc>) -> KeyStatus {
        if self.revoked {
            KeyStatus::Revoked
        } else if self.expires_at.is_some_and(|end| end <= now) {
            KeyStatus::Expired
        } else if self.disabled {
            KeyStatus::Disabled
        } else if self.not_before.is_some_and(|start| start > now) {
            KeyStatus::Pending
        } else {
            KeyStatus::Active
        }
    }
}

impl KeyRecord {
    /// The status at `now`.
    pub fn status(&self, now: DateTime<Utc>) -> KeyStatus {
        let validity = Validity {
            revoked: self.revoked_at.is_some(),
            expires_at: self.expires_at,
            disabled: self.disabled_at.is_some(),
            not_before: self.policy.not_before,
        };
        validity.status(now)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn at(microseconds: i64) -> Option<DateTime<Utc>> {
        Some(NOW + TimeDelta::microseconds(microseconds))
    }

    #[test]
    fn the_contract_and_the_code_name_the_same_statuses() {
        let contract: serde_json::Value = serde_json::from_str(crate::CONTRACT).unwrap();
        let names = &contract["components"]["schemas"]["APIKeyStatus"]["enum"];
        assert_eq!(*names, serde_json::json!(KeyStatus::ALL.map(KeyStatus::name)));
        for status in KeyStatus::ALL {
            assert_eq!(KeyStatus::named(status.name()), Some(status));
        }
    }

    #[test]
    fn a_key_expires_at_its_expiry_and_not_before() {
        assert_eq!(Validity { expires_at: at(1), ..Validity::default() }.status(NOW), KeyStatus::Active);
        assert_eq!(Validity { expires_at: at(0), ..Validity::default() }.status(NOW), KeyStatus::Expired);
        assert_eq!(Validity { expires_at: at(-1), ..Validity::default() }.status(NOW), KeyStatus::Expired);
    }

    #[test]
    fn a_key_is_good_from_its_not_before_on() {
        assert_eq!(Validity { not_before: at(1), ..Validity::default() }.status(NOW), KeyStatus::Pending);
        assert_eq!(Validity { not_before: at(0), ..Validity::default() }.status(NOW), KeyStatus::Active);
    }

    #[test]
    fn what_cannot_be_undone_is_said_first() {
        let mut key = Validity { not_before: at(1), disabled: true, expires_at: at(0), revoked: true };
        assert_eq!(key.status(NOW), KeyStatus::Revoked);
        key.revoked = false;
        assert_eq!(key.status(NOW), KeyStatus::Expired);
        key.expires_at = None;
        assert_eq!(key.status(NOW), KeyStatus::Disabled);
        key.disabled = false;
        assert_eq!(key.status(NOW), KeyStatus::Pending);
        key.not_before = None;
        assert_eq!(key.status(NOW), KeyStatus::Active);
    }
}
