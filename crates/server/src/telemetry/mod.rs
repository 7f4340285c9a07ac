//! What an operator sees of the running program: logs and metrics.

pub mod lines;
pub mod logs;
pub mod metrics;
