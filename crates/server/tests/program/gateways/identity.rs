//! The identity of the key and the address of the client: the upstream and Latchkey get them from the gateway alone.

use axum::body::Body;
use http::Method;
use serde_json::json;

use super::{fixture::Fixture, gateway::Program, gateway_client::ADDRESS, keys, with_each_gateway};

with_each_gateway!(
    a_forged_identity_does_not_reach_the_upstream,
    an_identity_is_percent_encoded,
    a_forged_address_is_ignored,
    the_key_may_be_a_bearer_token,
);

const IDENTITY: [&str; 5] =
    ["x-latchkey-key-id", "x-latchkey-user-id", "x-latchkey-username", "x-latchkey-scopes", "x-latchkey-stale"];

fn a_forged_identity_does_not_reach_the_upstream(program: Program) {
    let fixture = Fixture::start(program);
    let alice = fixture.member("alice");
    let (id, key) = alice.create_key("");
    let user = alice.get("/v1/users/me").json()["id"].to_string();

    let mut client = fixture.client();
    let mut request = client.request(Method::GET, "/", Some(&key));
    // Repeated, because a gateway that replaces a header might replace only the first.
    for name in IDENTITY.into_iter().chain(["x-latchkey-else"]) {
        for name in [name.to_owned(), name.to_owned(), name.replace('-', "_"), name.replacen('-', "_", 1)] {
            request = request.header(name, "forged");
        }
        // Names that nginx drops.
        request = request.header(format!("x-{}", name[2..].replace('-', "_")), "forged");
    }
    assert_eq!(client.send(request, Body::empty()).status, 200);

    let received = fixture.upstream.take_one();
    let values = IDENTITY.map(|name| received.values(name));
    assert_eq!(values, [vec![id.to_string().as_str()], vec![user.as_str()], vec!["alice"], vec!["*"], vec![]]);
    let known: Vec<_> = received.identity_headers();
    let unknown: Vec<_> = known.iter().filter(|name| !IDENTITY.contains(&name.as_str())).collect();
    // nginx passes unknown headers on; the upstream reads the five.
    if program != Program::Nginx {
        assert!(unknown.is_empty(), "{unknown:?}");
    }
    // The key is not passed on.
    assert_eq!(received.values("x-api-key"), [""; 0]);
}

fn an_identity_is_percent_encoded(program: Program) {
    let fixture = Fixture::start(program);
    let key = keys::with_policy(&fixture.member("Zoë 100%"), &json!({ "scopes": ["orders:read", "a{b}$c"] }));
    assert_eq!(fixture.client().get(Some(&key)).status, 200);
    let received = fixture.upstream.take_one();
    assert_eq!(received.values("x-latchkey-username"), ["Zo%C3%AB%20100%25"]);
    assert_eq!(received.values("x-latchkey-scopes"), ["orders:read a{b}$c"]);
}

fn a_forged_address_is_ignored(program: Program) {
    let fixture = Fixture::start(program);
    let alice = fixture.member("alice");
    let elsewhere = keys::with_policy(&alice, &json!({ "networks": ["192.0.2.0/24"] }));
    let here = keys::with_policy(&alice, &json!({ "networks": [ADDRESS.to_string()] }));
    let mut client = fixture.client();
    for (key, status) in [(&elsewhere, 403), (&here, 200)] {
        for forged in ["192.0.2.7", "192.0.2.7, 127.0.0.1", "junk", ""] {
            let request = client.request(Method::GET, "/", Some(key)).header("x-forwarded-for", forged);
            // Also as a repeated header.
            let request = request.header("x-forwarded-for", "192.0.2.8").header("forwarded", "for=192.0.2.7");
            let request = request.header("x-real-ip", "192.0.2.7");
            let response = client.send(request, Body::empty());
            assert_eq!(response.status, status, "{forged}: {response:?}");
        }
    }
    for received in fixture.upstream.take() {
        let forwarded = received.values("x-forwarded-for");
        let last = forwarded.last().unwrap().rsplit(',').next().unwrap().trim();
        assert_eq!(last, ADDRESS.to_string(), "{received:?}");
    }
}

fn the_key_may_be_a_bearer_token(program: Program) {
    let fixture = Fixture::start(program);
    let key = keys::valid(&fixture.member("alice"));
    let mut client = fixture.client();
    let with = |client: &super::gateway_client::GatewayClient, credential: &str| {
        client.request(Method::GET, "/", None).header("authorization", credential)
    };
    let request = with(&client, &format!("Bearer {key}"));
    assert_eq!(client.send(request, Body::empty()).status, 200);
    assert_eq!(fixture.upstream.take_one().values("x-latchkey-username"), ["alice"]);
    let request = with(&client, "Basic YWxpY2U6YWxpY2U=");
    assert_eq!(client.send(request, Body::empty()).status, 401);

    // X-API-Key takes precedence: Authorization may be meant for the upstream.
    let request = with(&client, "Basic YWxpY2U6YWxpY2U=").header("x-api-key", &key);
    assert_eq!(client.send(request, Body::empty()).status, 200);
    assert_eq!(fixture.upstream.take_one().values("authorization"), ["Basic YWxpY2U6YWxpY2U="]);
}
