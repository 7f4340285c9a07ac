//! Plain types and rules about keys, callers and policies. Nothing here knows the database, HTTP or the network.

pub mod api_key;
pub mod audit;
pub mod caller;
pub mod client_network;
pub mod counters;
pub mod env;
pub mod error;
pub mod key_hash;
pub mod key_snapshot;
pub mod metadata;
pub mod plain_key;
pub mod policy;
pub mod precondition;
pub mod principal;
pub mod project;
pub mod rights;
pub mod scope;
pub mod usage;

pub use api_key::{ApiKey, KeyPatch, KeyState, KeyStatus};
pub use audit::{AuditAction, AuditEvent, AuditFilter, AuditSnapshot, CredentialType};
pub use caller::{Caller, Credential};
pub use client_network::client_network;
pub use counters::Counters;
pub use env::{Clock, ClockChange, Env, MonotonicTime, Rng, TimeSource};
pub use error::{Error, error_chain};
pub use key_hash::{KeyHash, Peppers, PeppersError};
pub use key_snapshot::KeySnapshot;
pub use metadata::{Metadata, MetadataTooLarge};
pub use plain_key::{KeyPrefix, PlainKey};
pub use policy::{Policy, PolicyError, RateLimit};
pub use precondition::Precondition;
pub use principal::{Principal, PrincipalKind, PrincipalSnapshot, Standing, UserRole};
pub use project::{Project, ProjectSettings};
pub use rights::{KeyAccess, Membership, Rights, Role};
pub use scope::{Scope, Scopes};
pub use usage::UsageCount;
