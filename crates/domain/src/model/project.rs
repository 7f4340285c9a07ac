//! Projects: the boundary that owners, keys, members and settings belong to.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Policy, PrincipalKind};

/// The slug of the project that always exists.
pub const DEFAULT_PROJECT_SLUG: &str = "default";

/// A project with its settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Unique; of the default project, [`DEFAULT_PROJECT`](super::principal::DEFAULT_PROJECT).
    pub id: i64,
    /// The name in paths; immutable.
    pub slug: String,
    /// The settings.
    pub settings: ProjectSettings,
    /// Whether no key of the project is valid. The default project cannot be disabled.
    pub disabled: bool,
}

/// The settings of a project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProjectSettings {
    /// How keys begin; `None` for the prefix of the instance.
    pub key_prefix: Option<String>,
    /// The scopes of keys of owners and service accounts that are created without any.
    pub default_scopes: Vec<String>,
    /// How long a key is valid that is created without an expiry; `None` for ever.
    pub default_lifetime: Option<TimeDelta>,
    /// How long a key is valid at most; `None` for ever.
    pub max_lifetime: Option<TimeDelta>,
}

#[cfg(test)]
impl Project {
    /// The default project.
    pub(crate) fn example() -> Self {
        Self {
            id: super::principal::DEFAULT_PROJECT,
            slug: "default".to_owned(),
            settings: ProjectSettings::default(),
            disabled: false,
        }
    }
}

impl ProjectSettings {
    /// The policy of a key of a principal of this kind. Nothing is implied for owners and service accounts: without scopes, their
    /// keys have the default ones, as they are when the policy is written.
    pub fn complete(&self, policy: Policy, kind: PrincipalKind) -> Policy {
        match (kind, policy.scopes) {
            (PrincipalKind::User, scopes) | (_, scopes @ Some(_)) => Policy { scopes, ..policy },
            (PrincipalKind::ServiceAccount | PrincipalKind::Owner, None) => {
                Policy { scopes: Some(self.default_scopes.clone()), ..policy }
            }
        }
    }

    /// The expiry of a key that is created now without one.
    pub fn default_expiry(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let lifetime = [self.default_lifetime, self.max_lifetime].into_iter().flatten().min()?;
        now.checked_add_signed(lifetime)
    }

    /// Whether a key of this age may expire at this time, or never.
    pub fn allows_expiry(&self, created_at: DateTime<Utc>, expires_at: Option<DateTime<Utc>>) -> bool {
        let Some(max) = self.max_lifetime else { return true };
        expires_at.is_some_and(|expires_at| expires_at - created_at <= max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifetime_counts_from_the_creation() {
        let created_at = DateTime::UNIX_EPOCH;
        let settings = ProjectSettings {
            default_lifetime: Some(TimeDelta::seconds(10)),
            max_lifetime: Some(TimeDelta::seconds(20)),
            ..ProjectSettings::default()
        };
        let after = |seconds| Some(created_at + TimeDelta::seconds(seconds));
        assert_eq!(settings.default_expiry(created_at), after(10));
        assert!(settings.allows_expiry(created_at, after(20)));
        assert!(!settings.allows_expiry(created_at, after(21)));
        assert!(!settings.allows_expiry(created_at, None));
        let without_default = ProjectSettings { default_lifetime: None, ..settings };
        assert_eq!(without_default.default_expiry(created_at), after(20));
        assert!(ProjectSettings::default().allows_expiry(created_at, None));
        assert_eq!(ProjectSettings::default().default_expiry(created_at), None);
    }
}
