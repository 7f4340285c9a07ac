//! `Idempotency-Key` on create and rotate: a request that is sent again makes nothing again.

use chrono::TimeDelta;
use futures_util::future::join_all;
use latchkey_test_support::{
    app::TestApp,
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
async fn the_same_request_is_answered_the_same_and_makes_one_key() {
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
    assert_eq!(rotate(&app, &token, "c", 1).await.status, 409);
    assert_eq!(key_count(&app).await, 2);
}

#[tokio::test]
async fn another_request_under_the_same_key_is_refused() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    create(&app, &token, "a", json!({ "description": "ci" })).await;
    for response in [create(&app, &token, "a", json!({})).await, rotate(&app, &token, "a", 1).await] {
        assert_eq!(response.status, 422, "{response}");
        assert_eq!(response.json()["detail"][0]["loc"], json!(["header", "Idempotency-Key"]));
    }
    assert_eq!(key_count(&app).await, 1);
}

#[tokio::test]
async fn an_empty_key_is_refused() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key(&token).await;
    for response in [create(&app, &token, "", json!({})).await, rotate(&app, &token, " ", 1).await] {
        assert_eq!(response.status, 422, "{response}");
    }
    assert_eq!(key_count(&app).await, 1);
}

#[tokio::test]
async fn another_users_key_is_another() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, bob) = app.with_member("bob").await;
    let [one, other] = [create(&app, &alice, "a", json!({})).await, create(&app, &bob, "a", json!({})).await];
    assert_ne!(one.json()["full_key"], other.json()["full_key"]);
}

#[tokio::test]
async fn a_request_that_failed_can_be_sent_again() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key(&token).await;
    app.post("/v1/api-keys/1/disable").bearer_auth(&token).send_checked().await;
    assert_eq!(rotate(&app, &token, "a", 1).await.status, 409);
    app.post("/v1/api-keys/1/enable").bearer_auth(&token).send_checked().await;
    assert_eq!(rotate(&app, &token, "a", 1).await.status, 201);
}

#[tokio::test]
async fn many_at_once_are_one() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let responses = join_all((0..20).map(|_| create(&app, &token, "a", json!({})))).await;
    let secrets: std::collections::BTreeSet<String> =
        responses.iter().map(|response| response.json()["full_key"].as_str().unwrap().to_owned()).collect();
    assert_eq!(secrets.len(), 1);
    assert_eq!(key_count(&app).await, 1);
}

#[tokio::test]
async fn after_an_hour_the_secret_is_gone_and_the_key_is_free() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let first = create(&app, &token, "a", json!({})).await;
    let secret = first.json()["full_key"].as_str().unwrap().to_owned();
    let sealed = "SELECT encode(sealed_secret, 'escape') FROM idempotent_answers";
    assert!(!app.database.query(sealed).await[0].get::<_, String>(0).contains(&secret[..6]));

    app.clock.advance(TimeDelta::minutes(59));
    // The token has an hour as well.
    assert_eq!(create(&app, &token, "a", json!({})).await.json()["full_key"], secret);
    app.clock.advance(TimeDelta::minutes(1));
    app.service.store().remove_expired_answers(app.clock.now()).await.unwrap();
    assert!(app.database.query(sealed).await.is_empty());
    let alice = app.login("alice", latchkey_test_support::app::PASSWORD).send_checked().await.json();
    let token = alice["access_token"].as_str().unwrap();
    let second = create(&app, token, "a", json!({})).await;
    assert_ne!(second.json()["full_key"], secret);

    // Also when it was not removed yet.
    app.clock.advance(TimeDelta::hours(1));
    let alice = app.login("alice", latchkey_test_support::app::PASSWORD).send_checked().await.json();
    let token = alice["access_token"].as_str().unwrap();
    let third = create(&app, token, "a", json!({ "description": "other" })).await;
    assert_eq!(third.status, 201);
    assert_ne!(third.json()["full_key"], second.json()["full_key"]);
}

#[tokio::test]
async fn whoever_is_gone_gets_no_secret_again() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    create(&app, &token, "a", json!({})).await;
    app.disable_user(&alice).await;
    assert_eq!(create(&app, &token, "a", json!({})).await.status, 401);
    app.enable_user(&alice).await;
    // The token ended with the disabling, for good.
    assert_eq!(create(&app, &token, "a", json!({})).await.status, 401);
}

#[tokio::test]
async fn a_key_that_is_gone_is_not_made_again() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    create(&app, &token, "a", json!({})).await;
    app.delete("/v1/api-keys/1").bearer_auth(&token).send_checked().await;
    assert_eq!(create(&app, &token, "a", json!({})).await.status, 422);
}
