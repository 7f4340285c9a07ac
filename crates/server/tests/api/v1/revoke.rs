//! `POST /v1/revoke` (RFC 7009)

use latchkey_test_support::{app::TestApp, response::SendChecked};
use serde_json::json;

const PATH: &str = "/v1/revoke";

#[tokio::test]
async fn possession_of_a_key_suffices_to_revoke_it() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    for _ in 0..2 {
        let response = app.post(PATH).form(&[("token", &key.secret)]).send_checked().await;
        assert_eq!((response.status.as_u16(), response.text()), (200, ""));
    }
    let record = app.get(&format!("/v1/api-keys/{}", key.id)).bearer_auth(&token).send_checked().await.json();
    assert_eq!(record["status"], "revoked");
    let events = "SELECT action, credential_type, actor_user_id, actor_key_id, host(client_ip) FROM audit_events \
                  WHERE action <> 'create'";
    let events = app.database.query(events).await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].get::<_, String>(1), "key_holder");
    assert_eq!((events[0].get::<_, i64>(2), events[0].get::<_, Option<i64>>(3)), (alice.id, Some(key.id)));
    assert_eq!(events[0].get::<_, String>(4), "127.0.0.1");
}

#[tokio::test]
async fn a_disabled_users_key_can_still_be_revoked() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let key = app.create_key(&token).await;
    app.disable_user(&alice).await;
    app.post(PATH).form(&[("token", &key.secret)]).send_checked().await;
    app.enable_user(&alice).await;
    assert_eq!(app.verify(&gateway, &key.secret).await["code"], "revoked");
}

#[tokio::test]
async fn an_unknown_token_is_200() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let deleted = app.create_key(&token).await;
    app.delete(&format!("/v1/api-keys/{}", deleted.id)).bearer_auth(&token).send_checked().await;
    for text in ["", "no key", &deleted.secret, &format!("{token}x")] {
        assert_eq!(app.post(PATH).form(&[("token", text)]).send_checked().await.status, 200, "{text}");
    }
}

#[tokio::test]
async fn a_bearer_token_is_refused_rather_than_left_valid_silently() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    for form in [&[("token", &*token)][..], &[("token", &*token), ("token_type_hint", "access_token")]] {
        let response = app.post(PATH).form(form).send_checked().await;
        assert_eq!((response.status.as_u16(), &response.json()["error"]), (400, &json!("unsupported_token_type")));
    }
    app.clock.advance(chrono::TimeDelta::hours(2));
    let expired = app.post(PATH).form(&[("token", &token)]).send_checked().await;
    assert_eq!(expired.status, 200);
}

#[tokio::test]
async fn a_form_without_a_token_is_an_oauth_error() {
    let app = TestApp::new().await;
    let response = app.post(PATH).form(&[("key", "x")]).send_checked().await;
    assert_eq!(response.status, 400);
    assert_eq!(
        response.json(),
        json!({ "error": "invalid_request", "error_description": "body.token: Field required." })
    );
}
