//! A client of a gateway with one connection, so that a test notices when it is closed.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use axum::body::Body;
use http::{Method, Request, request::Builder};
use http_body_util::BodyExt;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use latchkey_test_support::response::Response;
use tokio::{net::TcpSocket, runtime::Runtime, time::timeout};

/// The source address of requests. It differs from that of the gateway, which Latchkey trusts.
pub const ADDRESS: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
const LIMIT: Duration = Duration::from_secs(60);

/// A client with one connection.
pub struct GatewayClient {
    runtime: Runtime,
    sender: SendRequest<Body>,
    address: SocketAddr,
}

impl GatewayClient {
    pub fn connect(address: SocketAddr) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let sender = runtime.block_on(async {
            let socket = TcpSocket::new_v4().unwrap();
            socket.bind((ADDRESS, 0).into()).unwrap();
            let stream = socket.connect(address).await.unwrap();
            let (sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
            tokio::spawn(connection);
            sender
        });
        Self { runtime, sender, address }
    }

    /// A request, with a key or without.
    pub fn request(&self, method: Method, path: &str, key: Option<&str>) -> Builder {
        let request = Request::builder().method(method).uri(path).header("host", self.address.to_string());
        match key {
            Some(key) => request.header("x-api-key", key),
            None => request,
        }
    }

    pub fn get(&mut self, key: Option<&str>) -> Response {
        self.send(self.request(Method::GET, "/", key), Body::empty())
    }

    /// Sends a request; panics when the connection is closed before the response is complete.
    pub fn send(&mut self, request: Builder, body: Body) -> Response {
        let Self { runtime, sender, .. } = self;
        let exchange = async {
            sender.ready().await.expect("the connection is open");
            let response = sender.send_request(request.body(body).unwrap()).await.unwrap();
            let (parts, body) = response.into_parts();
            let body = body.collect().await.unwrap().to_bytes();
            Response { status: parts.status, headers: parts.headers, body: body.into() }
        };
        // A timer must be created within a runtime.
        let response = runtime.block_on(async { timeout(LIMIT, exchange).await });
        response.expect("the gateway responds in time")
    }
}
