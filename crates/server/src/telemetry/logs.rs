//! Where the log goes, and what may stand in it: readable on a terminal, JSON elsewhere ([`lines`](super::lines)).

use std::{
    fs::File,
    io::{self, BufWriter, IsTerminal, Write},
    os::fd::{AsFd, BorrowedFd},
    panic,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use super::lines::{Form, Lines};

/// How long a line may wait to be written together with others. A system call for each line, or the waking of a thread
/// for each, would cost a request more than all else that is done for its line.
const PAUSE: Duration = Duration::from_millis(20);
const WRITTEN_AT_ONCE: usize = 64 * 1024;

/// Where the lines go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// For a server, whose output is its log.
    Output,
    /// For a command, whose output is what it was asked for.
    Errors,
}

/// Where lines wait to be written together.
pub(super) type Output = Arc<Mutex<BufWriter<Box<dyn Write + Send>>>>;

/// The lines that wait; they are written out as it is dropped.
pub struct Waiting(Output);

impl Drop for Waiting {
    fn drop(&mut self) {
        write_out(&self.0);
    }
}

fn buffer(descriptor: BorrowedFd<'_>) -> Output {
    let output: Box<dyn Write + Send> = match descriptor.try_clone_to_owned() {
        Ok(descriptor) => Box::new(File::from(descriptor)),
        // Whoever started the program closed it.
        Err(_) => Box::new(io::sink()),
    };
    Arc::new(Mutex::new(BufWriter::with_capacity(WRITTEN_AT_ONCE, output)))
}

fn write_out(buffer: &Output) {
    // There is nowhere to say that the log cannot be written.
    let _ = buffer.lock().unwrap_or_else(PoisonError::into_inner).flush();
}

/// Starts logging for the process; once. What is logged is written out at the latest when the answer is dropped.
#[must_use]
pub fn start(targets: &Targets, stream: Stream) -> Waiting {
    let (buffer, terminal) = match stream {
        Stream::Output => (buffer(io::stdout().as_fd()), io::stdout().is_terminal()),
        Stream::Errors => (buffer(io::stderr().as_fd()), io::stderr().is_terminal()),
    };
    let waiting = Waiting(Arc::clone(&buffer));
    thread::spawn({
        let buffer = Arc::clone(&buffer);
        move || loop {
            thread::sleep(PAUSE);
            write_out(&buffer);
        }
    });
    let lines = Lines { output: buffer, form: if terminal { Form::Text } else { Form::Json } };
    tracing_subscriber::registry().with(targets.clone()).with(discreet(targets)).with(lines).init();
    panic::set_hook(Box::new(|panic| {
        // Without its message, which may hold anything: the place tells where to look.
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "the program panicked");
    }));
    waiting
}

/// What nobody can turn on. From debug on, `tokio_postgres` prints the values that go with each statement: names that
/// were tried at the login (people type passwords there), hashes of passwords and of keys.
fn discreet(targets: &Targets) -> Targets {
    // No more than is asked for anywhere, or each line that is not written would be looked at.
    let most = targets.iter().map(|(_, level)| level).chain(targets.default_level()).max();
    Targets::new().with_default(most.unwrap_or(LevelFilter::OFF)).with_target("tokio_postgres", LevelFilter::INFO)
}
