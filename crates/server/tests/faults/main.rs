//! Fault injection: three nodes on one Postgres are asked about a key without pause, one of them revokes it while
//! something fails, and every response afterwards is checked against the revocation bound. Other scenarios check what
//! else must hold: outages, concurrent rotations, killed nodes, wrong clocks, rate limits.
//!
//! Each scenario is a test, and a row of `docs/FAULTS.md`. They run one after another because each measures time;
//! `LATCHKEY_FAULT_ROUNDS` sets how many keys each revokes, 10 by default.

mod fleet;
mod network;
mod observer;
mod prober;
mod report;
mod revocation_method;
mod rounds;
mod scenarios;
mod stats;
