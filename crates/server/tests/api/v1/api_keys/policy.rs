//! `GET` and `PUT /v1/api-keys/{item_id}/policy`, and how a policy restricts the use of the key in Latchkey itself.

use latchkey_domain::model::{Scopes, UserRole};
use latchkey_test_support::{
    app::TestApp,
    response::{Response, SendChecked},
};
use serde_json::{Value, json};

async fn put(app: &TestApp, token: &str, id: i64, policy: Value) -> Response {
    app.put(&format!("/v1/api-keys/{id}/policy")).bearer_auth(token).json(&policy).send_checked().await
}

async fn get(app: &TestApp, token: &str, id: i64) -> Value {
    app.get(&format!("/v1/api-keys/{id}/policy")).bearer_auth(token).send_checked().await.json()
}

const UNRESTRICTED: &str = r#"{"scopes":null,"networks":null,"not_before":null,"rate_limit":null}"#;

#[tokio::test]
async fn a_policy_is_replaced_as_a_whole() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key(&token).await;
    assert_eq!(get(&app, &token, 1).await.to_string(), UNRESTRICTED);
    let policy = json!({
        "scopes": ["orders:read"],
        "networks": ["192.0.2.77/24", "2001:db8::1"],
        "not_before": "2030-06-01T00:00:00.123456+02:00",
        "rate_limit": { "requests": 1_000_000, "seconds": 86_400 },
    });
    let expected = json!({
        "scopes": ["orders:read"],
        "networks": ["192.0.2.0/24", "2001:db8::1/128"],
        "not_before": "2030-05-31T22:00:00.123456Z",
        "rate_limit": { "requests": 1_000_000, "seconds": 86_400 },
    });
    assert_eq!(put(&app, &token, 1, policy).await.json(), expected);
    assert_eq!(get(&app, &token, 1).await, expected);
    let record = app.get("/v1/api-keys/1").bearer_auth(&token).send_checked().await.json();
    assert_eq!(record["status"], "pending");
    assert_eq!(put(&app, &token, 1, json!({ "scopes": [] })).await.json()["networks"], Value::Null);
    assert_eq!(put(&app, &token, 1, json!({})).await.text(), UNRESTRICTED);
}

#[tokio::test]
async fn an_invalid_policy_is_rejected_with_the_location() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key(&token).await;
    let cases = [
        (json!({ "scopes": ["a", "b c"] }), json!(["body", "scopes", 1]), "string_pattern_mismatch"),
        (json!({ "scopes": ["a".repeat(129)] }), json!(["body", "scopes", 0]), "string_too_long"),
        (json!({ "scopes": ["latchkey:all"] }), json!(["body", "scopes", 0]), "value_error"),
        (json!({ "scopes": vec!["a"; 101] }), json!(["body", "scopes"]), "too_long"),
        (json!({ "networks": ["10.0.0.0/33"] }), json!(["body", "networks", 0]), "ip_any_network"),
        (json!({ "networks": "10.0.0.0/8" }), json!(["body", "networks"]), "list_type"),
        (json!({ "not_before": "tomorrow" }), json!(["body", "not_before"]), "datetime_from_date_parsing"),
        (json!({ "rate_limit": [1, 1] }), json!(["body", "rate_limit"]), "model_attributes_type"),
        (json!({ "rate_limit": {} }), json!(["body", "rate_limit", "requests"]), "missing"),
        (
            json!({ "rate_limit": { "requests": 0, "seconds": 1 } }),
            json!(["body", "rate_limit", "requests"]),
            "greater_than_equal",
        ),
        (json!({ "networks": ["010.0.0.0/8"] }), json!(["body", "networks", 0]), "ip_any_network"),
        (json!({ "networks": vec!["::1"; 101] }), json!(["body", "networks"]), "too_long"),
        (json!({ "scope": ["a"] }), json!(["body", "scope"]), "extra_forbidden"),
        (
            json!({ "rate_limit": { "requests": 1, "seconds": 1, "burst": 1 } }),
            json!(["body", "rate_limit", "burst"]),
            "extra_forbidden",
        ),
        (json!([]), json!(["body"]), "model_attributes_type"),
    ];
    for (policy, loc, kind) in cases {
        let response = put(&app, &token, 1, policy.clone()).await;
        assert_eq!(response.status, 422, "{policy}");
        let error = &response.json()["detail"][0];
        assert_eq!((&error["loc"], &error["type"]), (&loc, &json!(kind)), "{policy}");
    }
    assert_eq!(get(&app, &token, 1).await.to_string(), UNRESTRICTED);
}

#[tokio::test]
async fn a_policy_restricts_what_the_key_may_do_in_latchkey() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    let by_key = |request: reqwest::RequestBuilder| request.header("x-api-key", &key.secret).send_checked();
    put(&app, &token, 1, json!({ "scopes": ["latchkey:keys.read"] })).await;
    assert_eq!(by_key(app.get("/v1/api-keys/1")).await.status, 200);
    assert_eq!(by_key(app.patch("/v1/api-keys/1").json(&json!({}))).await.status, 403);
    put(&app, &token, 1, json!({ "networks": ["192.0.2.0/24"] })).await;
    assert_eq!(by_key(app.get("/v1/users/me")).await.status, 401);
    put(&app, &token, 1, json!({ "not_before": "2030-01-01T00:00:01Z" })).await;
    assert_eq!(by_key(app.get("/v1/users/me")).await.status, 401);
}

#[tokio::test]
async fn a_key_cannot_grant_more_than_it_has() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    let other = app.create_key(&token).await;
    let policy = json!({
        "scopes": ["orders:read", "latchkey:keys.read", "latchkey:keys.write"],
        "networks": ["127.0.0.0/8"],
        "rate_limit": { "requests": 10, "seconds": 60 },
    });
    put(&app, &token, key.id, policy.clone()).await;
    let by_key = |request: reqwest::RequestBuilder| request.header("x-api-key", &key.secret).send_checked();

    // A key that it creates has the same policy.
    let created = by_key(app.post("/v1/api-keys/").json(&json!({}))).await.json()["id"].as_i64().unwrap();
    let mut expected = get(&app, &token, key.id).await;
    assert_eq!(get(&app, &token, created).await, expected);

    // It can neither grant more to any key, itself included, nor rotate a less restricted key.
    for id in [created, key.id, other.id] {
        for wider in [
            json!({}),
            json!({ "scopes": ["orders:write"], "networks": ["127.0.0.1"], "rate_limit": policy["rate_limit"] }),
            json!({ "scopes": ["orders:read"], "networks": ["0.0.0.0/0"], "rate_limit": policy["rate_limit"] }),
            json!({ "scopes": ["orders:read"], "networks": ["127.0.0.1"] }),
        ] {
            let response = by_key(app.put(&format!("/v1/api-keys/{id}/policy")).json(&wider)).await;
            assert_eq!(response.status, 403, "{id} {wider}: {response}");
        }
    }
    let response = by_key(app.post(&format!("/v1/api-keys/{}/rotate", other.id)).json(&json!({}))).await;
    assert_eq!(response.status, 403, "{response}");

    // Nor can it make a less restricted key valid again.
    app.post(&format!("/v1/api-keys/{}/disable", other.id)).bearer_auth(&token).send_checked().await;
    assert_eq!(by_key(app.post(&format!("/v1/api-keys/{}/enable", other.id))).await.status, 403);
    let later = json!({ "expires_at": null });
    assert_eq!(by_key(app.patch(&format!("/v1/api-keys/{}", other.id)).json(&later)).await.status, 403);
    let description = json!({ "description": "unrestricted" });
    assert_eq!(by_key(app.patch(&format!("/v1/api-keys/{}", other.id)).json(&description)).await.status, 200);

    // It can grant as much as it has.
    expected["networks"] = json!(["127.0.0.1/32"]);
    let response = by_key(app.put(&format!("/v1/api-keys/{created}/policy")).json(&expected)).await;
    assert_eq!(response.json(), expected);
    let response = by_key(app.post(&format!("/v1/api-keys/{created}/rotate")).json(&json!({}))).await;
    assert_eq!(response.status, 201, "{response}");
}

#[tokio::test]
async fn a_restricted_key_controls_no_wider_key() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let own = json!({ "policy": { "scopes": ["latchkey:keys.write"] } });
    let key = app.create_key_with(&token, own.clone()).await;
    let wider = app.create_key(&token).await;
    let other = json!({ "policy": { "scopes": ["orders:read"] } });
    let other = app.create_key_with(&token, other).await;
    let mutations = |id: i64| {
        let path = format!("/v1/api-keys/{id}");
        [
            app.post(&format!("{path}/disable")),
            app.put(&format!("{path}/policy")).json(&own["policy"]),
            app.patch(&path).json(&json!({ "expires_at": "2030-01-01T00:00:00Z" })),
            app.post(&format!("{path}/revoke")).json(&json!({})),
            app.delete(&path),
        ]
    };
    let stored = async || {
        let rows = app.database.query("SELECT k::text FROM api_keys k ORDER BY id").await;
        rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>()
    };
    let before = stored().await;
    for request in [wider.id, other.id].into_iter().flat_map(mutations) {
        let response = request.header("x-api-key", &key.secret).send_checked().await;
        let code = &response.json()["code"];
        assert_eq!((response.status.as_u16(), code), (403, &json!("insufficient_permissions")), "{response}");
    }
    assert_eq!(stored().await, before);

    // It controls keys like itself, and itself.
    for (index, success) in [200, 200, 200, 200, 204].into_iter().enumerate() {
        let controlling = app.create_key_with(&token, own.clone()).await;
        let alike = app.create_key_with(&token, own.clone()).await.id;
        for id in [alike, controlling.id] {
            let request = mutations(id).into_iter().nth(index).unwrap();
            let response = request.header("x-api-key", &controlling.secret).send_checked().await;
            assert_eq!(response.status, success, "{response}");
        }
    }

    // Whoever holds a key may revoke it, whatever it permits.
    app.post("/v1/revoke").form(&[("token", &wider.secret)]).send_checked().await;
    let record = app.get(&format!("/v1/api-keys/{}", wider.id)).bearer_auth(&token).send_checked().await.json();
    assert_eq!(record["status"], "revoked");
}

#[tokio::test]
async fn a_restricted_token_creates_restricted_keys() {
    let app = TestApp::new().await;
    let alice = app.create_user("alice", UserRole::Member).await;
    let restricted = app.restricted_token(&alice, Scopes::parse("latchkey:keys.write").unwrap()).await;
    app.create_key(&restricted).await;
    let token = app.token(&alice).await;
    assert_eq!(get(&app, &token, 1).await["scopes"], json!(["latchkey:keys.write"]));
    assert_eq!(put(&app, &restricted, 1, json!({})).await.status, 403);
}

#[tokio::test]
async fn a_latchkey_scope_that_the_user_lacks_cannot_be_granted() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key(&token).await;
    assert_eq!(put(&app, &token, 1, json!({ "scopes": ["latchkey:audit.read"] })).await.status, 403);
}
