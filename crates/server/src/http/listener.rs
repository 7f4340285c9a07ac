//! Accepts connections and serves HTTP/1.1 and HTTP/2 on them, with limits, until a graceful shutdown.

use std::{convert::Infallible, pin::pin, sync::Arc, time::Duration};

use axum::{body::Body, extract::Request, response::Response};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use prometheus::IntGauge;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
};
use tokio_util::io::{InspectReader, InspectWriter};
use tower::{Service, ServiceExt};

use super::{
    activity::{Activity, Expired, Timeouts},
    middleware::PeerAddr,
};

/// The size of a request's head, in bytes.
const MAX_HEADER_BYTES: u32 = 32 * 1024;
const STREAMS_PER_CONNECTION: u32 = 128;
/// After a failure to accept, such as too many open files: an immediate retry would only use up the processor.
const ACCEPT_BACKOFF: Duration = Duration::from_millis(100);

/// Limits of connections.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionLimits {
    /// How many connections are served at the same time.
    pub max_connections: usize,
    /// How long a request's head may take to arrive; with HTTP/2, that of the first request only.
    pub header_timeout: Duration,
    /// How long a connection may stay open without a request.
    pub idle_timeout: Duration,
    /// How long requests in flight may take once the shutdown has begun.
    pub drain_timeout: Duration,
}

/// Serves `app` until `shutdown` completes, then waits for the requests in flight.
pub async fn serve<A>(
    listener: TcpListener,
    app: A,
    limits: ConnectionLimits,
    open_connections: IntGauge,
    shutdown: impl Future<Output = ()>,
) where
    A: Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static,
{
    let builder = Arc::new(builder());
    let timeouts = Timeouts { header: limits.header_timeout, idle: limits.idle_timeout };
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
        let (app, builder, draining) = (app.clone(), Arc::clone(&builder), draining.subscribe());
        let open_connections = open_connections.clone();
        tokio::spawn(async move {
            open_connections.inc();
            serve_connection(stream, PeerAddr(peer), app, &builder, timeouts, draining).await;
            open_connections.dec();
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
        .max_header_list_size(MAX_HEADER_BYTES);
    builder
}

/// Serves one connection until the peer closes it, a timeout passes, or `draining` changes and its requests are done.
async fn serve_connection<A>(
    stream: TcpStream,
    peer: PeerAddr,
    app: A,
    builder: &Builder<TokioExecutor>,
    timeouts: Timeouts,
    mut draining: watch::Receiver<()>,
) where
    A: Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static,
{
    // A response is one small packet, which must not wait for another.
    let _ = stream.set_nodelay(true);
    let activity = Arc::new(Activity::new());
    let (reading, writing, requests) = (Arc::clone(&activity), Arc::clone(&activity), Arc::clone(&activity));
    let stream = InspectReader::new(stream, move |bytes: &[u8]| reading.on_read(bytes));
    let stream = InspectWriter::new(stream, move |_: &[u8]| writing.on_write());
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let guard = Arc::clone(&requests).start_request(request.version());
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        let response = app.clone().oneshot(request);
        async move {
            let _guard = guard;
            response.await
        }
    });
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let mut is_closing = false;
    let result = loop {
        tokio::select! {
            biased;
            result = connection.as_mut() => break result,
            _ = draining.changed(), if !is_closing => {}
            expired = activity.expired(timeouts) => match expired {
                Expired::Idle if !is_closing => activity.restart(),
                _ => return,
            },
        }
        // HTTP/2 requests that are already on their way are still served, for one more idle timeout.
        is_closing = true;
        connection.as_mut().graceful_shutdown();
    };
    if let Err(error) = result {
        tracing::debug!(%error, "connection failed");
    }
}
