//! What surrounds every request: an id, the client's address, limits of time, one log line, and metrics.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, header::CACHE_CONTROL};
use http_body_util::BodyExt;
use latchkey_domain::{ClientAddress, answers, operation, service::BodyTimeout};
use tower_http::timeout::{TimeoutBody, TimeoutError};
use tracing::Instrument;

use super::{Limits, client_address::client_address};
use crate::telemetry::metrics::Metrics;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
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
        let id = HeaderValue::try_from(format!("{:016x}{count:016x}", self.process));
        id.unwrap_or(HeaderValue::from_static("none"))
    }
}

/// The address that a connection came from; the accept loop puts it into each of its requests.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) SocketAddr);

/// Gives a request its id, and logs and counts it when it is answered. The outermost layer.
pub(super) async fn observe(
    State(surroundings): State<Arc<Surroundings>>,
    mut request: Request,
    next: Next,
) -> Response {
    let begin = Instant::now();
    let id = request_id(request.headers()).unwrap_or_else(|| surroundings.request_ids.next());
    let operation = operation_id(&request);
    let method = request.method().clone();
    if let Some(Peer(peer)) = request.extensions().get().copied() {
        let address = client_address(peer.ip(), request.headers(), &surroundings.limits.trusted_proxies);
        request.extensions_mut().insert(ClientAddress(address));
    }
    let client = request.extensions().get::<ClientAddress>().map(|client| client.0);

    let span = tracing::error_span!("request", request_id = id.to_str().unwrap_or_default());
    let mut response = next.run(request).instrument(span).await;

    let duration = begin.elapsed();
    let status = response.status();
    surroundings.metrics.answered(operation, status, duration);
    // Never a path or a query: a client that is in error may have put a secret there.
    tracing::info!(
        request_id = id.to_str().unwrap_or_default(),
        method = method.as_str(),
        operation,
        status = status.as_u16(),
        milliseconds = duration.as_secs_f64() * 1_000.0,
        client = client.map(tracing::field::display),
        "request"
    );
    response.headers_mut().insert(REQUEST_ID, id);
    // An answer depends on who asks, and may hold a secret.
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Keeps a request to its time, and its body too.
pub(super) async fn bound(State(surroundings): State<Arc<Surroundings>>, request: Request, next: Next) -> Response {
    let limits = &surroundings.limits;
    let request = request.map(|body| {
        Body::new(TimeoutBody::new(limits.body_timeout, body).map_err(|error| -> axum::BoxError {
            if error.is::<TimeoutError>() { Box::new(BodyTimeout) } else { error }
        }))
    });
    match tokio::time::timeout(limits.request_timeout, next.run(request)).await {
        Ok(response) => response,
        Err(_) => answers::unavailable("The answer took too long. Try again."),
    }
}

/// The client's own id for the request, when it is a harmless one.
fn request_id(headers: &HeaderMap) -> Option<HeaderValue> {
    let harmless = |value: &&HeaderValue| {
        (1..=REQUEST_ID_MAX_LENGTH).contains(&value.len())
            && value.as_bytes().iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
    };
    headers.get(REQUEST_ID).filter(harmless).cloned()
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
