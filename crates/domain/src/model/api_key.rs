//! An API key as its user sees it, and its status.

use chrono::{DateTime, Utc};
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::Policy;

/// A stored key without its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Unique among the keys of all users.
    pub id: i64,
    /// The principal that the key belongs to.
    pub user_id: i64,
    /// The project of the key and its principal.
    pub project_id: i64,
    /// The first 12 characters of the key.
    pub key_prefix: String,
    /// What the key is for; at most 4,096 characters.
    pub description: Option<String>,
    /// When the key was created.
    pub created_at: DateTime<Utc>,
    /// The instant from which on the key is expired.
    pub expires_at: Option<DateTime<Utc>>,
    /// Since when the key is disabled.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Since when the key is revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Grows with every mutation of the record.
    pub version: i64,
    /// The key that this one replaced.
    pub predecessor_id: Option<i64>,
    /// The key that replaced this one.
    pub successor_id: Option<i64>,
    /// What restricts the key.
    pub policy: Policy,
    /// Whether a member issued or changed it. Its principal may then only restrict it.
    pub managed: bool,
}

/// A change of a key. The outer `None` leaves a value as it is, the inner one removes it.
#[derive(Debug, Clone, Default)]
pub struct KeyPatch {
    /// What the key is for.
    pub description: Option<Option<String>>,
    /// When the key expires.
    pub expires_at: Option<Option<DateTime<Utc>>>,
}

impl KeyPatch {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self { description: None, expires_at: None })
    }

    /// Whether the expiry is set or removed. That alone matters to whether the key is valid.
    pub fn sets_expiry(&self) -> bool {
        self.expires_at.is_some()
    }
}

/// What the status of a key follows from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeyState {
    /// Whether the key is revoked.
    pub revoked: bool,
    /// The instant from which on the key is expired.
    pub expires_at: Option<DateTime<Utc>>,
    /// Whether the key is disabled.
    pub disabled: bool,
    /// The instant from which on the key is valid.
    pub not_before: Option<DateTime<Utc>>,
}

/// The status of a key at one instant. Only an active key is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum KeyStatus {
    /// None of the others.
    Active,
    /// Its not-before time lies ahead.
    Pending,
    /// Disabled until it is enabled again.
    Disabled,
    /// Revoked permanently.
    Revoked,
    /// Past its expiry.
    Expired,
}

impl KeyStatus {
    /// The name in the contract.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl KeyState {
    /// The status at `now`. What cannot be undone takes precedence. A key whose expiry is `now` is expired.
    pub fn status(&self, now: DateTime<Utc>) -> KeyStatus {
        if self.revoked {
            KeyStatus::Revoked
        } else if self.expires_at.is_some_and(|expiry| expiry <= now) {
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

impl ApiKey {
    /// The status at `now`.
    pub fn status(&self, now: DateTime<Utc>) -> KeyStatus {
        let state = KeyState {
            revoked: self.revoked_at.is_some(),
            expires_at: self.expires_at,
            disabled: self.disabled_at.is_some(),
            not_before: self.policy.not_before,
        };
        state.status(now)
    }

    /// An active, unrestricted key.
    #[cfg(test)]
    pub(crate) fn example() -> Self {
        Self {
            id: 7,
            user_id: 1,
            project_id: super::principal::DEFAULT_PROJECT,
            key_prefix: "lk_123456789".to_owned(),
            description: None,
            created_at: DateTime::UNIX_EPOCH,
            expires_at: None,
            disabled_at: None,
            revoked_at: None,
            version: 1,
            predecessor_id: None,
            successor_id: None,
            policy: Policy::default(),
            managed: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    #[expect(clippy::unnecessary_wraps, reason = "each use is of a time that may be absent")]
    fn at(microseconds: i64) -> Option<DateTime<Utc>> {
        Some(NOW + TimeDelta::microseconds(microseconds))
    }

    #[test]
    fn a_key_is_expired_from_its_expiry_on() {
        assert_eq!(KeyState { expires_at: at(1), ..KeyState::default() }.status(NOW), KeyStatus::Active);
        assert_eq!(KeyState { expires_at: at(0), ..KeyState::default() }.status(NOW), KeyStatus::Expired);
        assert_eq!(KeyState { expires_at: at(-1), ..KeyState::default() }.status(NOW), KeyStatus::Expired);
    }

    #[test]
    fn a_key_is_active_from_its_not_before_time_on() {
        assert_eq!(KeyState { not_before: at(1), ..KeyState::default() }.status(NOW), KeyStatus::Pending);
        assert_eq!(KeyState { not_before: at(0), ..KeyState::default() }.status(NOW), KeyStatus::Active);
    }

    #[test]
    fn what_cannot_be_undone_takes_precedence() {
        let mut state = KeyState { not_before: at(1), disabled: true, expires_at: at(0), revoked: true };
        assert_eq!(state.status(NOW), KeyStatus::Revoked);
        state.revoked = false;
        assert_eq!(state.status(NOW), KeyStatus::Expired);
        state.expires_at = None;
        assert_eq!(state.status(NOW), KeyStatus::Disabled);
        state.disabled = false;
        assert_eq!(state.status(NOW), KeyStatus::Pending);
        state.not_before = None;
        assert_eq!(state.status(NOW), KeyStatus::Active);
    }

    #[test]
    fn the_status_of_a_key_follows_from_its_record() {
        let policy = Policy { not_before: at(1), ..Policy::default() };
        let pending = ApiKey { policy, ..ApiKey::example() };
        assert_eq!(pending.status(NOW), KeyStatus::Pending);
        let disabled = ApiKey { disabled_at: at(0), ..pending };
        assert_eq!(disabled.status(NOW), KeyStatus::Disabled);
        let expired = ApiKey { expires_at: at(0), ..disabled };
        assert_eq!(expired.status(NOW), KeyStatus::Expired);
        assert_eq!(ApiKey { revoked_at: at(0), ..expired }.status(NOW), KeyStatus::Revoked);
    }

    #[test]
    fn a_patch_tells_what_it_changes() {
        assert!(KeyPatch::default().is_empty());
        let description = KeyPatch { description: Some(None), ..KeyPatch::default() };
        assert!(!description.is_empty() && !description.sets_expiry());
        let expiry = KeyPatch { expires_at: Some(None), ..KeyPatch::default() };
        assert!(!expiry.is_empty() && expiry.sets_expiry());
    }
}
