//! What an operator sees of the running program: logs and metrics.

pub mod logs;
pub mod metrics;
