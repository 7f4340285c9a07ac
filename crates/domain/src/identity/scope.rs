//! Roles of users, scopes of credentials, and which role has which scopes.

use std::{collections::BTreeSet, fmt};

use crate::store::StoreError;

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Admin,
    /// Has keys, and asks whether others' are good.
    Verifier,
    /// Has keys.
    Member,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Admin, Self::Verifier, Self::Member];

    /// The role of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// The role of a row, whose constraint permits no other name.
    pub(crate) fn stored(name: &str) -> Result<Self, StoreError> {
        Self::named(name).ok_or_else(|| StoreError::internal("the role of a user is unknown"))
    }

    /// Its name, in the contract and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Verifier => "verifier",
            Self::Member => "member",
        }
    }

    /// What a credential of such a user may do unless it was narrowed.
    pub fn scopes(self) -> Scopes {
        Scopes(match self {
            Self::Admin => Scope::ALL.into(),
            Self::Verifier => [Scope::KeysRead, Scope::KeysWrite, Scope::Verify].into(),
            Self::Member => [Scope::KeysRead, Scope::KeysWrite].into(),
        })
    }
}

/// One thing that a credential may do here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Read one's own keys.
    KeysRead,
    /// Create, update and delete one's own keys.
    KeysWrite,
    /// Ask whether any key is good.
    Verify,
    /// Read the audit trail.
    AuditRead,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 4] = [Self::KeysRead, Self::KeysWrite, Self::Verify, Self::AuditRead];

    /// The scope of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }

    /// Its name in the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::KeysRead => "latchkey:keys.read",
            Self::KeysWrite => "latchkey:keys.write",
            Self::Verify => "latchkey:verify",
            Self::AuditRead => "latchkey:audit.read",
        }
    }
}

/// What a credential may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes(BTreeSet<Scope>);

impl Scopes {
    /// Reads scopes separated by spaces (RFC 6749, section 3.3); `None` when one is unknown.
    pub fn parse(text: &str) -> Option<Self> {
        text.split(' ').filter(|name| !name.is_empty()).map(Scope::named).collect::<Option<_>>().map(Self)
    }

    /// Whether all of these are among them.
    pub fn contain(&self, other: &Self) -> bool {
        other.0.is_subset(&self.0)
    }

    /// Whether this one is among them, by name.
    pub fn contain_named(&self, name: &str) -> bool {
        self.0.iter().any(|scope| scope.name() == name)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|scope| scope.name())
    }

    /// What both have.
    pub fn shared_with(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0).copied().collect())
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<T: IntoIterator<Item = Scope>>(scopes: T) -> Self {
        Self(scopes.into_iter().collect())
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.names().collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for role in Role::ALL {
            assert_eq!(Role::named(role.name()), Some(role));
            assert_eq!(Scopes::parse(&role.scopes().to_string()), Some(role.scopes()));
        }
        assert_eq!(Role::named("root"), None);
        assert_eq!(Scopes::parse("latchkey:keys.read latchkey:everything"), None);
    }

    #[test]
    fn the_contract_and_the_code_name_the_same_scopes() {
        let contract: serde_json::Value = serde_json::from_str(crate::CONTRACT).unwrap();
        let named = &contract["components"]["securitySchemes"]["OAuth2PasswordBearer"]["flows"]["password"]["scopes"];
        let named: BTreeSet<&str> = named.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(named, Scope::ALL.map(Scope::name).into());
    }

    #[test]
    fn a_higher_role_may_do_all_that_a_lower_one_may() {
        assert!(Role::Admin.scopes().contain(&Role::Verifier.scopes()));
        assert!(Role::Verifier.scopes().contain(&Role::Member.scopes()));
        assert!(!Role::Member.scopes().contain(&Role::Verifier.scopes()));
    }
}
