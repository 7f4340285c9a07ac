//! The rules by which a key is good or not, given what is known of it. Whether that is still true is not asked here, nor
//! how often the key was used.

use std::net::IpAddr;

use chrono::{DateTime, Utc};

use super::known_key::KnownKey;
use crate::keys::record::KeyStatus;

/// What is asked about a key.
#[derive(Debug, Clone, Copy, Default)]
pub struct Question<'a> {
    /// Scopes that it must have, all of them.
    pub scopes: &'a [String],
    /// Where it was used from, as far as that is known.
    pub address: Option<IpAddr>,
}

/// Why a key is good, or is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// It is.
    Valid,
    /// There is none, or it was deleted.
    NotFound,
    /// Not good yet.
    Pending,
    /// Switched off.
    Disabled,
    /// Withdrawn for good.
    Revoked,
    /// Past its end.
    Expired,
    /// Its owner is disabled.
    OwnerDisabled,
    /// It may not be used from there.
    NetworkNotAllowed,
    /// It lacks a scope.
    InsufficientScope,
    /// It was used too often.
    RateLimited,
}

/// Whether a key is good for what is asked. What holds for all questions comes first.
pub fn judge(key: &KnownKey, question: &Question<'_>, now: DateTime<Utc>) -> Code {
    if key.deleted {
        return Code::NotFound;
    }
    if key.owner_disabled {
        return Code::OwnerDisabled;
    }
    match key.status(now) {
        KeyStatus::Active => {}
        KeyStatus::Pending => return Code::Pending,
        KeyStatus::Disabled => return Code::Disabled,
        KeyStatus::Revoked => return Code::Revoked,
        KeyStatus::Expired => return Code::Expired,
    }
    if !key.policy().allows_address(question.address) {
        return Code::NetworkNotAllowed;
    }
    if !question.scopes.iter().all(|scope| key.policy().has_scope(key.role, scope)) {
        return Code::InsufficientScope;
    }
    Code::Valid
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        identity::Role,
        keys::{policy::Policy, record::Validity},
    };

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn key() -> KnownKey {
        KnownKey {
            id: 1,
            user_id: 1,
            pepper: 1,
            created_at: NOW,
            validity: Validity::default(),
            deleted: false,
            policy: None,
            username: "alice".into(),
            role: Role::Member,
            token_generation: 1,
            owner_disabled: false,
        }
    }

    fn narrowed() -> KnownKey {
        let policy = Policy {
            scopes: Some(vec!["orders:read".to_owned()]),
            networks: Some(vec!["192.0.2.0/24".parse().unwrap()]),
            ..Policy::default()
        };
        KnownKey { policy: Some(Box::new(policy)), ..key() }
    }

    fn ask(key: &KnownKey, scopes: &[&str], address: Option<&str>) -> Code {
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let address = address.map(|address| address.parse().unwrap());
        judge(key, &Question { scopes: &scopes, address }, NOW)
    }

    #[test]
    fn a_key_without_a_policy_is_good_for_everything_that_is_its_owners() {
        assert_eq!(ask(&key(), &["orders:write", "latchkey:keys.read"], None), Code::Valid);
        assert_eq!(ask(&key(), &["latchkey:verify"], None), Code::InsufficientScope);
    }

    #[test]
    fn a_narrowed_key_is_good_within_its_policy_alone() {
        assert_eq!(ask(&narrowed(), &["orders:read"], Some("192.0.2.1")), Code::Valid);
        assert_eq!(ask(&narrowed(), &[], Some("192.0.2.1")), Code::Valid);
        assert_eq!(ask(&narrowed(), &["orders:read", "orders:write"], Some("192.0.2.1")), Code::InsufficientScope);
        assert_eq!(ask(&narrowed(), &["orders:read"], Some("192.0.3.1")), Code::NetworkNotAllowed);
        assert_eq!(ask(&narrowed(), &["orders:read"], None), Code::NetworkNotAllowed);
    }

    #[test]
    fn what_holds_for_all_questions_is_said_first() {
        let mut key = KnownKey { deleted: true, owner_disabled: true, ..narrowed() };
        key.validity.revoked = true;
        assert_eq!(ask(&key, &["x"], None), Code::NotFound);
        key.deleted = false;
        assert_eq!(ask(&key, &["x"], None), Code::OwnerDisabled);
        key.owner_disabled = false;
        assert_eq!(ask(&key, &["x"], None), Code::Revoked);
        key.validity.revoked = false;
        assert_eq!(ask(&key, &["x"], None), Code::NetworkNotAllowed);
    }
}
