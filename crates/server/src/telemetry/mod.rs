//! Logs and metrics.

pub mod format;
pub mod logs;
pub mod metrics;
mod sink;

pub use sink::{FlushGuard, dropped_lines};
