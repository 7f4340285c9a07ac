//! `GET /v1/audit/events`, and the events that operations record.

use std::time::Duration;

use chrono::TimeDelta;
use insta::assert_snapshot;
use latchkey_domain::model::UserRole;
use latchkey_test_support::{
    app::{Options, PASSWORD, TestApp},
    response::SendChecked,
};
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
            "project": "default",
            "changes": {},
        })
    );
}

/// The events of a query, oldest first, as lines of what, by whom, and for which operation.
async fn access_lines(app: &TestApp, token: &str, query: &str) -> Vec<String> {
    let page = app.get(&format!("{PATH}?limit=1000&{query}")).bearer_auth(token).send_checked().await.json();
    let line = |event: &Value| {
        assert_eq!((&event["key_id"], &event["changes"]), (&Value::Null, &json!({})), "{event}");
        format!(
            "{} {} {} by user {} with {} {} from {}, operation {}",
            event["action"],
            event["subject_type"],
            event["subject_id"],
            event["actor_user_id"],
            event["credential_type"],
            event["actor_key_id"],
            event["client_ip"],
            event["operation"],
        )
    };
    page["items"].as_array().unwrap().iter().rev().map(line).collect()
}

#[tokio::test]
async fn logins_are_recorded_without_what_was_typed() {
    let app = TestApp::new().await;
    let (admin, auditor) = app.with_admin("auditor").await;
    let (alice, _) = app.with_member("alice").await;
    let (bob, _) = app.with_member("bob").await;
    app.disable_user(&bob).await;
    for (name, password, status) in [
        ("auditor", PASSWORD, 200),
        ("alice", PASSWORD, 200),
        ("alice", "wrong password", 400),
        ("a typed password", "wrong password", 400),
        ("bob", PASSWORD, 400),
    ] {
        assert_eq!(app.login(name, password).send_checked().await.status, status, "{name}");
    }
    assert_snapshot!(access_lines(&app, &auditor, "action=login").await.join("\n"), @r#"
    "login" "user" 1 by user 1 with "password" null from "127.0.0.1", operation null
    "login" "user" 2 by user 2 with "password" null from "127.0.0.1", operation null
    "#);
    assert_snapshot!(access_lines(&app, &auditor, "action=login_failed").await.join("\n"), @r#"
    "login_failed" "user" 2 by user null with "password" null from "127.0.0.1", operation null
    "login_failed" "user" null by user null with "password" null from "127.0.0.1", operation null
    "login_failed" "user" 3 by user null with "password" null from "127.0.0.1", operation null
    "#);
    for user in [admin, alice] {
        assert_eq!(access_lines(&app, &auditor, &format!("actor_user_id={}", user.id)).await.len(), 1);
    }
    let rows = app.database.query("SELECT e::text FROM audit_events e").await;
    let rows: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert!(!rows.join("\n").contains("typed"), "{rows:?}");
}

#[tokio::test]
async fn logins_over_a_limit_write_no_event_but_are_counted() {
    let app = TestApp::new().await;
    let (_, auditor) = app.with_admin("auditor").await;
    app.create_user("alice", UserRole::Member).await;
    for number in 0..20 {
        let expected = if number < 10 { 400 } else { 429 };
        assert_eq!(app.login("alice", "wrong password").send_checked().await.status, expected);
    }
    assert_eq!(app.login("auditor", PASSWORD).send_checked().await.status, 200);
    assert_eq!(access_lines(&app, &auditor, "action=login_failed").await.len(), 10);
    let metrics = app.get("/metrics").send_checked().await;
    let logins: Vec<&str> = metrics.text().lines().filter(|line| line.starts_with("latchkey_logins_total")).collect();
    assert_eq!(
        logins,
        [
            "latchkey_logins_total{result=\"success\"} 1",
            "latchkey_logins_total{result=\"failure\"} 10",
            "latchkey_logins_total{result=\"rate_limited\"} 10",
            "latchkey_logins_total{result=\"overloaded\"} 0",
        ]
    );
}

#[tokio::test]
async fn denied_access_is_recorded_once_a_minute_for_each_credential_and_operation() {
    let app = TestApp::new().await;
    let (_, auditor) = app.with_admin("auditor").await;
    let (alice, token) = app.with_member("alice").await;
    let key = app.create_key_with(&token, json!({ "policy": { "scopes": ["orders"] } })).await;
    let denied = async || {
        for _ in 0..3 {
            for path in [PATH, "/v1/api-keys/"] {
                let response = app.get(path).header("x-api-key", &key.secret).send_checked().await;
                assert_eq!(response.status, 403, "{path}");
            }
            assert_eq!(app.get(PATH).bearer_auth(&token).send_checked().await.status, 403);
            // Callers of this operation are authenticated from the cache.
            let verify = app.post("/v1/api-keys/verify").bearer_auth(&token).json(&json!({ "key": "lk_unknown" }));
            assert_eq!(verify.send_checked().await.status, 403);
        }
    };
    denied().await;
    let lines = access_lines(&app, &auditor, "action=access_denied").await;
    assert_snapshot!(lines.join("\n"), @r#"
    "access_denied" "operation" null by user 2 with "api_key" 1 from "127.0.0.1", operation "listAuditEvents"
    "access_denied" "operation" null by user 2 with "api_key" 1 from "127.0.0.1", operation "listApiKeys"
    "access_denied" "operation" null by user 2 with "bearer_token" null from "127.0.0.1", operation "listAuditEvents"
    "access_denied" "operation" null by user 2 with "bearer_token" null from "127.0.0.1", operation "verifyApiKey"
    "#);
    app.clock.advance_monotonic(Duration::from_secs(59));
    denied().await;
    assert_eq!(access_lines(&app, &auditor, "action=access_denied").await, lines);
    app.clock.advance_monotonic(Duration::from_secs(1));
    denied().await;
    let by_alice = format!("action=access_denied&actor_user_id={}", alice.id);
    assert_eq!(access_lines(&app, &auditor, &by_alice).await, [&*lines, &lines].concat());
}

#[tokio::test]
async fn a_user_with_many_keys_cannot_fill_the_audit_trail_with_denied_access() {
    let app = TestApp::new().await;
    let (_, auditor) = app.with_admin("auditor").await;
    let (_, token) = app.with_member("alice").await;
    for _ in 0..40 {
        let key = app.create_key_with(&token, json!({ "policy": { "scopes": [] } })).await;
        assert_eq!(app.get(PATH).header("x-api-key", &key.secret).send_checked().await.status, 403);
    }
    let (_, bob) = app.with_member("bob").await;
    assert_eq!(app.get(PATH).bearer_auth(&bob).send_checked().await.status, 403);
    assert_eq!(access_lines(&app, &auditor, "action=access_denied").await.len(), 31);
}

#[tokio::test]
async fn a_caller_without_a_scope_is_denied_even_if_that_cannot_be_recorded() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.database.execute("ALTER TABLE audit_events ADD CONSTRAINT none CHECK (action <> 'access_denied')").await;
    assert_eq!(app.get(PATH).bearer_auth(&token).send_checked().await.status, 403);
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

#[tokio::test]
async fn months_are_one_list_and_those_older_than_the_retention_are_removed() {
    let app = TestApp::new().await;
    let (_, auditor) = app.with_admin("auditor").await;
    app.create_key(&auditor).await;
    app.database
        .execute(
            "ALTER TABLE audit_events DETACH PARTITION audit_events_initial; DROP TABLE audit_events_initial;
             SELECT new_audit_partition('audit_events_old'), new_audit_partition('audit_events_recent');
             ALTER TABLE audit_events ATTACH PARTITION audit_events_old FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
             ALTER TABLE audit_events ATTACH PARTITION audit_events_recent FOR VALUES FROM ('2020-01-01') TO ('2030-01-01');
             INSERT INTO audit_events (occurred_at, action, subject_type, subject_id, key_id, credential_type, after)
             SELECT occurred_at - n * interval '1 year', action, subject_type, subject_id, key_id, credential_type, after
             FROM audit_events, generate_series(1, 20) n",
        )
        .await;
    for query in ["limit=3", "limit=3&key_id=1", "limit=3&action=create", "limit=3&since=2009-12-31T00:00:00Z"] {
        assert_eq!(all_ids(&app, &auditor, query).await, (1..=21).collect::<Vec<_>>(), "{query}");
    }
    assert_eq!(all_ids(&app, &auditor, "limit=3&until=2020-01-01T00:00:00Z").await, (12..=21).collect::<Vec<_>>());

    let retention = Some(Duration::from_secs(90 * 24 * 60 * 60));
    let options = Options { audit_retention: retention, change_feed: true, ..Options::default() };
    let node = app.second_node(options).await;
    let removed = async {
        while all_ids(&node, &auditor, "limit=100").await.len() > 11 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), removed).await.expect("nothing is removed");
    assert_eq!(all_ids(&app, &auditor, "limit=3").await, (1..=11).collect::<Vec<_>>());
    // A change goes on being recorded.
    app.create_key(&auditor).await;
    assert_eq!(all_ids(&app, &auditor, "limit=3").await.len(), 12);
}

#[tokio::test]
async fn an_event_stores_what_changed_and_not_the_whole_key() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let scopes: Vec<String> = (0..100).map(|n| format!("{n:0>128}")).collect();
    app.create_key_with(&token, json!({ "description": "x".repeat(4096), "policy": { "scopes": scopes } })).await;
    let change = json!({ "expires_at": "2031-01-01T00:00:00Z" });
    app.patch("/v1/api-keys/1").bearer_auth(&token).json(&change).send_checked().await;
    app.post("/v1/api-keys/1/rotate").bearer_auth(&token).json(&json!({})).send_checked().await;
    let stored = "SELECT action, before::text, after::text FROM audit_events WHERE action <> 'create' ORDER BY id";
    let json = |text: &str| serde_json::from_str(text).unwrap();
    let stored: Vec<(String, Value, Value)> =
        app.database.query(stored).await.iter().map(|row| (row.get(0), json(row.get(1)), json(row.get(2)))).collect();
    // Version 0.1.0 requires the booleans.
    let (no, yes) = (false, true);
    let expected = [
        (
            "update".to_owned(),
            json!({ "expires_at": null, "disabled": no, "revoked": no, "deleted": no }),
            json!({ "expires_at": "2031-01-01T00:00:00+00:00", "disabled": no, "revoked": no, "deleted": no }),
        ),
        (
            "rotate".to_owned(),
            json!({ "successor_id": null, "disabled": no, "revoked": no, "deleted": no }),
            json!({ "successor_id": 2, "disabled": no, "revoked": yes, "deleted": no }),
        ),
    ];
    assert_eq!(stored, expected);
}
