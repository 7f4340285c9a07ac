//! `POST /v1/api-keys/{item_id}/revoke`

use std::time::Duration;

use latchkey_test_support::{app::TestApp, raw_http::read_response, response::SendChecked};
use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream, time::sleep};

#[tokio::test]
async fn revoking_is_idempotent_and_keeps_the_first_reason() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    for reason in ["leaked", "another"] {
        let request = app.post("/v1/api-keys/1/revoke").bearer_auth(&token).json(&json!({ "reason": reason }));
        let response = request.send_checked().await;
        assert_eq!((response.status.as_u16(), &response.json()["status"]), (200, &json!("revoked")));
    }
    assert_eq!(app.get("/v1/users/me").header("x-api-key", &key.secret).send_checked().await.status, 401);
    let reason = &app.database.query("SELECT revocation_reason FROM api_keys").await[0];
    assert_eq!(reason.get::<_, String>(0), "leaked");
}

#[tokio::test]
async fn an_invalid_reason_is_rejected() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key(&token).await;
    for (reason, kind) in [
        (json!("x".repeat(256)), "string_too_long"),
        (json!("\u{0}"), "string_pattern_mismatch"),
        (json!(1), "string_type"),
    ] {
        let request = app.post("/v1/api-keys/1/revoke").bearer_auth(&token).json(&json!({ "reason": reason }));
        let response = request.send_checked().await;
        assert_eq!((response.status.as_u16(), &response.json()["detail"][0]["type"]), (422, &json!(kind)));
    }
}

#[tokio::test]
async fn a_key_revoked_or_restricted_while_its_request_arrives_has_no_effect() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    for what in ["revoke", "disable", "restrict", "delete"] {
        let key = app.create_key(&token).await;
        let count = async || app.database.query("SELECT FROM api_keys").await.len();
        let before = count().await;
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        let head = format!(
            "POST /v1/api-keys/ HTTP/1.1\r\nhost: x\r\nx-api-key: {}\r\ncontent-type: application/json\r\n\
             content-length: 2\r\n\r\n{{",
            key.secret
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        // The credential is authenticated before the body is read.
        sleep(Duration::from_millis(200)).await;
        let path = format!("/v1/api-keys/{}", key.id);
        let request = match what {
            "restrict" => app.put(&format!("{path}/policy")).json(&json!({ "scopes": ["a"] })),
            "delete" => app.delete(&path),
            _ => app.post(&format!("{path}/{what}")).json(&json!({})),
        };
        assert!(request.bearer_auth(&token).send_checked().await.status.is_success());
        stream.write_all(b"}").await.unwrap();
        assert_eq!(read_response(&mut stream).await.status, 401, "{what}");
        assert_eq!(count().await, before, "{what}");
    }
}
