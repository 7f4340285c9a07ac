//! Timeouts of connections without a request in flight: for reading a request's head, and for idle connections.
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

use http::Version;
use tokio::time::{Instant, sleep};

/// The minimum time between two checks of a connection.
const MIN_INTERVAL: Duration = Duration::from_millis(1);

/// Timeouts of a connection without a request in flight.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timeouts {
    /// From the first byte of a request's head to its end; for the first request, from the connection's start.
    pub(super) header: Duration,
    /// From the end of a response to the first byte of the next request.
    pub(super) idle: Duration,
}

/// A timeout that has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expired {
    Header,
    Idle,
}

/// The state of one connection.
///
/// With HTTP/1.1 every head is timed, and a connection is idle from the last byte that was written. With HTTP/2, whose
/// frames need not belong to a request, only the first head is timed, and a connection is idle from the time when its
/// last response was ready.
pub(super) struct Activity {
    started: Instant,
    /// When the current head began, or else the connection became idle, in nanoseconds from `started`.
    since: AtomicU64,
    is_reading_head: AtomicBool,
    is_http2: AtomicBool,
    /// Requests without a response yet.
    in_flight: AtomicUsize,
}

impl Activity {
    /// A connection that has just been accepted.
    pub(super) fn new() -> Self {
        Self {
            started: Instant::now(),
            since: AtomicU64::new(0),
            is_reading_head: AtomicBool::new(true),
            is_http2: AtomicBool::new(false),
            in_flight: AtomicUsize::new(0),
        }
    }

    pub(super) fn on_read(&self, bytes: &[u8]) {
        let is_body = self.in_flight.load(Ordering::Relaxed) > 0;
        if bytes.is_empty() || is_body || self.is_http2.load(Ordering::Relaxed) {
            return;
        }
        if !self.is_reading_head.swap(true, Ordering::Relaxed) {
            self.restart();
        }
    }

    pub(super) fn on_write(&self) {
        if !self.is_reading_head.load(Ordering::Relaxed) && !self.is_http2.load(Ordering::Relaxed) {
            self.restart();
        }
    }

    /// Marks a request as in flight until the guard is dropped.
    pub(super) fn start_request(self: Arc<Self>, version: Version) -> RequestGuard {
        self.is_http2.store(version == Version::HTTP_2, Ordering::Relaxed);
        self.is_reading_head.store(false, Ordering::Relaxed);
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        RequestGuard(self)
    }

    /// Lets the current phase begin now.
    pub(super) fn restart(&self) {
        let since = self.started.elapsed().as_nanos();
        self.since.store(u64::try_from(since).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Waits until a timeout has passed.
    pub(super) async fn expired(&self, timeouts: Timeouts) -> Expired {
        // So short that a phase which begins during a sleep is noticed before its own timeout has passed.
        let interval = timeouts.header.min(timeouts.idle).max(MIN_INTERVAL);
        loop {
            let (limit, expired) = match self.is_reading_head.load(Ordering::Relaxed) {
                true => (timeouts.header, Expired::Header),
                false => (timeouts.idle, Expired::Idle),
            };
            if self.in_flight.load(Ordering::Acquire) > 0 {
                sleep(interval).await;
                continue;
            }
            let since = Duration::from_nanos(self.since.load(Ordering::Relaxed));
            match limit.saturating_sub(self.started.elapsed().saturating_sub(since)) {
                Duration::ZERO => return expired,
                left => sleep(left.min(interval)).await,
            }
        }
    }
}

/// A request in flight.
pub(super) struct RequestGuard(Arc<Activity>);

impl Drop for RequestGuard {
    fn drop(&mut self) {
        self.0.restart();
        // Released after the restart, and acquired before the time is read: HTTP/2 requests end on other threads.
        self.0.in_flight.fetch_sub(1, Ordering::Release);
    }
}
