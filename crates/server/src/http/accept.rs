//! Accepts connections and serves HTTP/1.1 and HTTP/2 on them, with limits, until it is told to stop.

use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body};
use http::Request;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
};
use prometheus::IntGauge;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tower::ServiceExt;

use super::{request::Peer, route_as};

/// A request's head may have this many bytes.
const HEAD_LIMIT: usize = 32 * 1024;
const STREAMS_PER_CONNECTION: u32 = 128;
/// After a failure to accept, such as too many open files: trying again at once would only burn the processor.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(100);

/// What a connection may take.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionLimits {
    /// How many at once.
    pub count: usize,
    /// How long a request's head may take, and how long a connection may stay idle.
    pub header_timeout: Duration,
    /// How long requests under way may take once `stop` is done.
    pub drain_timeout: Duration,
}

/// Serves until `stop` is done, then lets the requests under way end.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    limits: ConnectionLimits,
    open: IntGauge,
    stop: impl Future<Output = ()>,
) {
    let builder = Arc::new(builder(limits.header_timeout));
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(limits.count));
    let mut stop = pin!(stop);
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE_AFTER_FAILURE).await;
                continue;
            }
        };
        let watcher = graceful.watcher();
        let (app, builder, open) = (app.clone(), Arc::clone(&builder), open.clone());
        tokio::spawn(async move {
            open.inc();
            serve_connection(stream, Peer(peer), app, &builder, watcher, limits.header_timeout).await;
            open.dec();
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.drain_timeout, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still under way when the time to drain was over");
    }
}

fn builder(header_timeout: Duration) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(header_timeout).max_buf_size(HEAD_LIMIT);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_PER_CONNECTION)
        .max_header_list_size(HEAD_LIMIT as u32)
        .keep_alive_interval(header_timeout)
        .keep_alive_timeout(header_timeout);
    builder
}

async fn serve_connection(
    stream: TcpStream,
    peer: Peer,
    app: Router,
    builder: &Builder<TokioExecutor>,
    watcher: hyper_util::server::graceful::Watcher,
    header_timeout: Duration,
) {
    // An answer is one small packet, which must not wait for another.
    let _ = stream.set_nodelay(true);
    let begun = Arc::new(AtomicBool::new(false));
    let service = service_fn({
        let begun = Arc::clone(&begun);
        move |request: Request<Incoming>| {
            begun.store(true, Ordering::Relaxed);
            let (mut parts, body) = request.into_parts();
            route_as(&mut parts);
            parts.extensions.insert(peer);
            app.clone().oneshot(Request::from_parts(parts, Body::new(body)))
        }
    });
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(watcher.watch(connection.into_owned()));
    // hyper's own timeout of the head begins only when it knows the version of HTTP, so the first head is timed here.
    let result = match tokio::time::timeout(header_timeout, &mut connection).await {
        Ok(result) => result,
        Err(_) if begun.load(Ordering::Relaxed) => connection.await,
        Err(_) => return,
    };
    if let Err(error) = result {
        tracing::debug!(%error, "a connection ended early");
    }
}
