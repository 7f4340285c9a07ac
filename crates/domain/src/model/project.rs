//! Projects: the boundary that owners, keys, members and settings belong to.

use chrono::{DateTime, TimeDelta, Utc};
use ipnet::IpNet;

use super::{Policy, PrincipalKind, RateLimit};

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
    /// Incremented with every change.
    pub version: i64,
    /// When the project was created.
    pub created_at: DateTime<Utc>,
}

/// The settings of a project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProjectSettings {
    /// How keys begin; `None` for the prefix of the instance.
    pub key_prefix: Option<String>,
    /// The scopes of keys of owners and service accounts that are created without any.
    pub default_scopes: Vec<String>,
    /// The networks of keys that are issued without a policy, and of those that owner tokens create; `None` for all.
    pub default_networks: Option<Vec<IpNet>>,
    /// The rate limit of the same keys.
    pub default_rate_limit: Option<RateLimit>,
    /// How long a key is valid that is created without an expiry; `None` for ever.
    pub default_lifetime: Option<TimeDelta>,
    /// How long a key is valid at most; `None` for ever.
    pub max_lifetime: Option<TimeDelta>,
    /// The origins of web pages that may use owner tokens.
    pub allowed_origins: Vec<String>,
}

/// A change of a project. What is `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct ProjectChange {
    /// How new keys begin.
    pub key_prefix: Option<Option<String>>,
    /// The scopes, networks and rate limit of keys without a policy.
    pub default_policy: Option<Policy>,
    /// How long a key is valid that is created without an expiry.
    pub default_lifetime: Option<Option<TimeDelta>>,
    /// How long a key is valid at most.
    pub max_lifetime: Option<Option<TimeDelta>>,
    /// The origins of web pages.
    pub allowed_origins: Option<Vec<String>>,
    /// Whether the project is disabled.
    pub disabled: Option<bool>,
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
            version: 1,
            created_at: DateTime::UNIX_EPOCH,
        }
    }
}

impl ProjectSettings {
    /// The settings after a change.
    #[must_use]
    pub fn with(self, change: ProjectChange) -> Self {
        let policy = change.default_policy.unwrap_or_else(|| self.default_policy());
        Self {
            key_prefix: change.key_prefix.unwrap_or(self.key_prefix),
            default_scopes: policy.scopes.unwrap_or_default(),
            default_networks: policy.networks,
            default_rate_limit: policy.rate_limit,
            default_lifetime: change.default_lifetime.unwrap_or(self.default_lifetime),
            max_lifetime: change.max_lifetime.unwrap_or(self.max_lifetime),
            allowed_origins: change.allowed_origins.unwrap_or(self.allowed_origins),
        }
    }

    /// The policy of a key that is issued without one.
    pub fn default_policy(&self) -> Policy {
        Policy {
            scopes: Some(self.default_scopes.clone()),
            networks: self.default_networks.clone(),
            rate_limit: self.default_rate_limit,
            not_before: None,
        }
    }

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
