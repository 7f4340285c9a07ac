//! `POST /token`

use std::fmt::Write;

use chrono::TimeDelta;
use http::header::{CONTENT_TYPE, COOKIE};
use insta::assert_snapshot;
use latchkey_domain::model::UserRole;
use latchkey_test_support::{
    app::{Options, PASSWORD, TestApp},
    project::Project,
    response::SendChecked,
};
use serde_json::json;

#[tokio::test]
async fn the_password_grant_returns_a_token() {
    let app = TestApp::new().await;
    app.create_user("alice", UserRole::Member).await;
    let response = app.login("alice", PASSWORD).send_checked().await;
    assert_snapshot!(response, @r#"
    200 OK
    cache-control: no-store
    content-type: application/json
    latchkey-version: <version>
    x-request-id: <id>

    {
      "access_token": "<secret>",
      "token_type": "bearer",
      "expires_in": 3600,
      "scope": "latchkey:keys.read latchkey:keys.write"
    }
    "#);
    let token = response.json()["access_token"].as_str().unwrap().to_owned();
    let me = app.get("/v1/users/me").bearer_auth(token).send_checked().await;
    assert_eq!(me.json()["username"], "alice");
}

#[tokio::test]
async fn a_token_has_the_scopes_of_its_users_role() {
    let app = TestApp::new().await;
    let mut scopes = String::new();
    for (name, role) in [("alice", UserRole::Member), ("bob", UserRole::Verifier), ("carol", UserRole::Admin)] {
        app.create_user(name, role).await;
        let response = app.login(name, PASSWORD).send_checked().await;
        writeln!(scopes, "{}: {}", role.as_str(), response.json()["scope"].as_str().unwrap()).unwrap();
    }
    assert_snapshot!(scopes, @"
    member: latchkey:keys.read latchkey:keys.write
    verifier: latchkey:keys.read latchkey:keys.write latchkey:verify
    admin: latchkey:keys.read latchkey:keys.write latchkey:verify latchkey:audit.read latchkey:owners.read latchkey:owners.write latchkey:project.admin latchkey:instance.admin
    ");
}

#[tokio::test]
async fn a_token_is_restricted_to_the_requested_scopes() {
    let app = TestApp::new().await;
    app.create_user("alice", UserRole::Admin).await;
    let form = [
        ("grant_type", "password"),
        ("username", "alice"),
        ("password", PASSWORD),
        ("scope", "latchkey:verify latchkey:keys.read"),
    ];
    let response = app.post("/token").form(&form).send_checked().await;
    assert_snapshot!(response, @r#"
    200 OK
    cache-control: no-store
    content-type: application/json
    latchkey-version: <version>
    x-request-id: <id>

    {
      "access_token": "<secret>",
      "token_type": "bearer",
      "expires_in": 3600,
      "scope": "latchkey:keys.read latchkey:verify"
    }
    "#);
}

#[tokio::test]
async fn scopes_beyond_the_role_and_unknown_scopes_are_rejected() {
    let app = TestApp::new().await;
    app.create_user("alice", UserRole::Member).await;
    let with_scope = |scope| {
        let form = [("grant_type", "password"), ("username", "alice"), ("password", PASSWORD), ("scope", scope)];
        app.post("/token").form(&form).send_checked()
    };
    let beyond = with_scope("latchkey:verify").await;
    assert_snapshot!(beyond, @r#"
    400 Bad Request
    cache-control: no-store
    content-type: application/json
    latchkey-version: <version>
    x-request-id: <id>

    {
      "error": "invalid_scope",
      "error_description": "A scope is unknown, or this user does not have it."
    }
    "#);
    assert_eq!(with_scope("everything").await.to_string(), beyond.to_string());
}

#[tokio::test]
async fn an_unknown_name_a_wrong_password_and_a_disabled_user_get_the_same_response() {
    let app = TestApp::new().await;
    app.create_user("alice", UserRole::Member).await;
    let bob = app.create_user("bob", UserRole::Member).await;
    app.disable_user(&bob).await;
    let wrong = app.login("alice", "wrong password").send_checked().await;
    assert_snapshot!(wrong, @r#"
    400 Bad Request
    cache-control: no-store
    content-type: application/json
    latchkey-version: <version>
    x-request-id: <id>

    {
      "error": "invalid_grant",
      "error_description": "The username or the password is wrong, or the user is disabled."
    }
    "#);
    assert_eq!(app.login("nobody", PASSWORD).send_checked().await.to_string(), wrong.to_string());
    assert_eq!(app.login("bob", PASSWORD).send_checked().await.to_string(), wrong.to_string());
}

#[tokio::test]
async fn another_grant_is_not_supported() {
    let app = TestApp::new().await;
    let response = app.post("/token").form(&[("grant_type", "client_credentials")]).send_checked().await;
    assert_snapshot!(response, @r#"
    400 Bad Request
    cache-control: no-store
    content-type: application/json
    latchkey-version: <version>
    x-request-id: <id>

    {
      "error": "unsupported_grant_type",
      "error_description": "The only supported grant type is `password`."
    }
    "#);
}

#[tokio::test]
async fn a_grant_type_that_is_sent_twice_is_invalid() {
    let app = TestApp::new().await;
    let form = [("grant_type", "password"), ("grant_type", "password"), ("username", "a"), ("password", "b")];
    let response = app.post("/token").form(&form).send_checked().await;
    assert_snapshot!(response, @r#"
    400 Bad Request
    cache-control: no-store
    content-type: application/json
    latchkey-version: <version>
    x-request-id: <id>

    {
      "error": "invalid_request",
      "error_description": "`grant_type` is sent more than once."
    }
    "#);
}

#[tokio::test]
async fn every_missing_field_is_listed() {
    let app = TestApp::new().await;
    let response = app.post("/token").form(&[("grant_type", "password")]).send_checked().await;
    assert_snapshot!(response, @r#"
    400 Bad Request
    cache-control: no-store
    content-type: application/json
    latchkey-version: <version>
    x-request-id: <id>

    {
      "error": "invalid_request",
      "error_description": "body.username: Field required; body.password: Field required."
    }
    "#);
}

#[tokio::test]
async fn a_json_body_is_rejected() {
    let app = TestApp::new().await;
    let body = json!({ "grant_type": "password", "username": "alice", "password": PASSWORD });
    let response = app.post("/token").json(&body).send_checked().await;
    assert_snapshot!(response, @r#"
    400 Bad Request
    cache-control: no-store
    content-type: application/json
    latchkey-version: <version>
    x-request-id: <id>

    {
      "error": "invalid_request",
      "error_description": "body: Input should be a valid dictionary or object to extract fields from."
    }
    "#);
}

#[tokio::test]
async fn unknown_fields_are_ignored() {
    let app = TestApp::new().await;
    app.create_user("alice", UserRole::Member).await;
    // The fields that FastAPI's login form sends.
    let form = [
        ("grant_type", "password"),
        ("username", "alice"),
        ("password", PASSWORD),
        ("scope", ""),
        ("client_id", "string"),
        ("client_secret", "string"),
    ];
    let response = app.post("/token").header(COOKIE, "session=1").form(&form).send_checked().await;
    assert_eq!(response.status, 200, "{response}");
}

#[tokio::test]
async fn ten_failed_logins_of_a_name_from_an_address_block_it_for_fifteen_minutes() {
    let app = TestApp::new().await;
    app.create_user("alice", UserRole::Member).await;
    for attempt in 1..=10 {
        let response = app.login("alice", "wrong password").send_checked().await;
        assert_eq!(response.status, 400, "attempt {attempt}: {response}");
        app.clock.advance(TimeDelta::seconds(1));
    }
    let response = app.login("alice", PASSWORD).send_checked().await;
    assert_snapshot!(response, @r#"
    429 Too Many Requests
    cache-control: no-store
    content-type: application/json
    latchkey-version: <version>
    retry-after: 890
    x-request-id: <id>

    {
      "error": "temporarily_unavailable",
      "error_description": "Too many failed logins. Wait, then try again."
    }
    "#);

    app.clock.advance(TimeDelta::seconds(889));
    assert_eq!(app.login("alice", PASSWORD).send_checked().await.header("retry-after"), Some("1"));
    app.clock.advance(TimeDelta::seconds(1));
    assert_eq!(app.login("alice", PASSWORD).send_checked().await.status, 200);
}

#[tokio::test]
async fn a_blocked_login_is_blocked_for_its_name_and_address_only() {
    let options = || {
        let mut options = Options::default();
        options.limits.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
        options
    };
    let app = TestApp::with(options()).await;
    app.create_user("alice", UserRole::Member).await;
    app.create_user("bob", UserRole::Member).await;
    let from = |address, name, password| app.login(name, password).header("x-forwarded-for", address).send_checked();
    for _ in 0..10 {
        from("192.0.2.1", "alice", "wrong password").await;
    }
    assert_eq!(from("192.0.2.1", "alice", PASSWORD).await.status, 429);
    assert_eq!(from("192.0.2.1", "bob", PASSWORD).await.status, 200);
    assert_eq!(from("192.0.2.2", "alice", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn concurrent_attempts_do_not_exceed_the_limit() {
    let app = TestApp::new().await;
    app.create_user("alice", UserRole::Member).await;
    let attempts = (0..20).map(|_| app.login("alice", "wrong password").send_checked());
    let mut statuses: Vec<u16> =
        futures_util::future::join_all(attempts).await.iter().map(|response| response.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![400; 10], vec![429; 10]].concat());
}

#[tokio::test]
async fn a_successful_login_resets_the_count_of_failures() {
    let app = TestApp::new().await;
    app.create_user("alice", UserRole::Member).await;
    for _ in 0..2 {
        for _ in 0..9 {
            assert_eq!(app.login("alice", "wrong password").send_checked().await.status, 400);
        }
        assert_eq!(app.login("alice", PASSWORD).send_checked().await.status, 200);
    }
}

#[tokio::test]
async fn an_address_that_failed_for_many_names_is_blocked_for_all() {
    let app = TestApp::new().await;
    app.create_user("alice", UserRole::Member).await;
    let failures = "INSERT INTO login_counters VALUES ('127.0.0.1', '', 100, '2030-01-01T00:15:00Z')";
    app.database.execute(failures).await;
    assert_eq!(app.login("alice", PASSWORD).send_checked().await.status, 429);
    app.clock.advance(TimeDelta::minutes(15));
    assert_eq!(app.login("alice", PASSWORD).send_checked().await.status, 200);
}

#[tokio::test]
async fn the_database_never_contains_the_name_of_a_failed_login() {
    let app = TestApp::new().await;
    app.login("my-passw0rd-in-the-wrong-field", "wrong password").send_checked().await;
    let rows = app.database.query("SELECT c::text FROM login_counters c WHERE name_hash <> ''").await;
    let row: String = rows[0].get(0);
    assert!(!row.contains("passw0rd"), "{row}");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_rejected() {
    let app = TestApp::new().await;
    let response = app.login("alice", &"a".repeat(64 * 1024)).send_checked().await;
    assert_snapshot!(response, @r#"
    413 Payload Too Large
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
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
async fn without_a_database_no_token_is_issued() {
    let app = TestApp::with(Options::without_database()).await;
    let response = app.login("alice", PASSWORD).send_checked().await;
    assert_snapshot!(response, @r#"
    503 Service Unavailable
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
    retry-after: 1
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
async fn a_form_with_a_charset_is_accepted() {
    let app = TestApp::new().await;
    app.create_user("älice", UserRole::Member).await;
    let response = app
        .post("/token")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded; charset=UTF-8")
        .body("grant_type=password&username=%C3%A4lice&password=correct+horse%20battery+staple")
        .send_checked()
        .await;
    assert_eq!(response.status, 200, "{response}");
}

#[tokio::test]
async fn a_token_for_which_scopes_were_requested_gains_none_by_another_role() {
    let app = TestApp::new().await;
    let carol = app.create_user("carol", UserRole::Member).await;
    let token = async |scope: &str| {
        let form = [("grant_type", "password"), ("username", "carol"), ("password", PASSWORD), ("scope", scope)];
        let response = app.post("/token").form(&form).send_checked().await;
        response.json()["access_token"].as_str().unwrap().to_owned()
    };
    let (named, full) = (token("latchkey:keys.read latchkey:keys.write").await, token("").await);
    app.database.execute(&format!("UPDATE principals SET is_administrator = true WHERE id = {}", carol.id)).await;
    let list_events = async |token: &str| app.get("/v1/audit/events").bearer_auth(token).send_checked().await.status;
    assert_eq!(list_events(&named).await, 403);
    assert_eq!(list_events(&full).await, 200);
    // As if it had been requested with fewer scopes than the user has.
    let body = json!({ "policy": { "scopes": ["orders:read"] } });
    let response = app.post("/v1/api-keys/").bearer_auth(&named).json(&body).send_checked().await;
    assert_eq!(response.json()["code"], "insufficient_permissions");
}

#[tokio::test]
async fn keys_of_a_token_for_which_scopes_were_requested_gain_none_by_another_role() {
    let app = TestApp::with(Options { change_feed: true, ..Options::default() }).await;
    let user = app.create_user("alice", UserRole::Member).await;
    let form = [
        ("grant_type", "password"),
        ("username", "alice"),
        ("password", PASSWORD),
        ("scope", "latchkey:keys.read latchkey:keys.write"),
    ];
    let response = app.post("/token").form(&form).send_checked().await;
    let token = response.json()["access_token"].as_str().unwrap().to_owned();
    let scopes = async || {
        let key = app.create_key(&token).await;
        let request = app.get(&format!("/v1/api-keys/{}/policy", key.id)).bearer_auth(&token);
        request.send_checked().await.json()["scopes"].clone()
    };
    let new_password = async || {
        let body = json!({ "current": PASSWORD, "new": PASSWORD });
        let request = app.put("/v1/users/me/password").bearer_auth(&token).json(&body);
        request.send_checked().await.status.as_u16()
    };
    assert_eq!(scopes().await, json!(null));
    Project::default_project().add_member(&app, user.id, "verifier").await;
    app.wait_for_poll().await;
    assert_eq!(scopes().await, json!(["latchkey:keys.read", "latchkey:keys.write"]));
    assert_eq!(new_password().await, 403);
}
