//! `GET /v1/users/me`

use insta::assert_snapshot;
use latchkey_test_support::{
    app::{Options, TestApp},
    response::SendChecked,
};

#[tokio::test]
async fn a_bearer_token_identifies_its_user() {
    let app = TestApp::new().await;
    let (_, token) = app.with_verifier("alice").await;
    let response = app.get("/v1/users/me").bearer_auth(token).send_checked().await;
    assert_snapshot!(response, @r#"
    200 OK
    cache-control: no-store
    content-type: application/json
    latchkey-version: <version>
    vary: Origin
    x-request-id: <id>

    {
      "id": 1,
      "username": "alice",
      "role": "verifier",
      "kind": "user",
      "project": "default",
      "roles": [
        {
          "project": "default",
          "role": "verifier"
        }
      ],
      "created_at": "2030-01-01T00:00:00Z"
    }
    "#);
}

#[tokio::test]
async fn a_key_identifies_its_user() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    let response = app.get("/v1/users/me").header("x-api-key", key.secret).send_checked().await;
    assert_snapshot!(response, @r#"
    200 OK
    cache-control: no-store
    content-type: application/json
    latchkey-version: <version>
    vary: Origin
    x-request-id: <id>

    {
      "id": 1,
      "username": "alice",
      "role": "member",
      "kind": "user",
      "project": "default",
      "roles": [],
      "created_at": "2030-01-01T00:00:00Z"
    }
    "#);
}

#[tokio::test]
async fn a_request_without_a_credential_is_challenged() {
    let app = TestApp::new().await;
    let response = app.get("/v1/users/me").send_checked().await;
    assert_snapshot!(response, @r#"
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
async fn a_repeated_key_header_is_a_validation_error() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    let request = app.get("/v1/users/me").header("x-api-key", &key.secret).header("x-api-key", &key.secret);
    assert_snapshot!(request.send_checked().await, @r#"
    422 Unprocessable Entity
    cache-control: no-store
    content-type: application/json
    latchkey-version: <version>
    vary: Origin
    x-request-id: <id>

    {
      "detail": [
        {
          "loc": [
            "header",
            "X-API-Key"
          ],
          "msg": "Input should be a valid string",
          "type": "string_type"
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn without_a_database_the_response_is_503() {
    let app = TestApp::with(Options::without_database()).await;
    let (_, token) = app.with_member("alice").await;
    let response = app.get("/v1/users/me").bearer_auth(token).send_checked().await;
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
}
