//! Connections: HTTP versions, timeouts, and limits.

use std::time::Duration;

use http::{Request, Version};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use latchkey_test_support::{
    app::{Options, TestApp, client},
    raw_http::{read_response, read_to_end},
};
use reqwest::Client;
use serde_json::json;
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

/// Longer than anything here takes, so that a test that hangs fails.
const PATIENCE: Duration = Duration::from_secs(20);

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
async fn an_idle_http2_connection_is_closed() {
    let mut options = Options::default();
    options.connections.idle_timeout = Duration::from_millis(50);
    let app = TestApp::with(options).await;
    let stream = TokioIo::new(TcpStream::connect(app.address).await.unwrap());
    let (mut client, connection) = http2::handshake(TokioExecutor::new(), stream).await.unwrap();
    let connection = tokio::spawn(connection);
    let request = Request::get("http://test/livez").body(String::new()).unwrap();
    assert_eq!(client.send_request(request).await.unwrap().status(), 200);
    // The client responds to pings, and closes the connection only after the server did.
    timeout(PATIENCE, connection).await.expect("the connection is closed").unwrap().unwrap();
    assert!(client.is_closed());
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
