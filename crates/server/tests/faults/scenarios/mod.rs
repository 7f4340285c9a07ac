//! What goes wrong: a file for each.

mod exhausted_pool;
mod killed_node;
mod long_transaction;
mod lost_listener;
mod nothing_wrong;
mod overtaken_read;
mod pooler;
mod rate_limit;
mod rotation;
mod silent_network;
mod slow_change_log;
mod stopped_node;
mod stopped_postgres;
mod wrong_clock;
