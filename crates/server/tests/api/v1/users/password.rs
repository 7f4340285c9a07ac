//! `PUT /v1/users/me/password`

use latchkey_domain::model::Scopes;
use latchkey_test_support::{
    app::{PASSWORD, TestApp},
    project::Project,
    response::{Response, SendChecked},
};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

const NEW_PASSWORD: &str = "another password";

fn change(app: &TestApp, current: &str, new: &str) -> RequestBuilder {
    app.put("/v1/users/me/password").json(&json!({ "current": current, "new": new }))
}

fn code(response: &Response) -> (u16, Value) {
    (response.status.as_u16(), response.json()["code"].clone())
}

async fn me(app: &TestApp, token: &str) -> u16 {
    app.get("/v1/users/me").bearer_auth(token).send_checked().await.status.as_u16()
}

#[tokio::test]
async fn a_changed_password_ends_all_tokens_and_no_keys() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    let (other, key) = (app.token(&alice).await, app.create_key(&token).await);
    assert_eq!(change(&app, PASSWORD, NEW_PASSWORD).bearer_auth(&token).send_checked().await.status, 204);
    assert_eq!((me(&app, &token).await, me(&app, &other).await), (401, 401));
    let by_key = app.get("/v1/users/me").header("x-api-key", key.secret).send_checked().await;
    assert_eq!(by_key.status, 200);
    assert_eq!(app.login("alice", PASSWORD).send_checked().await.status, 400);
    assert_eq!(app.login("alice", NEW_PASSWORD).send_checked().await.status, 200);
    assert_eq!(code(&change(&app, NEW_PASSWORD, PASSWORD).bearer_auth(&token).send_checked().await).0, 401);
}

#[tokio::test]
async fn it_takes_a_full_token_of_a_user() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_admin("alice").await;
    let project = Project::create(&app, "shop").await;
    project.owner(&app, "acme").await;
    let owner = app.post("/v1/projects/shop/owner-tokens").bearer_auth(&token).json(&json!({ "external_id": "acme" }));
    let owner = owner.send_checked().await.json()["access_token"].as_str().unwrap().to_owned();
    let restricted = app.restricted_token(&alice, Scopes::parse("latchkey:keys.read").unwrap()).await;
    let key = app.create_key(&token).await.secret;
    let request = || change(&app, PASSWORD, NEW_PASSWORD);
    for request in [
        request().bearer_auth(&owner),
        request().bearer_auth(&restricted),
        request().header("x-api-key", &key),
        request().bearer_auth(&token).header("x-api-key", &key),
    ] {
        assert_eq!(code(&request.send_checked().await), (403, json!("insufficient_permissions")));
    }
    assert_eq!(request().send_checked().await.status, 401);
    assert_eq!((me(&app, &token).await, app.login("alice", PASSWORD).send_checked().await.status.as_u16()), (200, 200));
}

#[tokio::test]
async fn wrong_passwords_count_as_failed_logins() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let guess = async |password: &str| change(&app, password, NEW_PASSWORD).bearer_auth(&token).send_checked().await;
    for _ in 0..5 {
        assert_eq!(code(&guess("wrong").await), (403, json!("wrong_password")));
        assert_eq!(app.login("alice", "wrong").send_checked().await.status, 400);
    }
    let limited = guess(PASSWORD).await;
    assert_eq!(code(&limited), (429, json!("rate_limited")));
    assert_eq!(limited.header("retry-after"), Some("900"));
    assert_eq!(app.login("alice", PASSWORD).send_checked().await.status, 429);
    // The token is as good as before.
    assert_eq!(me(&app, &token).await, 200);
}

#[tokio::test]
async fn the_change_and_wrong_passwords_are_audited() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    let (_, administrator) = app.with_admin("root").await;
    for password in ["wrong password", PASSWORD] {
        change(&app, password, NEW_PASSWORD).bearer_auth(&token).send_checked().await;
    }
    let events = app.get("/v1/audit/events").bearer_auth(&administrator).send_checked().await;
    let text = events.text();
    assert!(![PASSWORD, NEW_PASSWORD, "wrong password", "argon2"].iter().any(|secret| text.contains(secret)), "{text}");
    let events = events.json();
    let events = events["items"].as_array().unwrap().iter().rev();
    let events: Vec<_> =
        events.map(|event| (&event["action"], &event["subject_id"], &event["actor_user_id"])).collect();
    let (id, nobody) = (json!(alice.id), Value::Null);
    let expected = [(json!("login_failed"), &nobody), (json!("login"), &id), (json!("set_password"), &id)];
    let expected: Vec<_> = expected.iter().map(|(action, actor)| (action, &id, *actor)).collect();
    assert_eq!(events, expected);
}

#[tokio::test]
async fn the_new_password_is_neither_short_nor_long() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    for new in ["1234567", &"x".repeat(1025)] {
        let response = change(&app, PASSWORD, new).bearer_auth(&token).send_checked().await;
        assert_eq!(response.json()["detail"][0]["loc"], json!(["body", "new"]));
        assert!(!response.text().contains(new), "{response}");
    }
    assert_eq!(change(&app, PASSWORD, &"x".repeat(1024)).bearer_auth(&token).send_checked().await.status, 204);
}
