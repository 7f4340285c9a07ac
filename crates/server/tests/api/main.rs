//! Drives every operation of the contract over HTTP against a real Postgres, with a server in the test's own process.
//! The `program` tests cover the program around it.
//!
//! `v1`, `token` and `docs` mirror the URL tree, one file per operation; the other files are about what all operations
//! have in common.

mod abuse;
mod anonymous;
mod authentication;
mod bad_input;
mod connections;
mod contract;
mod docs;
mod documents;
mod errors;
mod forged_keys;
mod key_cache;
mod key_states;
mod login_limits;
mod management_limits;
mod metrics;
mod problem_codes;
mod rights;
mod seed;
mod statements;
mod token;
mod v1;
