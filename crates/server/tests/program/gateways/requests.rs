//! What becomes of requests and of connections on their way through a gateway: a good request arrives as it was sent, and
//! a refused one does no harm to the next.

use std::{
    io::{Read, Write},
    iter,
    net::TcpStream,
};

use axum::body::Body;
use futures_util::stream;
use http::Method;
use serde_json::json;

use super::{before_each_gateway, gateway::Program, keys, scene::Scene};

before_each_gateway!(
    method_path_and_body_arrive_as_they_were_sent,
    a_refused_body_goes_nowhere,
    many_requests_go_over_one_connection,
    head_is_answered_without_a_body,
);

/// More than Latchkey would take of a body.
fn text() -> String {
    (0..20_000).map(|number| format!("{number:05},")).collect()
}

/// Of a length that is not told beforehand.
fn in_chunks(text: &str) -> Body {
    let chunks: Vec<_> = text.as_bytes().chunks(7_000).map(<[u8]>::to_vec).collect();
    Body::from_stream(stream::iter(chunks.into_iter().map(Ok::<_, std::io::Error>)))
}

fn method_path_and_body_arrive_as_they_were_sent(program: Program) {
    let scene = Scene::set(program);
    let key = keys::good(&scene.user("alice"));
    let mut caller = scene.caller();
    let path = "/orders/a%2Fb/%C3%A9;v=1?scope=other&q=%20+x&q";
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        for body in [Body::from(text()), in_chunks(&text())] {
            let request = caller.request(method.clone(), path, Some(&key)).header("content-type", "text/csv");
            let answer = caller.send(request, body);
            assert_eq!(answer.status, 200, "{answer:?}");
            let received = scene.upstream.take_one();
            assert_eq!(received.head.method, method);
            assert_eq!(received.head.uri.path_and_query().unwrap(), path);
            assert_eq!(received.values("content-type"), ["text/csv"]);
            assert!(received.body == text(), "the body is not what was sent");
        }
    }
    for method in [Method::GET, Method::OPTIONS] {
        assert_eq!(caller.send(caller.request(method.clone(), path, Some(&key)), Body::empty()).status, 200);
        let received = scene.upstream.take_one();
        assert_eq!((received.head.method, received.body.len()), (method, 0));
    }
}

fn a_refused_body_goes_nowhere(program: Program) {
    let scene = Scene::set(program);
    let length = text().len();
    let known = format!("Content-Length: {length}\r\n\r\n{}", text());
    let chunked = format!("Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n{}\r\n0\r\n\r\n", text());
    for rest in [known, chunked] {
        let mut stream = TcpStream::connect(scene.gateway.address).unwrap();
        // A gateway may close the connection rather than read on; what it has answered before is there all the same.
        let _ = stream.write_all(format!("POST / HTTP/1.1\r\nHost: orders\r\n{rest}").as_bytes());
        let mut begin = [0; 12];
        stream.read_exact(&mut begin).unwrap();
        assert_eq!(String::from_utf8_lossy(&begin), "HTTP/1.1 401");
    }
    assert!(scene.upstream.take().is_empty());
}

fn many_requests_go_over_one_connection(program: Program) {
    let scene = Scene::set(program);
    let alice = scene.user("alice");
    let good = keys::good(&alice);
    let without_scope = keys::with_policy(&alice, &json!({ "scopes": [] }));
    let used_up = keys::with_policy(&alice, &json!({ "rate_limit": { "requests": 1, "seconds": 86400 } }));
    let mut caller = scene.caller();
    assert_eq!(caller.get(Some(&used_up)).status, 200);
    for _ in 0..25 {
        let refused = [(None, 401), (Some(without_scope.as_str()), 403), (Some(used_up.as_str()), 429)];
        for (key, status) in refused.into_iter().chain(iter::once((Some(good.as_str()), 200))) {
            let answer = caller.get(key);
            assert_eq!(answer.status, status, "{answer:?}");
        }
    }
    assert_eq!(scene.upstream.take().len(), 26);
}

fn head_is_answered_without_a_body(program: Program) {
    let scene = Scene::set(program);
    let key = keys::good(&scene.user("alice"));
    // A body would be taken for the answer to the next request.
    let mut caller = scene.caller();
    for _ in 0..3 {
        for (key, status) in [(Some(key.as_str()), 200), (None, 401)] {
            let answer = caller.send(caller.request(Method::HEAD, "/", key), Body::empty());
            assert_eq!((answer.status, answer.body.as_str()), (status, ""), "{answer:?}");
        }
    }
    assert!(scene.upstream.take().iter().all(|received| received.head.method == Method::HEAD));
}
