//! Timeouts of connections: for reading a request's head, for idle connections, and for writing to a client who does not
//! read.
//!
//! hyper's own timeout for HTTP/1.1 heads cannot tell these apart, and starts a timer for each request. Here reads, writes
//! and requests only record a time, which one timer for each connection compares with the timeouts.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::response::Response;
use http::Version;
use tokio::time::{Instant, sleep};

use super::large_response::split_large;

/// The minimum time between two checks of a connection.
const MIN_INTERVAL: Duration = Duration::from_millis(1);

/// The value of a time that is not set.
const NEVER: u64 = u64::MAX;

/// Timeouts of a connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timeouts {
    /// From the first byte of a request's head to its end; for the first request, from the connection's start.
    pub(super) header: Duration,
    /// From the end of a response to the first byte of the next request.
    pub(super) idle: Duration,
    /// How long nothing of a response can be written.
    pub(super) write: Duration,
}

/// A timeout that has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expired {
    Header,
    Idle,
    Write,
}

/// The state of one connection.
///
/// With HTTP/1.1 every head is timed, and a connection is idle from the last byte that was written. With HTTP/2, whose
/// frames need not belong to a request, only the first head is timed, and a connection is idle from the time when its
/// last response was ready, or the last part of a large one was taken.
///
/// Writing is blocked while the socket's buffer is full, or while no part of a large response is taken, because an HTTP/2
/// client gives no room in its flow-control window. Clients that are slow, but read, are not timed.
pub(super) struct Activity {
    started: Instant,
    /// When the current head began, or else the connection became idle, in nanoseconds from `started`.
    since: AtomicU64,
    is_reading_head: AtomicBool,
    /// Whether a request has shown this.
    is_http1: AtomicBool,
    /// Requests without a response yet.
    in_flight: AtomicUsize,
    /// When the socket's buffer was found full, in nanoseconds from `started`, or [`NEVER`].
    blocked_since: AtomicU64,
    /// Large responses that are being sent.
    sending: AtomicUsize,
    /// When the last part of one was taken, in nanoseconds from `started`.
    part_sent: AtomicU64,
}

impl Activity {
    /// A connection that has just been accepted.
    pub(super) fn new() -> Self {
        Self {
            started: Instant::now(),
            since: AtomicU64::new(0),
            is_reading_head: AtomicBool::new(true),
            is_http1: AtomicBool::new(false),
            in_flight: AtomicUsize::new(0),
            blocked_since: AtomicU64::new(NEVER),
            sending: AtomicUsize::new(0),
            part_sent: AtomicU64::new(0),
        }
    }

    pub(super) fn on_read(&self) {
        let is_body = self.in_flight.load(Ordering::Relaxed) > 0;
        if is_body || !self.is_http1() {
            return;
        }
        if !self.is_reading_head.swap(true, Ordering::Relaxed) {
            self.restart();
        }
    }

    pub(super) fn on_write(&self) {
        if self.blocked_since.load(Ordering::Relaxed) != NEVER {
            self.blocked_since.store(NEVER, Ordering::Relaxed);
        }
        if !self.is_reading_head.load(Ordering::Relaxed) && self.is_http1() {
            self.restart();
        }
    }

    pub(super) fn on_blocked_write(&self) {
        if self.blocked_since.load(Ordering::Relaxed) == NEVER {
            self.blocked_since.store(self.elapsed_nanos(), Ordering::Relaxed);
        }
    }

    /// Marks a request as in flight until the guard is dropped.
    pub(super) fn start_request(self: Arc<Self>, version: Version) -> RequestGuard {
        self.is_http1.store(version != Version::HTTP_2, Ordering::Relaxed);
        self.is_reading_head.store(false, Ordering::Relaxed);
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        RequestGuard(self)
    }

    /// Whether the connection is known to be one of HTTP/1, which has one request at a time.
    pub(super) fn is_http1(&self) -> bool {
        self.is_http1.load(Ordering::Relaxed)
    }

    /// Lets the current phase begin now.
    pub(super) fn restart(&self) {
        self.since.store(self.elapsed_nanos(), Ordering::Relaxed);
    }

    /// Waits until a timeout has passed.
    pub(super) async fn expired(&self, timeouts: Timeouts) -> Expired {
        // So short that a phase which begins during a sleep is noticed before its own timeout has passed.
        let interval = timeouts.header.min(timeouts.idle).min(timeouts.write).max(MIN_INTERVAL);
        loop {
            let Some((expired, limit, since)) = self.phase(timeouts) else {
                sleep(interval).await;
                continue;
            };
            match limit.saturating_sub(self.started.elapsed().saturating_sub(Duration::from_nanos(since))) {
                Duration::ZERO => return expired,
                left => sleep(left.min(interval)).await,
            }
        }
    }

    /// The timeout that runs, its length, and since when it runs; `None` while the server has to act.
    fn phase(&self, timeouts: Timeouts) -> Option<(Expired, Duration, u64)> {
        let blocked_since = self.blocked_since.load(Ordering::Relaxed);
        if blocked_since != NEVER {
            return Some((Expired::Write, timeouts.write, blocked_since));
        }
        if self.sending.load(Ordering::Acquire) > 0 {
            return Some((Expired::Write, timeouts.write, self.part_sent.load(Ordering::Relaxed)));
        }
        if self.in_flight.load(Ordering::Acquire) > 0 {
            return None;
        }
        let since = self.since.load(Ordering::Relaxed);
        Some(match self.is_reading_head.load(Ordering::Relaxed) {
            true => (Expired::Header, timeouts.header, since),
            false => (Expired::Idle, timeouts.idle, since),
        })
    }

    fn elapsed_nanos(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_nanos()).unwrap_or(NEVER - 1)
    }
}

/// A request in flight.
pub(super) struct RequestGuard(Arc<Activity>);

impl RequestGuard {
    /// Ends the request; the connection's state follows how its response is sent.
    pub(super) fn respond(self, response: Response) -> Response {
        split_large(response, || SendingGuard::new(Arc::clone(&self.0)))
    }
}

impl Drop for RequestGuard {
    fn drop(&mut self) {
        self.0.restart();
        // Released after the restart, and acquired before the time is read: HTTP/2 requests end on other threads.
        self.0.in_flight.fetch_sub(1, Ordering::Release);
    }
}

/// A large response that is being sent.
pub(super) struct SendingGuard(Arc<Activity>);

impl SendingGuard {
    fn new(activity: Arc<Activity>) -> Self {
        let guard = Self(activity);
        guard.on_part();
        guard.0.sending.fetch_add(1, Ordering::Release);
        guard
    }

    /// A part of the response is being taken.
    pub(super) fn on_part(&self) {
        self.0.part_sent.store(self.0.elapsed_nanos(), Ordering::Relaxed);
    }
}

impl Drop for SendingGuard {
    fn drop(&mut self) {
        self.0.restart();
        self.0.sending.fetch_sub(1, Ordering::Release);
    }
}
