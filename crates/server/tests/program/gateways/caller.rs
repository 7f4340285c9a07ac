//! A client of a gateway: one connection, so that a test sees what becomes of it.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use axum::body::Body;
use http::{Method, Request, request::Builder};
use http_body_util::BodyExt;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpSocket, runtime::Runtime, time::timeout};

use crate::client::Answer;

/// Where requests come from. Not where the gateway is, whose address Latchkey trusts.
pub const ADDRESS: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
const LIMIT: Duration = Duration::from_secs(60);

/// A client with one connection.
pub struct Caller {
    runtime: Runtime,
    sender: SendRequest<Body>,
    address: SocketAddr,
}

impl Caller {
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

    /// A request with a key, or without.
    pub fn request(&self, method: Method, path: &str, key: Option<&str>) -> Builder {
        let request = Request::builder().method(method).uri(path).header("host", self.address.to_string());
        match key {
            Some(key) => request.header("x-api-key", key),
            None => request,
        }
    }

    pub fn get(&mut self, key: Option<&str>) -> Answer {
        self.send(self.request(Method::GET, "/", key), Body::empty())
    }

    /// Fails when the connection was closed, or is before the answer is complete.
    pub fn send(&mut self, request: Builder, body: Body) -> Answer {
        let Self { runtime, sender, .. } = self;
        let exchange = async {
            sender.ready().await.expect("the connection is open");
            let response = sender.send_request(request.body(body).unwrap()).await.unwrap();
            let (parts, body) = response.into_parts();
            let body = body.collect().await.unwrap().to_bytes();
            let body = String::from_utf8(body.into()).unwrap();
            Answer { status: parts.status.as_u16(), headers: parts.headers, body }
        };
        // A timer is made where there is a runtime.
        let answer = runtime.block_on(async { timeout(LIMIT, exchange).await });
        answer.expect("there is an answer")
    }
}
