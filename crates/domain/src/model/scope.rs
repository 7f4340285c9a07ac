//! Scopes: what a credential may do in Latchkey itself.

use std::fmt;

use strum::{EnumString, IntoStaticStr, VariantArray};

/// One thing that a credential may do in Latchkey itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray)]
pub enum Scope {
    /// Read keys.
    #[strum(serialize = "latchkey:keys.read")]
    KeysRead,
    /// Create keys, and everything of [`Scope::KeysManage`].
    #[strum(serialize = "latchkey:keys.write")]
    KeysWrite,
    /// Change, rotate, revoke and delete keys.
    #[strum(serialize = "latchkey:keys.manage")]
    KeysManage,
    /// Verify keys.
    #[strum(serialize = "latchkey:verify")]
    Verify,
    /// Read audit events.
    #[strum(serialize = "latchkey:audit.read")]
    AuditRead,
    /// Read owners, and reach their keys.
    #[strum(serialize = "latchkey:owners.read")]
    OwnersRead,
    /// Create and change owners, issue keys to them, and change their keys.
    #[strum(serialize = "latchkey:owners.write")]
    OwnersWrite,
    /// Change the settings and the members of a project.
    #[strum(serialize = "latchkey:project.admin")]
    ProjectAdmin,
    /// Create projects, and manage users.
    #[strum(serialize = "latchkey:instance.admin")]
    InstanceAdmin,
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

    /// The scope that this one includes.
    pub fn implied(self) -> Option<Self> {
        (self == Self::KeysWrite).then_some(Self::KeysManage)
    }

    /// Whether it is about keys, which every principal has.
    pub fn is_of_keys(self) -> bool {
        matches!(self, Self::KeysRead | Self::KeysWrite | Self::KeysManage)
    }

    fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// A set of scopes. With a scope it has what that implies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scopes(u16);

impl Scopes {
    /// All scopes.
    pub fn all() -> Self {
        Scope::VARIANTS.iter().copied().collect()
    }

    /// The scopes of an unrestricted API key of a user, whatever scopes were added since.
    pub fn of_unrestricted_key() -> Self {
        [Scope::KeysRead, Scope::KeysWrite, Scope::Verify, Scope::AuditRead].into_iter().collect()
    }

    /// Parses scopes separated by spaces (RFC 6749, section 3.3); `None` if one is unknown.
    pub fn parse(text: &str) -> Option<Self> {
        text.split(' ').filter(|name| !name.is_empty()).map(Scope::parse).collect()
    }

    /// Whether the scope is among these.
    pub fn contains(&self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// Whether all scopes of `other` are among these.
    pub fn contains_all(&self, other: &Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether the scope of this name is among these.
    pub fn contains_str(&self, name: &str) -> bool {
        Scope::parse(name).is_some_and(|scope| self.contains(scope))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0 == 0
    }

    /// The scopes that are in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The names of the scopes, without those that others imply.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        let scopes = *self;
        let is_implied = move |scope: Scope| {
            Scope::VARIANTS.iter().any(|other| scopes.contains(*other) && other.implied() == Some(scope))
        };
        let listed = move |scope: &Scope| scopes.contains(*scope) && !is_implied(*scope);
        Scope::VARIANTS.iter().copied().filter(listed).map(Scope::as_str)
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<T: IntoIterator<Item = Scope>>(scopes: T) -> Self {
        let bits = scopes.into_iter().map(|scope| scope.bit() | scope.implied().map_or(0, Scope::bit));
        Self(bits.fold(0, |all, bits| all | bits))
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
        for scope in Scope::VARIANTS {
            assert_eq!(Scope::parse(scope.as_str()), Some(*scope));
        }
        assert_eq!(Scopes::parse(&Scopes::all().to_string()), Some(Scopes::all()));
        assert_eq!(Scopes::parse("latchkey:keys.read latchkey:everything"), None);
        assert_eq!(Scopes::parse("  "), Some(Scopes::default()));
    }

    #[test]
    fn to_write_keys_includes_to_manage_them() {
        let write: Scopes = [Scope::KeysWrite].into_iter().collect();
        let manage: Scopes = [Scope::KeysManage].into_iter().collect();
        assert!(write.contains(Scope::KeysManage) && write.contains_all(&manage));
        assert!(!manage.contains(Scope::KeysWrite));
        assert_eq!(write.intersection(&manage), manage);
        assert_eq!(write.to_string(), "latchkey:keys.write");
        assert_eq!(manage.to_string(), "latchkey:keys.manage");
    }

    #[test]
    fn the_intersection_has_what_both_have() {
        let keys = Scopes::of_unrestricted_key();
        let audit = [Scope::AuditRead, Scope::OwnersRead].into_iter().collect();
        assert_eq!(keys.intersection(&audit).to_string(), "latchkey:audit.read");
        assert!(keys.contains_str("latchkey:verify") && !keys.contains_str("latchkey:owners.read"));
        assert!(!keys.contains_str("orders:read"));
    }
}
