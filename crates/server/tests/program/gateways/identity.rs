//! Who asks, and from where: the upstream and Latchkey hear it from the gateway alone, whatever the client claims.

use axum::body::Body;
use http::Method;
use serde_json::json;

use super::{before_each_gateway, caller::ADDRESS, gateway::Program, keys, scene::Scene};

before_each_gateway!(
    a_forged_identity_does_not_reach_the_upstream,
    an_identity_is_percent_encoded,
    a_forged_address_does_not_count,
    the_key_may_be_a_bearer_token,
);

const IDENTITY: [&str; 5] =
    ["x-latchkey-key-id", "x-latchkey-user-id", "x-latchkey-username", "x-latchkey-scopes", "x-latchkey-stale"];

fn a_forged_identity_does_not_reach_the_upstream(program: Program) {
    let scene = Scene::set(program);
    let alice = scene.user("alice");
    let (id, key) = alice.create_key("");
    let user = alice.get("/v1/users/me").json()["id"].to_string();

    let mut caller = scene.caller();
    let mut request = caller.request(Method::GET, "/", Some(&key));
    // More than once, as a gateway that replaces a header might replace the first alone.
    for name in IDENTITY.into_iter().chain(["x-latchkey-else"]) {
        for name in [name.to_owned(), name.to_owned(), name.replace('-', "_"), name.replacen('-', "_", 1)] {
            request = request.header(name, "forged");
        }
        // Such as nginx drops.
        request = request.header(format!("x-{}", name[2..].replace('-', "_")), "forged");
    }
    assert_eq!(caller.send(request, Body::empty()).status, 200);

    let received = scene.upstream.take_one();
    let values = IDENTITY.map(|name| received.values(name));
    assert_eq!(values, [vec![id.to_string().as_str()], vec![user.as_str()], vec!["alice"], vec!["*"], vec![]]);
    let known: Vec<_> = received.identity_headers();
    let unknown: Vec<_> = known.iter().filter(|name| !IDENTITY.contains(&name.as_str())).collect();
    // nginx passes what it does not know; the upstream asks for the five.
    if program != Program::Nginx {
        assert!(unknown.is_empty(), "{unknown:?}");
    }
    // The upstream has no use for the key.
    assert_eq!(received.values("x-api-key"), [""; 0]);
}

fn an_identity_is_percent_encoded(program: Program) {
    let scene = Scene::set(program);
    let key = keys::with_policy(&scene.user("Zoë 100%"), &json!({ "scopes": ["orders:read", "a{b}$c"] }));
    assert_eq!(scene.caller().get(Some(&key)).status, 200);
    let received = scene.upstream.take_one();
    assert_eq!(received.values("x-latchkey-username"), ["Zo%C3%AB%20100%25"]);
    assert_eq!(received.values("x-latchkey-scopes"), ["orders:read a{b}$c"]);
}

fn a_forged_address_does_not_count(program: Program) {
    let scene = Scene::set(program);
    let alice = scene.user("alice");
    let elsewhere = keys::with_policy(&alice, &json!({ "networks": ["192.0.2.0/24"] }));
    let here = keys::with_policy(&alice, &json!({ "networks": [ADDRESS.to_string()] }));
    let mut caller = scene.caller();
    for (key, status) in [(&elsewhere, 403), (&here, 200)] {
        for forged in ["192.0.2.7", "192.0.2.7, 127.0.0.1", "junk", ""] {
            let request = caller.request(Method::GET, "/", Some(key)).header("x-forwarded-for", forged);
            // In two lines, too.
            let request = request.header("x-forwarded-for", "192.0.2.8").header("forwarded", "for=192.0.2.7");
            let request = request.header("x-real-ip", "192.0.2.7");
            let answer = caller.send(request, Body::empty());
            assert_eq!(answer.status, status, "{forged}: {answer:?}");
        }
    }
    for received in scene.upstream.take() {
        let forwarded = received.values("x-forwarded-for");
        let last = forwarded.last().unwrap().rsplit(',').next().unwrap().trim();
        assert_eq!(last, ADDRESS.to_string(), "{received:?}");
    }
}

fn the_key_may_be_a_bearer_token(program: Program) {
    let scene = Scene::set(program);
    let key = keys::good(&scene.user("alice"));
    let mut caller = scene.caller();
    let with = |caller: &super::caller::Caller, credential: &str| {
        caller.request(Method::GET, "/", None).header("authorization", credential)
    };
    let request = with(&caller, &format!("Bearer {key}"));
    assert_eq!(caller.send(request, Body::empty()).status, 200);
    assert_eq!(scene.upstream.take_one().values("x-latchkey-username"), ["alice"]);
    let request = with(&caller, "Basic YWxpY2U6YWxpY2U=");
    assert_eq!(caller.send(request, Body::empty()).status, 401);

    // A key in its own header comes first: the other may be for the upstream.
    let request = with(&caller, "Basic YWxpY2U6YWxpY2U=").header("x-api-key", &key);
    assert_eq!(caller.send(request, Body::empty()).status, 200);
    assert_eq!(scene.upstream.take_one().values("authorization"), ["Basic YWxpY2U6YWxpY2U="]);
}
