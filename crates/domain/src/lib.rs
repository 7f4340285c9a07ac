//! Keys, users and audit events: everything that Latchkey does, and nothing of how it is served.
//!
//! Imports point one way: [`api`] → operations ([`keys`], [`owners`], [`projects`], [`identity`], [`verification`], [`audit`],
//! [`background`]) →
//! [`store`] → [`model`].
//!
//! - [`model`]: plain types and rules.
//! - `offload`: work of milliseconds, apart from requests.
//! - [`store`]: all SQL, the connections to Postgres, and what a node knows of changes.
//! - [`keys`], [`owners`], [`projects`], [`audit`], [`verification`], [`identity`]: the operations, one file each.
//! - [`background`]: what runs beside the requests.
//! - [`api`]: implements the generated traits of the contract. Only it knows HTTP.
//!
//! Nothing here reads environment variables, and the clock and random source are dependencies, see [`Env`].

pub mod api;
pub mod audit;
pub mod background;
pub mod identity;
pub mod keys;
pub mod members;
pub mod model;
mod offload;
pub mod owners;
pub mod projects;
pub mod store;
pub mod verification;

pub use api::{Attribution, ClientIp, Service, ServiceConfig};
pub use model::{Clock, Env, Rng, TimeSource, client_network};

/// The version of the contract.
pub use latchkey_api::API_VERSION as CONTRACT_VERSION;
/// The contract, as JSON.
pub use latchkey_api::DOCUMENT as CONTRACT;
/// The operations of the contract.
pub use latchkey_api::apis::{Authentication, Operation, operation};
/// The routes of the contract.
pub use latchkey_api::server::router;
