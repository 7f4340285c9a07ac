//! What surrounds every request: an id, the client's address, limits of time and length, one log line, and metrics.
//!
//! It is one layer, as each would cost a request two allocations.

use std::{
    array,
    net::SocketAddr,
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use futures_util::FutureExt;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::CACHE_CONTROL};
use latchkey_domain::{ClientAddress, answers, operation};
use tokio::time::timeout_at;

use super::{Limits, body::bounded, client_address::client_address};
use crate::telemetry::{lines::REQUEST_ID, metrics::Metrics};

const REQUEST_ID_HEADER: HeaderName = HeaderName::from_static("x-request-id");
const REQUEST_ID_MAX_LENGTH: usize = 64;

pub(super) struct Surroundings {
    pub(super) metrics: Arc<Metrics>,
    pub(super) limits: Limits,
    pub(super) request_ids: RequestIds,
}

/// Makes ids of requests: random for the process, then counted. They need not be hard to guess, and asking the
/// operating system for randomness on each request would cost a system call.
pub(super) struct RequestIds {
    process: u64,
    next: AtomicU64,
}

impl RequestIds {
    pub(super) fn new() -> Self {
        Self { process: u64::from_be_bytes(crate::random()), next: AtomicU64::new(0) }
    }

    fn next(&self) -> HeaderValue {
        let count = self.next.fetch_add(1, Ordering::Relaxed);
        let id = HeaderValue::from_bytes([hexadecimal(self.process), hexadecimal(count)].as_flattened());
        id.unwrap_or(HeaderValue::from_static("none"))
    }
}

fn hexadecimal(number: u64) -> [u8; 16] {
    array::from_fn(|place| b"0123456789abcdef"[(number >> (60 - 4 * place)) as usize & 0xf])
}

/// The address that a connection came from; the accept loop puts it into each of its requests.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) SocketAddr);

/// Gives a request its id, keeps it to its limits, and logs and counts it when it is answered.
pub(super) async fn surround(State(surroundings): State<Arc<Surroundings>>, request: Request, next: Next) -> Response {
    let id = request_id(request.headers()).unwrap_or_else(|| surroundings.request_ids.next());
    let mut response = REQUEST_ID.scope(id.clone(), answer(&surroundings, request, next)).await;
    response.headers_mut().insert(REQUEST_ID_HEADER, id);
    // An answer depends on who asks, and may hold a secret.
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

async fn answer(surroundings: &Surroundings, mut request: Request, next: Next) -> Response {
    let begin = Instant::now();
    let operation = operation_id(&request);
    let method = request.method().clone();
    let limits = &surroundings.limits;
    let peer = request.extensions_mut().remove();
    let client =
        peer.map(|Peer(peer)| ClientAddress(client_address(peer.ip(), request.headers(), &limits.trusted_proxies)));
    if let Some(client) = client {
        request.extensions_mut().insert(client);
    }

    let answer =
        AssertUnwindSafe(next.run(request.map(|body| bounded(body, limits.body, limits.body_timeout)))).catch_unwind();
    let response = match timeout_at((begin + limits.request_timeout).into(), answer).await {
        Ok(Ok(response)) => response,
        // The hook that the program sets has logged it; its message may hold anything.
        Ok(Err(_panic)) => {
            answers::problem(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong here; the log says what.")
        }
        Err(_) => answers::unavailable("The answer took too long. Try again."),
    };

    let duration = begin.elapsed();
    surroundings.metrics.answered(operation, response.status(), duration);
    // Never a path or a query: a client that is in error may have put a secret there.
    tracing::info!(
        method = method.as_str(),
        operation,
        status = response.status().as_u16(),
        milliseconds = duration.as_secs_f64() * 1_000.0,
        client = client.map(|client| tracing::field::display(client.0)),
        "request"
    );
    response
}

/// The client's own id for the request, when it is a harmless one.
fn request_id(headers: &HeaderMap) -> Option<HeaderValue> {
    let harmless = |value: &&HeaderValue| {
        (1..=REQUEST_ID_MAX_LENGTH).contains(&value.len())
            && value.as_bytes().iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
    };
    headers.get(REQUEST_ID_HEADER).filter(harmless).cloned()
}

/// The operation that a request was routed to, or `none`.
fn operation_id(request: &Request) -> &'static str {
    let Some(path) = request.extensions().get::<MatchedPath>() else {
        return "none";
    };
    let routed = operation::ALL
        .iter()
        .find(|operation| operation.path == path.as_str() && (operation.method == *request.method()));
    routed.map_or("none", |operation| operation.id)
}
