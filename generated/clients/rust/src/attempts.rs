//! What is repeated, and when.

use std::time::Duration;

use reqwest::{StatusCode, header::HeaderMap};
use tokio::time::Instant;

use crate::error::retry_after;

const LONGEST_WAIT: Duration = Duration::from_secs(30);
const FIRST_BACKOFF: Duration = Duration::from_millis(500);

/// When a request may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// It is safe.
    Repeatable,
    /// Its `Idempotency-Key` makes it safe.
    Keyed,
    /// Only if the server surely did not act.
    Rejected,
    Never,
}

/// The attempts of a request, all before one point in time.
pub struct Attempts {
    retry: Retry,
    retries: u32,
    waits: u32,
    end: Instant,
}

impl Attempts {
    pub fn new(retry: Retry, retries: u32, end: Instant) -> Self {
        Self { retry, retries: if retry == Retry::Never { 0 } else { retries }, waits: 0, end }
    }

    /// The attempts of another request in the same call.
    pub fn again(&self, retry: Retry) -> Self {
        Self::new(retry, self.retries, self.end)
    }

    /// How long to wait before the request is repeated; `None` if the response is the last one.
    pub fn after_response(&mut self, status: StatusCode, headers: &HeaderMap) -> Option<Duration> {
        let is_repeated = match status.as_u16() {
            // The server did not act.
            408 | 429 | 503 => true,
            502 | 504 => self.retry != Retry::Rejected,
            _ => false,
        };
        if is_repeated { self.wait(retry_after(headers).unwrap_or_default()) } else { None }
    }

    /// How long to wait before the request is repeated; `None` if the failure is the last one.
    pub fn after_failure(&mut self, failure: &reqwest::Error) -> Option<Duration> {
        // Without a connection the server cannot have acted.
        let is_repeated = failure.is_connect() || (self.retry != Retry::Rejected && !failure.is_timeout());
        if is_repeated && !failure.is_builder() { self.wait(Duration::ZERO) } else { None }
    }

    /// How long to wait before the next attempt, if there is one, and if it can start in time.
    fn wait(&mut self, at_least: Duration) -> Option<Duration> {
        if self.waits == self.retries || at_least > LONGEST_WAIT {
            return None;
        }
        let backoff = FIRST_BACKOFF * 2_u32.saturating_pow(self.waits);
        let wait = at_least.max(backoff.mul_f64(0.5 + fastrand::f64() / 2.0));
        self.waits += 1;
        (wait < self.end.saturating_duration_since(Instant::now())).then_some(wait)
    }
}
