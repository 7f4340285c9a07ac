//! `POST /v1/introspect` (RFC 7662)

use insta::assert_snapshot;
use latchkey_test_support::{app::TestApp, response::SendChecked};
use serde_json::json;

use crate::key_states::{STATES, bring_into, set_policy};

const PATH: &str = "/v1/introspect";

#[tokio::test]
async fn a_valid_key_is_active_with_the_members_of_the_standard() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let key = app.create_key_with(&alice, json!({ "expires_at": "2031-01-01T00:00:00Z" })).await;
    let form = [("token", key.secret.as_str()), ("token_type_hint", "access_token")];
    assert_snapshot!(app.post(PATH).bearer_auth(&gateway).form(&form).send_checked().await, @r#"
    200 OK
    cache-control: no-store
    content-type: application/json
    latchkey-version: <version>
    x-request-id: <id>

    {
      "active": true,
      "username": "alice",
      "project": "default",
      "token_type": "Bearer",
      "exp": 1924992000,
      "iat": 1893456000,
      "sub": "1",
      "jti": "1"
    }
    "#);
    set_policy(&app, &alice, &key, json!({ "scopes": ["orders:read", "orders:write"] })).await;
    let response = app.post(PATH).bearer_auth(&gateway).form(&form).send_checked().await.json();
    assert_eq!(response["scope"], "orders:read orders:write");
}

#[tokio::test]
async fn an_invalid_key_is_inactive_without_further_members() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    for state in STATES {
        // Introspection requires no scope of the key.
        if state == "valid" || state == "insufficient_scope" {
            continue;
        }
        let key = app.create_key(&alice).await;
        bring_into(&app, &alice, &key, state).await;
        let response = app.post(PATH).bearer_auth(&gateway).form(&[("token", &key.secret)]).send_checked().await;
        assert_eq!(response.text(), r#"{"active":false}"#, "{state}");
    }
    for text in ["", "no key", &alice] {
        let response = app.post(PATH).bearer_auth(&gateway).form(&[("token", text)]).send_checked().await;
        assert_eq!(response.text(), r#"{"active":false}"#, "{text}");
    }
}

#[tokio::test]
async fn a_form_without_a_token_is_rejected() {
    let app = TestApp::new().await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let response = app.post(PATH).bearer_auth(&gateway).form(&[("key", "x")]).send_checked().await;
    assert_eq!(response.status, 422);
    assert_eq!(response.json()["detail"][0]["loc"], json!(["body", "token"]));
}
