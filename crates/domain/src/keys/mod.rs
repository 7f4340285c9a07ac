//! The operations on API keys, one file each, and what they share: the generation of keys ([`issuer`]), safe retries
//! ([`idempotency`]), and the migration of stored keys to the current pepper ([`rehash`]).

pub mod create;
pub mod delete;
pub mod disable;
pub mod enable;
pub mod get;
mod grant;
pub mod idempotency;
pub mod issue;
pub mod issuer;
pub mod list;
pub mod metadata;
pub mod mutation;
pub mod quota;
pub mod rehash;
pub mod revoke;
pub mod rotate;
pub mod search;
pub mod set_policy;
pub mod update;
pub mod usage;
