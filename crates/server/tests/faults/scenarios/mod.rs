//! What goes wrong: a file for each.

mod long_transaction;
mod lost_listener;
mod nothing_wrong;
mod overtaken_read;
mod rotation;
mod slow_change_log;
mod stopped_postgres;
