//! `POST /v1/api-keys/{item_id}/revoke`

use http::Method;
use latchkey_test_support::{
    app::TestApp,
    raw_http::read_response,
    response::{Response, SendChecked},
};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

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
async fn whether_the_response_waits_is_true_or_false() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key(&token).await;
    for (value, status) in [("yes", 422), ("", 422), ("1", 422), ("false", 200), ("true", 200)] {
        let path = format!("/v1/api-keys/1/revoke?wait_until_effective={value}");
        let response = app.post(&path).bearer_auth(&token).json(&json!({})).send_checked().await;
        assert_eq!(response.status, status, "{value:?}");
        if status == 422 {
            let error = &response.json()["detail"][0];
            assert_eq!(
                (&error["type"], &error["loc"]),
                (&json!("bool_parsing"), &json!(["query", "wait_until_effective"]))
            );
        }
    }
}

/// A request that the key itself authenticates, and whose body is still on its way.
struct SlowRequest(TcpStream);

impl SlowRequest {
    /// Sends all but the last byte of the body, and waits until the server, which has authenticated the key, reads it.
    async fn begin(app: &TestApp, secret: &str, request: &str, headers: &str, body: &str) -> Self {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        let head = format!(
            "{request} HTTP/1.1\r\nhost: x\r\nx-api-key: {secret}\r\ncontent-type: application/json\r\n\
             expect: 100-continue\r\n{headers}content-length: {}\r\n\r\n{}",
            body.len(),
            &body[..body.len() - 1]
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut interim = [0; 25];
        stream.read_exact(&mut interim).await.unwrap();
        assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
        Self(stream)
    }

    async fn finish(mut self) -> Response {
        self.0.write_all(b"}").await.unwrap();
        read_response(&mut self.0).await
    }
}

#[tokio::test]
async fn a_key_that_becomes_invalid_or_restricted_while_its_request_arrives_has_no_effect() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let changes = [
        (Method::POST, "/revoke", json!({})),
        (Method::POST, "/disable", json!({})),
        (Method::DELETE, "", json!(null)),
        (Method::PATCH, "", json!({ "expires_at": "2020-01-01T00:00:00Z" })),
        (Method::PUT, "/policy", json!({ "scopes": ["a"] })),
        (Method::PUT, "/policy", json!({ "not_before": "2100-01-01T00:00:00Z" })),
        (Method::PUT, "/policy", json!({ "rate_limit": { "requests": 1, "seconds": 60 } })),
    ];
    let target = app.create_key(&token).await.id;
    let requests = [
        ("POST /v1/api-keys/".to_owned(), "", "{}"),
        // This one is a replay.
        ("POST /v1/api-keys/".to_owned(), "idempotency-key: used\r\n", "{}"),
        (format!("PATCH /v1/api-keys/{target}"), "", "{}"),
        (format!("PATCH /v1/api-keys/{target}"), "", r#"{"description":"x"}"#),
        // These find the key as it is asked for, or not at all.
        (format!("PATCH /v1/api-keys/{target}"), "if-match: \"1-active\"\r\n", r#"{"description":"x"}"#),
        (format!("PATCH /v1/api-keys/{target}"), "if-match: \"9-active\"\r\n", r#"{"description":"x"}"#),
        ("POST /v1/api-keys/".to_owned(), "idempotency-key: used\r\n", r#"{"description":"another"}"#),
        (format!("PUT /v1/api-keys/{target}/policy"), "", "{}"),
        (format!("PUT /v1/api-keys/{target}/policy"), "", r#"{"scopes":["latchkey:verify"]}"#),
        (format!("POST /v1/api-keys/{target}/rotate"), "if-match: \"9-active\"\r\n", "{}"),
        (format!("POST /v1/api-keys/{target}/revoke"), "", "{}"),
        (format!("POST /v1/api-keys/{target}/rotate"), "", "{}"),
    ];
    let stored = async || {
        let rows = app.database.query("SELECT k::text FROM api_keys k ORDER BY id").await;
        rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>()
    };
    for (method, path, body) in &changes {
        let mut begun = Vec::new();
        for (request, headers, text) in &requests {
            let key = app.create_key(&token).await;
            if headers.starts_with("idempotency-key") {
                let first =
                    app.post("/v1/api-keys/").header("x-api-key", &key.secret).header("idempotency-key", "used");
                assert_eq!(first.json(&json!({})).send_checked().await.status, 201);
            }
            let slow = SlowRequest::begin(&app, &key.secret, request, headers, text).await;
            begun.push((key.id, slow, format!("{method} {path} {body}, then {request} {headers}{text}")));
        }
        for (id, ..) in &begun {
            let mut change = app.request(method.clone(), &format!("/v1/api-keys/{id}{path}"));
            if !body.is_null() {
                change = change.json(body);
            }
            let change = change.bearer_auth(&token).send_checked().await;
            assert!(change.status.is_success(), "{change}");
        }
        let before = stored().await;
        for (_, slow, what) in begun {
            let response = slow.finish().await;
            assert_eq!(response.status, 401, "{what}: {response}");
            let detail = "The API key in X-API-Key is no longer valid.";
            let problem = response.json();
            assert_eq!(
                (&problem["code"], &problem["detail"]),
                (&json!("invalid_credentials"), &json!(detail)),
                "{what}"
            );
        }
        assert_eq!(stored().await, before, "{method} {path} {body}");
    }
}

/// The expiry of a key limits what it grants, and may become earlier while its request arrives.
#[tokio::test]
async fn a_key_whose_expiry_changes_while_its_request_arrives_grants_nothing() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let expiry = json!({ "expires_at": "2031-01-01T00:00:00Z" });
    let target = app.create_key_with(&token, expiry.clone()).await.id;
    let expiry = expiry.to_string();
    let mut begun = Vec::new();
    for (request, headers, body) in [
        ("POST /v1/api-keys/".to_owned(), "", "{}"),
        ("POST /v1/api-keys/".to_owned(), "idempotency-key: new\r\n", "{}"),
        (format!("PATCH /v1/api-keys/{target}"), "", &expiry),
        (format!("PATCH /v1/api-keys/{target}"), "if-match: \"1-active\"\r\n", &expiry),
        (format!("POST /v1/api-keys/{target}/rotate"), "", "{}"),
        ("PATCH /v1/api-keys/{own}".to_owned(), "", &expiry),
    ] {
        let key = app.create_key_with(&token, serde_json::from_str(&expiry).unwrap()).await;
        let request = request.replace("{own}", &key.id.to_string());
        let slow = SlowRequest::begin(&app, &key.secret, &request, headers, body).await;
        let earlier = json!({ "expires_at": "2030-06-01T00:00:00Z" });
        let change = app.patch(&format!("/v1/api-keys/{}", key.id)).bearer_auth(&token).json(&earlier);
        assert_eq!(change.send_checked().await.status, 200);
        begun.push((slow, format!("{request} {headers}{body}")));
    }
    let stored = async || {
        let rows = app.database.query("SELECT k::text FROM api_keys k ORDER BY id").await;
        rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>()
    };
    let before = stored().await;
    for (slow, what) in begun {
        let response = slow.finish().await;
        // The key is still valid, so the request can be sent again.
        let code = &response.json()["code"];
        assert_eq!((response.status.as_u16(), code), (503, &json!("processing_timeout")), "{what}: {response}");
    }
    assert_eq!(stored().await, before);
}
