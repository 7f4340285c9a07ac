//! The scenarios, one file for each kind of fault.

mod baseline;
mod blackholed_network;
mod clock_skew;
mod exhausted_pool;
mod killed_node;
mod long_transaction;
mod other_server;
mod pooler;
mod rate_limit;
mod rotation;
mod slow_change_feed;
mod stale_read_race;
mod stopped_postgres;
mod suspended_node;
mod terminated_change_feed;
