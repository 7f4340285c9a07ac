//! The limits on management requests with one credential, and on the keys of one user.

use std::{num::NonZeroU32, time::Duration};

use latchkey_domain::{
    identity::management_limits::{ManagementLimitsConfig, RequestKind},
    model::{RateLimit, Scopes},
};
use latchkey_server::telemetry::metrics::Metrics;
use latchkey_test_support::{
    app::{Options, TestApp},
    response::{Response, SendChecked},
};
use serde_json::json;

const SECOND: Duration = Duration::from_secs(1);

/// A server on which a credential may read three times in three seconds, and write twice in four.
async fn limited() -> TestApp {
    let limit = |requests, seconds| Some(RateLimit { requests, seconds });
    let management_limits = ManagementLimitsConfig { read: limit(3, 3), write: limit(2, 4) };
    TestApp::with(Options { management_limits, ..Options::default() }).await
}

fn assert_limited(response: &Response, retry_after: &str) {
    assert_eq!((response.status.as_u16(), response.header("retry-after")), (429, Some(retry_after)), "{response}");
    assert_eq!(response.json()["code"], "rate_limited");
}

#[tokio::test]
async fn a_credential_that_writes_too_often_is_refused_until_its_limit_refills() {
    let app = limited().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key(&token).await;
    let change = async || app.patch("/v1/api-keys/1").bearer_auth(&token).json(&json!({})).send_checked().await;
    assert_eq!(change().await.status, 200);
    assert_limited(&change().await, "2");
    // Reads are counted separately.
    for _ in 0..3 {
        assert_eq!(app.get("/v1/users/me").bearer_auth(&token).send_checked().await.status, 200);
    }
    assert_limited(&app.get("/v1/api-keys/1").bearer_auth(&token).send_checked().await, "1");
    let refused: Vec<(RequestKind, u64)> = app.service.management_limits().refused().values().collect();
    assert_eq!(refused, [(RequestKind::Read, 1), (RequestKind::Write, 1)]);
    let metrics = String::from_utf8(Metrics::new().unwrap().render(&app.service).unwrap()).unwrap();
    assert!(metrics.contains("latchkey_management_requests_refused_total{kind=\"write\"} 1"), "{metrics}");

    app.clock.advance_monotonic(2 * SECOND);
    assert_eq!(change().await.status, 200);
    assert_limited(&change().await, "2");
}

#[tokio::test]
async fn no_credential_uses_up_the_limit_of_another() {
    let app = limited().await;
    let (alice, token) = app.with_member("alice").await;
    let (_, bob) = app.with_member("bob").await;
    let leaked = app.create_key(&token).await;
    let other = app.create_key(&token).await;
    assert_limited(&app.post("/v1/api-keys/").bearer_auth(&token).json(&json!({})).send_checked().await, "2");
    // Not with another token of the same user either.
    app.clock.advance(chrono::TimeDelta::seconds(1));
    let second = app.token(&alice).await;
    assert_limited(&app.post("/v1/api-keys/").bearer_auth(&second).json(&json!({})).send_checked().await, "2");
    app.create_key(&bob).await;

    app.clock.advance_monotonic(2 * SECOND);
    let with_key = async |secret: &str| {
        let path = format!("/v1/api-keys/{}", other.id);
        app.patch(&path).header("x-api-key", secret).json(&json!({})).send_checked().await
    };
    assert_eq!(with_key(&leaked.secret).await.status, 200);
    assert_eq!(with_key(&leaked.secret).await.status, 200);
    assert_limited(&with_key(&leaked.secret).await, "2");
    assert_eq!(with_key(&other.secret).await.status, 200);
    // The user can still revoke the leaked key.
    let revoke = app.post(&format!("/v1/api-keys/{}/revoke", leaked.id)).bearer_auth(&token);
    assert_eq!(revoke.json(&json!({})).send_checked().await.status, 200);
}

#[tokio::test]
async fn no_token_that_is_restricted_or_revoked_uses_up_the_limit_of_its_user() {
    let app = limited().await;
    let (alice, old) = app.with_member("alice").await;
    let reading = app.restricted_token(&alice, Scopes::parse("latchkey:keys.read").unwrap()).await;
    let key = app.create_key(&old).await;
    let revoke = async |token: &str| {
        let revoke = app.post(&format!("/v1/api-keys/{}/revoke", key.id)).bearer_auth(token);
        revoke.json(&json!({})).send_checked().await.status.as_u16()
    };
    for _ in 0..10 {
        assert_eq!(revoke(&reading).await, 403);
    }
    app.set_password(&alice, "another password").await;
    for _ in 0..10 {
        assert!([401, 429].contains(&revoke(&old).await));
    }
    let new = app.token(&alice).await;
    assert_eq!(revoke(&new).await, 200);
}

#[tokio::test]
async fn verifications_are_no_management_requests() {
    let app = limited().await;
    let (_, token) = app.with_verifier("victor").await;
    let key = app.create_key(&token).await;
    for _ in 0..10 {
        assert_eq!(app.verify(&token, &key.secret).await["valid"], true);
        let forwarded = app.get("/v1/forward-auth").header("x-api-key", &key.secret).send_checked().await;
        assert_eq!(forwarded.status, 200);
        let form = [("token", key.secret.as_str())];
        let introspected = app.post("/v1/introspect").bearer_auth(&token).form(&form).send_checked().await;
        assert_eq!(introspected.status, 200);
    }
}

/// A server on which a user may have three keys.
async fn with_quota() -> TestApp {
    let max_keys_per_user = NonZeroU32::new(3).unwrap();
    TestApp::with(Options { max_keys_per_user, ..Options::default() }).await
}

fn assert_quota_exceeded(response: &Response) {
    assert_eq!(response.status, 409, "{response}");
    let problem = response.json();
    assert_eq!(problem["code"], "key_quota_exceeded");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("3 API keys") && detail.contains("Delete keys"), "{detail}");
}

#[tokio::test]
async fn a_user_with_as_many_keys_as_allowed_gets_another_after_a_deletion() {
    let app = with_quota().await;
    let (_, token) = app.with_member("alice").await;
    let (_, bob) = app.with_member("bob").await;
    let create = async || app.post("/v1/api-keys/").bearer_auth(&token).json(&json!({})).send_checked().await;
    for _ in 0..2 {
        app.create_key(&token).await;
    }
    // The successor is a key more.
    let rotate = async |id| {
        let rotate = app.post(&format!("/v1/api-keys/{id}/rotate")).bearer_auth(&token);
        rotate.json(&json!({})).send_checked().await
    };
    assert_eq!(rotate(1).await.status, 201);
    assert_quota_exceeded(&create().await);
    assert_quota_exceeded(&rotate(2).await);
    // A key that cannot be rotated anyway is no matter of the quota.
    assert_eq!(rotate(99).await.status, 404);
    app.create_key(&bob).await;
    assert_eq!(app.database.query("SELECT FROM api_keys WHERE user_id = 1").await.len(), 3);
    assert_eq!(app.database.query("SELECT FROM audit_events WHERE actor_user_id = 1").await.len(), 4);

    assert_eq!(app.delete("/v1/api-keys/1").bearer_auth(&token).send_checked().await.status, 204);
    app.clock.advance_monotonic(SECOND);
    assert_eq!(create().await.status, 201);
    assert_quota_exceeded(&create().await);
}

#[tokio::test]
async fn a_node_counts_keys_that_others_issued_within_ten_seconds() {
    let app = with_quota().await;
    let max_keys_per_user = NonZeroU32::new(3).unwrap();
    let node = app.second_node(Options { max_keys_per_user, ..Options::default() }).await;
    let (_, token) = app.with_member("alice").await;
    app.create_key(&token).await;
    node.create_key(&token).await;
    node.create_key(&token).await;
    app.clock.advance_monotonic(10 * SECOND);
    assert_quota_exceeded(&app.post("/v1/api-keys/").bearer_auth(&token).json(&json!({})).send_checked().await);
}

#[tokio::test]
async fn a_request_that_is_sent_again_has_its_response_whatever_the_quota() {
    let app = with_quota().await;
    let (_, token) = app.with_member("alice").await;
    let create = async |key: &str| {
        let create = app.post("/v1/api-keys/").bearer_auth(&token).header("idempotency-key", key);
        create.json(&json!({})).send_checked().await
    };
    let first = create("first").await;
    for key in ["second", "third"] {
        assert_eq!(create(key).await.status, 201);
    }
    assert_eq!(create("first").await.json(), first.json());
    assert_quota_exceeded(&create("fourth").await);
    // It was not recorded: the same request succeeds later.
    app.delete("/v1/api-keys/2").bearer_auth(&token).send_checked().await;
    app.clock.advance_monotonic(SECOND);
    assert_eq!(create("fourth").await.status, 201);
}

#[tokio::test]
async fn what_issues_no_key_takes_no_room() {
    let app = with_quota().await;
    let (_, token) = app.with_member("alice").await;
    let send = |path: &str, key| app.post(path).bearer_auth(&token).header("idempotency-key", key).json(&json!({}));
    for _ in 0..5 {
        assert_eq!(send("/v1/api-keys/", "create").send_checked().await.status, 201);
        assert_eq!(send("/v1/api-keys/99/rotate", "rotate").send_checked().await.status, 404);
    }
    app.create_key(&token).await;
    app.create_key(&token).await;
}

#[tokio::test]
async fn a_disabled_user_is_told_so_rather_than_of_the_quota() {
    let app = with_quota().await;
    let (alice, token) = app.with_member("alice").await;
    for _ in 0..3 {
        app.create_key(&token).await;
    }
    app.disable_user(&alice).await;
    let response = app.post("/v1/api-keys/").bearer_auth(&token).json(&json!({})).send_checked().await;
    assert_eq!((response.status.as_u16(), &response.json()["code"]), (401, &json!("principal_disabled")));
}
