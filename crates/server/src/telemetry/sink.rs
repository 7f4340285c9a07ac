//! The buffer between log lines and the file descriptor that they are written to.
//!
//! A system call for each line, or a wake-up of another thread for each, as `tracing_appender` does, would cost a request
//! more than everything else that is done for its line. So a thread flushes the buffer at intervals.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    os::fd::BorrowedFd,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

/// How long a line may stay in the buffer.
const FLUSH_INTERVAL: Duration = Duration::from_millis(20);
/// In bytes. A full buffer is written at once, by the thread that filled it.
const BUFFER_SIZE: usize = 64 * 1024;

type Output = BufWriter<Box<dyn Write + Send>>;

/// A shared, buffered output. Errors are ignored, as there is nowhere to report that the log cannot be written.
#[derive(Clone)]
pub(super) struct Sink(Arc<Mutex<Output>>);

impl Sink {
    pub(super) fn new(output: Box<dyn Write + Send>) -> Self {
        Self(Arc::new(Mutex::new(BufWriter::with_capacity(BUFFER_SIZE, output))))
    }

    /// A sink that writes to a duplicate of `descriptor`, or nowhere if it is closed.
    pub(super) fn of_descriptor(descriptor: BorrowedFd<'_>) -> Self {
        match descriptor.try_clone_to_owned() {
            Ok(descriptor) => Self::new(Box::new(File::from(descriptor))),
            Err(_) => Self::new(Box::new(io::sink())),
        }
    }

    pub(super) fn write(&self, line: &[u8]) {
        let _ = self.output().write_all(line);
    }

    pub(super) fn flush(&self) {
        let _ = self.output().flush();
    }

    /// Starts the thread that flushes the sink, for as long as the process runs.
    pub(super) fn flush_at_intervals(&self) {
        let sink = self.clone();
        thread::spawn(move || {
            loop {
                thread::sleep(FLUSH_INTERVAL);
                sink.flush();
            }
        });
    }

    fn output(&self) -> MutexGuard<'_, Output> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Flushes the log when it is dropped.
pub struct FlushGuard(pub(super) Sink);

impl Drop for FlushGuard {
    fn drop(&mut self) {
        self.0.flush();
    }
}
