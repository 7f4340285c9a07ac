//! Logs: readable on a terminal, JSON elsewhere.

use std::{
    io::{self, IsTerminal},
    panic,
};

use tracing_subscriber::{
    Layer,
    filter::{FilterExt, LevelFilter, Targets},
    fmt::{self, writer::BoxMakeWriter},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// Where the lines go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// For a server, whose output is its log.
    Output,
    /// For a command, whose output is what it was asked for.
    Errors,
}

/// Starts logging for the process; once.
pub fn start(targets: &Targets, stream: Stream) {
    let (writer, terminal) = match stream {
        Stream::Output => (BoxMakeWriter::new(io::stdout), io::stdout().is_terminal()),
        Stream::Errors => (BoxMakeWriter::new(io::stderr), io::stderr().is_terminal()),
    };
    let layer = fmt::layer().with_writer(writer);
    let layer = if terminal {
        layer.with_target(false).boxed()
    } else {
        layer.json().flatten_event(true).with_current_span(false).boxed()
    };
    tracing_subscriber::registry().with(layer.with_filter(targets.clone().and(discreet()))).init();
    panic::set_hook(Box::new(|panic| {
        // Without its message, which may hold anything: the place tells where to look.
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "the program panicked");
    }));
}

/// What nobody can turn on. From debug on, `tokio_postgres` prints the values that go with each statement: names that
/// were tried at the login (people type passwords there), hashes of passwords and of keys.
fn discreet() -> Targets {
    Targets::new().with_default(LevelFilter::TRACE).with_target("tokio_postgres", LevelFilter::INFO)
}
