//! What principals may do: the rights of each role in its project, and of administrators everywhere.
//!
//! Rights are read when they are used, so that a changed role is in effect at once, also for tokens and keys that exist. What a
//! credential may do is what both its scopes and the rights of its principal permit.

use strum::{EnumString, IntoStaticStr, VariantArray};

use super::{PrincipalKind, Scope, Scopes};

/// What a user or service account does in a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Role {
    /// Manages the project: its settings, members, owners and keys.
    Admin,
    /// Manages owners and their keys.
    Manager,
    /// Reads owners, keys and audit events.
    Auditor,
    /// Verifies keys.
    Verifier,
}

impl Role {
    /// The name in the contract and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The scopes that a member in this role has in the project.
    pub fn scopes(self) -> &'static [Scope] {
        match self {
            Self::Admin => {
                &[Scope::Verify, Scope::AuditRead, Scope::OwnersRead, Scope::OwnersWrite, Scope::ProjectAdmin]
            }
            Self::Manager => &[Scope::AuditRead, Scope::OwnersRead, Scope::OwnersWrite],
            Self::Auditor => &[Scope::AuditRead, Scope::OwnersRead],
            Self::Verifier => &[Scope::Verify],
        }
    }

    /// Whether a member in this role, with the scope that the operation needs, reaches the keys of other principals of this kind.
    /// The keys of users are reached by themselves and by administrators alone, because rotation hands out the secret.
    pub fn reaches_keys_of(self, kind: PrincipalKind, access: KeyAccess) -> bool {
        match (self, kind, access) {
            (Self::Verifier, ..) | (_, PrincipalKind::User, _) | (Self::Auditor, _, KeyAccess::Write) => false,
            (Self::Manager, PrincipalKind::ServiceAccount, KeyAccess::Write) => false,
            (Self::Admin | Self::Manager | Self::Auditor, PrincipalKind::Owner | PrincipalKind::ServiceAccount, _) => {
                true
            }
        }
    }

    /// The roles with which a member has a scope in the project.
    pub fn with_scope(scope: Scope) -> impl Iterator<Item = Self> {
        Self::VARIANTS.iter().copied().filter(move |role| role.scopes().contains(&scope))
    }
}

/// What an operation does to a key of another principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyAccess {
    /// It reads the record.
    Read,
    /// It changes it.
    Write,
}

/// The role of a principal in a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// The project.
    pub project_id: i64,
    /// The role.
    pub role: Role,
}

/// What a principal may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rights {
    is_administrator: bool,
    memberships: Vec<Membership>,
}

impl Rights {
    /// Those of an administrator, or of a principal with these roles.
    pub fn new(is_administrator: bool, memberships: impl IntoIterator<Item = Membership>) -> Self {
        Self { is_administrator, memberships: memberships.into_iter().collect() }
    }

    /// Whether the principal may do everything in the instance.
    pub fn is_administrator(&self) -> bool {
        self.is_administrator
    }

    /// The roles of the principal.
    pub fn memberships(&self) -> &[Membership] {
        &self.memberships
    }

    /// The scopes that the principal has in any project, and those on its own keys, which every principal has.
    pub fn scopes(&self) -> Scopes {
        if self.is_administrator {
            return Scopes::all();
        }
        let of_roles = self.memberships.iter().flat_map(|membership| membership.role.scopes());
        [Scope::KeysRead, Scope::KeysWrite].iter().chain(of_roles).copied().collect()
    }

    /// Whether the principal has a scope in a project.
    pub fn permits(&self, scope: Scope, project_id: i64) -> bool {
        self.is_administrator || self.role_in(project_id).is_some_and(|role| role.scopes().contains(&scope))
    }

    /// The principal's role in a project.
    pub fn role_in(&self, project_id: i64) -> Option<Role> {
        self.memberships.iter().find(|membership| membership.project_id == project_id).map(|membership| membership.role)
    }

    /// The projects in which the principal has a scope; `None` if it has it in all.
    pub fn projects_with(&self, scope: Scope) -> Option<Vec<i64>> {
        let permitted = self.memberships.iter().filter(|membership| membership.role.scopes().contains(&scope));
        (!self.is_administrator).then(|| permitted.map(|membership| membership.project_id).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rights(memberships: &[(i64, Role)]) -> Rights {
        Rights::new(
            false,
            memberships.iter().map(|(project_id, role)| Membership { project_id: *project_id, role: *role }),
        )
    }

    #[test]
    fn names_parse_to_what_they_name() {
        for role in Role::VARIANTS {
            assert_eq!(role.as_str().parse(), Ok(*role));
        }
        assert!("root".parse::<Role>().is_err());
    }

    #[test]
    fn a_role_counts_in_its_project_alone() {
        let rights = rights(&[(1, Role::Verifier), (2, Role::Manager)]);
        assert!(rights.permits(Scope::Verify, 1) && !rights.permits(Scope::Verify, 2));
        assert!(rights.permits(Scope::OwnersWrite, 2) && !rights.permits(Scope::OwnersWrite, 1));
        assert!(!rights.permits(Scope::Verify, 3));
        assert_eq!(rights.projects_with(Scope::AuditRead), Some(vec![2]));
        assert_eq!(rights.projects_with(Scope::InstanceAdmin), Some(Vec::new()));
        for scope in [Scope::KeysWrite, Scope::Verify, Scope::OwnersWrite, Scope::AuditRead] {
            assert!(rights.scopes().contains(scope), "{scope:?}");
        }
        assert!(!rights.scopes().contains(Scope::ProjectAdmin));
    }

    #[test]
    fn an_administrator_has_all_rights_everywhere() {
        let rights = Rights::new(true, []);
        assert_eq!(rights.projects_with(Scope::Verify), None);
        for scope in Scope::VARIANTS {
            assert!(rights.scopes().contains(*scope) && rights.permits(*scope, 7), "{scope:?}");
        }
    }

    #[test]
    fn only_administrators_have_the_scope_of_the_instance() {
        for role in Role::VARIANTS {
            assert!(!role.scopes().contains(&Scope::InstanceAdmin), "{role:?}");
        }
        assert_eq!(Role::with_scope(Scope::InstanceAdmin).count(), 0);
        assert!(Role::with_scope(Scope::OwnersWrite).eq([Role::Admin, Role::Manager]));
    }

    #[test]
    fn nobody_reaches_the_keys_of_users_by_a_role() {
        use KeyAccess::{Read, Write};
        use PrincipalKind::{Owner, ServiceAccount, User};
        let reached = |role: Role, access| [User, ServiceAccount, Owner].map(|kind| role.reaches_keys_of(kind, access));
        assert_eq!(reached(Role::Admin, Write), [false, true, true]);
        assert_eq!(reached(Role::Manager, Read), [false, true, true]);
        assert_eq!(reached(Role::Manager, Write), [false, false, true]);
        assert_eq!(reached(Role::Auditor, Read), [false, true, true]);
        assert_eq!(reached(Role::Auditor, Write), [false; 3]);
        assert_eq!(reached(Role::Verifier, Read), [false; 3]);
    }
}
