//! Runs the program itself: its commands, its starts and stops, what it does when it or its Postgres is killed, and what
//! it lets out. What it answers over HTTP is tested beside this, in `api`.
//!
//! Each test has a data directory, or a database, of its own; [`server`] starts the program on it.

mod client;
mod contract;
mod database;
mod embedded;
mod first_start;
mod gateways;
mod load;
mod logs;
mod lost_postgres;
mod lost_server;
mod migrate;
mod nodes;
mod processes;
mod refused_starts;
mod scratch;
mod secrets;
mod server;
mod several_servers;
mod stopping;
mod users;
mod wait;
