//! What a gateway asks: Latchkey's double writes it down.

use axum::body::Body;
use http::{HeaderMap, HeaderValue, Method};

use super::{
    gateway::{Gateway, Program},
    gateway_client::{ADDRESS, GatewayClient},
    recorder::Recorder,
    with_each_gateway,
};

with_each_gateway!(
    a_question_has_the_key_and_the_address_and_neither_body_nor_query_of_the_client,
    questions_share_a_connection,
);

/// Says of every key that it is good.
fn double() -> Recorder {
    let names = ["x-latchkey-key-id", "x-latchkey-user-id", "x-latchkey-username", "x-latchkey-scopes"];
    let headers: HeaderMap =
        names.into_iter().map(|name| (name.parse().unwrap(), HeaderValue::from_static("1"))).collect();
    Recorder::start(headers, "")
}

fn a_question_has_the_key_and_the_address_and_neither_body_nor_query_of_the_client(program: Program) {
    let (latchkey, upstream) = (double(), Recorder::start(HeaderMap::new(), ""));
    let gateway = Gateway::start(program, latchkey.address, upstream.address);
    let mut client = GatewayClient::connect(gateway.address);
    let chunks = || futures_util::stream::iter([Ok::<_, std::io::Error>("a bo"), Ok("dy")]);
    for body in [Body::from("a body"), Body::from_stream(chunks())] {
        let request = client.request(Method::POST, "/v1/forward-auth?scope=", Some("key"));
        let request = request.header("authorization", "Bearer other").header("x-forwarded-for", "192.0.2.7");
        assert_eq!(client.send(request, body).status, 200);
        assert_eq!(upstream.take_one().body, "a body");

        let question = latchkey.take_one();
        assert_eq!(question.head.method, Method::GET);
        assert_eq!(question.head.uri.path_and_query().unwrap(), "/v1/forward-auth?scope=orders:read");
        assert_eq!(question.values("x-api-key"), ["key"]);
        assert_eq!(question.values("authorization"), ["Bearer other"]);
        let forwarded = question.values("x-forwarded-for");
        assert_eq!(forwarded.last().unwrap().rsplit(',').next().unwrap().trim(), ADDRESS.to_string());
        assert_eq!(question.body, "");
        assert_eq!(question.values("transfer-encoding"), [""; 0]);
        assert!(question.values("content-length").iter().all(|length| *length == "0"), "{question:?}");
    }
}

fn questions_share_a_connection(program: Program) {
    let (latchkey, upstream) = (double(), Recorder::start(HeaderMap::new(), ""));
    let gateway = Gateway::start(program, latchkey.address, upstream.address);
    for _ in 0..10 {
        // Of one client, and of others.
        let mut client = GatewayClient::connect(gateway.address);
        for body in ["", "a body"] {
            assert_eq!(client.send(client.request(Method::POST, "/", Some("key")), Body::from(body)).status, 200);
        }
    }
    assert_eq!((latchkey.take().len(), latchkey.connections()), (20, 1));
}
