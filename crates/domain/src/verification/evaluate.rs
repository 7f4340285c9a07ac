//! The rules by which a key is valid for a request, given what is known of it. Whether that is still true, and how often the key
//! was used, is decided elsewhere.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use strum::{IntoStaticStr, VariantArray};

use crate::model::{KeySnapshot, KeyStatus, Project};

/// What a key is verified for.
#[derive(Debug, Clone, Copy, Default)]
pub struct VerificationRequest<'a> {
    /// Scopes that the key must have, all of them.
    pub scopes: &'a [String],
    /// Where the key was used from, if known.
    pub client_ip: Option<IpAddr>,
}

/// Whether a key is valid, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum VerificationCode {
    /// It is valid.
    Valid,
    /// It does not exist, or was deleted.
    NotFound,
    /// Its not-before time lies ahead.
    Pending,
    /// It is disabled.
    Disabled,
    /// It is revoked.
    Revoked,
    /// It is expired.
    Expired,
    /// Its principal is disabled.
    PrincipalDisabled,
    /// Its project is disabled.
    ProjectDisabled,
    /// It may not be used from the client's address.
    NetworkNotAllowed,
    /// It lacks a scope.
    InsufficientScope,
    /// It was verified more often than its rate limit allows.
    RateLimited,
}

impl VerificationCode {
    /// The name in the contract.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Whether a key is valid for a request. Reasons that hold for all requests take precedence.
pub fn evaluate(
    key: &KeySnapshot,
    project: &Project,
    request: &VerificationRequest<'_>,
    now: DateTime<Utc>,
) -> VerificationCode {
    if key.deleted {
        return VerificationCode::NotFound;
    }
    if project.disabled {
        return VerificationCode::ProjectDisabled;
    }
    if key.principal.disabled {
        return VerificationCode::PrincipalDisabled;
    }
    match key.status(now) {
        KeyStatus::Active => {}
        KeyStatus::Pending => return VerificationCode::Pending,
        KeyStatus::Disabled => return VerificationCode::Disabled,
        KeyStatus::Revoked => return VerificationCode::Revoked,
        KeyStatus::Expired => return VerificationCode::Expired,
    }
    if !key.policy().allows_ip(request.client_ip) {
        return VerificationCode::NetworkNotAllowed;
    }
    if !request.scopes.iter().all(|scope| key.policy().has_scope(scope)) {
        return VerificationCode::InsufficientScope;
    }
    VerificationCode::Valid
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{KeyState, Policy};

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn key() -> KeySnapshot {
        KeySnapshot::example()
    }

    fn restricted() -> KeySnapshot {
        let policy = Policy {
            scopes: Some(vec!["orders:read".to_owned()]),
            networks: Some(vec!["192.0.2.0/24".parse().unwrap()]),
            ..Policy::default()
        };
        KeySnapshot { policy: Some(Box::new(policy)), ..key() }
    }

    fn code(key: &KeySnapshot, scopes: &[&str], client_ip: Option<&str>) -> VerificationCode {
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let client_ip = client_ip.map(|ip| ip.parse().unwrap());
        evaluate(key, &Project::example(), &VerificationRequest { scopes: &scopes, client_ip }, NOW)
    }

    #[test]
    fn no_key_of_a_disabled_project_is_valid() {
        let project = Project { disabled: true, ..Project::example() };
        let code = |key| evaluate(&key, &project, &VerificationRequest::default(), NOW);
        assert_eq!(code(key()), VerificationCode::ProjectDisabled);
        assert_eq!(code(KeySnapshot { deleted: true, ..key() }), VerificationCode::NotFound);
    }

    #[test]
    fn an_unrestricted_key_has_all_deployer_scopes_and_none_of_latchkey() {
        assert_eq!(code(&key(), &["orders:write"], None), VerificationCode::Valid);
        assert_eq!(code(&key(), &["latchkey:keys.read"], None), VerificationCode::InsufficientScope);
    }

    #[test]
    fn a_restricted_key_is_valid_within_its_policy_alone() {
        let inside = Some("192.0.2.1");
        assert_eq!(code(&restricted(), &["orders:read"], inside), VerificationCode::Valid);
        assert_eq!(code(&restricted(), &[], inside), VerificationCode::Valid);
        assert_eq!(code(&restricted(), &["orders:read", "orders:write"], inside), VerificationCode::InsufficientScope);
        assert_eq!(code(&restricted(), &["orders:read"], Some("192.0.3.1")), VerificationCode::NetworkNotAllowed);
        assert_eq!(code(&restricted(), &["orders:read"], None), VerificationCode::NetworkNotAllowed);
    }

    #[test]
    fn reasons_that_hold_for_all_requests_take_precedence() {
        let mut key = restricted().with_principal(|principal| principal.disabled = true);
        key.deleted = true;
        key.state = KeyState { revoked: true, expires_at: Some(NOW), disabled: true, ..KeyState::default() };
        assert_eq!(code(&key, &["x"], None), VerificationCode::NotFound);
        key.deleted = false;
        assert_eq!(code(&key, &["x"], None), VerificationCode::PrincipalDisabled);
        key = key.with_principal(|principal| principal.disabled = false);
        assert_eq!(code(&key, &["x"], None), VerificationCode::Revoked);
        key.state.revoked = false;
        assert_eq!(code(&key, &["x"], None), VerificationCode::Expired);
        key.state.expires_at = None;
        assert_eq!(code(&key, &["x"], None), VerificationCode::Disabled);
        key.state.disabled = false;
        key.state.not_before = Some(NOW + chrono::TimeDelta::seconds(1));
        assert_eq!(code(&key, &["x"], None), VerificationCode::Pending);
        key.state.not_before = None;
        assert_eq!(code(&key, &["x"], None), VerificationCode::NetworkNotAllowed);
    }
}
