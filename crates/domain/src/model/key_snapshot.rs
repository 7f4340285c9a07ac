//! What verification needs to know of a key and its principal. It is small, because a node keeps many in memory.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{KeyState, KeyStatus, Metadata, Policy, PrincipalKind, PrincipalSnapshot, Scope, Scopes};

/// A key and its principal as they were when they were read.
#[derive(Debug, Clone)]
pub struct KeySnapshot {
    /// The key's id.
    pub id: i64,
    /// The number of the pepper that the key is hashed under.
    pub pepper: i16,
    /// When the key was created.
    pub created_at: DateTime<Utc>,
    /// What the key's status follows from.
    pub state: KeyState,
    /// Whether the key is deleted.
    pub deleted: bool,
    /// What restricts the key; `None` if it is unrestricted.
    pub policy: Option<Box<Policy>>,
    /// The project of the key and its principal.
    pub project_id: i64,
    /// What the deployer stores of the key.
    pub metadata: Metadata,
    /// The principal that the key belongs to.
    pub principal: Arc<PrincipalSnapshot>,
}

static UNRESTRICTED: Policy = Policy { scopes: None, networks: None, not_before: None, rate_limit: None };

impl KeySnapshot {
    /// About how many bytes of memory it takes, with its principal, as if no other key shared that.
    pub fn bytes(&self) -> usize {
        let policy = self.policy.as_deref().map_or(0, |policy| size_of_val(policy) + policy.heap_bytes());
        size_of::<Self>() + policy + self.metadata.heap_bytes() + self.principal.bytes()
    }

    /// What restricts the key.
    pub fn policy(&self) -> &Policy {
        self.policy.as_deref().unwrap_or(&UNRESTRICTED)
    }

    /// What the key may do in Latchkey itself, if the rights of its principal permit it.
    pub fn latchkey_scopes(&self) -> Scopes {
        match &self.policy().scopes {
            Some(scopes) => scopes.iter().filter_map(|scope| Scope::parse(scope)).collect(),
            // Nothing is implied for owners and service accounts.
            None if self.principal.kind == PrincipalKind::User => Scopes::of_unrestricted_key(),
            None => Scopes::default(),
        }
    }

    /// The key's status at `now`.
    pub fn status(&self, now: DateTime<Utc>) -> KeyStatus {
        self.state.status(now)
    }
}

#[cfg(test)]
impl KeySnapshot {
    /// A valid, unrestricted key of a user.
    pub(crate) fn example() -> Self {
        let principal = PrincipalSnapshot {
            id: 1,
            kind: PrincipalKind::User,
            name: "alice".into(),
            metadata: Metadata::default(),
            token_generation: 1,
            disabled: false,
        };
        Self {
            id: 7,
            pepper: 1,
            created_at: DateTime::UNIX_EPOCH,
            state: KeyState::default(),
            deleted: false,
            policy: None,
            project_id: super::principal::DEFAULT_PROJECT,
            metadata: Metadata::default(),
            principal: Arc::new(principal),
        }
    }

    /// The key with a policy.
    pub(crate) fn with_policy(self, policy: Policy) -> Self {
        Self { policy: (!policy.is_unrestricted()).then(|| Box::new(policy)), ..self }
    }

    /// The key of a principal that differs in this.
    pub(crate) fn with_principal(self, change: impl FnOnce(&mut PrincipalSnapshot)) -> Self {
        let mut principal = (*self.principal).clone();
        change(&mut principal);
        Self { principal: Arc::new(principal), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_scope_is_implied_for_owners_and_service_accounts() {
        let key = KeySnapshot::example();
        assert_eq!(key.latchkey_scopes(), Scopes::of_unrestricted_key());
        for kind in [PrincipalKind::Owner, PrincipalKind::ServiceAccount] {
            assert!(
                key.clone().with_principal(|principal| principal.kind = kind).latchkey_scopes().is_empty(),
                "{kind:?}"
            );
        }
        let scopes = vec!["orders:read".to_owned(), "latchkey:keys.read".to_owned()];
        let named = key
            .with_policy(Policy { scopes: Some(scopes), ..Policy::default() })
            .with_principal(|principal| principal.kind = PrincipalKind::Owner);
        assert_eq!(named.latchkey_scopes(), [Scope::KeysRead].into_iter().collect());
    }
}
