//! `GET /v1/audit/events`, and the events that operations record.

use chrono::TimeDelta;
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

    let page = app.get(PATH).bearer_auth(&auditor).send_checked().await.json();
    assert_eq!(page["next_cursor"], Value::Null);
    let lines: Vec<String> = page["items"].as_array().unwrap().iter().rev().map(line).collect();
    assert_snapshot!(lines.join("\n"), @r#"
    "create" "api_key" 1 by user 2 with "bearer_token" null from "127.0.0.1": description=null->"ci"
    "update" "api_key" 1 by user 2 with "api_key" 1 from "127.0.0.1": expires_at=null->"2031-01-01T00:00:00Z"
    "set_policy" "api_key" 1 by user 2 with "bearer_token" null from "127.0.0.1": networks=null->["::/0"] scopes=null->["a"]
    "disable" "api_key" 1 by user 2 with "bearer_token" null from "127.0.0.1": disabled=false->true
    "enable" "api_key" 1 by user 2 with "bearer_token" null from "127.0.0.1": disabled=true->false
    "create" "api_key" 2 by user 2 with "bearer_token" null from "127.0.0.1": description=null->"ci" expires_at=null->"2031-01-01T00:00:00Z" networks=null->["::/0"] scopes=null->["a"]
    "rotate" "api_key" 1 by user 2 with "bearer_token" null from "127.0.0.1": expires_at="2031-01-01T00:00:00Z"->"2030-01-01T00:01:00Z" successor_id=null->2
    "revoke" "api_key" 1 by user 2 with "bearer_token" null from "127.0.0.1": revocation_reason=null->"leaked" revoked=false->true
    "delete" "api_key" 1 by user 2 with "bearer_token" null from "127.0.0.1": deleted=false->true
    "#);

    let text = page.to_string();
    assert!(!text.contains(&key.secret[3..]), "a secret is in the audit trail");
}

/// An event as a line: the action, its subject, the actor, and the properties that changed.
fn line(event: &Value) -> String {
    assert_eq!(event["key_id"], event["subject_id"]);
    let changes: std::collections::BTreeMap<&String, &Value> = event["changes"].as_object().unwrap().iter().collect();
    let changes: Vec<String> =
        changes.iter().map(|(name, change)| format!("{name}={}->{}", change["before"], change["after"])).collect();
    format!(
        "{} {} {} by user {} with {} {} from {}: {}",
        event["action"],
        event["subject_type"],
        event["subject_id"],
        event["actor_user_id"],
        event["credential_type"],
        event["actor_key_id"],
        event["client_ip"],
        changes.join(" ")
    )
}

#[tokio::test]
async fn every_property_of_a_policy_has_its_change() {
    let app = TestApp::new().await;
    let (_, auditor) = app.with_admin("auditor").await;
    app.create_key(&auditor).await;
    let policies = [
        json!({ "rate_limit": { "requests": 10, "seconds": 60 }, "not_before": "2030-06-01T00:00:00Z" }),
        json!({ "rate_limit": { "requests": 10, "seconds": 61 } }),
        json!({ "rate_limit": { "requests": 10, "seconds": 61 } }),
    ];
    for policy in policies {
        app.put("/v1/api-keys/1/policy").bearer_auth(&auditor).json(&policy).send_checked().await;
    }
    let page = app.get(&format!("{PATH}?action=set_policy")).bearer_auth(&auditor).send_checked().await.json();
    let changes: Vec<&Value> = page["items"].as_array().unwrap().iter().map(|event| &event["changes"]).collect();
    let expected = [
        json!({}),
        json!({
            "not_before": { "before": "2030-06-01T00:00:00Z", "after": null },
            "rate_limit": {
                "before": { "requests": 10, "seconds": 60 },
                "after": { "requests": 10, "seconds": 61 },
            },
        }),
        json!({
            "not_before": { "before": null, "after": "2030-06-01T00:00:00Z" },
            "rate_limit": { "before": null, "after": { "requests": 10, "seconds": 60 } },
        }),
    ];
    assert_eq!(changes, expected.iter().collect::<Vec<_>>());
}

/// The ids of the events on all pages of a list, in order.
async fn all_ids(app: &TestApp, token: &str, query: &str) -> Vec<i64> {
    let (mut path, mut ids) = (format!("{PATH}?{query}"), Vec::new());
    loop {
        let response = app.get(&path).bearer_auth(token).send_checked().await;
        assert_eq!(response.status, 200, "{path}: {response}");
        assert_eq!(response.header("link"), None);
        let page = response.json();
        ids.extend(page["items"].as_array().unwrap().iter().map(|event| event["id"].as_i64().unwrap()));
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("{PATH}?{query}&cursor={cursor}"),
            None => return ids,
        }
    }
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
    let count = async |query: &str| all_ids(&app, &auditor, &format!("limit=2{query}")).await.len();
    assert_eq!(count("").await, 11);
    assert_eq!(count(&format!("&actor_user_id={}", alice.id)).await, 6);
    assert_eq!(count("&key_id=1").await, 2);
    assert_eq!(count("&action=create").await, 10);
    assert_eq!(count("&action=create&key_id=1").await, 1);
    assert_eq!(count("&action=delete").await, 0);
    let forged = app.get(&format!("{PATH}?cursor=AAAA")).bearer_auth(&auditor).send_checked().await;
    assert_eq!(forged.status, 422);
    // A later version may know this action.
    assert_eq!(count("&action=invent").await, 0);
    let invalid = app.get(&format!("{PATH}?action=CREATE")).bearer_auth(&auditor).send_checked().await;
    assert_eq!((invalid.status.as_u16(), &invalid.json()["detail"][0]["loc"]), (422, &json!(["query", "action"])));
}

#[tokio::test]
async fn a_period_includes_its_start_and_excludes_its_end_and_pages_split_no_instant() {
    let app = TestApp::new().await;
    let (_, auditor) = app.with_admin("auditor").await;
    // Five events in each of three successive microseconds.
    let mut ids = Vec::new();
    for _ in 0..3 {
        for _ in 0..5 {
            app.create_key(&auditor).await;
        }
        ids.push(all_ids(&app, &auditor, "limit=5").await[..5].to_vec());
        app.clock.advance(TimeDelta::microseconds(1));
    }
    let [first, second, third] = ids.try_into().unwrap();
    let times = ["00", "00.000001", "00.000002", "00.000003"].map(|seconds| format!("2030-01-01T00:00:{seconds}Z"));
    let [t0, t1, t2, t3] = &times;
    let cases = [
        (format!("since={t1}&until={t2}"), second.clone()),
        (format!("since={t1}"), [&*third, &second].concat()),
        (format!("until={t1}"), first.clone()),
        (format!("since={t0}&until={t3}"), [&*third, &second, &first].concat()),
        (format!("since={t1}&until={t1}"), vec![]),
        (format!("since={t2}&until={t1}"), vec![]),
        (format!("since={t3}"), vec![]),
        // The same instant with another offset.
        ("since=2030-01-01T01:00:00.000002%2B01:00".to_owned(), third),
    ];
    for (query, expected) in cases {
        for limit in [1, 2, 5, 100] {
            assert_eq!(all_ids(&app, &auditor, &format!("limit={limit}&{query}")).await, expected, "{query} {limit}");
        }
    }
    for query in ["since=2030-01-01", "until=tomorrow", "since=2030-01-01T00:00:00"] {
        let response = app.get(&format!("{PATH}?{query}")).bearer_auth(&auditor).send_checked().await;
        assert_eq!(response.status, 422, "{query}");
    }
}

#[tokio::test]
async fn names_that_a_later_version_wrote_are_listed() {
    let app = TestApp::new().await;
    let (_, auditor) = app.with_admin("auditor").await;
    app.create_key(&auditor).await;
    let insert = "INSERT INTO audit_events (occurred_at, action, subject_type, subject_id, credential_type, before, after) \
                  SELECT '2031-01-01', 'frobnicate', 'widget', 7, 'retina', after, after || '{\"shape\": \"round\"}' \
                  FROM audit_events";
    app.database.execute(insert).await;
    let page = app.get(PATH).bearer_auth(&auditor).send_checked().await.json();
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    let filtered = app.get(&format!("{PATH}?action=frobnicate")).bearer_auth(&auditor).send_checked().await.json();
    assert_eq!(filtered["items"], json!([page["items"][0]]));
    assert_eq!(
        page["items"][0],
        json!({
            "id": 2,
            "occurred_at": "2031-01-01T00:00:00Z",
            "action": "frobnicate",
            "subject_type": "widget",
            "subject_id": 7,
            "key_id": null,
            "actor_user_id": null,
            "actor_key_id": null,
            "credential_type": "retina",
            "client_ip": null,
            "changes": {},
        })
    );
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
