//! Logging: where it goes, its levels, and what must never appear in it.

use std::{
    io::{self, IsTerminal},
    os::fd::AsFd,
    panic,
};

use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use super::{
    format::{LogFormat, LogLayer},
    sink::{FlushGuard, Sink},
};

/// Where log lines go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogDestination {
    /// Standard output, for a server.
    Stdout,
    /// Standard error, for a command, whose standard output is its result.
    Stderr,
}

/// Initializes logging and the panic hook of the process; must be called once. Terminals get text, anything else JSON.
/// Lines that were logged before the guard is dropped are written.
#[must_use]
pub fn init(targets: &Targets, destination: LogDestination) -> FlushGuard {
    let (sink, is_terminal) = match destination {
        LogDestination::Stdout => (Sink::of_descriptor(io::stdout().as_fd()), io::stdout().is_terminal()),
        LogDestination::Stderr => (Sink::of_descriptor(io::stderr().as_fd()), io::stderr().is_terminal()),
    };
    let guard = FlushGuard(sink.clone());
    let layer = LogLayer { sink, format: if is_terminal { LogFormat::Text } else { LogFormat::Json } };
    tracing_subscriber::registry().with(targets.clone()).with(without_statement_values(targets)).with(layer).init();
    panic::set_hook(Box::new(|panic| {
        // Without the message, which may contain a secret.
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "the program panicked");
    }));
    guard
}

/// A filter that no configuration can disable. At debug level `tokio_postgres` logs the values of each statement, among
/// them usernames of failed logins (into which people type passwords), and hashes of passwords and keys.
fn without_statement_values(targets: &Targets) -> Targets {
    // No level beyond the configured ones, or disabled events would have to be evaluated.
    let max = targets.iter().map(|(_, level)| level).chain(targets.default_level()).max();
    Targets::new().with_default(max.unwrap_or(LevelFilter::OFF)).with_target("tokio_postgres", LevelFilter::INFO)
}
