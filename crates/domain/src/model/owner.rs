//! Owners: the customers of the deployer, to whom keys are issued.

use chrono::{DateTime, Utc};

use super::Metadata;

/// An owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// Unique among principals.
    pub id: i64,
    /// The id in the deployer's system, unique in its project.
    pub external_id: String,
    /// A name for people.
    pub display_name: Option<String>,
    /// What the deployer stores of the owner.
    pub metadata: Metadata,
    /// Whether no key of the owner is valid.
    pub disabled: bool,
    /// When the owner was created.
    pub created_at: DateTime<Utc>,
}

/// An owner to create or to change. What is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerChange {
    /// The id in the deployer's system.
    pub external_id: String,
    /// The name for people.
    pub display_name: Option<Option<String>>,
    /// The metadata, which replaces all that there is.
    pub metadata: Option<Metadata>,
    /// Whether the owner is disabled.
    pub disabled: Option<bool>,
}
