//! `GET /v1/audit/events`, and the events that operations record.

use insta::assert_snapshot;
use latchkey_test_support::{app::TestApp, response::SendChecked};
use serde_json::{Value, json};

const PATH: &str = "/v1/audit/events";

#[tokio::test]
async fn every_change_is_recorded_as_one_event() {
    let app = TestApp::new().await;
    let (_, auditor) = app.with_admin("auditor").await;
    let (_, alice) = app.with_member("alice").await;
    let key = app.create_key_with(&alice, json!({ "description": "ci" })).await;
    let by_key = |request: reqwest::RequestBuilder| request.header("x-api-key", &key.secret).send_checked();
    by_key(app.patch("/v1/api-keys/1").json(&json!({ "expires_at": "2031-01-01T00:00:00Z" }))).await;
    let by_token = |request: reqwest::RequestBuilder| request.bearer_auth(&alice).send_checked();
    by_token(app.put("/v1/api-keys/1/policy").json(&json!({ "scopes": ["a"], "networks": ["::/0"] }))).await;
    by_token(app.post("/v1/api-keys/1/disable")).await;
    by_token(app.post("/v1/api-keys/1/disable")).await;
    by_token(app.post("/v1/api-keys/1/enable")).await;
    by_token(app.post("/v1/api-keys/1/rotate").json(&json!({ "grace_period_seconds": 60 }))).await;
    by_token(app.post("/v1/api-keys/1/revoke").json(&json!({ "reason": "leaked" }))).await;
    by_token(app.delete("/v1/api-keys/1")).await;
    // Requests that change nothing record nothing.
    by_token(app.patch("/v1/api-keys/2").json(&json!({}))).await;
    by_token(app.post("/v1/api-keys/99/disable")).await;

    let events = app.get(PATH).bearer_auth(&auditor).send_checked().await.json();
    let lines: Vec<String> = events.as_array().unwrap().iter().rev().map(line).collect();
    assert_snapshot!(lines.join("\n"), @r#"
    "create" key 1 by user 2 with "bearer_token" null from "127.0.0.1": description="ci" disabled=false revoked=false deleted=false
    "update" key 1 by user 2 with "api_key" 1 from "127.0.0.1": expires_at="2031-01-01T00:00:00Z"
    "set_policy" key 1 by user 2 with "bearer_token" null from "127.0.0.1": scopes=["a"] networks=["::/0"]
    "disable" key 1 by user 2 with "bearer_token" null from "127.0.0.1": disabled=true
    "enable" key 1 by user 2 with "bearer_token" null from "127.0.0.1": disabled=false
    "create" key 2 by user 2 with "bearer_token" null from "127.0.0.1": description="ci" expires_at="2031-01-01T00:00:00Z" disabled=false revoked=false deleted=false scopes=["a"] networks=["::/0"]
    "rotate" key 1 by user 2 with "bearer_token" null from "127.0.0.1": expires_at="2030-01-01T00:01:00Z" successor_id=2
    "revoke" key 1 by user 2 with "bearer_token" null from "127.0.0.1": revoked=true revocation_reason="leaked"
    "delete" key 1 by user 2 with "bearer_token" null from "127.0.0.1": deleted=true
    "#);

    let text = events.to_string();
    assert!(!text.contains(&key.secret[3..]), "a secret is in the audit trail");
}

/// An event as a line: the action, the actor, and the members of the snapshot that changed.
fn line(event: &Value) -> String {
    let empty = json!({});
    let before = event["before"].as_object().unwrap_or(empty.as_object().unwrap());
    let changed: Vec<String> = event["after"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, value)| before.get(*name).unwrap_or(&Value::Null) != *value)
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    format!(
        "{} key {} by user {} with {} {} from {}: {}",
        event["action"],
        event["key_id"],
        event["actor_user_id"],
        event["credential"],
        event["actor_key_id"],
        event["address"],
        changed.join(" ")
    )
}

#[tokio::test]
async fn filtered_pages_contain_every_matching_event_and_no_other() {
    let app = TestApp::new().await;
    let (_, auditor) = app.with_admin("auditor").await;
    let (alice, token) = app.with_member("alice").await;
    let (_, bob) = app.with_member("bob").await;
    for _ in 0..5 {
        app.create_key(&token).await;
        app.create_key(&bob).await;
    }
    app.post("/v1/api-keys/1/disable").bearer_auth(&token).send_checked().await;
    let count = async |query: &str| {
        let (mut path, mut total) = (format!("{PATH}?limit=2{query}"), 0);
        loop {
            let page = app.get(&path).bearer_auth(&auditor).send_checked().await;
            let events = page.json();
            total += events.as_array().unwrap().len();
            match page.next_page() {
                Some(next) => path = next.to_owned(),
                None => return total,
            }
        }
    };
    assert_eq!(count("").await, 11);
    assert_eq!(count(&format!("&actor_user_id={}", alice.id)).await, 6);
    assert_eq!(count("&key_id=1").await, 2);
    assert_eq!(count("&action=create").await, 10);
    assert_eq!(count("&action=create&key_id=1").await, 1);
    assert_eq!(count("&action=delete").await, 0);
    let forged = app.get(&format!("{PATH}?cursor=AAAA")).bearer_auth(&auditor).send_checked().await;
    assert_eq!(forged.status, 422);
    let unknown = app.get(&format!("{PATH}?action=invent")).bearer_auth(&auditor).send_checked().await;
    assert_eq!(unknown.status, 422);
}

#[tokio::test]
async fn only_a_caller_with_the_audit_scope_reads_events() {
    let app = TestApp::new().await;
    let (_, member) = app.with_member("alice").await;
    let (_, verifier) = app.with_verifier("gateway").await;
    for token in [member, verifier] {
        assert_eq!(app.get(PATH).bearer_auth(&token).send_checked().await.status, 403);
    }
    let (auditor, token) = app.with_admin("auditor").await;
    assert_eq!(app.get(PATH).bearer_auth(&token).send_checked().await.status, 200);
    app.disable_user(&auditor).await;
    assert_eq!(app.get(PATH).bearer_auth(&token).send_checked().await.status, 401);
}

#[tokio::test]
async fn events_cannot_be_changed_or_removed_even_by_sql() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key(&token).await;
    let client = app.database.connect().await;
    for statement in ["UPDATE audit_events SET actor_user_id = 2", "DELETE FROM audit_events", "TRUNCATE audit_events"]
    {
        let error = client.batch_execute(statement).await.expect_err(statement);
        assert_eq!(error.code(), Some(&tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE), "{statement}");
    }
    assert_eq!(client.query("SELECT FROM audit_events", &[]).await.unwrap().len(), 1);
}
