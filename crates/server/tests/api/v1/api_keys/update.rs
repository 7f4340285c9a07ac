//! `PATCH /v1/api-keys/{item_id}`

use chrono::TimeDelta;
use insta::assert_snapshot;
use latchkey_domain::model::{Scopes, UserRole};
use latchkey_test_support::{
    app::{Options, TestApp},
    response::SendChecked,
};
use serde_json::{Value, json};

const PATH: &str = "/v1/api-keys/1";

/// An app with one key, which has a description and an expiry.
async fn app_with_key() -> (TestApp, String) {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key_with(&token, json!({ "description": "CI", "expires_at": "2031-01-01T00:00:00Z" })).await;
    (app, token)
}

async fn update(app: &TestApp, token: &str, change: Value) -> Value {
    let response = app.patch(PATH).bearer_auth(token).json(&change).send_checked().await;
    assert_eq!(response.status, 200, "{response}");
    response.json()
}

/// Identifies the current version of the key's row.
async fn row_version(app: &TestApp) -> String {
    app.database.query("SELECT xmin::text || ctid::text FROM api_keys").await[0].get(0)
}

#[tokio::test]
async fn an_update_returns_the_whole_record() {
    let (app, token) = app_with_key().await;
    let change = json!({ "description": "CD", "expires_at": "2031-06-30T12:00:00+02:00" });
    let response = app.patch(PATH).bearer_auth(&token).json(&change).send_checked().await;
    assert_snapshot!(response, @r#"
    200 OK
    cache-control: no-store
    content-type: application/json
    etag: "2-active"
    latchkey-version: <version>
    vary: Origin
    x-request-id: <id>

    {
      "id": 1,
      "key_prefix": "lk_<9>",
      "user_id": 1,
      "status": "active",
      "created_at": "2030-01-01T00:00:00Z",
      "expires_at": "2031-06-30T10:00:00Z",
      "description": "CD",
      "full_key": null
    }
    "#);
    assert_eq!(app.get(PATH).bearer_auth(&token).send_checked().await.json(), response.json());
}

#[tokio::test]
async fn an_absent_member_is_unchanged_and_null_removes_the_value() {
    let (app, token) = app_with_key().await;
    let values = |record: Value| (record["description"].clone(), record["expires_at"].clone());
    let both = (json!("CI"), json!("2031-01-01T00:00:00Z"));
    assert_eq!(values(update(&app, &token, json!({})).await), both);
    let removed = update(&app, &token, json!({ "expires_at": null })).await;
    assert_eq!(values(removed), (json!("CI"), Value::Null));
    let set = update(&app, &token, json!({ "expires_at": "2031-01-01T00:00:00Z" })).await;
    assert_eq!(values(set), both);
    let removed = update(&app, &token, json!({ "description": null })).await;
    assert_eq!(values(removed), (Value::Null, json!("2031-01-01T00:00:00Z")));
    let empty = update(&app, &token, json!({ "description": "", "expires_at": null })).await;
    assert_eq!(values(empty), (json!(""), Value::Null));
}

#[tokio::test]
async fn an_empty_change_writes_nothing() {
    let (app, token) = app_with_key().await;
    let before = row_version(&app).await;
    update(&app, &token, json!({})).await;
    update(&app, &token, json!({ "unknown": 1 })).await;
    assert_eq!(row_version(&app).await, before);
    // An actual change is visible in this way.
    update(&app, &token, json!({ "description": "CD" })).await;
    assert_ne!(row_version(&app).await, before);
}

#[tokio::test]
async fn unknown_members_are_ignored() {
    let (app, token) = app_with_key().await;
    let change = json!({ "user_id": 2, "id": 77, "status": "revoked", "full_key": "lk_1", "description": "mine" });
    let record = update(&app, &token, change).await;
    assert_eq!((&record["user_id"], &record["id"]), (&json!(1), &json!(1)));
    assert_eq!((&record["status"], &record["description"]), (&json!("active"), &json!("mine")));
}

#[tokio::test]
async fn an_expiry_has_microseconds_and_is_returned_in_utc() {
    let (app, token) = app_with_key().await;
    let cases = [
        ("2031-01-01T00:00:00.000001Z", "2031-01-01T00:00:00.000001Z"),
        ("2031-01-01T00:00:00.123456789Z", "2031-01-01T00:00:00.123456Z"),
        ("2031-01-01T00:00:00.999999999999Z", "2031-01-01T00:00:00.999999Z"),
        ("2031-01-01T00:00:00.100000Z", "2031-01-01T00:00:00.100Z"),
        ("2031-01-01t00:00:00z", "2031-01-01T00:00:00Z"),
        ("2031-01-01T00:00:00-05:30", "2031-01-01T05:30:00Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
    ];
    for (sent, returned) in cases {
        assert_eq!(update(&app, &token, json!({ "expires_at": sent })).await["expires_at"], returned);
        let read = app.get(PATH).bearer_auth(&token).send_checked().await.json();
        assert_eq!(read["expires_at"], returned, "{sent}");
    }
}

#[tokio::test]
async fn an_expiry_in_the_past_makes_the_key_expired_until_it_is_changed() {
    let (app, token) = app_with_key().await;
    let now = json!({ "expires_at": "2030-01-01T00:00:00Z" });
    assert_eq!(update(&app, &token, now).await["status"], "expired");
    let later = json!({ "expires_at": "2030-01-01T00:00:00.000001Z" });
    assert_eq!(update(&app, &token, later).await["status"], "active");
}

#[tokio::test]
async fn concurrent_changes_of_different_members_are_both_kept() {
    let (app, token) = app_with_key().await;
    for round in 0..50 {
        let description = format!("round {round}");
        let expires_at = format!("2031-01-01T00:00:{round:02}Z");
        let change = |change: Value| app.patch(PATH).bearer_auth(&token).json(&change).send_checked();
        let (first, second) =
            tokio::join!(change(json!({ "description": description })), change(json!({ "expires_at": expires_at })));
        assert_eq!((first.status.as_u16(), second.status.as_u16()), (200, 200));
        let record = app.get(PATH).bearer_auth(&token).send_checked().await.json();
        assert_eq!((&record["description"], &record["expires_at"]), (&json!(description), &json!(expires_at)));
    }
}

#[tokio::test]
async fn a_key_may_set_its_own_expiry() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    let end = || {
        let end = json!({ "expires_at": "2000-01-01T00:00:00Z" });
        app.patch(PATH).header("x-api-key", &key.secret).json(&end).send_checked()
    };
    assert_eq!(end().await.json()["status"], "expired");
    assert_eq!(end().await.status, 401);
}

#[tokio::test]
async fn a_key_prolongs_neither_itself_nor_another_key() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    for policy in [json!({}), json!({ "scopes": ["latchkey:keys.write"] })] {
        let end = "2030-01-01T00:00:05Z";
        let started = app.clock.now();
        let key = app.create_key_with(&token, json!({ "expires_at": end, "policy": policy })).await;
        let other = app.create_key_with(&token, json!({ "expires_at": null, "policy": policy })).await;
        for id in [key.id, other.id] {
            let update = |change: Value| {
                let request = app.patch(&format!("/v1/api-keys/{id}")).header("x-api-key", &key.secret);
                request.json(&change).send_checked()
            };
            for later in [Value::Null, json!("2030-01-01T00:00:05.000001Z"), json!("9999-12-31T23:59:59Z")] {
                let response = update(json!({ "description": "later", "expires_at": later })).await;
                let code = &response.json()["code"];
                assert_eq!((response.status.as_u16(), code), (403, &json!("insufficient_permissions")), "{later}");
            }
            let record = update(json!({ "description": "the same" })).await;
            assert_eq!((record.status.as_u16(), &record.json()["description"]), (200, &json!("the same")));
            assert_eq!(update(json!({ "expires_at": end })).await.json()["expires_at"], end);
        }
        let request = app.patch(&format!("/v1/api-keys/{}", other.id)).header("x-api-key", &key.secret);
        let earlier = json!({ "expires_at": "2030-01-01T00:00:04Z" });
        assert_eq!(request.json(&earlier).send_checked().await.status, 200);

        app.clock.advance(TimeDelta::seconds(5));
        for secret in [&key.secret, &other.secret] {
            let request = app.post("/v1/api-keys/").header("x-api-key", secret).json(&json!({}));
            assert_eq!(request.send_checked().await.status, 401);
        }
        app.clock.advance(started - app.clock.now());
    }
}

#[tokio::test]
async fn a_missing_key_and_another_users_get_the_same_response_and_are_unchanged() {
    let (app, _) = app_with_key().await;
    let (_, bob) = app.with_member("bob").await;
    let before = row_version(&app).await;
    for change in [json!({ "description": "mine now" }), json!({})] {
        let missing = app.patch("/v1/api-keys/2").bearer_auth(&bob).json(&change).send_checked().await;
        assert_eq!(missing.status, 404, "{missing}");
        let others = app.patch(PATH).bearer_auth(&bob).json(&change).send_checked().await;
        assert_eq!(others.to_string(), missing.to_string());
    }
    assert_eq!(row_version(&app).await, before);
}

#[tokio::test]
async fn every_validation_error_is_listed_the_path_first() {
    let (app, token) = app_with_key().await;
    let change = json!({ "description": ["CI"], "expires_at": "2031-01-01T00:00:00" });
    let response = app.patch("/v1/api-keys/one").bearer_auth(&token).json(&change).send_checked().await;
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
        },
        {
          "loc": [
            "body",
            "expires_at"
          ],
          "msg": "Input should have timezone info",
          "type": "timezone_aware"
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
async fn a_request_without_a_credential_is_challenged() {
    let (app, _) = app_with_key().await;
    assert_snapshot!(app.patch(PATH).json(&json!({})).send_checked().await, @r#"
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
async fn a_read_only_token_cannot_update_a_key() {
    let app = TestApp::new().await;
    let alice = app.create_user("alice", UserRole::Member).await;
    let token = app.restricted_token(&alice, Scopes::parse("latchkey:keys.read").unwrap()).await;
    assert_snapshot!(app.patch(PATH).bearer_auth(token).json(&json!({})).send_checked().await, @r#"
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
async fn a_body_that_is_too_large_is_rejected() {
    let (app, token) = app_with_key().await;
    let change = json!({ "description": "a".repeat(64 * 1024) });
    assert_snapshot!(app.patch(PATH).bearer_auth(&token).json(&change).send_checked().await, @r#"
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
async fn without_a_database_nothing_changes() {
    let (app, token) = app_with_key().await;
    let unreachable = app.second_node(Options::without_database()).await;
    for change in [json!({}), json!({ "description": null })] {
        let response = unreachable.patch(PATH).bearer_auth(&token).json(&change).send_checked().await;
        assert_eq!((response.status.as_u16(), response.header("retry-after")), (503, Some("1")), "{response}");
    }
}
