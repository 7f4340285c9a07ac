//! `POST /v1/api-keys/`

use chrono::TimeDelta;
use insta::assert_snapshot;
use latchkey_domain::model::{Scopes, UserRole};
use latchkey_test_support::{
    app::{Options, TestApp},
    response::SendChecked,
};
use serde_json::{Value, json};

#[tokio::test]
async fn a_created_key_is_shown_once() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let body = json!({ "description": "CI pipeline", "expires_at": "2031-01-01T00:00:00+02:00" });
    let response = app.post("/v1/api-keys/").bearer_auth(&token).json(&body).send_checked().await;
    assert_snapshot!(response, @r#"
    201 Created
    cache-control: no-store
    content-type: application/json
    etag: "1-active"
    latchkey-version: <version>
    location: /v1/api-keys/1
    vary: Origin
    x-request-id: <id>

    {
      "id": 1,
      "key_prefix": "lk_<9>",
      "user_id": 1,
      "status": "active",
      "created_at": "2030-01-01T00:00:00Z",
      "expires_at": "2030-12-31T22:00:00Z",
      "description": "CI pipeline",
      "full_key": "<secret>"
    }
    "#);

    let location = response.header("location").unwrap();
    let record = app.get(location).bearer_auth(&token).send_checked().await.json();
    let mut expected = response.json();
    let secret = expected["full_key"].take();
    assert_eq!(record, expected);
    assert!(secret.as_str().unwrap().starts_with(expected["key_prefix"].as_str().unwrap()));
}

#[tokio::test]
async fn description_and_expiry_are_optional() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    for body in [json!({}), json!({ "description": null, "expires_at": null })] {
        let record = app.post("/v1/api-keys/").bearer_auth(&token).json(&body).send_checked().await.json();
        assert_eq!((&record["description"], &record["expires_at"]), (&Value::Null, &Value::Null));
        assert_eq!(record["status"], "active");
    }
}

#[tokio::test]
async fn a_created_key_is_valid_at_once() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    let response = app.post("/v1/api-keys/").header("x-api-key", key.secret).json(&json!({})).send_checked().await;
    assert_eq!(response.status, 201, "{response}");
}

#[tokio::test]
async fn the_path_without_the_trailing_slash_is_equivalent() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let response = app.post("/v1/api-keys").bearer_auth(&token).json(&json!({})).send_checked().await;
    assert_snapshot!(response, @r#"
    201 Created
    cache-control: no-store
    content-type: application/json
    etag: "1-active"
    latchkey-version: <version>
    location: /v1/api-keys/1
    vary: Origin
    x-request-id: <id>

    {
      "id": 1,
      "key_prefix": "lk_<9>",
      "user_id": 1,
      "status": "active",
      "created_at": "2030-01-01T00:00:00Z",
      "expires_at": null,
      "description": null,
      "full_key": "<secret>"
    }
    "#);
}

#[tokio::test]
async fn an_expiry_in_the_past_creates_an_expired_key() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let body = json!({ "expires_at": "2029-12-31T23:59:59.999999Z" });
    let record = app.post("/v1/api-keys/").bearer_auth(&token).json(&body).send_checked().await.json();
    assert_eq!((&record["status"], &record["expires_at"]), (&json!("expired"), &body["expires_at"]));
}

#[tokio::test]
async fn a_description_has_at_most_4096_characters_of_any_kind() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let with = |description: String| {
        app.post("/v1/api-keys/").bearer_auth(&token).json(&json!({ "description": description })).send_checked()
    };
    for longest in ["🔑".repeat(4096), "\u{1}\u{7f}\u{ffff}<script>\n".repeat(341), String::new()] {
        assert_eq!(with(longest.clone()).await.json()["description"], longest);
    }
    assert_snapshot!(with("🔑".repeat(4097)).await, @r#"
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
            "body",
            "description"
          ],
          "msg": "String should have at most 4096 characters",
          "type": "string_too_long"
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn every_validation_error_is_listed_headers_before_the_body() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let response = app
        .post("/v1/api-keys/")
        .bearer_auth(&token)
        .header("idempotency-key", "one")
        .header("idempotency-key", "two")
        .json(&json!({ "description": 1, "expires_at": "tomorrow" }))
        .send_checked()
        .await;
    assert_snapshot!(response, @r#"
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
            "Idempotency-Key"
          ],
          "msg": "Input should be a valid string",
          "type": "string_type"
        },
        {
          "loc": [
            "body",
            "expires_at"
          ],
          "msg": "Input should be a valid datetime or date, in the form of RFC 3339 with an offset",
          "type": "datetime_from_date_parsing"
        },
        {
          "loc": [
            "body",
            "description"
          ],
          "msg": "Input should be a valid string",
          "type": "string_type"
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn the_names_and_the_values_of_metadata_are_validated() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let body = json!({ "metadata": { "plan": "pro", "seats": 3, "a plan": "pro", "note": "€".repeat(501) } });
    assert_snapshot!(app.post("/v1/api-keys/").bearer_auth(&token).json(&body).send_checked().await, @r#"
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
            "body",
            "metadata",
            "seats"
          ],
          "msg": "Input should be a valid string",
          "type": "string_type"
        },
        {
          "loc": [
            "body",
            "metadata",
            "note"
          ],
          "msg": "String should have at most 500 characters",
          "type": "string_too_long"
        },
        {
          "loc": [
            "body",
            "metadata",
            "a plan",
            "[key]"
          ],
          "msg": "String should match pattern '^[A-Za-z0-9_.-]{1,40}$'",
          "type": "string_pattern_mismatch"
        }
      ]
    }
    "#);

    let create = |metadata: &str| {
        let request = app.post("/v1/api-keys/").bearer_auth(&token).header("content-type", "application/json");
        request.body(format!(r#"{{"metadata":{metadata}}}"#)).send_checked()
    };
    for (metadata, error_type) in [
        ("null", "dict_type"),
        (r#"["plan"]"#, "dict_type"),
        (r#"{"plan":null}"#, "string_type"),
        (r#"{"plan":"pro","plan":"pro"}"#, "json_invalid"),
    ] {
        let response = create(metadata).await;
        assert_eq!((response.status.as_u16(), &response.json()["detail"][0]["type"]), (422, &json!(error_type)));
    }
    let longest = format!(r#"{{"{}":"{}"}}"#, "a".repeat(40), "€".repeat(500));
    assert_eq!(create(&longest).await.status, 201);
    assert_eq!(create("{}").await.status, 201);
}

#[tokio::test]
async fn unknown_members_are_rejected() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let body = json!({ "user_id": 2, "Description": "mine", "description": "mine" });
    assert_snapshot!(app.post("/v1/api-keys/").bearer_auth(&token).json(&body).send_checked().await, @r#"
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
            "body",
            "user_id"
          ],
          "msg": "Extra inputs are not permitted",
          "type": "extra_forbidden"
        },
        {
          "loc": [
            "body",
            "Description"
          ],
          "msg": "Extra inputs are not permitted",
          "type": "extra_forbidden"
        }
      ]
    }
    "#);
    assert!(app.database.query("SELECT FROM api_keys").await.is_empty());
}

/// The policy of a key.
async fn policy(app: &TestApp, token: &str, id: i64) -> Value {
    app.get(&format!("/v1/api-keys/{id}/policy")).bearer_auth(token).send_checked().await.json()
}

#[tokio::test]
async fn a_key_can_be_created_with_its_policy() {
    let app = TestApp::new().await;
    let (_, token) = app.with_admin("alice").await;
    let body = json!({
        "description": "Order reports",
        "policy": {
            "scopes": ["orders:read"],
            "networks": ["192.0.2.77/24"],
            "not_before": "2029-06-01T00:00:00Z",
            "rate_limit": { "requests": 10, "seconds": 60 },
        },
    });
    let key = app.create_key_with(&token, body).await;
    let expected = json!({
        "scopes": ["orders:read"],
        "networks": ["192.0.2.0/24"],
        "not_before": "2029-06-01T00:00:00Z",
        "rate_limit": { "requests": 10, "seconds": 60 },
    });
    assert_eq!(policy(&app, &token, key.id).await, expected);
    assert_eq!(app.verify(&token, &key.secret).await["code"], "network_not_allowed");

    // It is one event, which shows the policy.
    let events = app.get("/v1/audit/events").bearer_auth(&token).send_checked().await.json();
    let events = events["items"].as_array().unwrap();
    assert_eq!((events.len(), &events[0]["action"]), (1, &json!("create")));
    for (member, after) in expected.as_object().unwrap() {
        assert_eq!(events[0]["changes"][member], json!({ "before": null, "after": after }), "{member}");
    }

    // Like a key without a policy, one with an empty policy is unrestricted.
    for body in [json!({ "policy": null }), json!({ "policy": {} })] {
        let key = app.create_key_with(&token, body).await;
        assert_eq!(app.verify(&token, &key.secret).await["unrestricted"], true);
    }
}

#[tokio::test]
async fn an_invalid_policy_creates_no_key() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    for (policy, loc, kind) in [
        (json!([]), json!(["body", "policy"]), "model_attributes_type"),
        (json!({ "scope": ["a"] }), json!(["body", "policy", "scope"]), "extra_forbidden"),
        (json!({ "scopes": ["a", "b c"] }), json!(["body", "policy", "scopes", 1]), "string_pattern_mismatch"),
        (json!({ "scopes": ["a", "latchkey:all"] }), json!(["body", "policy", "scopes", 1]), "value_error"),
        (json!({ "networks": ["10.0.0.0/33"] }), json!(["body", "policy", "networks", 0]), "ip_any_network"),
        (
            json!({ "rate_limit": { "requests": 0, "seconds": 1 } }),
            json!(["body", "policy", "rate_limit", "requests"]),
            "greater_than_equal",
        ),
    ] {
        let request = app.post("/v1/api-keys/").bearer_auth(&token).json(&json!({ "policy": policy }));
        let response = request.send_checked().await;
        assert_eq!(response.status, 422, "{policy}: {response}");
        let error = &response.json()["detail"][0];
        assert_eq!((&error["loc"], &error["type"]), (&loc, &json!(kind)), "{policy}");
    }
    assert!(app.database.query("SELECT FROM api_keys").await.is_empty());
}

#[tokio::test]
async fn a_key_is_created_within_the_restrictions_of_its_creator() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    let own = json!({
        "scopes": ["orders:read", "orders:write", "latchkey:keys.write"],
        "networks": null,
        "not_before": null,
        "rate_limit": { "requests": 10, "seconds": 60 },
    });
    let key = app.create_key_with(&token, json!({ "policy": own })).await;
    let create = |policy: Value| {
        let request = app.post("/v1/api-keys/").header("x-api-key", &key.secret);
        request.json(&json!({ "policy": policy })).send_checked()
    };
    for wider in [
        json!({}),
        json!({ "scopes": ["orders:read"] }),
        json!({ "scopes": ["orders:delete"], "rate_limit": own["rate_limit"] }),
        json!({ "scopes": ["orders:read"], "rate_limit": { "requests": 11, "seconds": 60 } }),
    ] {
        let response = create(wider.clone()).await;
        let code = &response.json()["code"];
        assert_eq!((response.status.as_u16(), code), (403, &json!("insufficient_permissions")), "{wider}");
    }
    assert_eq!(app.database.query("SELECT FROM api_keys").await.len(), 1);

    let narrower = json!({
        "scopes": ["orders:read"],
        "networks": ["192.0.2.0/24"],
        "not_before": "2031-01-01T00:00:00Z",
        "rate_limit": { "requests": 5, "seconds": 60 },
    });
    for (sent, expected) in [(narrower.clone(), &narrower), (own.clone(), &own), (Value::Null, &own)] {
        let response = create(sent).await;
        assert_eq!(response.status, 201, "{response}");
        assert_eq!(policy(&app, &token, response.json()["id"].as_i64().unwrap()).await, *expected);
    }

    // The same holds for the scopes of a token, and for those of Latchkey that the user lacks.
    let restricted = app.restricted_token(&alice, Scopes::parse("latchkey:keys.write").unwrap()).await;
    for (token, scope) in [(&restricted, "orders:read"), (&token, "latchkey:audit.read")] {
        let body = json!({ "policy": { "scopes": [scope] } });
        let response = app.post("/v1/api-keys/").bearer_auth(token).json(&body).send_checked().await;
        assert_eq!(response.status, 403, "{scope}: {response}");
    }
}

#[tokio::test]
async fn a_key_creates_no_key_that_expires_later() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let end = "2030-01-01T00:00:05Z";
    let key = app.create_key_with(&token, json!({ "expires_at": end })).await;
    let create = |body: Value| app.post("/v1/api-keys/").header("x-api-key", &key.secret).json(&body).send_checked();
    let mut children = Vec::new();
    for (body, expires_at) in [
        (json!({}), end),
        (json!({ "expires_at": null }), end),
        (json!({ "expires_at": end }), end),
        (json!({ "expires_at": "2030-01-01T00:00:04Z" }), "2030-01-01T00:00:04Z"),
    ] {
        let response = create(body.clone()).await;
        assert_eq!((response.status.as_u16(), &response.json()["expires_at"]), (201, &json!(expires_at)), "{body}");
        children.push(response.json()["full_key"].as_str().unwrap().to_owned());
    }
    let response = create(json!({ "expires_at": "2030-01-01T00:00:05.000001Z" })).await;
    assert_eq!((response.status.as_u16(), &response.json()["code"]), (403, &json!("insufficient_permissions")));

    // With both credentials, the key counts.
    let request = app.post("/v1/api-keys/").bearer_auth(&token).header("x-api-key", &key.secret).json(&json!({}));
    assert_eq!(request.send_checked().await.json()["expires_at"], end);
    // The token expires in an hour, but what it creates does not.
    let request = app.post("/v1/api-keys/").bearer_auth(&token).json(&json!({}));
    assert_eq!(request.send_checked().await.json()["expires_at"], Value::Null);

    app.clock.advance(TimeDelta::seconds(5));
    for secret in children {
        assert_eq!(app.get("/v1/users/me").header("x-api-key", secret).send_checked().await.status, 401);
    }
}

#[tokio::test]
async fn a_request_without_a_credential_is_challenged() {
    let app = TestApp::new().await;
    let response = app.post("/v1/api-keys/").json(&json!({})).send_checked().await;
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
async fn a_read_only_token_cannot_create_a_key() {
    let app = TestApp::new().await;
    let alice = app.create_user("alice", UserRole::Admin).await;
    let token = app.restricted_token(&alice, Scopes::parse("latchkey:keys.read").unwrap()).await;
    let response = app.post("/v1/api-keys/").bearer_auth(token).json(&json!({})).send_checked().await;
    assert_snapshot!(response, @r#"
    403 Forbidden
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
    vary: Origin
    www-authenticate: Bearer realm="latchkey", error="insufficient_scope", scope="latchkey:keys.write"
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Forbidden",
      "status": 403,
      "detail": "The credential lacks a required scope: latchkey:keys.write.",
      "code": "insufficient_scope"
    }
    "#);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_rejected() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let body = json!({ "description": "a".repeat(64 * 1024) });
    let response = app.post("/v1/api-keys/").bearer_auth(token).json(&body).send_checked().await;
    assert_snapshot!(response, @r#"
    413 Payload Too Large
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
    vary: Origin
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Payload Too Large",
      "status": 413,
      "detail": "The body is larger than this server accepts.",
      "code": "content_too_large"
    }
    "#);
}

#[tokio::test]
async fn without_a_database_no_key_is_created() {
    let app = TestApp::with(Options::without_database()).await;
    let (_, token) = app.with_member("alice").await;
    let response = app.post("/v1/api-keys/").bearer_auth(token).json(&json!({})).send_checked().await;
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

#[tokio::test]
async fn the_database_never_contains_the_key() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    let rows = app.database.query("SELECT k::text, encode(hash, 'escape') FROM api_keys k").await;
    let (row, hash): (String, String) = (rows[0].get(0), rows[0].get(1));
    // Characters beyond the displayed prefix.
    let part = &key.secret[10..16];
    assert!(!row.contains(part) && !hash.contains(part));
}
