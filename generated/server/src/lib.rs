//! The server side of the Latchkey contract, version 0.1.0: its schemas ([`models`]), the traits that an
//! implementation provides ([`apis`]), and the routes that call them ([`server`]).
//!
//! Generated from `openapi.yaml` and `codegen/templates` by `make generate`; do not edit.

#![expect(clippy::pedantic, reason = "numbers and descriptions are written as the contract has them")]
#![allow(clippy::large_enum_variant, reason = "a response is moved once; a box for it would be allocated each time")]

pub mod apis;
pub mod models;
pub mod server;
pub mod types;

/// The version of the contract.
pub const API_VERSION: &str = "0.1.0";

/// The contract as JSON.
pub const DOCUMENT: &str = include_str!("../openapi.json");
