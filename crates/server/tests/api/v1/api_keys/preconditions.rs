//! `ETag` and `If-Match`: no update overwrites a change that the client had not seen.

use chrono::TimeDelta;
use latchkey_test_support::{app::TestApp, response::SendChecked};
use serde_json::json;

const PATH: &str = "/v1/api-keys/1";
const POLICY: &str = "/v1/api-keys/1/policy";

#[tokio::test]
async fn a_change_succeeds_only_if_the_etag_matches() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key(&token).await;
    for (path, change) in [(PATH, json!({ "description": "new" })), (POLICY, json!({ "scopes": ["a"] }))] {
        let read = app.get(path).bearer_auth(&token).send_checked().await;
        let tag = read.header("etag").unwrap().to_owned();
        let method = if path == PATH { http::Method::PATCH } else { http::Method::PUT };
        let send = |tag: &str| {
            app.request(method.clone(), path).bearer_auth(&token).header("if-match", tag).json(&change).send_checked()
        };
        let changed = send(&tag).await;
        assert_eq!(changed.status, 200, "{changed}");
        assert_ne!(changed.header("etag"), Some(tag.as_str()));
        for stale in [tag.as_str(), "\"999-active\"", "W/\"2-active\"", "junk"] {
            assert_eq!(send(stale).await.status, 412, "{path} {stale}");
        }
        assert_eq!(send("*").await.status, 200);
        let now = app.get(path).bearer_auth(&token).send_checked().await;
        assert_eq!(send(&format!("\"1-active\", {}", now.header("etag").unwrap())).await.status, 200);
    }
}

#[tokio::test]
async fn an_empty_change_checks_its_precondition() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key(&token).await;
    let send =
        |tag: &'static str| app.patch(PATH).bearer_auth(&token).header("if-match", tag).json(&json!({})).send_checked();
    assert_eq!(send("\"1-active\"").await.status, 200);
    assert_eq!(send("\"2-active\"").await.status, 412);
}

#[tokio::test]
async fn a_missing_key_is_404_whatever_the_precondition() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    for tag in ["*", "\"1-active\""] {
        for (method, path) in [(http::Method::PATCH, PATH), (http::Method::PUT, POLICY)] {
            let request = app.request(method, path).bearer_auth(&token).header("if-match", tag);
            assert_eq!(request.json(&json!({ "description": "x" })).send_checked().await.status, 404, "{path} {tag}");
        }
    }
}

#[tokio::test]
async fn the_etag_changes_when_the_key_expires() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key_with(&token, json!({ "expires_at": "2030-01-01T00:00:10Z" })).await;
    let tag = async || app.get(PATH).bearer_auth(&token).send_checked().await.header("etag").unwrap().to_owned();
    assert_eq!(tag().await, "\"1-active\"");
    app.clock.advance(TimeDelta::seconds(10));
    assert_eq!(tag().await, "\"1-expired\"");
}

#[tokio::test]
async fn of_concurrent_changes_with_one_etag_one_succeeds() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key(&token).await;
    let changes = (0..20).map(|number| {
        let change = json!({ "description": format!("change {number}") });
        app.patch(PATH).bearer_auth(&token).header("if-match", "\"1-active\"").json(&change).send_checked()
    });
    let responses = futures_util::future::join_all(changes).await;
    let succeeded = responses.iter().filter(|response| response.status == 200).count();
    let rejected = responses.iter().filter(|response| response.status == 412).count();
    assert_eq!((succeeded, rejected), (1, 19));
}
