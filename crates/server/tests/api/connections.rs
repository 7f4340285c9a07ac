//! Connections: HTTP versions, timeouts, and limits.

use std::{convert::Infallible, time::Duration};

use axum::body::Body;
use futures_util::stream;
use http::{Request, Version};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use latchkey_test_support::{
    app::{Options, TestApp, client},
    raw_http::{read_response, read_to_end},
    response::{Response, SendChecked},
};
use reqwest::Client;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

/// Longer than anything here takes, so that a test that hangs fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// Sends a request on an HTTP/1.1 connection that stays open.
async fn get(stream: &mut TcpStream, path: &str) -> Response {
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n").as_bytes()).await.unwrap();
    read_response(stream).await
}

#[tokio::test]
async fn http1_and_http2_are_served_on_one_port() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let http2 = client(Client::builder().http2_prior_knowledge());
    let http1 = client(Client::builder().http1_only());
    for (client, version) in [(http1, Version::HTTP_11), (http2, Version::HTTP_2)] {
        let url = format!("http://{}/v1/api-keys", app.address);
        let response = client.post(&url).bearer_auth(&token).json(&json!({})).send().await.unwrap();
        assert_eq!((response.version(), response.status().as_u16()), (version, 201));
        let response = client.get(&url).bearer_auth(&token).send().await.unwrap();
        assert_eq!((response.version(), response.status().as_u16()), (version, 200));
    }
}

#[tokio::test]
async fn a_connection_whose_request_head_does_not_arrive_is_closed() {
    let mut options = Options::default();
    options.connections.header_timeout = Duration::from_millis(50);
    let app = TestApp::with(options).await;
    for start in ["", "G", "GET /livez HTTP/1.1\r\nhost: te", "PRI * HTTP/2.0\r\n\r\nSM\r\n"] {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        stream.write_all(start.as_bytes()).await.unwrap();
        let started = Instant::now();
        let received = timeout(PATIENCE, read_to_end(&mut stream)).await.expect("the connection is closed");
        assert!(!String::from_utf8_lossy(&received).contains(" 200 "), "{start}");
        assert!(started.elapsed() >= Duration::from_millis(40), "{start:?} was closed at once");
    }
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let mut options = Options::default();
    options.connections.idle_timeout = Duration::from_millis(50);
    let app = TestApp::with(options).await;
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream.write_all(b"GET /livez HTTP/1.1\r\nhost: test\r\n\r\n").await.unwrap();
    assert_eq!(read_response(&mut stream).await.status, 200);
    let begin = Instant::now();
    assert_eq!(timeout(PATIENCE, read_to_end(&mut stream)).await.expect("the connection is closed"), b"");
    assert!(begin.elapsed() >= Duration::from_millis(40), "the connection was closed without a timeout");
}

#[tokio::test]
async fn an_idle_http2_connection_is_closed_although_it_sends_pings() {
    let mut options = Options::default();
    options.connections.idle_timeout = Duration::from_millis(50);
    let app = TestApp::with(options).await;
    let stream = TokioIo::new(TcpStream::connect(app.address).await.unwrap());
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder.timer(TokioTimer::new()).keep_alive_interval(Duration::from_millis(10)).keep_alive_while_idle(true);
    let (mut client, connection) = builder.handshake(stream).await.unwrap();
    let connection = tokio::spawn(connection);
    let request = Request::get("http://test/livez").body(String::new()).unwrap();
    assert_eq!(client.send_request(request).await.unwrap().status(), 200);
    // The client closes the connection only after the server did.
    timeout(PATIENCE, connection).await.expect("the connection is closed").unwrap().unwrap();
    assert!(client.is_closed());
}

/// The path of the largest response that needs no credential.
async fn large_file(app: &TestApp) -> String {
    let page = app.get("/docs").send_checked().await;
    let (_, rest) = page.text().split_once("src=\"/docs/").unwrap();
    format!("/docs/{}", rest.split_once('"').unwrap().0)
}

/// Waits until the only connection is that of the test's client.
async fn wait_until_no_other_is_open(app: &TestApp) {
    let closed = async {
        loop {
            let metrics = app.get("/metrics").send_checked().await;
            if metrics.text().contains("\nlatchkey_http_open_connections 1\n") {
                return;
            }
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, closed).await.expect("the connection is closed");
}

#[tokio::test]
async fn a_connection_whose_client_reads_nothing_is_closed() {
    let mut options = Options::default();
    options.connections.write_timeout = Duration::from_millis(50);
    let app = TestApp::with(options).await;
    let request = format!("GET {} HTTP/1.1\r\nhost: test\r\n\r\n", large_file(&app).await);
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    // The responses exceed what the buffers of both sockets may hold.
    stream.write_all(request.repeat(60).as_bytes()).await.unwrap();
    wait_until_no_other_is_open(&app).await;
    drop(stream);
}

#[tokio::test]
async fn a_slow_client_that_reads_is_not_disconnected() {
    let mut options = Options::default();
    options.connections.write_timeout = Duration::from_millis(500);
    let app = TestApp::with(options).await;
    let path = large_file(&app).await;
    let length = app.get(&path).send().await.unwrap().bytes().await.unwrap().len();
    let requests = 8;
    let request = format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n").repeat(requests);
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut received = 0;
    let mut bytes = vec![0; length / 4];
    while received < requests * length {
        sleep(Duration::from_millis(20)).await;
        let count = timeout(PATIENCE, stream.read(&mut bytes)).await.unwrap().unwrap();
        assert_ne!(count, 0, "closed after {received} bytes");
        received += count;
    }
}

#[tokio::test]
async fn an_http2_connection_whose_client_takes_no_response_is_closed() {
    let mut options = Options::default();
    options.connections.write_timeout = Duration::from_millis(50);
    let app = TestApp::with(options).await;
    let path = large_file(&app).await;
    let stream = TokioIo::new(TcpStream::connect(app.address).await.unwrap());
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder.initial_stream_window_size(0);
    builder.timer(TokioTimer::new()).keep_alive_interval(Duration::from_millis(10)).keep_alive_while_idle(true);
    let (mut client, connection) = builder.handshake(stream).await.unwrap();
    let connection = tokio::spawn(connection);
    let request = Request::get(format!("http://test{path}")).body(String::new()).unwrap();
    let response = client.send_request(request).await.unwrap();
    assert_eq!(response.status(), 200);
    let _ = timeout(PATIENCE, connection).await.expect("the connection is closed");
    drop(response);
}

#[tokio::test]
async fn large_responses_arrive_whole() {
    let app = TestApp::new().await;
    let path = large_file(&app).await;
    let mut received = Vec::new();
    for client in [client(Client::builder().http1_only()), client(Client::builder().http2_prior_knowledge())] {
        let response = client.get(format!("http://{}{path}", app.address)).send().await.unwrap();
        let length = response.content_length().unwrap();
        let body = response.bytes().await.unwrap();
        assert_eq!(body.len() as u64, length);
        received.push(body);
    }
    assert!(received[0].len() > 100_000 && received[0] == received[1]);
}

#[tokio::test]
async fn a_connection_beyond_the_limit_of_its_address_is_closed_at_once() {
    let mut options = Options::default();
    options.connections.max_connections_per_ip = 2;
    let app = TestApp::with(options).await;
    let mut open = [TcpStream::connect(app.address).await.unwrap(), TcpStream::connect(app.address).await.unwrap()];
    for stream in &mut open {
        assert_eq!(get(stream, "/livez").await.status, 200);
    }
    let mut third = TcpStream::connect(app.address).await.unwrap();
    assert_eq!(timeout(PATIENCE, read_to_end(&mut third)).await.expect("the connection is closed"), b"");
    let [mut first, second] = open;
    let metrics = get(&mut first, "/metrics").await;
    assert!(metrics.text().contains("\nlatchkey_http_rejected_connections_total 1\n"), "{metrics}");
    assert!(metrics.text().contains("\nlatchkey_http_open_connections 2\n"), "{metrics}");

    // One that ends makes room for another.
    drop(second);
    let closed =
        async { while !get(&mut first, "/metrics").await.text().contains("\nlatchkey_http_open_connections 1\n") {} };
    timeout(PATIENCE, closed).await.unwrap();
    let mut next = TcpStream::connect(app.address).await.unwrap();
    assert_eq!(get(&mut next, "/livez").await.status, 200);
}

#[tokio::test]
async fn requests_that_wait_for_their_bodies_do_not_hold_up_others_of_their_address() {
    let app = TestApp::new().await;
    let connect = async || {
        let stream = TokioIo::new(TcpStream::connect(app.address).await.unwrap());
        let (client, connection) = http2::handshake::<_, _, Body>(TokioExecutor::new(), stream).await.unwrap();
        tokio::spawn(connection);
        client
    };
    let mut waiting = Vec::new();
    for _ in 0..10 {
        let client = connect().await;
        for _ in 0..20 {
            let request =
                Request::post("http://test/v1/revoke").header("content-type", "application/x-www-form-urlencoded");
            let endless = Body::from_stream(stream::pending::<Result<Vec<u8>, Infallible>>());
            waiting.push(tokio::spawn(client.clone().send_request(request.body(endless).unwrap())));
        }
        // They have arrived before a later request of their connection has a response.
        let request = Request::get("http://test/livez").body(Body::empty()).unwrap();
        let response = timeout(PATIENCE, client.clone().send_request(request)).await.expect("a response").unwrap();
        assert_eq!(response.status(), 200);
    }
    assert!(waiting.iter().all(|request| !request.is_finished()));
}

#[tokio::test]
async fn a_trusted_proxy_has_no_limit_of_its_address() {
    let mut options = Options::default();
    options.connections.max_connections_per_ip = 1;
    options.connections.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    let app = TestApp::with(options).await;
    let mut open = Vec::new();
    for _ in 0..3 {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        assert_eq!(get(&mut stream, "/livez").await.status, 200);
        open.push(stream);
    }
}

#[tokio::test]
async fn a_later_head_is_timed_from_its_first_byte_and_not_as_idle_time() {
    let request = b"GET /livez HTTP/1.1\r\nhost: test\r\n\r\n";
    let (short, long) = (Duration::from_millis(100), Duration::from_secs(60));
    // Idle for longer than a head may take, then a head that takes too long.
    let mut options = Options::default();
    options.connections.header_timeout = short;
    options.connections.idle_timeout = long;
    let app = TestApp::with(options).await;
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    for _ in 0..2 {
        stream.write_all(request).await.unwrap();
        assert_eq!(read_response(&mut stream).await.status, 200);
        sleep(short * 3).await;
    }
    stream.write_all(&request[..10]).await.unwrap();
    let begin = Instant::now();
    assert_eq!(timeout(PATIENCE, read_to_end(&mut stream)).await.expect("the connection is closed"), b"");
    assert!(begin.elapsed() >= short / 2, "the head was given no time");

    // A head that takes longer than a connection may be idle.
    let mut options = Options::default();
    options.connections.header_timeout = long;
    options.connections.idle_timeout = short;
    let app = TestApp::with(options).await;
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream.write_all(request).await.unwrap();
    assert_eq!(read_response(&mut stream).await.status, 200);
    stream.write_all(&request[..10]).await.unwrap();
    sleep(short * 3).await;
    stream.write_all(&request[10..]).await.unwrap();
    assert_eq!(read_response(&mut stream).await.status, 200);
}

#[tokio::test]
async fn a_request_in_flight_is_not_idle_time() {
    let mut options = Options::default();
    options.connections.header_timeout = Duration::from_millis(50);
    options.connections.idle_timeout = Duration::from_millis(50);
    let app = TestApp::with(options).await;
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    let head = "POST /token HTTP/1.1\r\nhost: test\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 1\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    sleep(Duration::from_millis(300)).await;
    stream.write_all(b"x").await.unwrap();
    assert_eq!(read_response(&mut stream).await.status, 400);
}

#[tokio::test]
async fn a_connection_beyond_the_limit_waits() {
    let mut options = Options::default();
    options.connections.max_connections = 1;
    let app = TestApp::with(options).await;
    let request = b"GET /livez HTTP/1.1\r\nhost: test\r\n\r\n";
    let mut first = TcpStream::connect(app.address).await.unwrap();
    first.write_all(request).await.unwrap();
    assert_eq!(read_response(&mut first).await.status, 200);
    let mut second = TcpStream::connect(app.address).await.unwrap();
    second.write_all(request).await.unwrap();
    // Without the limit, the second request would have got its response during these.
    for _ in 0..50 {
        first.write_all(request).await.unwrap();
        assert_eq!(read_response(&mut first).await.status, 200);
    }
    assert_eq!(second.try_read(&mut [0; 1]).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    drop(first);
    assert_eq!(timeout(PATIENCE, read_response(&mut second)).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_request_head_that_is_too_large_is_rejected() {
    let app = TestApp::new().await;
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    let head = format!("GET /livez HTTP/1.1\r\nhost: test\r\ncookie: {}\r\n\r\n", "a".repeat(40 * 1024));
    stream.write_all(head.as_bytes()).await.unwrap();
    let received = timeout(PATIENCE, read_to_end(&mut stream)).await.unwrap();
    assert!(received.starts_with(b"HTTP/1.1 431 "), "{}", String::from_utf8_lossy(&received));
}

#[tokio::test]
async fn a_request_with_too_many_header_fields_is_rejected() {
    let app = TestApp::new().await;
    for version in [Version::HTTP_11, Version::HTTP_2] {
        let client = match version {
            Version::HTTP_2 => client(Client::builder().http2_prior_knowledge()),
            _ => client(Client::builder().http1_only()),
        };
        let status = async |count| {
            // Those that the client adds: `host` of HTTP/1.1, and `accept`.
            let own = if version == Version::HTTP_2 { 1 } else { 2 };
            let request = client.get(format!("http://{}/livez", app.address));
            let request = (own..count).fold(request, |request, _| request.header("x-repeated", "1"));
            let response = request.send().await.unwrap();
            assert_eq!(response.version(), version);
            response.status().as_u16()
        };
        assert_eq!([status(100).await, status(101).await], [200, 431], "{version:?}");
    }
}
