//! Nodes of both versions serve at once, as during a rolling upgrade and after it was rolled back.

use std::time::{Duration, Instant};

use latchkey_test_support::{
    client::Client,
    database::TestDatabase,
    load::Load,
    nodes::{PASSWORD, create_user_by_version, serve, serve_version},
    program::{Server, latchkey, run, version_of_latchkey},
    wait::wait_until,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::released;

/// Both releases promise that a revocation is in effect on every node after this time.
const REVOCATION_BOUND: Duration = Duration::from_secs(1);

fn send(client: &Client, method: &Method, path: &str, body: &Value) -> Value {
    let response = client.send(client.request(method.clone(), path).json(body));
    assert!(response.status.is_success(), "{method} {path}: {response:?}");
    if response.status == 204 { Value::Null } else { response.json() }
}

fn verify(node: &Server, key: &str) -> u16 {
    node.client().with_key(key).get("/v1/forward-auth").status.as_u16()
}

/// Keys that one node creates are valid on the other, and what the one does to them is in effect on the other in time.
fn assert_interoperation(token: &str, one: &Server, other: &Server) {
    let client = one.client().with_token(token);
    for (method, operation, body) in [
        (Method::POST, "/revoke", json!({ "reason": "leaked" })),
        (Method::POST, "/disable", json!({})),
        (Method::POST, "/rotate", json!({})),
        (Method::PATCH, "", json!({ "expires_at": "2020-01-01T00:00:00Z" })),
        (Method::PUT, "/policy", json!({ "networks": ["192.0.2.0/24"] })),
        (Method::DELETE, "", json!({})),
    ] {
        let (id, key) = client.create_key("of one version");
        // The second response comes from the cache.
        assert_eq!((verify(other, &key), verify(other, &key)), (200, 200));
        send(&client, &method, &format!("/v1/api-keys/{id}{operation}"), &body);
        let acknowledged_at = Instant::now();
        loop {
            let asked_at = Instant::now();
            if verify(other, &key) != 200 {
                break;
            }
            assert!(asked_at.duration_since(acknowledged_at) < REVOCATION_BOUND, "valid after {method} {operation}");
        }
    }

    let create = |node: &Server| {
        let client = node.client().with_token(token);
        let request = client.request(Method::POST, "/v1/api-keys/").header("Idempotency-Key", one.address.to_string());
        let response = client.send(request.json(&json!({})));
        assert_eq!(response.status, 201, "{response:?}");
        response.json()["full_key"].clone()
    };
    assert_eq!(create(one), create(other), "a request that is sent again to the other version");
}

#[test]
fn a_rolling_upgrade_and_its_rollback_lose_nothing() {
    let Some(released) = released() else { return };
    let database = TestDatabase::empty_blocking();
    let url = database.url();
    let old = Server::spawn(&mut serve_version(&released, url), None);
    create_user_by_version(&released, url, "alice", "admin");
    create_user_by_version(&released, url, "bob", "member");
    let token = old.client().token("alice", PASSWORD);
    let load_on_old = Load::start(old.address, &token);
    load_on_old.wait_for_more(100);

    // The new version migrates while the old one serves.
    let new = Server::spawn(&mut serve(url), None);
    let load_on_new = Load::start(new.address, &token);
    assert_interoperation(&token, &old, &new);
    assert_interoperation(&token, &new, &old);
    // What the old version does to users is in effect on both, and its roles are those of the new one.
    create_user_by_version(&released, url, "carol", "verifier");
    for node in [&old, &new] {
        let carol = node.client().with_token(&node.client().token("carol", PASSWORD));
        assert_eq!(carol.get("/v1/users/me").json()["role"], "verifier");
        let request = carol.request(Method::POST, "/v1/api-keys/verify").json(&json!({ "key": "lk_unknown" }));
        assert_eq!(carol.send(request).json()["code"], "not_found");
    }
    let carols = new.client().token("carol", PASSWORD);
    run(version_of_latchkey(&released, ["user", "disable", "carol"]).env("DATABASE_URL", url), "").success();
    for node in [&old, &new] {
        wait_until("the end of the token", || node.client().with_token(&carols).get("/v1/users/me").status == 401);
    }
    load_on_old.wait_for_more(100);
    load_on_new.wait_for_more(100);
    for (load, other) in [(load_on_old, &new), (load_on_new, &old)] {
        let ledger = load.stop();
        ledger.assert_durable(&other.client().with_token(&token));
        assert_eq!((ledger.unavailable, ledger.unanswered), (0, 0), "requests failed during the upgrade");
    }

    // Events that only the new version writes.
    assert_eq!(new.client().log_in("alice", "a wrong password").status, 400);
    run(latchkey(["user", "disable", "bob"]).env("DATABASE_URL", url), "").success();
    let scope =
        [("grant_type", "password"), ("username", "alice"), ("password", PASSWORD), ("scope", "latchkey:keys.read")];
    let restricted = new.client().send(new.client().request(Method::POST, "/token").form(&scope)).json();
    let denied = new.client().with_token(restricted["access_token"].as_str().unwrap()).get("/v1/audit/events");
    assert_eq!(denied.status, 403, "{denied:?}");

    let (id, key) = new.client().with_token(&token).create_key("of the new version");
    assert_eq!(old.stop().code, Some(0));
    assert_eq!(new.stop().code, Some(0));
    let old = Server::spawn(&mut serve_version(&released, url), None);
    assert_eq!((old.client().get("/readyz").status.as_u16(), verify(&old, &key)), (200, 200));
    let client = old.client().with_token(&token);
    for (action, changes) in [
        ("login", json!({})),
        ("login_failed", json!({})),
        ("access_denied", json!({})),
        ("disable", json!({ "disabled": { "before": false, "after": true } })),
    ] {
        let page = client.get(&format!("/v1/audit/events?action={action}&limit=1000")).json();
        let event = page["items"].as_array().and_then(|items| items.iter().find(|event| event["key_id"].is_null()));
        assert_eq!(event.map(|event| &event["changes"]), Some(&changes), "{action}: {page}");
    }
    assert_eq!(client.get("/v1/audit/events").status, 200);
    assert_eq!(client.get(&format!("/v1/audit/events?key_id={id}")).json()["items"][0]["action"], "create");
    send(&client, &Method::POST, &format!("/v1/api-keys/{id}/revoke"), &json!({}));
    assert_eq!(verify(&old, &key), 401);
}
