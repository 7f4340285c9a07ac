//! Ends keys while something goes wrong: three nodes on one Postgres are asked about a key without pause, one of them is
//! told to end it, and what all of them answer afterwards is held against the promise. Then what else must hold under
//! faults: outages, rotations at once, kills, clocks, limits.
//!
//! Each scenario is a test, and a row of `docs/FAULTS.md`. They run one after another, because each looks at times;
//! `LATCHKEY_FAULT_ROUNDS` says how many keys each ends (a few, unless it is set).

#[allow(dead_code, reason = "made for the tests of the program, which use all of it")]
#[path = "../program/client.rs"]
mod client;
#[allow(dead_code, reason = "made for the tests of the program, which use all of it")]
#[path = "../program/database.rs"]
mod database;
#[path = "../program/load.rs"]
mod load;
#[path = "../program/nodes.rs"]
mod nodes;
#[allow(dead_code, reason = "made for the tests of the program, which use all of it")]
#[path = "../program/processes.rs"]
mod processes;
#[allow(dead_code, reason = "made for the tests of the program, which use all of it")]
#[path = "../program/server.rs"]
mod server;
#[path = "../program/wait.rs"]
mod wait;

mod asker;
mod ending;
mod fleet;
mod network;
mod pgbouncer;
mod postgres;
mod relay;
mod report;

mod rounds;
mod scenarios;
mod tally;
mod watch;
