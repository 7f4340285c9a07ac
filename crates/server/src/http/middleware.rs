//! The middleware of every request: its id, the client's IP address, limits of time and size, CORS, one log line, and metrics.
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
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version,
    header::{CACHE_CONTROL, HOST, ORIGIN, X_CONTENT_TYPE_OPTIONS},
};
use latchkey_domain::{
    Attribution, Authentication, CONTRACT_VERSION, ClientIp, Operation, Service,
    api::problem::{self, ProblemCode},
    operation,
};
use tokio::time::timeout_at;

use super::{
    Limits,
    body::limit_body,
    client_ip::client_ip,
    cors::{Cors, is_shared},
};
use crate::telemetry::{format::REQUEST_ID, metrics::Metrics};

const REQUEST_ID_HEADER: HeaderName = HeaderName::from_static("x-request-id");
const VERSION_HEADER: HeaderName = HeaderName::from_static("latchkey-version");
const VERSION: HeaderValue = HeaderValue::from_static(CONTRACT_VERSION);
const REQUEST_ID_MAX_LENGTH: usize = 64;
/// Letters and digits in a row in a request id that a client chose. It is logged, and the secret part of a key has more.
const REQUEST_ID_MAX_RUN: usize = 32;
/// The length to which the name of a method is cut, which may be any word of the client.
const METHOD_MAX_LENGTH: usize = 16;
/// The size of a body, in bytes, that an operation without credentials reads. The longest valid form has 19 kB.
const ANONYMOUS_MAX_BODY_BYTES: usize = 20 * 1024;

/// What the log has in place of a status if the client has gone away before the response. Nobody receives it. nginx and others
/// log the same.
const CLIENT_CLOSED_REQUEST: u16 = 499;

/// The state that the middleware shares between requests.
pub(super) struct RequestContext {
    pub(super) service: Arc<Service>,
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

/// The mark of a request whose header fields were dropped, because there were too many.
#[derive(Clone)]
pub(super) struct TooManyHeaderFields;

/// Assigns a request its id, enforces its limits, and logs and counts its response.
pub(super) async fn middleware(State(context): State<Arc<RequestContext>>, request: Request, next: Next) -> Response {
    let id = request_id(request.headers()).unwrap_or_else(|| context.request_ids.next());
    let mut response = REQUEST_ID.scope(id.clone(), Attribution::scope(handle(&context, request, next))).await;
    response.headers_mut().insert(REQUEST_ID_HEADER, id);
    response.headers_mut().insert(VERSION_HEADER, VERSION);
    response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // A response depends on its caller, and may contain a secret.
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

async fn handle(context: &RequestContext, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let limits = &context.limits;
    let peer = request.extensions_mut().remove();
    let client = peer.map(|PeerAddr(peer)| ClientIp(client_ip(peer.ip(), request.headers(), &limits.trusted_proxies)));
    if let Some(client) = client {
        request.extensions_mut().insert(client);
    }
    let operation = routed_operation(&request);
    let mut record = RequestRecord {
        metrics: &context.metrics,
        started,
        method: request.method().clone(),
        operation,
        client,
        status: None,
    };

    let max_body_bytes = match operation.map(|operation| operation.authentication) {
        Some(Authentication::None) => limits.max_body_bytes.min(ANONYMOUS_MAX_BODY_BYTES),
        _ => limits.max_body_bytes,
    };
    let rejection = rejection(&request);
    let deadline = (started + limits.request_timeout).into();
    let cors = match is_shared(request.uri().path()) {
        // Most requests are not sent by a page: they look nothing up.
        true if !request.headers().contains_key(ORIGIN) => Some(Cors::default()),
        true => {
            let cors = Cors::of(&context.service, request.method(), request.headers());
            Some(Box::pin(timeout_at(deadline, cors)).await.unwrap_or_default())
        }
        false => None,
    };
    let is_preflight = cors.as_ref().is_some_and(|cors| cors.is_preflight);
    let request = request.map(|body| limit_body(body, max_body_bytes, limits.body_idle_timeout));
    let response = async {
        match rejection {
            None if is_preflight => StatusCode::NO_CONTENT.into_response(),
            None => next.run(request).await,
            Some(status) => status.into_response(),
        }
    };
    let response = AssertUnwindSafe(response).catch_unwind();
    let mut response = match timeout_at(deadline, response).await {
        Ok(Ok(response)) => response,
        // The panic hook has logged it. Its message may contain a secret.
        Ok(Err(_panic)) => problem::error_response(problem::internal_error()),
        Err(_) => problem::error_response(problem::unavailable(
            ProblemCode::ProcessingTimeout,
            "The request timed out. Try again.",
        )),
    };
    if let Some(cors) = cors {
        cors.apply(response.headers_mut());
    }
    record.status = Some(response.status());
    response
}

/// What is known of a request. It is logged and counted when this is dropped: when the request has its response, or when its
/// client has gone away before, and the server gives it up.
struct RequestRecord<'a> {
    metrics: &'a Metrics,
    started: Instant,
    method: Method,
    operation: Option<&'static Operation>,
    client: Option<ClientIp>,
    /// The status of the response, if there is one.
    status: Option<StatusCode>,
}

impl Drop for RequestRecord<'_> {
    fn drop(&mut self) {
        let duration = self.started.elapsed();
        let operation = self.operation.map_or("none", |operation| operation.id);
        if let Some(status) = self.status {
            self.metrics.observe_request(operation, status, duration);
        }
        let Attribution { user_id, key_id, verified_key_id } = Attribution::current();
        // Never the path or the query: a faulty client may have put a secret there.
        tracing::info!(
            method = method_name(&self.method),
            operation,
            status = self.status.map_or(CLIENT_CLOSED_REQUEST, |status| status.as_u16()),
            milliseconds = duration.as_secs_f64() * 1_000.0,
            client = self.client.map(|client| tracing::field::display(client.0)),
            user_id,
            key_id,
            verified_key_id,
            "request"
        );
    }
}

/// The id that the client chose, if it is harmless: 1 to 64 letters, digits, `-`, `_` and `.`, and nothing that may be the
/// secret part of a key.
fn request_id(headers: &HeaderMap) -> Option<HeaderValue> {
    let is_valid = |value: &&HeaderValue| {
        let mut runs = value.as_bytes().split(|byte| !byte.is_ascii_alphanumeric());
        (1..=REQUEST_ID_MAX_LENGTH).contains(&value.len())
            && value.as_bytes().iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
            && runs.all(|run| run.len() <= REQUEST_ID_MAX_RUN)
    };
    headers.get(REQUEST_ID_HEADER).filter(is_valid).cloned()
}

/// The status of a request that is malformed. It has no body, as that of hyper for what it cannot parse.
fn rejection(request: &Request) -> Option<StatusCode> {
    match request.extensions().get() {
        Some(TooManyHeaderFields) => Some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE),
        None => (!has_valid_host(request)).then_some(StatusCode::BAD_REQUEST),
    }
}

/// Whether the request has one `Host`, or none where none is needed (RFC 9112, section 3.2).
fn has_valid_host(request: &Request) -> bool {
    match request.headers().get_all(HOST).iter().take(2).count() {
        0 => request.version() != Version::HTTP_11,
        hosts => hosts == 1,
    }
}

/// The name of a method, cut to a bounded length.
pub(super) fn method_name(method: &Method) -> &str {
    method.as_str().get(..METHOD_MAX_LENGTH).unwrap_or(method.as_str())
}

/// The operation that a request was routed to.
fn routed_operation(request: &Request) -> Option<&'static Operation> {
    let path = request.extensions().get::<MatchedPath>()?;
    let is_routed =
        |operation: &&&'static Operation| operation.path == path.as_str() && operation.method == *request.method();
    operation::ALL.iter().find(is_routed).copied()
}
