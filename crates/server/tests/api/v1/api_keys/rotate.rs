//! `POST /v1/api-keys/{item_id}/rotate`

use chrono::TimeDelta;
use futures_util::future::join_all;
use insta::assert_snapshot;
use latchkey_domain::model::Scopes;
use latchkey_test_support::{
    app::TestApp,
    response::{Response, SendChecked},
};
use serde_json::{Value, json};

use super::preconditions::wait_for_lock;

async fn rotate(app: &TestApp, token: &str, id: i64, body: Value) -> Response {
    app.post(&format!("/v1/api-keys/{id}/rotate")).bearer_auth(token).json(&body).send_checked().await
}

#[tokio::test]
async fn without_a_grace_period_the_successor_replaces_the_key_at_once() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let old = app.create_key_with(&token, json!({ "description": "ci", "expires_at": "2031-01-01T00:00:00Z" })).await;
    let policy = json!({ "scopes": ["orders:read"] });
    app.put("/v1/api-keys/1/policy").bearer_auth(&token).json(&policy).send_checked().await;
    let response = rotate(&app, &token, old.id, json!({})).await;
    let secret = response.json()["full_key"].as_str().unwrap().to_owned();
    assert_snapshot!(response.to_string().replace(&secret, "<secret>"), @r#"
    201 Created
    cache-control: no-store
    content-type: application/json
    etag: "1-active"
    latchkey-version: <version>
    link: </v1/api-keys/1>; rel="predecessor-version"
    location: /v1/api-keys/2
    vary: Origin
    x-request-id: <id>

    {
      "id": 2,
      "key_prefix": "lk_<9>",
      "user_id": 1,
      "status": "active",
      "created_at": "2030-01-01T00:00:00Z",
      "expires_at": "2031-01-01T00:00:00Z",
      "description": "ci",
      "full_key": "<secret>"
    }
    "#);
    assert_eq!(app.verify(&gateway, &old.secret).await["code"], "revoked");
    assert_eq!(app.verify(&gateway, &secret).await["scopes"], json!(["orders:read"]));
    let record = app.get("/v1/api-keys/1").bearer_auth(&token).send_checked().await;
    assert_eq!(record.header("link"), Some("</v1/api-keys/2>; rel=\"successor-version\""));
}

#[tokio::test]
async fn with_a_grace_period_both_keys_are_valid_until_it_or_the_expiry_ends() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    for (expiry, ends_after) in
        [(Value::Null, 60), (json!("2031-01-01T00:00:00Z"), 60), (json!("2030-01-01T00:00:30Z"), 30)]
    {
        let started = app.clock.now();
        let old = app.create_key_with(&token, json!({ "expires_at": expiry })).await;
        let response = rotate(&app, &token, old.id, json!({ "grace_period_seconds": 60 })).await;
        let new = response.json()["full_key"].as_str().unwrap().to_owned();
        assert_eq!(response.json()["expires_at"], expiry);
        let both = async || {
            let codes = [app.verify(&gateway, &old.secret).await, app.verify(&gateway, &new).await];
            codes.map(|response| response["code"].as_str().unwrap().to_owned())
        };
        app.clock.advance(TimeDelta::seconds(ends_after) - TimeDelta::microseconds(1));
        assert_eq!(both().await, ["valid", "valid"]);
        app.clock.advance(TimeDelta::microseconds(1));
        assert_eq!(both().await[0], "expired");
        // The expiries are absolute, so each case starts at the same time.
        app.clock.advance(started - app.clock.now());
    }
}

#[tokio::test]
async fn only_an_active_or_pending_key_without_successor_can_be_rotated() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let expired = app.create_key_with(&token, json!({ "expires_at": "2029-01-01T00:00:00Z" })).await;
    let [disabled, revoked, rotated, pending] = [
        app.create_key(&token).await,
        app.create_key(&token).await,
        app.create_key(&token).await,
        app.create_key(&token).await,
    ];
    app.post(&format!("/v1/api-keys/{}/disable", disabled.id)).bearer_auth(&token).send_checked().await;
    let request = app.post(&format!("/v1/api-keys/{}/revoke", revoked.id)).bearer_auth(&token);
    request.json(&json!({})).send_checked().await;
    assert_eq!(rotate(&app, &token, rotated.id, json!({ "grace_period_seconds": 60 })).await.status, 201);
    let policy = json!({ "not_before": "2030-02-01T00:00:00Z" });
    app.put(&format!("/v1/api-keys/{}/policy", pending.id)).bearer_auth(&token).json(&policy).send_checked().await;
    for key in [expired, disabled, revoked, rotated] {
        assert_eq!(rotate(&app, &token, key.id, json!({})).await.status, 409, "{}", key.id);
    }
    let response = rotate(&app, &token, pending.id, json!({})).await;
    assert_eq!((response.status.as_u16(), &response.json()["status"]), (201, &json!("pending")));
}

#[tokio::test]
async fn of_fifty_concurrent_rotations_one_succeeds() {
    let app = TestApp::new().await;
    let other = app.second_node(latchkey_test_support::app::Options::default()).await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    let rotations = (0..50).map(|number| {
        let node = if number % 2 == 0 { &app } else { &other };
        rotate(node, &token, key.id, json!({ "grace_period_seconds": 5 }))
    });
    let responses = join_all(rotations).await;
    let count = |status: u16| responses.iter().filter(|response| response.status == status).count();
    assert_eq!((count(201), count(409)), (1, 49));
    assert_eq!(app.database.query("SELECT FROM api_keys").await.len(), 2);
}

#[tokio::test]
async fn a_grace_period_is_within_its_limits() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key(&token).await;
    for (grace_period, kind) in [
        (json!(-1), "greater_than_equal"),
        (json!(31_536_001), "less_than_equal"),
        (json!("1"), "int_type"),
        (json!(null), "int_type"),
    ] {
        let response = rotate(&app, &token, 1, json!({ "grace_period_seconds": grace_period })).await;
        assert_eq!((response.status.as_u16(), &response.json()["detail"][0]["type"]), (422, &json!(kind)));
    }
}

#[tokio::test]
async fn a_rotation_is_replayed_although_its_key_was_deleted() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let id = app.create_key(&token).await.id;
    let rotate = |idempotency_key: &'static str| {
        let request = app.post(&format!("/v1/api-keys/{id}/rotate")).bearer_auth(&token);
        request.header("idempotency-key", idempotency_key).json(&json!({})).send_checked()
    };
    let first = rotate("a").await;
    assert_eq!(first.status, 201, "{first}");
    assert_eq!(app.delete(&format!("/v1/api-keys/{id}")).bearer_auth(&token).send_checked().await.status, 204);
    let again = rotate("a").await;
    assert_eq!((again.status, again.json()), (first.status, first.json()));
    assert_eq!(rotate("b").await.status, 404);
}

#[tokio::test]
async fn a_rotation_is_replayed_although_its_key_was_widened() {
    let app = TestApp::new().await;
    let (user, token) = app.with_member("alice").await;
    let restricted = app.restricted_token(&user, Scopes::parse("latchkey:keys.write").unwrap()).await;
    let id = app.create_key(&restricted).await.id;
    let rotate = |idempotency_key: &'static str| {
        let request = app.post(&format!("/v1/api-keys/{id}/rotate")).bearer_auth(&restricted);
        let body = json!({ "grace_period_seconds": 3600 });
        request.header("idempotency-key", idempotency_key).json(&body).send_checked()
    };
    let first = rotate("a").await;
    assert_eq!(first.status, 201, "{first}");
    let widen = app.put(&format!("/v1/api-keys/{id}/policy")).json(&json!({})).bearer_auth(&token);
    assert_eq!(widen.send_checked().await.status, 200);
    let again = rotate("a").await;
    assert_eq!((again.status, again.json()), (first.status, first.json()));
    assert_eq!(rotate("b").await.json()["code"], "insufficient_permissions");
}

#[tokio::test]
async fn a_key_rotates_no_key_that_expires_later() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let end = "2030-01-01T00:00:05Z";
    let key = app.create_key_with(&token, json!({ "expires_at": end })).await;
    let by_key = |id: i64| {
        let request = app.post(&format!("/v1/api-keys/{id}/rotate")).header("x-api-key", &key.secret);
        request.json(&json!({ "grace_period_seconds": 1 })).send_checked()
    };
    for expires_at in [Value::Null, json!("2030-01-01T00:00:05.000001Z")] {
        let id = app.create_key_with(&token, json!({ "expires_at": expires_at })).await.id;
        let response = by_key(id).await;
        let code = &response.json()["code"];
        assert_eq!((response.status.as_u16(), code), (403, &json!("insufficient_permissions")), "{expires_at}");
    }
    assert_eq!(app.database.query("SELECT FROM api_keys WHERE predecessor_id IS NOT NULL").await.len(), 0);
    let id = app.create_key_with(&token, json!({ "expires_at": end })).await.id;
    for id in [id, key.id] {
        let response = by_key(id).await;
        assert_eq!((response.status.as_u16(), &response.json()["expires_at"]), (201, &json!(end)), "{response}");
    }
}

/// The key expires earlier once it has rotated itself, but it still gets the secret of its successor.
#[tokio::test]
async fn a_key_that_rotates_itself_may_retry() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    for expires_at in [Value::Null, json!("2031-01-01T00:00:00Z")] {
        let key = app.create_key_with(&token, json!({ "expires_at": expires_at })).await;
        let rotate = || {
            let request = app.post(&format!("/v1/api-keys/{}/rotate", key.id)).header("x-api-key", &key.secret);
            let request = request.header("idempotency-key", key.id).json(&json!({ "grace_period_seconds": 60 }));
            request.send_checked()
        };
        // The first two are concurrent, so that one is authenticated before the other changes the expiry.
        let (first, second) = tokio::join!(rotate(), rotate());
        for response in [second, rotate().await] {
            assert_eq!((response.status.as_u16(), response.json()), (201, first.json()), "{response}");
        }
    }
}

/// Whoever extends a key while another one rotates it does not make the successor outlive that other one.
#[tokio::test]
async fn a_key_that_is_extended_meanwhile_is_not_rotated() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let end = json!({ "expires_at": "2031-01-01T00:00:00Z" });
    let [caller, target] = [app.create_key_with(&token, end.clone()).await, app.create_key_with(&token, end).await];
    let other = app.database.connect().await;
    let extend = "UPDATE api_keys SET version = version + 1, expires_at = NULL WHERE id =";
    other.batch_execute(&format!("BEGIN; {extend} {}", target.id)).await.unwrap();
    let request = app.post(&format!("/v1/api-keys/{}/rotate", target.id)).header("x-api-key", &caller.secret);
    let (response, ()) = tokio::join!(request.json(&json!({})).send_checked(), async {
        wait_for_lock(&app).await;
        other.batch_execute("COMMIT").await.unwrap();
    });
    assert_eq!((response.status.as_u16(), &response.json()["code"]), (403, &json!("insufficient_permissions")));
}
