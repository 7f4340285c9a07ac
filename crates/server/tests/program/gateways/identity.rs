//! The identity of the key and the address of the client: the upstream and Latchkey get them from the gateway alone.

use axum::body::Body;
use http::{Method, request::Builder};
use serde_json::json;

use super::{fixture::Fixture, gateway::Program, gateway_client::ADDRESS, keys, with_each_gateway};

with_each_gateway!(
    a_forged_identity_does_not_reach_the_upstream,
    an_identity_is_percent_encoded,
    a_forged_address_is_ignored,
    the_key_may_be_a_bearer_token,
    no_form_of_a_key_reaches_the_upstream,
    a_scope_is_required_below_every_path,
);

pub const IDENTITY: [&str; 8] = [
    "x-latchkey-key-id",
    "x-latchkey-user-id",
    "x-latchkey-username",
    "x-latchkey-scopes",
    "x-latchkey-stale",
    "x-latchkey-project",
    "x-latchkey-owner",
    "x-latchkey-owner-metadata",
];
/// A header that Latchkey does not send.
const ROLE: &str = "x-latchkey-role";

fn a_forged_identity_does_not_reach_the_upstream(program: Program) {
    let fixture = Fixture::start(program);
    let alice = fixture.member("alice");
    let (id, key) = alice.create_key("");
    let user = alice.get("/v1/users/me").json()["id"].to_string();

    let mut client = fixture.client();
    let request = forge(client.request(Method::GET, "/", Some(&key)), IDENTITY.into_iter().chain([ROLE]));
    assert_eq!(client.send(request, Body::empty()).status, 200);

    let received = fixture.upstream.take_one();
    // Of a header without a value, some gateways pass on the name.
    let values =
        IDENTITY.map(|name| received.values(name).into_iter().filter(|value| !value.is_empty()).collect::<Vec<_>>());
    let id = id.to_string();
    let expected = [Some(id.as_str()), Some(&user), Some("alice"), Some("*"), None, Some("default"), None, None];
    assert_eq!(values, expected.map(|value| value.into_iter().collect::<Vec<_>>()));
    let mut names = received.identity_headers();
    names.retain(|name| !IDENTITY.contains(&name.as_str()));
    // nginx cannot remove headers by the beginning of their names.
    let passed = if program == Program::Nginx { [ROLE; 2].as_slice() } else { &[] };
    assert_eq!(names, passed);
}

/// Adds these headers in every spelling.
pub fn forge<'a>(request: Builder, names: impl IntoIterator<Item = &'a str>) -> Builder {
    names.into_iter().fold(request, |request, name| {
        // Twice, because a gateway that replaces a header might replace only the first.
        let spellings = [name.to_owned(), name.to_owned(), name.replace('-', "_"), name.replacen('-', "_", 1)];
        let spellings = spellings.into_iter().chain([format!("x-{}", name[2..].replace('-', "_"))]);
        spellings.fold(request, |request, name| request.header(name, "forged"))
    })
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
    assert_address_is_not_the_clients_choice(&fixture);
}

/// Asserts that neither Latchkey nor the upstream gets the client's address from the client.
pub fn assert_address_is_not_the_clients_choice(fixture: &Fixture) {
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
        assert_eq!(received.values("x-forwarded-for"), [ADDRESS.to_string()], "{received:?}");
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

fn no_form_of_a_key_reaches_the_upstream(program: Program) {
    assert_no_key_is_passed_on(&Fixture::start(program));
}

/// Asserts that the upstream does not receive the key, however the client sends it.
pub fn assert_no_key_is_passed_on(fixture: &Fixture) {
    let key = keys::valid(&fixture.member("alice"));
    let other = keys::valid(&fixture.member("bob"));
    let mut client = fixture.client();
    let bearers =
        [format!("Bearer {key}"), format!("bearer {key}"), format!("BEARER  {key} "), format!("Bearer {other}")];
    for bearer in &bearers {
        for x_api_key in [None, Some(key.as_str()), Some("")] {
            let request = client.request(Method::GET, "/", x_api_key).header("authorization", bearer);
            let status = client.send(request, Body::empty()).status;
            let received = fixture.upstream.take();
            assert_eq!(received.len(), usize::from(status == 200), "{status}");
            for received in received {
                let text = format!("{received:?}");
                assert!(!text.contains(&key) && !text.contains(&other), "{:?}", received.head.headers.keys());
            }
        }
    }
}

fn a_scope_is_required_below_every_path(program: Program) {
    let fixture = Fixture::start(program);
    let without = keys::with_policy(&fixture.member("alice"), &json!({ "scopes": ["orders:write"] }));
    let mut client = fixture.client();
    for path in ["/", "/x", "/x/y?scope=orders:write", "/?scope=", "/v1/forward-auth?scope=orders:write", "//"] {
        let request = client.request(Method::GET, path, Some(&without));
        assert_eq!(client.send(request, Body::empty()).status, 403, "{path}");
    }
    assert!(fixture.upstream.take().is_empty());
}
