//! `DELETE /v1/api-keys/{item_id}`

use insta::assert_snapshot;
use latchkey_domain::model::{Scopes, UserRole};
use latchkey_test_support::{
    app::{Options, TestApp},
    response::SendChecked,
};
use serde_json::json;

const PATH: &str = "/v1/api-keys/1";

#[tokio::test]
async fn a_deleted_key_is_gone() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    let other = app.create_key(&token).await;
    assert_snapshot!(app.delete(PATH).bearer_auth(&token).send_checked().await, @"
    204 No Content
    cache-control: no-store
    latchkey-version: <version>
    vary: Origin
    x-request-id: <id>
    ");

    assert_eq!(app.get(PATH).bearer_auth(&token).send_checked().await.status, 404);
    assert_eq!(app.patch(PATH).bearer_auth(&token).json(&json!({})).send_checked().await.status, 404);
    let change = json!({ "description": "back?" });
    assert_eq!(app.patch(PATH).bearer_auth(&token).json(&change).send_checked().await.status, 404);
    assert_eq!(app.delete(PATH).bearer_auth(&token).send_checked().await.status, 404);
    let left = app.get("/v1/api-keys/").bearer_auth(&token).send_checked().await.json();
    assert_eq!((left.as_array().unwrap().len(), &left[0]["id"]), (1, &json!(other.id)));
    assert_eq!(app.get("/v1/users/me").header("x-api-key", key.secret).send_checked().await.status, 401);
}

#[tokio::test]
async fn the_row_of_a_deleted_key_stays() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key(&token).await;
    app.delete(PATH).bearer_auth(&token).send_checked().await;
    let kept = "SELECT deleted_at = '2030-01-01T00:00:00Z' FROM api_keys";
    assert!(app.database.query(kept).await[0].get::<_, bool>(0));
}

#[tokio::test]
async fn of_concurrent_deletions_one_succeeds() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key(&token).await;
    let attempts = (0..8).map(|_| app.delete(PATH).bearer_auth(&token).send_checked());
    let mut statuses: Vec<u16> =
        futures_util::future::join_all(attempts).await.iter().map(|response| response.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![204], vec![404; 7]].concat());
}

#[tokio::test]
async fn a_key_may_delete_itself() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    let delete = || app.delete(PATH).header("x-api-key", &key.secret).send_checked();
    assert_eq!(delete().await.status, 204);
    assert_eq!(delete().await.status, 401);
}

#[tokio::test]
async fn a_missing_key_and_another_users_get_the_same_response() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, bob) = app.with_member("bob").await;
    app.create_key(&alice).await;
    let missing = app.delete("/v1/api-keys/2").bearer_auth(&bob).send_checked().await;
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
    let others = app.delete(PATH).bearer_auth(&bob).send_checked().await;
    assert_eq!(others.to_string(), missing.to_string());
    assert_eq!(app.get(PATH).bearer_auth(&alice).send_checked().await.status, 200);
}

#[tokio::test]
async fn an_id_that_is_not_an_integer_is_a_validation_error() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    assert_snapshot!(app.delete("/v1/api-keys/1.5").bearer_auth(&token).send_checked().await, @r#"
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
async fn a_request_without_a_credential_is_challenged() {
    let app = TestApp::new().await;
    assert_snapshot!(app.delete(PATH).send_checked().await, @r#"
    401 Unauthorized
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
    vary: Origin
    www-authenticate: Bearer realm="latchkey"
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Unauthorized",
      "status": 401,
      "detail": "Send a bearer token from POST /token in Authorization, or an API key in X-API-Key.",
      "code": "missing_credentials"
    }
    "#);
}

#[tokio::test]
async fn a_read_only_token_cannot_delete_a_key() {
    let app = TestApp::new().await;
    let alice = app.create_user("alice", UserRole::Member).await;
    let token = app.restricted_token(&alice, Scopes::parse("latchkey:keys.read").unwrap()).await;
    assert_snapshot!(app.delete(PATH).bearer_auth(token).send_checked().await, @r#"
    403 Forbidden
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
    vary: Origin
    www-authenticate: Bearer realm="latchkey", error="insufficient_scope", scope="latchkey:keys.manage"
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Forbidden",
      "status": 403,
      "detail": "The credential lacks a required scope: latchkey:keys.manage.",
      "code": "insufficient_scope"
    }
    "#);
}

#[tokio::test]
async fn without_a_database_nothing_is_deleted() {
    let app = TestApp::with(Options::without_database()).await;
    let (_, token) = app.with_member("alice").await;
    assert_snapshot!(app.delete(PATH).bearer_auth(token).send_checked().await, @r#"
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
}
