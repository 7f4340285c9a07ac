//! The queue between log lines and the file descriptor that they are written to.
//!
//! A system call for each line, or a wake-up of another thread for each, as `tracing_appender` does, would cost a request
//! more than everything else that is done for its line. So a thread writes the queue at intervals. A reader that is too
//! slow, or a full disk, never stops the service: the queue is bounded, and lines beyond it are dropped and counted.

use std::{
    fs::File,
    io::{self, Write},
    mem,
    os::fd::BorrowedFd,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

/// How long a line may stay in the queue while the output keeps up.
const WRITE_INTERVAL: Duration = Duration::from_millis(20);
/// In bytes. A queue this long is written at once.
const WRITE_SIZE: usize = 64 * 1024;
/// In bytes: several times what a node can log within the interval.
const CAPACITY: usize = 1024 * 1024;
/// How long the end of the process waits until the queue is written.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

/// Lines that were dropped since the process started.
static DROPPED: AtomicU64 = AtomicU64::new(0);

/// How many log lines were dropped since the process started, because the output did not keep up.
pub fn dropped_lines() -> u64 {
    DROPPED.load(Ordering::Relaxed)
}

/// A shared, queued output. Errors are ignored, as there is nowhere to report that the log cannot be written.
#[derive(Clone)]
pub(super) struct Sink(Arc<Shared>);

struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    lines: Vec<u8>,
    /// Whether the lines before these are still being written.
    is_writing: bool,
}

impl Sink {
    /// A sink whose thread writes to a duplicate of `descriptor`, or nowhere if it is closed.
    pub(super) fn of_descriptor(descriptor: BorrowedFd<'_>) -> Self {
        match descriptor.try_clone_to_owned() {
            Ok(descriptor) => Self::start(File::from(descriptor)),
            Err(_) => Self::start(io::sink()),
        }
    }

    /// Starts the thread that writes to `output`, for as long as the process runs.
    pub(super) fn start(output: impl Write + Send + 'static) -> Self {
        let shared = Arc::new(Shared { queue: Mutex::default(), changed: Condvar::new() });
        thread::spawn({
            let shared = Arc::clone(&shared);
            move || shared.write_to(output)
        });
        Self(shared)
    }

    /// Queues a line, or drops it if the queue is full. Never waits for the output.
    pub(super) fn write(&self, line: &[u8]) {
        let mut queue = self.0.lock();
        if queue.lines.len() + line.len() > CAPACITY {
            DROPPED.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let was_short = queue.lines.len() < WRITE_SIZE;
        queue.lines.extend_from_slice(line);
        if was_short && queue.lines.len() >= WRITE_SIZE {
            self.0.changed.notify_all();
        }
    }

    /// Waits until all lines are written, but not for ever.
    pub(super) fn flush(&self) {
        let is_pending = |queue: &mut Queue| queue.is_writing || !queue.lines.is_empty();
        let _ = self.0.changed.wait_timeout_while(self.0.lock(), FLUSH_TIMEOUT, is_pending);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_to(&self, mut output: impl Write) {
        let mut lines = Vec::new();
        let mut reported = 0;
        loop {
            let is_short = |queue: &mut Queue| queue.lines.len() < WRITE_SIZE;
            let waited = self.changed.wait_timeout_while(self.lock(), WRITE_INTERVAL, is_short);
            let (mut queue, _) = waited.unwrap_or_else(PoisonError::into_inner);
            mem::swap(&mut lines, &mut queue.lines);
            queue.is_writing = !lines.is_empty();
            drop(queue);
            // Here, as there is room in the queue. After a write that took long, it may be full again.
            let dropped = dropped_lines();
            if dropped > reported {
                tracing::warn!(
                    lines = dropped - reported,
                    "log lines were dropped, because the output did not keep up"
                );
                reported = dropped;
            }
            let _ = output.write_all(&lines);
            lines.clear();
            self.lock().is_writing = false;
            self.changed.notify_all();
        }
    }
}

/// Writes the queued log lines when it is dropped.
pub struct FlushGuard(pub(super) Sink);

impl Drop for FlushGuard {
    fn drop(&mut self) {
        self.0.flush();
    }
}
