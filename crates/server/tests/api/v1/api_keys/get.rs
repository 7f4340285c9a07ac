//! `GET /v1/api-keys/{item_id}`

use chrono::TimeDelta;
use insta::assert_snapshot;
use latchkey_domain::model::{Scopes, UserRole};
use latchkey_test_support::{
    app::{Options, TestApp},
    response::SendChecked,
};
use serde_json::json;

#[tokio::test]
async fn a_record_does_not_contain_the_key() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key_with(&token, json!({ "description": "CI", "expires_at": "2030-01-01T01:00:00.000001Z" })).await;
    let response = app.get("/v1/api-keys/1").bearer_auth(&token).send_checked().await;
    assert_snapshot!(response, @r#"
    200 OK
    cache-control: no-store
    content-type: application/json
    etag: "1-active"
    latchkey-version: <version>
    vary: Origin
    x-request-id: <id>

    {
      "id": 1,
      "key_prefix": "lk_<9>",
      "user_id": 1,
      "status": "active",
      "created_at": "2030-01-01T00:00:00Z",
      "expires_at": "2030-01-01T01:00:00.000001Z",
      "description": "CI",
      "full_key": null
    }
    "#);
}

#[tokio::test]
async fn a_key_expires_at_the_exact_instant() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key_with(&token, json!({ "expires_at": "2030-01-01T00:30:00.000001Z" })).await;
    app.clock.advance(TimeDelta::minutes(30));
    let status = async || app.get("/v1/api-keys/1").bearer_auth(&token).send_checked().await.json()["status"].take();
    assert_eq!(status().await, "active");
    app.clock.advance(TimeDelta::microseconds(1));
    assert_eq!(status().await, "expired");
}

#[tokio::test]
async fn every_status_is_derived_from_the_row() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    let now = "'2030-01-01T00:00:00Z'";
    for column in ["not_before", "disabled_at", "revoked_at", "expires_at"] {
        let value = if column == "not_before" { "'2030-01-01T00:00:01Z'" } else { now };
        app.insert_keys(&alice, 1, &[(column, value)]).await;
    }
    let mut statuses = Vec::new();
    for id in 1..=4 {
        statuses.push(
            app.get(&format!("/v1/api-keys/{id}")).bearer_auth(&token).send_checked().await.json()["status"].take(),
        );
    }
    assert_eq!(statuses, ["pending", "disabled", "revoked", "expired"]);
}

#[tokio::test]
async fn a_missing_key_and_another_users_get_the_same_response() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, bob) = app.with_member("bob").await;
    app.create_key(&alice).await;
    let missing = app.get("/v1/api-keys/2").bearer_auth(&bob).send_checked().await;
    assert_snapshot!(missing, @r#"
    404 Not Found
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
    vary: Origin
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Not Found",
      "status": 404,
      "detail": "There is no such API key.",
      "code": "key_not_found"
    }
    "#);
    let others = app.get("/v1/api-keys/1").bearer_auth(&bob).send_checked().await;
    assert_eq!(others.to_string(), missing.to_string());
}

#[tokio::test]
async fn an_id_that_is_not_an_integer_is_a_validation_error() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let response = app.get("/v1/api-keys/first").bearer_auth(&token).send_checked().await;
    assert_snapshot!(response, @r#"
    422 Unprocessable Entity
    cache-control: no-store
    content-type: application/json
    latchkey-version: <version>
    x-request-id: <id>

    {
      "detail": [
        {
          "loc": [
            "path",
            "item_id"
          ],
          "msg": "Input should be a valid integer, unable to parse string as an integer",
          "type": "int_parsing"
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn authentication_precedes_validation() {
    let app = TestApp::new().await;
    assert_eq!(app.get("/v1/api-keys/first").send_checked().await.status, 401);
}

#[tokio::test]
async fn a_token_without_the_scope_cannot_get_a_key() {
    let app = TestApp::new().await;
    let alice = app.create_user("alice", UserRole::Admin).await;
    let token = app.restricted_token(&alice, Scopes::parse("latchkey:keys.write").unwrap()).await;
    let response = app.get("/v1/api-keys/1").bearer_auth(token).send_checked().await;
    assert_snapshot!(response, @r#"
    403 Forbidden
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
    vary: Origin
    www-authenticate: Bearer realm="latchkey", error="insufficient_scope", scope="latchkey:keys.read"
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Forbidden",
      "status": 403,
      "detail": "The credential lacks a required scope: latchkey:keys.read.",
      "code": "insufficient_scope"
    }
    "#);
}

#[tokio::test]
async fn without_a_database_the_response_is_neither_401_nor_404() {
    let app = TestApp::with(Options::without_database()).await;
    let (_, token) = app.with_member("alice").await;
    let response = app.get("/v1/api-keys/1").bearer_auth(&token).send_checked().await;
    assert_snapshot!(response, @r#"
    503 Service Unavailable
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
    retry-after: 1
    vary: Origin
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Service Unavailable",
      "status": 503,
      "detail": "The database is unavailable. Try again.",
      "code": "database_unavailable"
    }
    "#);
    // Authenticating by a key needs the database as well.
    let key = app.second_node(Options::default()).await.create_key(&token).await;
    let response = app.get("/v1/api-keys/1").header("x-api-key", key.secret).send_checked().await;
    assert_eq!(response.status, 503, "{response}");
}
