//! The middleware of every request: its id, the client's IP address, limits of time and size, one log line, and metrics.
//!
//! It is one layer, because each layer would cost a request two allocations.

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
use http::{HeaderMap, HeaderName, HeaderValue, header::CACHE_CONTROL};
use latchkey_domain::{
    CONTRACT_VERSION, ClientIp,
    api::problem::{self, ProblemCode},
    operation,
};
use tokio::time::timeout_at;

use super::{Limits, body::limit_body, client_ip::client_ip};
use crate::telemetry::{format::REQUEST_ID, metrics::Metrics};

const REQUEST_ID_HEADER: HeaderName = HeaderName::from_static("x-request-id");
const VERSION_HEADER: HeaderName = HeaderName::from_static("latchkey-version");
const VERSION: HeaderValue = HeaderValue::from_static(CONTRACT_VERSION);
const REQUEST_ID_MAX_LENGTH: usize = 64;

/// The state that the middleware shares between requests.
pub(super) struct RequestContext {
    pub(super) metrics: Arc<Metrics>,
    pub(super) limits: Limits,
    pub(super) request_ids: RequestIds,
}

/// Generates request ids: a random prefix of the process, then a counter. They need not be unpredictable, and random
/// bytes from the operating system would cost each request a system call.
pub(super) struct RequestIds {
    prefix: u64,
    next: AtomicU64,
}

impl RequestIds {
    pub(super) fn new() -> Self {
        Self { prefix: u64::from_be_bytes(crate::random()), next: AtomicU64::new(0) }
    }

    fn next(&self) -> HeaderValue {
        let count = self.next.fetch_add(1, Ordering::Relaxed);
        let id = HeaderValue::from_bytes([hex16(self.prefix), hex16(count)].as_flattened());
        id.unwrap_or(HeaderValue::from_static("none"))
    }
}

/// The 16 lowercase hexadecimal digits of a number.
fn hex16(number: u64) -> [u8; 16] {
    array::from_fn(|index| {
        let nibble = number.to_be_bytes()[index / 2] >> if index % 2 == 0 { 4 } else { 0 };
        b"0123456789abcdef"[usize::from(nibble & 0xf)]
    })
}

/// The remote address of a connection, which the listener adds to each of its requests.
#[derive(Debug, Clone, Copy)]
pub(super) struct PeerAddr(pub(super) SocketAddr);

/// Assigns a request its id, enforces its limits, and logs and counts its response.
pub(super) async fn middleware(State(context): State<Arc<RequestContext>>, request: Request, next: Next) -> Response {
    let id = request_id(request.headers()).unwrap_or_else(|| context.request_ids.next());
    let mut response = REQUEST_ID.scope(id.clone(), handle(&context, request, next)).await;
    response.headers_mut().insert(REQUEST_ID_HEADER, id);
    response.headers_mut().insert(VERSION_HEADER, VERSION);
    // A response depends on its caller, and may contain a secret.
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

async fn handle(context: &RequestContext, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let operation = operation_id(&request);
    let method = request.method().clone();
    let limits = &context.limits;
    let peer = request.extensions_mut().remove();
    let client = peer.map(|PeerAddr(peer)| ClientIp(client_ip(peer.ip(), request.headers(), &limits.trusted_proxies)));
    if let Some(client) = client {
        request.extensions_mut().insert(client);
    }

    let request = request.map(|body| limit_body(body, limits.max_body_bytes, limits.body_idle_timeout));
    let response = AssertUnwindSafe(next.run(request)).catch_unwind();
    let response = match timeout_at((started + limits.request_timeout).into(), response).await {
        Ok(Ok(response)) => response,
        // The panic hook has logged it. Its message may contain a secret.
        Ok(Err(_panic)) => problem::error_response(problem::internal_error()),
        Err(_) => problem::error_response(problem::unavailable(
            ProblemCode::ProcessingTimeout,
            "The request timed out. Try again.",
        )),
    };

    let duration = started.elapsed();
    context.metrics.observe_request(operation, response.status(), duration);
    // Never the path or the query: a faulty client may have put a secret there.
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

/// The id that the client chose, if it is valid: 1 to 64 letters, digits, `-`, `_` and `.`.
fn request_id(headers: &HeaderMap) -> Option<HeaderValue> {
    let is_valid = |value: &&HeaderValue| {
        (1..=REQUEST_ID_MAX_LENGTH).contains(&value.len())
            && value.as_bytes().iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
    };
    headers.get(REQUEST_ID_HEADER).filter(is_valid).cloned()
}

/// The id of the operation that a request was routed to, or `none`.
fn operation_id(request: &Request) -> &'static str {
    let Some(path) = request.extensions().get::<MatchedPath>() else {
        return "none";
    };
    let routed = operation::ALL
        .iter()
        .find(|operation| operation.path == path.as_str() && (operation.method == *request.method()));
    routed.map_or("none", |operation| operation.id)
}
