//! Which credentials authenticate a caller, and until when.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use futures_util::future::join_all;
use http::header::AUTHORIZATION;
use insta::assert_snapshot;
use latchkey_domain::model::{Scopes, UserRole};
use latchkey_test_support::{
    app::{Options, PASSWORD, TestApp},
    response::{Response, SendChecked},
};
use reqwest::RequestBuilder;
use serde_json::json;

use crate::key_states::set_policy;

fn me(app: &TestApp) -> RequestBuilder {
    app.get("/v1/users/me")
}

async fn with_token(app: &TestApp, token: &str) -> Response {
    me(app).bearer_auth(token).send_checked().await
}

async fn with_key(app: &TestApp, key: &str) -> Response {
    me(app).header("x-api-key", key).send_checked().await
}

/// The statuses of operations with this token.
async fn statuses_of_all(app: &TestApp, token: &str) -> [u16; 7] {
    let change = json!({ "description": "changed" });
    let responses = [
        me(app).bearer_auth(token).send_checked().await,
        app.get("/v1/api-keys/").bearer_auth(token).send_checked().await,
        app.post("/v1/api-keys/").bearer_auth(token).json(&json!({})).send_checked().await,
        app.get("/v1/api-keys/1").bearer_auth(token).send_checked().await,
        app.patch("/v1/api-keys/1").bearer_auth(token).json(&json!({})).send_checked().await,
        app.patch("/v1/api-keys/1").bearer_auth(token).json(&change).send_checked().await,
        app.delete("/v1/api-keys/1").bearer_auth(token).send_checked().await,
    ];
    responses.map(|response| response.status.as_u16())
}

#[tokio::test]
async fn a_disabled_users_credentials_are_invalid_for_every_operation() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    app.disable_user(&alice).await;
    assert_snapshot!(with_token(&app, &token).await, @r#"
    401 Unauthorized
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
    vary: Origin
    www-authenticate: Bearer realm="latchkey", error="invalid_token"
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Unauthorized",
      "status": 401,
      "detail": "The credential is no longer valid: its principal is disabled or revoked it.",
      "code": "principal_disabled"
    }
    "#);
    assert_snapshot!(with_key(&app, &key.secret).await, @r#"
    401 Unauthorized
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
    vary: Origin
    www-authenticate: Bearer realm="latchkey", error="invalid_token"
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Unauthorized",
      "status": 401,
      "detail": "The API key in X-API-Key is invalid.",
      "code": "invalid_credentials"
    }
    "#);
    assert_eq!(statuses_of_all(&app, &token).await, [401; 7]);
    let rows = app.database.query("SELECT count(*), max(description), count(deleted_at) FROM api_keys").await;
    assert_eq!((rows[0].get::<_, i64>(0), rows[0].get(1), rows[0].get::<_, i64>(2)), (1, None::<String>, 0));
}

#[tokio::test]
async fn enabling_a_user_restores_the_keys_but_not_the_tokens() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    app.disable_user(&alice).await;
    app.enable_user(&alice).await;
    assert_eq!(statuses_of_all(&app, &token).await, [401; 7]);
    assert_eq!(with_key(&app, &key.secret).await.status, 200);
    let fresh = app.login("alice", PASSWORD).send_checked().await.json();
    assert_eq!(with_token(&app, fresh["access_token"].as_str().unwrap()).await.status, 200);
}

#[tokio::test]
async fn changing_the_password_revokes_the_tokens_but_not_the_keys() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    app.set_password(&alice, "another password").await;
    assert_eq!(statuses_of_all(&app, &token).await, [401; 7]);
    assert_eq!(with_key(&app, &key.secret).await.status, 200);
    assert_eq!(app.login("alice", PASSWORD).send_checked().await.status, 400);
    assert_eq!(app.login("alice", "another password").send_checked().await.status, 200);
}

#[tokio::test]
async fn a_token_that_is_no_longer_valid_is_rejected_before_its_scopes_count() {
    let app = TestApp::new().await;
    let cached = app.second_node(Options { change_feed: true, ..Options::default() }).await;
    let (alice, of_alice) = app.with_member("alice").await;
    let (bob, of_bob) = app.with_member("bob").await;
    let statuses = async |node: &TestApp, token: &str| {
        let verify = node.post("/v1/api-keys/verify").json(&json!({ "key": "lk_unknown" }));
        let requests = [node.get("/v1/audit/events"), verify];
        let responses = requests.map(|request| request.bearer_auth(token).send_checked());
        join_all(responses).await.iter().map(|response| response.status.as_u16()).collect::<Vec<_>>()
    };
    cached.wait_for_poll().await;
    for token in [&of_alice, &of_bob] {
        assert_eq!(statuses(&cached, token).await, [403, 403]);
    }
    let denied = async || {
        let rows = app.database.query("SELECT count(*) FROM audit_events WHERE action = 'access_denied'").await;
        rows[0].get::<_, i64>(0)
    };
    assert_eq!(denied().await, 4);

    app.disable_user(&alice).await;
    app.set_password(&bob, "another password").await;
    cached.wait_for_poll().await;
    for (node, token) in [(&app, &of_alice), (&app, &of_bob), (&cached, &of_alice), (&cached, &of_bob)] {
        assert_eq!(statuses(node, token).await, [401, 401]);
    }
    assert_eq!(denied().await, 4);
}

#[tokio::test]
async fn a_token_expires_after_its_lifetime() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.clock.advance(TimeDelta::seconds(3600) - TimeDelta::microseconds(1));
    assert_eq!(with_token(&app, &token).await.status, 200);
    app.clock.advance(TimeDelta::microseconds(1));
    assert_snapshot!(with_token(&app, &token).await, @r#"
    401 Unauthorized
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
    vary: Origin
    www-authenticate: Bearer realm="latchkey", error="invalid_token"
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Unauthorized",
      "status": 401,
      "detail": "The bearer token is invalid: it was not issued by this service, or has expired.",
      "code": "invalid_credentials"
    }
    "#);
}

#[tokio::test]
async fn a_token_signed_with_another_secret_is_rejected() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let other = app.second_node(Options { token_secret: 2, ..Options::default() }).await;
    assert_eq!(with_token(&other, &token).await.status, 401);
}

#[tokio::test]
async fn an_unsigned_token_is_rejected() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let claims = token.split('.').nth(1).unwrap();
    for algorithm in ["none", "None", "NONE", "HS512", "RS256"] {
        let header = BASE64_URL_SAFE_NO_PAD.encode(format!(r#"{{"typ":"JWT","alg":"{algorithm}"}}"#));
        assert_eq!(with_token(&app, &format!("{header}.{claims}.")).await.status, 401, "{algorithm}");
    }
}

#[tokio::test]
async fn a_token_with_modified_claims_is_rejected() {
    let app = TestApp::new().await;
    let alice = app.create_user("alice", UserRole::Member).await;
    let token = app.restricted_token(&alice, Scopes::parse("latchkey:keys.read").unwrap()).await;
    let [header, claims, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let claims = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    let claims = BASE64_URL_SAFE_NO_PAD.encode(claims.replace("keys.read", "keys.write"));
    assert_eq!(with_token(&app, &format!("{header}.{claims}.{signature}")).await.status, 401);
}

#[tokio::test]
async fn both_credentials_of_one_user_are_accepted() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    let response = me(&app).bearer_auth(&token).header("x-api-key", key.secret).send_checked().await;
    assert_eq!(response.json()["username"], "alice");
}

#[tokio::test]
async fn two_credentials_together_permit_what_both_permit() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    let restricted = app.restricted_token(&alice, Scopes::parse("latchkey:keys.read").unwrap()).await;
    let request = app.post("/v1/api-keys/").bearer_auth(&restricted).header("x-api-key", &key.secret).json(&json!({}));
    assert_eq!(request.send_checked().await.status, 403);
}

#[tokio::test]
async fn a_key_that_two_restricted_credentials_create_has_the_restrictions_of_both() {
    let app = TestApp::new().await;
    let alice = app.create_user("alice", UserRole::Admin).await;
    let unrestricted = app.token(&alice).await;
    let key = app.create_key(&unrestricted).await;
    let policy = json!({
        "scopes": ["latchkey:keys.write", "latchkey:audit.read", "orders:read"],
        "networks": ["127.0.0.0/8"],
        "rate_limit": { "requests": 10, "seconds": 60 },
    });
    assert_eq!(set_policy(&app, &unrestricted, &key, policy.clone()).await.status, 200);
    let scopes = Scopes::parse("latchkey:keys.read latchkey:keys.write").unwrap();
    let token = app.restricted_token(&alice, scopes).await;
    let with_both = |request: RequestBuilder| request.bearer_auth(&token).header("x-api-key", &key.secret);

    let created = with_both(app.post("/v1/api-keys/").json(&json!({}))).send_checked().await;
    assert_eq!(created.status, 201, "{created}");
    let path = format!("/v1/api-keys/{}/policy", created.json()["id"]);
    let granted = app.get(&path).bearer_auth(&unrestricted).send_checked().await.json();
    let expected = json!({
        "scopes": ["latchkey:keys.write"],
        "networks": policy["networks"],
        "not_before": null,
        "rate_limit": policy["rate_limit"],
    });
    assert_eq!(granted, expected);

    // Each credential alone has one of these.
    for request in [app.get("/v1/api-keys/"), app.get("/v1/audit/events")] {
        assert_eq!(with_both(request).send_checked().await.status, 403);
    }
    // And each alone permits what the other does not: scopes, networks, or the rate.
    for wider in [
        json!({}),
        json!({ "scopes": ["orders:read"], "networks": ["127.0.0.1"], "rate_limit": policy["rate_limit"] }),
        json!({ "scopes": ["latchkey:keys.read"], "networks": ["127.0.0.1"], "rate_limit": policy["rate_limit"] }),
        json!({ "scopes": ["latchkey:keys.write"], "networks": ["10.0.0.0/8"], "rate_limit": policy["rate_limit"] }),
        json!({ "scopes": ["latchkey:keys.write"], "rate_limit": policy["rate_limit"] }),
        json!({ "scopes": ["latchkey:keys.write"], "networks": ["127.0.0.1"] }),
        json!({
            "scopes": ["latchkey:keys.write"],
            "networks": ["127.0.0.1"],
            "rate_limit": { "requests": 11, "seconds": 60 },
        }),
    ] {
        let response = with_both(app.put(&path).json(&wider)).send_checked().await;
        assert_eq!(response.status, 403, "{wider}: {response}");
        assert_eq!(response.json()["code"], "insufficient_permissions", "{wider}");
    }
    let same = with_both(app.put(&path).json(&expected)).send_checked().await;
    assert_eq!(same.json(), expected);
}

#[tokio::test]
async fn credentials_of_two_users_are_rejected() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, bob) = app.with_member("bob").await;
    let key = app.create_key(&bob).await;
    let response = me(&app).bearer_auth(&alice).header("x-api-key", key.secret).send_checked().await;
    assert_snapshot!(response, @r#"
    401 Unauthorized
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
    vary: Origin
    www-authenticate: Bearer realm="latchkey", error="invalid_token"
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Unauthorized",
      "status": 401,
      "detail": "The bearer token and the API key in X-API-Key belong to different principals.",
      "code": "credentials_mismatch"
    }
    "#);
}

#[tokio::test]
async fn an_invalid_credential_beside_a_valid_one_is_rejected() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    let both = |token: &str, key: &str| me(&app).bearer_auth(token).header("x-api-key", key).send_checked();
    assert_eq!(both("nonsense", &key.secret).await.status, 401);
    assert_eq!(both(&token, "nonsense").await.status, 401);
    assert_eq!(both(&token, "").await.status, 401);
    assert_eq!(both("", &key.secret).await.status, 401);
    // A valid key of the same user does not make a revoked token valid.
    app.set_password(&alice, "another password").await;
    assert_eq!(both(&token, &key.secret).await.status, 401);
}

#[tokio::test]
async fn authorization_must_be_exactly_one_bearer_token() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let basic = me(&app).basic_auth("alice", Some(PASSWORD)).send_checked().await;
    assert_snapshot!(basic, @r#"
    401 Unauthorized
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
    vary: Origin
    www-authenticate: Bearer realm="latchkey", error="invalid_token"
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Unauthorized",
      "status": 401,
      "detail": "Authorization is not one bearer token.",
      "code": "invalid_credentials"
    }
    "#);
    let twice = me(&app).bearer_auth(&token).bearer_auth(&token).send_checked().await;
    assert_eq!(twice.to_string(), basic.to_string());
    for value in ["Bearer", "", &token, &format!("Bearer {token}, Bearer {token}"), &format!("Token {token}")] {
        assert_eq!(me(&app).header(AUTHORIZATION, value).send_checked().await.status, 401, "{value}");
    }
    assert_eq!(me(&app).header(AUTHORIZATION, format!("bearer  {token}")).send_checked().await.status, 200);
}

#[tokio::test]
async fn a_key_that_is_not_active_does_not_authenticate() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key_with(&token, json!({ "expires_at": "2030-01-01T00:00:01Z" })).await;
    app.clock.advance(TimeDelta::seconds(1) - TimeDelta::microseconds(1));
    assert_eq!(with_key(&app, &key.secret).await.status, 200);
    app.clock.advance(TimeDelta::microseconds(1));
    let expired = with_key(&app, &key.secret).await;
    assert_snapshot!(expired, @r#"
    401 Unauthorized
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
    vary: Origin
    www-authenticate: Bearer realm="latchkey", error="invalid_token"
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Unauthorized",
      "status": 401,
      "detail": "The API key in X-API-Key is invalid.",
      "code": "invalid_credentials"
    }
    "#);
    for column in ["revoked_at = now()", "disabled_at = now()", "not_before = '2031-01-01'", "deleted_at = now()"] {
        let key = app.create_key(&token).await;
        app.database.execute(&format!("UPDATE api_keys SET {column} WHERE id = {}", key.id)).await;
        assert_eq!(with_key(&app, &key.secret).await.to_string(), expired.to_string(), "{column}");
    }
}

#[tokio::test]
async fn a_mistyped_key_is_rejected_without_a_query() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await.secret;
    // There a query would lead to 503.
    let unreachable = app.second_node(Options::without_database()).await;
    for at in 0..key.len() {
        let mut mistyped = key.clone();
        let other = if &key[at..=at] == "x" { "y" } else { "x" };
        mistyped.replace_range(at..=at, other);
        assert_eq!(with_key(&unreachable, &mistyped).await.status, 401, "character {at}");
    }
    assert_eq!(with_key(&unreachable, &key).await.status, 503);
}

#[tokio::test]
async fn a_well_formed_key_that_was_never_issued_is_rejected() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    app.database.execute("DELETE FROM api_keys").await;
    assert_eq!(with_key(&app, &key.secret).await.status, 401);
}

#[tokio::test]
async fn a_key_moves_to_the_newest_pepper_when_it_is_used() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    let stored = async || app.database.query("SELECT pepper, hash FROM api_keys").await.remove(0);
    let before = stored().await;

    let both = app.second_node(Options { peppers: &[1, 2], ..Options::default() }).await;
    assert_eq!(with_key(&both, &key.secret).await.status, 200);
    assert_eq!(stored().await.get::<_, i16>(0), 1, "a request does not wait for the key to be re-hashed");
    both.service.background().flush().await;
    let after = stored().await;
    assert_eq!((before.get::<_, i16>(0), after.get::<_, i16>(0)), (1, 2));
    assert_ne!(before.get::<_, Vec<u8>>(1), after.get::<_, Vec<u8>>(1));

    let newest = app.second_node(Options { peppers: &[2], ..Options::default() }).await;
    assert_eq!(with_key(&newest, &key.secret).await.status, 200);
    assert_eq!(with_key(&app, &key.secret).await.status, 401);
}

#[tokio::test]
async fn a_request_neither_waits_for_its_key_to_be_rehashed_nor_fails_with_it() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    let both = app.second_node(Options { peppers: &[1, 2], ..Options::default() }).await;
    let pepper = async || app.database.query("SELECT pepper FROM api_keys").await[0].get::<_, i16>(0);

    // A lock that blocks writes only.
    let locker = app.database.connect().await;
    locker.batch_execute("BEGIN; LOCK TABLE api_keys IN SHARE MODE").await.unwrap();
    let response = tokio::time::timeout(Duration::from_secs(20), with_key(&both, &key.secret)).await;
    assert_eq!(response.expect("the request waits for a write").status, 200);
    locker.batch_execute("ROLLBACK").await.unwrap();

    let fail = "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$; \
                CREATE TRIGGER fail BEFORE UPDATE ON api_keys FOR EACH ROW EXECUTE FUNCTION fail()";
    app.database.execute(fail).await;
    both.service.background().flush().await;
    assert_eq!(pepper().await, 1);
    assert_eq!(with_key(&both, &key.secret).await.status, 200);

    // The failure was not the last attempt: the next use queued the key again.
    app.database.execute("DROP TRIGGER fail ON api_keys").await;
    both.service.background().flush().await;
    assert_eq!(pepper().await, 2);
}

#[tokio::test]
async fn a_key_that_is_used_concurrently_moves_to_the_newest_pepper_and_stays_valid() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    let both = app.second_node(Options { peppers: &[1, 2], ..Options::default() }).await;
    let uses = join_all((0..16).map(|_| with_key(&both, &key.secret))).await;
    assert!(uses.iter().all(|response| response.status == 200));
}

#[tokio::test]
async fn a_key_has_the_scopes_of_its_users_role() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    let created = app.post("/v1/api-keys/").header("x-api-key", &key.secret).json(&json!({})).send_checked().await;
    assert_eq!(created.status, 201, "{created}");
    let listed = app.get("/v1/api-keys/").header("x-api-key", &key.secret).send_checked().await;
    assert_eq!(listed.json().as_array().unwrap().len(), 2);
}
