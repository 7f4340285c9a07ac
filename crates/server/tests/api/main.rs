//! Drives every operation of the contract over HTTP, against a real Postgres. Each test has a database of its own, a
//! clock that it sets, and a server in its own process; `program` beside this tests the program around it.
//!
//! Files mirror the paths of the contract; `world` builds what a test needs, `answer` shows what came back.

mod answer;
mod api_keys;
mod audit_events;
mod bad_input;
mod connections;
mod contract;
mod credentials;
mod database;
mod docs;
mod document;
mod errors;
mod lifecycle;
mod metrics;
mod postgres_relay;
mod raw;
mod seed;
mod storage;
mod token;
mod users_me;
mod verification;
mod world;
