//! Runs the built program: its commands, its starts and stops, its behaviour when it or its Postgres is killed, and
//! what it prints and logs. What it responds over HTTP is tested in `api`.
//!
//! Each test has a data directory, or a database, of its own.

mod cli;
mod database_tls;
mod durability;
mod embedded;
mod first_start;
mod gateways;
mod logs;
mod management;
mod members;
mod migrate;
mod multiple_nodes;
mod postgres_failure;
mod privileges;
mod restore;
mod runtime_role;
mod secrets;
mod server_crash;
mod shutdown;
mod startup_errors;
mod users;
