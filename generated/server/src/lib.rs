//! The server half of the Latchkey contract, version 0.1.0: what a request and an answer look like
//! ([`models`]), what an implementation provides ([`apis`]), and the routes between the two ([`server`]).
//!
//! Written by openapi-generator from `openapi.yaml` and `codegen/templates`; `make generate` writes it anew.

pub mod apis;
pub mod models;
pub mod server;
pub mod types;

/// The version of the contract.
pub const API_VERSION: &str = "0.1.0";

/// The contract itself, as JSON.
pub const DOCUMENT: &str = include_str!("../openapi.json");
