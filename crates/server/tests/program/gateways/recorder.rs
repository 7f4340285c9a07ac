//! A server that records its requests: the upstream behind a gateway, or a stand-in for Latchkey.

use std::{
    convert::Infallible,
    mem,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use http::{HeaderMap, Request, Response, request::Parts};
use http_body_util::{BodyExt, Full};
use hyper::{body::Bytes, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpListener, runtime::Runtime};

/// A running server; it stops when this is dropped.
pub struct Recorder {
    pub address: SocketAddr,
    records: Arc<Records>,
    /// Serves the requests until it is dropped.
    _runtime: Runtime,
}

#[derive(Default)]
struct Records {
    received: Mutex<Vec<Received>>,
    connections: AtomicUsize,
}

/// A request that was received.
#[derive(Debug)]
pub struct Received {
    pub head: Parts,
    pub body: Bytes,
}

impl Received {
    /// The values of all headers with a name, in which `_` counts as `-`.
    pub fn values(&self, name: &str) -> Vec<&str> {
        let named = self.head.headers.iter().filter(|(found, _)| found.as_str().replace('_', "-") == name);
        named.map(|(_, value)| value.to_str().unwrap()).collect()
    }

    /// The names of the headers that identify the key, with `-` for `_`.
    pub fn identity_headers(&self) -> Vec<String> {
        let names = self.head.headers.iter().map(|(name, _)| name.as_str().replace('_', "-"));
        let mut names: Vec<_> = names.filter(|name| name.starts_with("x-latchkey")).collect();
        names.sort();
        names
    }
}

impl Recorder {
    /// Starts a server that responds 200 with these headers and this body.
    pub fn start(headers: HeaderMap, body: &'static str) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let records = Arc::new(Records::default());
        runtime.spawn(serve(listener, Arc::clone(&records), headers, body));
        Self { address, records, _runtime: runtime }
    }

    /// Takes the requests that were received since the last call.
    pub fn take(&self) -> Vec<Received> {
        mem::take(&mut self.records.received.lock().unwrap())
    }

    /// Takes the only request that was received since the last call.
    pub fn take_one(&self) -> Received {
        let mut received = self.take();
        assert_eq!(received.len(), 1, "{received:?}");
        received.remove(0)
    }

    /// The number of connections so far.
    pub fn connections(&self) -> usize {
        self.records.connections.load(Ordering::Relaxed)
    }
}

async fn serve(listener: TcpListener, records: Arc<Records>, headers: HeaderMap, body: &'static str) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        records.connections.fetch_add(1, Ordering::Relaxed);
        let (records, headers) = (Arc::clone(&records), headers.clone());
        let service = service_fn(move |request: Request<Incoming>| {
            let (records, headers) = (Arc::clone(&records), headers.clone());
            async move {
                let (head, content) = request.into_parts();
                // A request whose body is incomplete is not recorded.
                if let Ok(content) = content.collect().await {
                    records.received.lock().unwrap().push(Received { head, body: content.to_bytes() });
                }
                let mut response = Response::new(Full::new(Bytes::from_static(body.as_bytes())));
                *response.headers_mut() = headers;
                Ok::<_, Infallible>(response)
            }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}
