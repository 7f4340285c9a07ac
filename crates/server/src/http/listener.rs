//! Accepts connections and serves HTTP/1.1 and HTTP/2 on them, with limits, until a graceful shutdown.

use std::{convert::Infallible, io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{body::Body, extract::Request, response::Response};
use http::{HeaderMap, Version};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use ipnet::IpNet;
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::{Semaphore, watch},
};
use tower::{Service, ServiceExt};

use super::{
    activity::{Activity, Expired, Timeouts},
    address_limit::AddressLimit,
    large_response::PART_BYTES,
    middleware::{PeerAddr, TooManyHeaderFields},
    stream::RecordedStream,
    turns::AddressTurns,
};
use crate::telemetry::metrics::ConnectionMetrics;

/// The size of a request's head, in bytes, and the number of its fields. hyper has the same number, but for HTTP/1 only.
const MAX_HEADER_BYTES: u32 = 32 * 1024;
const MAX_HEADER_FIELDS: usize = 100;
/// The same of HTTP/2, where each field counts 32 bytes more, and takes a byte to send but memory and time to decode.
const MAX_HEADER_LIST_BYTES: u32 = 16 * 1024;
/// Limits of one HTTP/2 connection, which bound the memory that a client can occupy without reading or being authenticated:
/// requests at the same time, and bytes of their bodies that have not been read, for each and for all of them.
const STREAMS_PER_CONNECTION: u32 = 32;
const STREAM_WINDOW_BYTES: u32 = 64 * 1024;
const CONNECTION_WINDOW_BYTES: u32 = 128 * 1024;
/// How long a connection may stay open without a request after the shutdown has begun, which HTTP/2 clients acknowledge first.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);
/// After a failure to accept, such as too many open files: an immediate retry would only use up the processor.
const ACCEPT_BACKOFF: Duration = Duration::from_millis(100);

/// What the kernel keeps of responses for a client that does not read, for each connection, in bytes. By itself it would grow to
/// megabytes.
const SEND_BUFFER_BYTES: u32 = 128 * 1024;
/// Connections that wait to be accepted.
const BACKLOG: u32 = 1024;

/// Binds a listener, whose connections inherit the limits of its socket.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // So that a restarted server need not wait for connections of its predecessor.
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Limits of connections.
#[derive(Debug, Clone)]
pub struct ConnectionLimits {
    /// How many connections are served at the same time.
    pub max_connections: usize,
    /// How many of them may come from one IPv4 address or IPv6 /64.
    pub max_connections_per_ip: usize,
    /// Networks of the proxies to which that limit does not apply.
    pub trusted_proxies: Vec<IpNet>,
    /// How long a request's head may take to arrive; with HTTP/2, that of the first request only.
    pub header_timeout: Duration,
    /// How long a connection may stay open without a request.
    pub idle_timeout: Duration,
    /// How long nothing of a response can be written, because the client reads nothing.
    pub write_timeout: Duration,
    /// How long requests in flight may take once the shutdown has begun.
    pub drain_timeout: Duration,
}

/// Serves `app` until `shutdown` completes, then waits for the requests in flight.
pub async fn serve<A>(
    listener: TcpListener,
    app: A,
    limits: ConnectionLimits,
    metrics: ConnectionMetrics,
    shutdown: impl Future<Output = ()>,
) where
    A: Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static,
{
    let builder = Arc::new(builder());
    let timeouts = Timeouts { header: limits.header_timeout, idle: limits.idle_timeout, write: limits.write_timeout };
    let addresses = Arc::new(AddressLimit::new(limits.max_connections_per_ip, limits.trusted_proxies));
    let permits = Arc::new(Semaphore::new(limits.max_connections));
    // Each connection holds a receiver, so the channel is closed when the last one ends.
    let draining = watch::Sender::new(());
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = async {
            let permit = Arc::clone(&permits).acquire_owned().await;
            (listener.accept().await, permit)
        };
        let (accepted, permit) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut shutdown => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "failed to accept a connection");
                tokio::time::sleep(ACCEPT_BACKOFF).await;
                continue;
            }
        };
        let Some(admission) = addresses.admit(peer.ip()) else {
            metrics.rejected.inc();
            continue;
        };
        let (app, builder, draining) = (app.clone(), Arc::clone(&builder), draining.subscribe());
        let (open_connections, turns) = (metrics.open.clone(), admission.turns());
        tokio::spawn(async move {
            open_connections.inc();
            serve_connection(stream, PeerAddr(peer), app, turns, &builder, timeouts, draining).await;
            open_connections.dec();
            // In this order: who takes the place must find room at its address, too.
            drop(admission);
            drop(permit);
        });
    }
    drop(listener);
    draining.send_replace(());
    if tokio::time::timeout(limits.drain_timeout, draining.closed()).await.is_err() {
        tracing::warn!("requests were still in flight when the drain timeout expired");
    }
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    // The time of a head is limited by `Activity`.
    builder.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(MAX_HEADER_BYTES as usize);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_PER_CONNECTION)
        .initial_stream_window_size(STREAM_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .max_send_buf_size(PART_BYTES)
        .max_header_list_size(MAX_HEADER_LIST_BYTES);
    builder
}

/// Serves one connection until the peer closes it, a timeout passes, or `draining` changes and its requests are done.
async fn serve_connection<A>(
    stream: TcpStream,
    peer: PeerAddr,
    app: A,
    turns: Option<AddressTurns>,
    builder: &Builder<TokioExecutor>,
    mut timeouts: Timeouts,
    mut draining: watch::Receiver<()>,
) where
    A: Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static,
{
    // A response is one small packet, which must not wait for another.
    let _ = stream.set_nodelay(true);
    let activity = Arc::new(Activity::new());
    let (stream, requests) = (RecordedStream::new(stream, Arc::clone(&activity)), Arc::clone(&activity));
    let request_turns = turns.as_ref().map(|turns| turns.requests.clone());
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let guard = Arc::clone(&requests).start_request(request.version());
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        if request.headers().len() > MAX_HEADER_FIELDS {
            // HTTP/2 repeats a field in a byte, so the fields of requests that wait for their turn could fill the memory.
            *request.headers_mut() = HeaderMap::new();
            request.extensions_mut().insert(TooManyHeaderFields);
        }
        let turns = request_turns.as_ref().filter(|_| request.version() == Version::HTTP_2).cloned();
        let response = app.clone().oneshot(request);
        async move {
            let response = match turns {
                Some(turns) => turns.run(response, || false).await,
                None => response.await,
            };
            response.map(|response| guard.respond(response))
        }
    });
    let connection = async {
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
        let (mut is_closing, mut is_draining) = (false, false);
        let result = loop {
            tokio::select! {
                biased;
                result = connection.as_mut() => break result,
                _ = draining.changed(), if !is_draining => {
                    is_draining = true;
                    timeouts.idle = timeouts.idle.min(CLOSE_TIMEOUT);
                    timeouts.header = timeouts.header.min(CLOSE_TIMEOUT);
                }
                expired = activity.expired(timeouts) => match expired {
                    Expired::Idle if !is_closing => {}
                    _ => return,
                },
            }
            // HTTP/2 requests that are already on their way are still served, for one more idle timeout.
            activity.restart();
            if !is_closing {
                is_closing = true;
                connection.as_mut().graceful_shutdown();
            }
        };
        if let Err(error) = result {
            tracing::debug!(%error, "connection failed");
        }
    };
    match turns {
        Some(turns) => turns.connections.run(connection, || activity.is_http1()).await,
        None => connection.await,
    }
}
