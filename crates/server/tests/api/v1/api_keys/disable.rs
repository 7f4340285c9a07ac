//! `POST /v1/api-keys/{item_id}/disable` and `…/enable`

use latchkey_test_support::{app::TestApp, response::SendChecked};
use serde_json::json;

#[tokio::test]
async fn disabling_and_enabling_are_idempotent() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    for (what, status, works) in [("disable", "disabled", 401), ("enable", "active", 200)] {
        let mut tags = Vec::new();
        for _ in 0..2 {
            let response = app.post(&format!("/v1/api-keys/1/{what}")).bearer_auth(&token).send_checked().await;
            assert_eq!(response.json()["status"], status);
            tags.push(response.header("etag").unwrap().to_owned());
        }
        assert_eq!(tags[0], tags[1]);
        let response = app.get("/v1/users/me").header("x-api-key", &key.secret).send_checked().await;
        assert_eq!(response.status, works);
    }
}

#[tokio::test]
async fn a_revoked_key_can_be_neither_disabled_nor_enabled() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key(&token).await;
    app.post("/v1/api-keys/1/revoke").bearer_auth(&token).json(&json!({})).send_checked().await;
    for what in ["disable", "enable"] {
        let response = app.post(&format!("/v1/api-keys/1/{what}")).bearer_auth(&token).send_checked().await;
        assert_eq!((response.status.as_u16(), &response.json()["code"]), (409, &json!("key_revoked")));
    }
}

#[tokio::test]
async fn another_users_key_is_not_found() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, bob) = app.with_member("bob").await;
    app.create_key(&alice).await;
    for what in ["disable", "enable", "revoke", "rotate"] {
        let request = app.post(&format!("/v1/api-keys/1/{what}")).bearer_auth(&bob).json(&json!({}));
        assert_eq!(request.send_checked().await.status, 404, "{what}");
    }
    assert_eq!(app.get("/v1/api-keys/1/policy").bearer_auth(&bob).send_checked().await.status, 404);
    assert_eq!(app.get("/v1/api-keys/1/usage").bearer_auth(&bob).send_checked().await.status, 404);
    assert_eq!(app.put("/v1/api-keys/1/policy").bearer_auth(&bob).json(&json!({})).send_checked().await.status, 404);
}

#[tokio::test]
async fn a_disabled_user_changes_nothing() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    app.create_key(&token).await;
    app.disable_user(&alice).await;
    for what in ["disable", "enable", "revoke", "rotate"] {
        let request = app.post(&format!("/v1/api-keys/1/{what}")).bearer_auth(&token).json(&json!({}));
        assert_eq!(request.send_checked().await.status, 401, "{what}");
    }
    let changed = app.database.query("SELECT FROM audit_events WHERE key_id IS NOT NULL AND action <> 'create'").await;
    assert!(changed.is_empty());
}
