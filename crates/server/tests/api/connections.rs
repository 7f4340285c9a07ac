//! Connections: HTTP versions, timeouts, and limits.

use std::time::Duration;

use http::Version;
use latchkey_test_support::{
    app::{Options, TestApp, client},
    raw_http::{read_response, read_to_end},
};
use reqwest::Client;
use serde_json::json;
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    time::{Instant, timeout},
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
    options.connections.header_timeout = Duration::from_millis(50);
    let app = TestApp::with(options).await;
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream.write_all(b"GET /livez HTTP/1.1\r\nhost: test\r\n\r\n").await.unwrap();
    assert_eq!(read_response(&mut stream).await.status, 200);
    assert_eq!(timeout(PATIENCE, read_to_end(&mut stream)).await.expect("the connection is closed"), b"");
}

#[tokio::test]
async fn a_connection_beyond_the_limit_waits() {
    let mut options = Options::default();
    options.connections.count = 1;
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
