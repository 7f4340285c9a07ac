//! Requests and connections through a gateway: an authorized request reaches the upstream unchanged, and a rejected one
//! does not affect the next.

use std::{
    io::{Read, Write},
    iter,
    net::TcpStream,
};

use axum::body::Body;
use futures_util::stream;
use http::Method;
use serde_json::json;

use super::{fixture::Fixture, gateway::Program, keys, with_each_gateway};

with_each_gateway!(
    method_path_and_body_reach_the_upstream_unchanged,
    the_body_of_a_rejected_request_is_discarded,
    many_requests_go_over_one_connection,
    the_response_to_head_has_no_body,
);

/// More than Latchkey accepts of a body.
fn text() -> String {
    (0..20_000).map(|number| format!("{number:05}")).collect::<Vec<_>>().join(",")
}

/// A body without a `Content-Length`.
fn in_chunks(text: &str) -> Body {
    let chunks: Vec<_> = text.as_bytes().chunks(7_000).map(<[u8]>::to_vec).collect();
    Body::from_stream(stream::iter(chunks.into_iter().map(Ok::<_, std::io::Error>)))
}

fn method_path_and_body_reach_the_upstream_unchanged(program: Program) {
    let fixture = Fixture::start(program);
    let key = keys::valid(&fixture.member("alice"));
    let mut client = fixture.client();
    let path = "/orders/a%2Fb/%C3%A9;v=1?scope=other&q=%20+x&q";
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        for body in [Body::from(text()), in_chunks(&text())] {
            let request = client.request(method.clone(), path, Some(&key)).header("content-type", "text/csv");
            let response = client.send(request, body);
            assert_eq!(response.status, 200, "{response:?}");
            let received = fixture.upstream.take_one();
            assert_eq!(received.head.method, method);
            assert_eq!(received.head.uri.path_and_query().unwrap(), path);
            assert_eq!(received.values("content-type"), ["text/csv"]);
            assert!(received.body == text(), "the body is not what was sent");
        }
    }
    for method in [Method::GET, Method::OPTIONS] {
        assert_eq!(client.send(client.request(method.clone(), path, Some(&key)), Body::empty()).status, 200);
        let received = fixture.upstream.take_one();
        assert_eq!((received.head.method, received.body.len()), (method, 0));
    }
}

fn the_body_of_a_rejected_request_is_discarded(program: Program) {
    let fixture = Fixture::start(program);
    let length = text().len();
    let known = format!("Content-Length: {length}\r\n\r\n{}", text());
    let chunked = format!("Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n{}\r\n0\r\n\r\n", text());
    for rest in [known, chunked] {
        let mut stream = TcpStream::connect(fixture.gateway.address).unwrap();
        // A gateway may close the connection instead of reading all of it, after its response.
        let _ = stream.write_all(format!("POST / HTTP/1.1\r\nHost: orders\r\n{rest}").as_bytes());
        let mut start = [0; 12];
        stream.read_exact(&mut start).unwrap();
        assert_eq!(String::from_utf8_lossy(&start), "HTTP/1.1 401");
    }
    assert!(fixture.upstream.take().is_empty());
}

fn many_requests_go_over_one_connection(program: Program) {
    let fixture = Fixture::start(program);
    let alice = fixture.member("alice");
    let valid = keys::valid(&alice);
    let without_scope = keys::with_policy(&alice, &json!({ "scopes": [] }));
    let used_up = keys::with_policy(&alice, &json!({ "rate_limit": { "requests": 1, "seconds": 86400 } }));
    let mut client = fixture.client();
    assert_eq!(client.get(Some(&used_up)).status, 200);
    for _ in 0..25 {
        let rejected = [(None, 401), (Some(without_scope.as_str()), 403), (Some(used_up.as_str()), 429)];
        for (key, status) in rejected.into_iter().chain(iter::once((Some(valid.as_str()), 200))) {
            let response = client.get(key);
            assert_eq!(response.status, status, "{response:?}");
        }
    }
    assert_eq!(fixture.upstream.take().len(), 26);
}

fn the_response_to_head_has_no_body(program: Program) {
    let fixture = Fixture::start(program);
    let key = keys::valid(&fixture.member("alice"));
    // A body would be read as the response to the next request.
    let mut client = fixture.client();
    for _ in 0..3 {
        for (key, status) in [(Some(key.as_str()), 200), (None, 401)] {
            let response = client.send(client.request(Method::HEAD, "/", key), Body::empty());
            assert_eq!((response.status.as_u16(), response.text()), (status, ""), "{response:?}");
        }
    }
    assert!(fixture.upstream.take().iter().all(|received| received.head.method == Method::HEAD));
}
