//! Keys, users and records: everything that Latchkey knows, and nothing of how it is served.
//!
//! [`Service`] implements the traits of the contract (`latchkey-api`); its operations are plain functions in [`keys`]
//! and [`identity`]; what they keep stands in Postgres, through [`store`]. Nothing here reads the environment, opens a
//! socket to a client, or asks the machine for the time or for randomness: see [`Surroundings`].

pub mod answers;
pub mod audit;
pub mod error;
pub mod identity;
pub mod keys;
pub mod service;
pub mod store;
mod surroundings;
pub mod verification;

pub use service::{Service, Settings};
pub use surroundings::{ClientAddress, Surroundings};

/// The contract, as JSON.
pub use latchkey_api::DOCUMENT as CONTRACT;
/// The operations of the contract, for whoever counts or names them.
pub use latchkey_api::apis::operation;
/// The routes of the contract.
pub use latchkey_api::server::router;
