//! Principals: whoever a key or token belongs to, which is a user, a service account or an owner.

use chrono::{DateTime, Utc};
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::{Metadata, Rights, Role};

/// The id of the project that always exists, to which all users belong.
pub const DEFAULT_PROJECT: i64 = 1;

/// The most characters of the name of a user or service account; the contract has the same limit.
pub const MAX_NAME_LENGTH: usize = 255;

/// Whether a user or service account can have this name: it is neither empty nor too long, and has no control character.
pub fn is_valid_name(name: &str) -> bool {
    (1..=MAX_NAME_LENGTH).contains(&name.chars().count()) && !name.chars().any(char::is_control)
}

/// The kind of a principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum PrincipalKind {
    /// A person who works with Latchkey.
    User,
    /// A program that works with Latchkey, in one project.
    ServiceAccount,
    /// A customer of the deployer, to whom keys are issued.
    Owner,
}

impl PrincipalKind {
    /// The name in the contract and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A summary of what a principal may do, which came before roles in projects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum UserRole {
    /// An administrator.
    Admin,
    /// An owner.
    Owner,
    /// A principal that is a verifier, and nothing else, in each of its projects.
    Verifier,
    /// Anybody else.
    Member,
}

impl UserRole {
    /// The name in the contract.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A user, a service account or an owner.
#[derive(Debug, Clone)]
pub struct Principal {
    /// Unique.
    pub id: i64,
    /// What it is.
    pub kind: PrincipalKind,
    /// The project that it belongs to; of users, [`DEFAULT_PROJECT`].
    pub project_id: i64,
    /// The slug of that project.
    pub project: String,
    /// The name of a user or service account, or the external id of an owner.
    pub name: String,
    /// What it may do.
    pub rights: Rights,
    /// Its roles, by the slugs of their projects.
    pub roles: Vec<(String, Role)>,
    /// Bearer tokens carry it. A higher generation revokes all tokens of the lower ones.
    pub token_generation: i64,
    /// Since when its tokens and keys are refused.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
}

impl Principal {
    /// A summary of what it may do.
    pub fn role(&self) -> UserRole {
        let roles = self.rights.memberships();
        if self.rights.is_administrator() {
            UserRole::Admin
        } else if self.kind == PrincipalKind::Owner {
            UserRole::Owner
        } else if !roles.is_empty() && roles.iter().all(|membership| membership.role == Role::Verifier) {
            UserRole::Verifier
        } else {
            UserRole::Member
        }
    }
}

/// Whether a principal's credentials are accepted, and what it may do: what callers are authenticated by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The principal's id.
    pub principal_id: i64,
    /// The project that it belongs to.
    pub project_id: i64,
    /// The generation of tokens that is accepted.
    pub token_generation: i64,
    /// If true, no token or key is accepted: the principal is disabled, or it belongs to a disabled project.
    pub disabled: bool,
    /// What it may do.
    pub rights: Rights,
}

/// A principal as verification needs it. Keys of one principal share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalSnapshot {
    /// The principal's id.
    pub id: i64,
    /// What it is.
    pub kind: PrincipalKind,
    /// The name of a user or service account, or the external id of an owner.
    pub name: Box<str>,
    /// What the deployer stores of it.
    pub metadata: Metadata,
    /// The generation of its tokens.
    pub token_generation: i64,
    /// Whether it is disabled.
    pub disabled: bool,
}

impl PrincipalSnapshot {
    /// About how many bytes of memory it takes.
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + self.name.len() + self.metadata.heap_bytes()
    }

    /// The external id, if it is an owner that is not deleted.
    pub fn external_id(&self) -> Option<&str> {
        (self.kind == PrincipalKind::Owner && !self.name.is_empty()).then_some(&self.name)
    }

    /// The name, unless it is an owner: external ids are chosen outside, and may read like the name of a user.
    pub fn username(&self) -> Option<&str> {
        (self.kind != PrincipalKind::Owner).then_some(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Membership;

    #[test]
    fn names_parse_to_what_they_name() {
        for kind in PrincipalKind::VARIANTS {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
    }

    #[test]
    fn the_summary_of_the_roles_is_never_more_than_they_permit() {
        let principal = |kind, is_administrator, roles: &[Role]| {
            let memberships = (1..).zip(roles).map(|(project_id, role)| Membership { project_id, role: *role });
            Principal {
                id: 1,
                kind,
                project_id: DEFAULT_PROJECT,
                project: "default".to_owned(),
                roles: Vec::new(),
                name: "alice".to_owned(),
                rights: Rights::new(is_administrator, memberships),
                token_generation: 1,
                disabled_at: None,
                created_at: DateTime::UNIX_EPOCH,
            }
            .role()
        };
        assert_eq!(principal(PrincipalKind::User, true, &[Role::Verifier]), UserRole::Admin);
        assert_eq!(principal(PrincipalKind::User, false, &[]), UserRole::Member);
        assert_eq!(principal(PrincipalKind::User, false, &[Role::Verifier, Role::Verifier]), UserRole::Verifier);
        assert_eq!(principal(PrincipalKind::User, false, &[Role::Verifier, Role::Admin]), UserRole::Member);
        assert_eq!(principal(PrincipalKind::ServiceAccount, false, &[Role::Verifier]), UserRole::Verifier);
        assert_eq!(principal(PrincipalKind::Owner, false, &[]), UserRole::Owner);
    }
}
