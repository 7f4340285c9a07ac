//! `Idempotency-Key` on create and rotate: a retried request creates nothing again.

use chrono::TimeDelta;
use futures_util::future::join_all;
use latchkey_test_support::{
    app::{Key, TestApp},
    response::{Response, SendChecked},
};
use serde_json::{Value, json};

async fn create(app: &TestApp, token: &str, key: &str, body: Value) -> Response {
    let request = app.post("/v1/api-keys/").bearer_auth(token).header("idempotency-key", key);
    request.json(&body).send_checked().await
}

async fn rotate(app: &TestApp, token: &str, key: &str, id: i64) -> Response {
    let request = app.post(&format!("/v1/api-keys/{id}/rotate")).bearer_auth(token).header("idempotency-key", key);
    request.json(&json!({})).send_checked().await
}

async fn key_count(app: &TestApp) -> usize {
    app.database.query("SELECT FROM api_keys").await.len()
}

#[tokio::test]
async fn a_retried_request_gets_the_same_response_and_creates_one_key() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let first = create(&app, &token, "a", json!({ "description": "ci" })).await;
    assert_eq!(first.status, 201);
    let again = create(&app, &token, "a", json!({ "description": "ci" })).await;
    assert_eq!(again.to_string(), first.to_string());
    assert_eq!(key_count(&app).await, 1);
    let rotated = rotate(&app, &token, "b", 1).await;
    assert_eq!(rotated.status, 201);
    assert_eq!(rotate(&app, &token, "b", 1).await.json(), rotated.json());
    let other = rotate(&app, &token, "c", 1).await;
    assert_eq!((other.status.as_u16(), &other.json()["code"]), (409, &json!("key_not_rotatable")));
    assert_eq!(key_count(&app).await, 2);
}

#[tokio::test]
async fn a_different_request_with_the_same_idempotency_key_is_rejected() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let policy = json!({ "scopes": ["a"] });
    create(&app, &token, "a", json!({ "description": "ci", "policy": policy })).await;
    for response in [
        create(&app, &token, "a", json!({ "policy": policy })).await,
        create(&app, &token, "a", json!({ "description": "ci" })).await,
        create(&app, &token, "a", json!({ "description": "ci", "policy": { "scopes": ["b"] } })).await,
        rotate(&app, &token, "a", 1).await,
    ] {
        assert_eq!(response.status, 409, "{response}");
        assert_eq!(response.json()["code"], "idempotency_key_reused");
    }
    assert_eq!(key_count(&app).await, 1);
}

#[tokio::test]
async fn an_invalid_idempotency_key_is_rejected() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key(&token).await;
    let long = "x".repeat(256);
    for (key, kind) in [("", "string_pattern_mismatch"), (" ", "string_pattern_mismatch"), (&*long, "string_too_long")]
    {
        for response in [create(&app, &token, key, json!({})).await, rotate(&app, &token, key, 1).await] {
            assert_eq!(response.status, 422, "{response}");
            let error = &response.json()["detail"][0];
            assert_eq!((&error["loc"], &error["type"]), (&json!(["header", "Idempotency-Key"]), &json!(kind)));
        }
    }
    assert_eq!(key_count(&app).await, 1);
}

#[tokio::test]
async fn idempotency_keys_of_two_users_are_independent() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, bob) = app.with_member("bob").await;
    let [one, other] = [create(&app, &alice, "a", json!({})).await, create(&app, &bob, "a", json!({})).await];
    assert_ne!(one.json()["full_key"], other.json()["full_key"]);
}

#[tokio::test]
async fn a_failed_request_can_be_retried() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key(&token).await;
    app.post("/v1/api-keys/1/disable").bearer_auth(&token).send_checked().await;
    assert_eq!(rotate(&app, &token, "a", 1).await.status, 409);
    app.post("/v1/api-keys/1/enable").bearer_auth(&token).send_checked().await;
    assert_eq!(rotate(&app, &token, "a", 1).await.status, 201);
}

#[tokio::test]
async fn concurrent_requests_with_one_idempotency_key_create_one_key() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let responses = join_all((0..20).map(|_| create(&app, &token, "a", json!({})))).await;
    let secrets: std::collections::BTreeSet<String> =
        responses.iter().map(|response| response.json()["full_key"].as_str().unwrap().to_owned()).collect();
    assert_eq!(secrets.len(), 1);
    assert_eq!(key_count(&app).await, 1);
}

#[tokio::test]
async fn after_an_hour_the_secret_is_purged_and_the_idempotency_key_can_be_reused() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let first = create(&app, &token, "a", json!({})).await;
    let secret = first.json()["full_key"].as_str().unwrap().to_owned();
    let sealed = "SELECT encode(sealed_secret, 'escape') FROM idempotency_keys";
    assert!(!app.database.query(sealed).await[0].get::<_, String>(0).contains(&secret[..6]));

    app.clock.advance(TimeDelta::minutes(59));
    // The token expires after an hour as well.
    assert_eq!(create(&app, &token, "a", json!({})).await.json()["full_key"], secret);
    app.clock.advance(TimeDelta::minutes(1));
    app.service.store().purge_idempotency_keys(app.clock.now()).await.unwrap();
    assert!(app.database.query(sealed).await.is_empty());
    let alice = app.login("alice", latchkey_test_support::app::PASSWORD).send_checked().await.json();
    let token = alice["access_token"].as_str().unwrap();
    let second = create(&app, token, "a", json!({})).await;
    assert_ne!(second.json()["full_key"], secret);

    // It is free after an hour even if it was not purged.
    app.clock.advance(TimeDelta::hours(1));
    let alice = app.login("alice", latchkey_test_support::app::PASSWORD).send_checked().await.json();
    let token = alice["access_token"].as_str().unwrap();
    let third = create(&app, token, "a", json!({ "description": "other" })).await;
    assert_eq!(third.status, 201);
    assert_ne!(third.json()["full_key"], second.json()["full_key"]);
}

/// A key knows the `Idempotency-Key` of another key of its user, which expires later.
#[tokio::test]
async fn a_key_gets_no_secret_of_a_key_that_expires_later() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let [later, sooner] = ["2030-01-01T01:00:00Z", "2030-01-01T00:00:05Z"];
    let [later, sooner] = [
        app.create_key_with(&token, json!({ "expires_at": later })).await,
        app.create_key_with(&token, json!({ "expires_at": sooner })).await,
    ];
    let target = app.create_key_with(&token, json!({ "expires_at": "2030-01-01T00:30:00Z" })).await.id;
    for (path, status) in [("/v1/api-keys/".to_owned(), 409), (format!("/v1/api-keys/{target}/rotate"), 409)] {
        let send = |key: &Key| {
            let request = app.post(&path).header("x-api-key", &key.secret).header("idempotency-key", path.as_str());
            request.json(&json!({})).send_checked()
        };
        let first = send(&later).await;
        assert_eq!(first.status, 201, "{path}: {first}");
        assert_eq!(send(&later).await.json(), first.json(), "{path}");
        assert_eq!(send(&sooner).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn a_disabled_user_gets_no_secret_again() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    create(&app, &token, "a", json!({})).await;
    app.disable_user(&alice).await;
    assert_eq!(create(&app, &token, "a", json!({})).await.status, 401);
    app.enable_user(&alice).await;
    // Disabling revoked the token; enabling does not restore it.
    assert_eq!(create(&app, &token, "a", json!({})).await.status, 401);
}

#[tokio::test]
async fn a_retry_does_not_recreate_a_deleted_key() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    create(&app, &token, "a", json!({})).await;
    app.delete("/v1/api-keys/1").bearer_auth(&token).send_checked().await;
    let retried = create(&app, &token, "a", json!({})).await;
    assert_eq!((retried.status.as_u16(), &retried.json()["code"]), (409, &json!("idempotency_key_reused")));
}
