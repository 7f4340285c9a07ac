//! Roles of users, scopes of credentials, and which role has which scopes.

use std::{collections::BTreeSet, fmt};

use strum::{EnumString, IntoStaticStr, VariantArray};

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Role {
    /// Everything.
    Admin,
    /// Have keys, and verify those of others.
    Verifier,
    /// Have keys.
    Member,
}

impl Role {
    /// The name in the contract and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The scopes of an unrestricted credential of a user in this role.
    pub fn scopes(self) -> Scopes {
        Scopes(match self {
            Self::Admin => Scope::VARIANTS.iter().copied().collect(),
            Self::Verifier => [Scope::KeysRead, Scope::KeysWrite, Scope::Verify].into(),
            Self::Member => [Scope::KeysRead, Scope::KeysWrite].into(),
        })
    }
}

/// One thing that a credential may do in Latchkey itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray)]
pub enum Scope {
    /// Read one's own keys.
    #[strum(serialize = "latchkey:keys.read")]
    KeysRead,
    /// Create, change and delete one's own keys.
    #[strum(serialize = "latchkey:keys.write")]
    KeysWrite,
    /// Verify any key.
    #[strum(serialize = "latchkey:verify")]
    Verify,
    /// Read the audit trail.
    #[strum(serialize = "latchkey:audit.read")]
    AuditRead,
}

impl Scope {
    /// The name in the contract.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The scope of this name.
    pub fn parse(name: &str) -> Option<Self> {
        name.parse().ok()
    }
}

/// What a credential may do in Latchkey itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes(BTreeSet<Scope>);

impl Scopes {
    /// Parses scopes separated by spaces (RFC 6749, section 3.3); `None` if one is unknown.
    pub fn parse(text: &str) -> Option<Self> {
        text.split(' ').filter(|name| !name.is_empty()).map(Scope::parse).collect::<Option<_>>().map(Self)
    }

    /// Whether all scopes of `other` are among these.
    pub fn contains_all(&self, other: &Self) -> bool {
        other.0.is_subset(&self.0)
    }

    /// Whether the scope of this name is among these.
    pub fn contains_str(&self, name: &str) -> bool {
        self.0.iter().any(|scope| scope.as_str() == name)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The scopes that are in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0).copied().collect())
    }

    /// The names of the scopes.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|scope| scope.as_str())
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
    fn names_parse_to_what_they_name() {
        for role in Role::VARIANTS {
            assert_eq!(role.as_str().parse(), Ok(*role));
            assert_eq!(Scopes::parse(&role.scopes().to_string()), Some(role.scopes()));
        }
        assert!("root".parse::<Role>().is_err());
        assert_eq!(Scopes::parse("latchkey:keys.read latchkey:everything"), None);
        assert_eq!(Scopes::parse("  "), Some(Scopes::from_iter([])));
    }

    #[test]
    fn a_higher_role_has_all_scopes_of_a_lower_one() {
        assert!(Role::Admin.scopes().contains_all(&Role::Verifier.scopes()));
        assert!(Role::Verifier.scopes().contains_all(&Role::Member.scopes()));
        assert!(!Role::Member.scopes().contains_all(&Role::Verifier.scopes()));
    }

    #[test]
    fn the_intersection_has_what_both_have() {
        let verifier = Role::Verifier.scopes();
        assert_eq!(verifier.intersection(&Role::Member.scopes()), Role::Member.scopes());
        assert!(verifier.intersection(&Scopes::from_iter([Scope::AuditRead])).is_empty());
        assert!(verifier.contains_str("latchkey:verify") && !verifier.contains_str("latchkey:audit.read"));
    }
}
