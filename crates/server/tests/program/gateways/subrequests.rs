//! The subrequests of a gateway, as a stand-in for Latchkey receives them.

use axum::body::Body;
use http::{HeaderMap, HeaderValue, Method};

use super::{
    gateway::{Gateway, Program},
    gateway_client::{ADDRESS, GatewayClient},
    recorder::Recorder,
    with_each_gateway,
};

with_each_gateway!(
    a_subrequest_has_the_clients_key_and_address_but_neither_its_body_nor_its_query,
    subrequests_share_a_connection,
);

/// Responds to every key that it is valid.
fn stand_in() -> Recorder {
    let names = ["x-latchkey-key-id", "x-latchkey-user-id", "x-latchkey-username", "x-latchkey-scopes"];
    let headers: HeaderMap =
        names.into_iter().map(|name| (name.parse().unwrap(), HeaderValue::from_static("1"))).collect();
    Recorder::start(headers, "")
}

fn a_subrequest_has_the_clients_key_and_address_but_neither_its_body_nor_its_query(program: Program) {
    let (latchkey, upstream) = (stand_in(), Recorder::start(HeaderMap::new(), ""));
    let gateway = Gateway::start(program, latchkey.address, upstream.address);
    let mut client = GatewayClient::connect(gateway.address);
    let chunks = || futures_util::stream::iter([Ok::<_, std::io::Error>("a bo"), Ok("dy")]);
    for body in [Body::from("a body"), Body::from_stream(chunks())] {
        let request = client.request(Method::POST, "/v1/forward-auth?scope=", Some("key"));
        let request = request.header("authorization", "Bearer other").header("x-forwarded-for", "192.0.2.7");
        assert_eq!(client.send(request, body).status, 200);
        assert_eq!(upstream.take_one().body, "a body");

        let subrequest = latchkey.take_one();
        let method = if program == Program::Envoy { Method::POST } else { Method::GET };
        assert_eq!(subrequest.head.method, method);
        assert_eq!(subrequest.head.uri.path_and_query().unwrap(), "/v1/forward-auth?scope=orders:read");
        assert_eq!(subrequest.values("x-api-key"), ["key"]);
        assert_eq!(subrequest.values("authorization"), ["Bearer other"]);
        assert_eq!(subrequest.values("x-forwarded-for"), [ADDRESS.to_string()]);
        assert_eq!(subrequest.body, "");
        assert_eq!(subrequest.values("transfer-encoding"), [""; 0]);
        assert!(subrequest.values("content-length").iter().all(|length| *length == "0"), "{subrequest:?}");
    }
}

fn subrequests_share_a_connection(program: Program) {
    let (latchkey, upstream) = (stand_in(), Recorder::start(HeaderMap::new(), ""));
    let gateway = Gateway::start(program, latchkey.address, upstream.address);
    for _ in 0..10 {
        // Also for requests of different clients.
        let mut client = GatewayClient::connect(gateway.address);
        for body in ["", "a body"] {
            assert_eq!(client.send(client.request(Method::POST, "/", Some("key")), Body::from(body)).status, 200);
        }
    }
    assert_eq!((latchkey.take().len(), latchkey.connections()), (20, 1));
}
