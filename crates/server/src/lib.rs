//! The program `latchkey`: configuration, the HTTP server around the domain, an embedded Postgres, telemetry, and
//! commands. It contains no rules about keys or users; those are in `latchkey-domain`.

pub mod commands;
pub mod config;
mod env;
mod file_limit;
pub mod http;
pub mod privileges;
pub mod secrets;
pub mod telemetry;

pub use env::env;
pub(crate) use env::random;
pub use latchkey_embedded_postgres as embedded;
