//! `ETag` and `If-Match`: no mutation applies to a version that the client had not seen.

use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::join_all;
use http::Method;
use latchkey_domain::model::Scopes;
use latchkey_test_support::{
    app::TestApp,
    openapi::OPERATIONS,
    project::Project,
    response::{Response, SendChecked},
};
use serde_json::{Value, json};

const PATH: &str = "/v1/api-keys/1";

/// A mutation of a key: the operation, the status of its success, the method, what follows the path of the key, the body.
type Mutation = (&'static str, u16, Method, &'static str, Value);

/// Every operation on a key of the contract with `If-Match`, with its first example that changes something.
fn mutations() -> Vec<Mutation> {
    let with_if_match = OPERATIONS.iter().filter(|operation| operation.parameters().any(|p| p["name"] == "If-Match"));
    let mutations = with_if_match.filter_map(|operation| {
        let path = operation.path.strip_prefix("/v1/api-keys/{item_id}")?;
        let success = operation.responses().find_map(|(status, _)| status.starts_with('2').then(|| status.parse()));
        let examples = &operation.description["requestBody"]["content"]["application/json"]["examples"];
        let mut bodies = examples.as_object().into_iter().flat_map(|map| map.values().map(|example| &example["value"]));
        let body = bodies.find(|body| **body != json!({})).cloned().unwrap_or_default();
        Some((operation.id, success.unwrap().unwrap(), operation.method.clone(), path, body))
    });
    mutations.collect()
}

/// Sends a mutation of a key, with `If-Match` if there is a tag.
async fn mutate(app: &TestApp, token: &str, id: i64, mutation: &Mutation, if_match: Option<&str>) -> Response {
    let (_, _, method, path, body) = mutation;
    let mut request = app.request(method.clone(), &format!("/v1/api-keys/{id}{path}")).bearer_auth(token);
    if let Some(tag) = if_match {
        request = request.header("if-match", tag);
    }
    if !body.is_null() {
        request = request.json(body);
    }
    request.send_checked().await
}

/// The `ETag` of a key.
async fn tag(app: &TestApp, token: &str, id: i64) -> String {
    let response = app.get(&format!("/v1/api-keys/{id}")).bearer_auth(token).send_checked().await;
    response.header("etag").unwrap().to_owned()
}

/// A key of the token's user that each mutation changes.
async fn create_key(app: &TestApp, token: &str, operation: &str) -> i64 {
    let id = app.create_key(token).await.id;
    if operation == "enableApiKey" {
        app.post(&format!("/v1/api-keys/{id}/disable")).bearer_auth(token).send_checked().await;
    }
    id
}

async fn rows(app: &TestApp) -> Vec<String> {
    let rows = "SELECT k::text FROM api_keys k ORDER BY id";
    app.database.query(rows).await.iter().map(|row| row.get(0)).collect()
}

#[test]
fn mutations_are_found() {
    assert!(mutations().iter().any(|(operation, ..)| *operation == "rotateApiKey"));
}

#[tokio::test]
async fn a_change_succeeds_only_if_the_etag_matches() {
    let app = TestApp::new().await;
    let (_, token) = app.with_admin("alice").await;
    for mutation in mutations() {
        let (operation, success, ..) = mutation;
        let id = create_key(&app, &token, operation).await;
        let current = tag(&app, &token, id).await;
        let policy = app.get(&format!("/v1/api-keys/{id}/policy")).bearer_auth(&token).send_checked().await;
        assert_eq!(policy.header("etag"), Some(current.as_str()));
        let before = rows(&app).await;
        for unmet in ["\"999-active\"", &format!("W/{current}"), "junk", &current.replace('"', "")] {
            let response = mutate(&app, &token, id, &mutation, Some(unmet)).await;
            assert_eq!(response.status, 412, "{operation} {unmet}: {response}");
        }
        assert_eq!(rows(&app).await, before, "{operation}");

        let response = mutate(&app, &token, id, &mutation, Some(&current)).await;
        assert_eq!(response.status, success, "{operation}: {response}");
        assert_ne!(rows(&app).await, before, "{operation}");
        if operation == "deleteApiKey" {
            continue;
        }
        let changed = tag(&app, &token, id).await;
        assert_ne!(changed, current, "{operation}");
        let stale = mutate(&app, &token, id, &mutation, Some(&current)).await;
        assert_eq!(stale.status, 412, "{operation}: {stale}");
        // Those that change nothing a second time succeed or are rejected for another reason.
        let again = if operation == "rotateApiKey" { 409 } else { success };
        let response = mutate(&app, &token, id, &mutation, Some(&format!("\"1-pending\", {changed}"))).await;
        assert_eq!(response.status, again, "{operation}: {response}");
    }
}

#[tokio::test]
async fn any_version_meets_an_asterisk() {
    let app = TestApp::new().await;
    let (_, token) = app.with_admin("alice").await;
    for mutation in mutations() {
        let (operation, success, ..) = mutation;
        for if_match in [Some("*"), None] {
            let id = create_key(&app, &token, operation).await;
            let response = mutate(&app, &token, id, &mutation, if_match).await;
            assert_eq!(response.status, success, "{operation} {if_match:?}: {response}");
        }
    }
}

/// The key is changed after the request has read its version, and before its own statement.
#[tokio::test]
async fn a_change_while_the_request_is_processed_is_noticed() {
    let app = TestApp::new().await;
    let (_, token) = app.with_admin("alice").await;
    for mutation in mutations() {
        let operation = mutation.0;
        let id = create_key(&app, &token, operation).await;
        let current = tag(&app, &token, id).await;
        let other = app.database.connect().await;
        let change = format!("BEGIN; UPDATE api_keys SET version = version + 1, description = 'other' WHERE id = {id}");
        other.batch_execute(&change).await.unwrap();
        let (response, ()) = tokio::join!(mutate(&app, &token, id, &mutation, Some(&current)), async {
            wait_for_lock(&app).await;
            other.batch_execute("COMMIT").await.unwrap();
        });
        assert_eq!(response.status, 412, "{operation}: {response}");
        let select = format!("SELECT description, deleted_at IS NULL FROM api_keys WHERE id = {id}");
        let row = app.database.query(&select).await.remove(0);
        assert_eq!((row.get::<_, &str>(0), row.get::<_, bool>(1)), ("other", true), "{operation}");
    }
}

#[tokio::test]
async fn a_restricted_caller_cannot_use_a_key_that_is_widened_meanwhile() {
    let app = TestApp::new().await;
    let (user, token) = app.with_admin("alice").await;
    let restricted = app.restricted_token(&user, Scopes::parse("latchkey:keys.write").unwrap()).await;
    let expiry = json!({ "expires_at": "2031-01-01T00:00:00Z" });
    for (method, path, body) in [
        (Method::PATCH, "", expiry),
        (Method::POST, "/enable", json!({})),
        (Method::POST, "/disable", json!({})),
        (Method::POST, "/revoke", json!({})),
        (Method::PUT, "/policy", json!({ "scopes": ["latchkey:keys.write"] })),
        (Method::DELETE, "", json!({})),
    ] {
        let key = app.create_key_with(&restricted, json!({})).await;
        if path == "/enable" {
            let disable = app.post(&format!("/v1/api-keys/{}/disable", key.id)).bearer_auth(&token);
            assert_eq!(disable.send_checked().await.status, 200);
        }
        let version = format!("SELECT version FROM api_keys WHERE id = {}", key.id);
        let before: i64 = app.database.query(&version).await[0].get(0);
        let other = app.database.connect().await;
        let widen = "UPDATE api_keys SET version = version + 1, scopes = NULL WHERE id =";
        other.batch_execute(&format!("BEGIN; {widen} {}", key.id)).await.unwrap();
        let request = app.request(method, &format!("/v1/api-keys/{}{path}", key.id)).json(&body);
        let (response, ()) = tokio::join!(request.bearer_auth(&restricted).send_checked(), async {
            wait_for_lock(&app).await;
            other.batch_execute("COMMIT").await.unwrap();
        });
        assert_eq!((response.status.as_u16(), &response.json()["code"]), (403, &json!("insufficient_permissions")));
        assert_eq!(app.database.query(&version).await[0].get::<_, i64>(0), before + 1, "{path} changed the key");
    }
}

/// A description says nothing about what a key permits, so changing it meanwhile is no reason to reject a restricted caller.
#[tokio::test]
async fn a_restricted_caller_is_not_rejected_because_a_description_changes() {
    let app = TestApp::new().await;
    let (user, token) = app.with_admin("alice").await;
    let restricted = app.restricted_token(&user, Scopes::parse("latchkey:keys.write").unwrap()).await;
    for (method, path, body, success) in [
        (Method::PATCH, "", json!({ "expires_at": "2031-01-01T00:00:00Z" }), 200),
        (Method::POST, "/enable", json!({}), 200),
        (Method::POST, "/rotate", json!({}), 201),
    ] {
        let id = app.create_key_with(&restricted, json!({})).await.id;
        if path == "/enable" {
            let disable = app.post(&format!("/v1/api-keys/{id}/disable")).bearer_auth(&token);
            assert_eq!(disable.send_checked().await.status, 200);
        }
        let other = app.database.connect().await;
        let describe = "UPDATE api_keys SET version = version + 1, description = 'other' WHERE id =";
        other.batch_execute(&format!("BEGIN; {describe} {id}")).await.unwrap();
        let request = app.request(method, &format!("/v1/api-keys/{id}{path}")).json(&body).bearer_auth(&restricted);
        let (response, ()) = tokio::join!(request.send_checked(), async {
            wait_for_lock(&app).await;
            other.batch_execute("COMMIT").await.unwrap();
        });
        assert_eq!(response.status, success, "{path}: {response}");
    }
}

/// Of a key that changes itself, the statement waits for the change that makes the key invalid, or restricts it.
#[tokio::test]
async fn a_key_does_not_undo_a_concurrent_restriction_of_itself() {
    let app = TestApp::new().await;
    let (_, token) = app.with_admin("alice").await;
    for (change, method, path, body) in [
        ("scopes = '{a}'", Method::PUT, "/policy", json!({})),
        ("expires_at = '2020-01-01'", Method::PATCH, "", json!({ "expires_at": "2099-01-01T00:00:00Z" })),
        ("revoked_at = now()", Method::PATCH, "", json!({ "description": "after" })),
    ] {
        let key = app.create_key(&token).await;
        let other = app.database.connect().await;
        let change = format!("BEGIN; UPDATE api_keys SET version = version + 1, {change} WHERE id = {}", key.id);
        other.batch_execute(&change).await.unwrap();
        let request = app.request(method, &format!("/v1/api-keys/{}{path}", key.id)).json(&body);
        let (response, ()) = tokio::join!(request.header("x-api-key", &key.secret).send_checked(), async {
            wait_for_lock(&app).await;
            other.batch_execute("COMMIT").await.unwrap();
        });
        assert_eq!(response.status, 401, "{change}: {response}");
        let version = app.database.query(&format!("SELECT version FROM api_keys WHERE id = {}", key.id)).await;
        assert_eq!(version[0].get::<_, i64>(0), 2, "{change}");
    }
}

/// The version that was read is gone when the statement runs, but the new one is listed too.
#[tokio::test]
async fn a_change_between_two_listed_versions_is_no_reason_to_do_nothing() {
    let app = TestApp::new().await;
    let (_, token) = app.with_admin("alice").await;
    for mutation in mutations() {
        let (operation, success, ..) = mutation;
        let id = create_key(&app, &token, operation).await;
        let current = tag(&app, &token, id).await;
        let (version, status) = current.trim_matches('"').split_once('-').unwrap();
        let version: i64 = version.parse().unwrap();
        let both = format!("{current}, \"{}-{status}\"", version + 1);
        let other = app.database.connect().await;
        let change = format!("BEGIN; UPDATE api_keys SET version = version + 1, description = 'other' WHERE id = {id}");
        other.batch_execute(&change).await.unwrap();
        let (response, ()) = tokio::join!(mutate(&app, &token, id, &mutation, Some(&both)), async {
            wait_for_lock(&app).await;
            other.batch_execute("COMMIT").await.unwrap();
        });
        assert_eq!(response.status, success, "{operation}: {response}");
        let after = app.database.query(&format!("SELECT version FROM api_keys WHERE id = {id}")).await;
        assert_eq!(after[0].get::<_, i64>(0), version + 2, "{operation}");
    }
}

/// Waits until a statement waits for a lock.
pub async fn wait_for_lock(app: &TestApp) {
    let waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let client = app.database.connect().await;
    let found = async {
        while client.query(waiting, &[]).await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), found).await.expect("no statement waits for a lock");
}

#[tokio::test]
async fn a_rotation_is_replayed_although_it_has_changed_the_version() {
    let app = TestApp::new().await;
    let (_, token) = app.with_admin("alice").await;
    app.create_key(&token).await;
    let rotate = |idempotency_key: &'static str| {
        let request = app.post("/v1/api-keys/1/rotate").bearer_auth(&token).header("if-match", "\"1-active\"");
        request.header("idempotency-key", idempotency_key).json(&json!({})).send_checked()
    };
    let first = rotate("a").await;
    assert_eq!(first.status, 201, "{first}");
    let again = rotate("a").await;
    assert_eq!((again.status, again.json()), (first.status, first.json()));
    let other = rotate("b").await;
    assert_eq!((other.status.as_u16(), &other.json()["code"]), (412, &json!("precondition_failed")));
    assert_eq!(rows(&app).await.len(), 2);
    // The unused Idempotency-Key is still free.
    let request = app.post("/v1/api-keys/2/rotate").bearer_auth(&token).header("idempotency-key", "b");
    assert_eq!(request.json(&json!({})).send_checked().await.status, 201);
}

#[tokio::test]
async fn an_empty_change_checks_its_precondition() {
    let app = TestApp::new().await;
    let (_, token) = app.with_admin("alice").await;
    app.create_key(&token).await;
    let send =
        |tag: &'static str| app.patch(PATH).bearer_auth(&token).header("if-match", tag).json(&json!({})).send_checked();
    assert_eq!(send("\"1-active\"").await.status, 200);
    assert_eq!(send("\"2-active\"").await.status, 412);
}

#[tokio::test]
async fn a_missing_key_is_404_whatever_the_precondition() {
    let app = TestApp::new().await;
    // With all scopes, and without reach.
    let (user, alice) = app.with_member("alice").await;
    Project::default_project().add_member(&app, user.id, "manager").await;
    let (_, bob) = app.with_member("bob").await;
    let of_bob = app.create_key(&bob).await.id;
    for if_match in ["*", "\"1-active\"", "\"2-active\""] {
        for mutation in mutations() {
            for id in [of_bob, 99] {
                let response = mutate(&app, &alice, id, &mutation, Some(if_match)).await;
                assert_eq!(response.status, 404, "{} {id} {if_match}: {response}", mutation.0);
            }
        }
    }
}

#[tokio::test]
async fn an_invalid_if_match_is_a_validation_error() {
    let app = TestApp::new().await;
    let (_, token) = app.with_admin("alice").await;
    app.create_key(&token).await;
    for mutation in mutations() {
        for (if_match, kind) in [("", "string_pattern_mismatch"), (&*"x".repeat(256), "string_too_long")] {
            let response = mutate(&app, &token, 1, &mutation, Some(if_match)).await;
            assert_eq!(response.status, 422, "{} {if_match}: {response}", mutation.0);
            let expected = json!([{ "loc": ["header", "If-Match"], "type": kind }]);
            let mut errors = response.json()["detail"].take();
            errors[0].as_object_mut().unwrap().remove("msg");
            assert_eq!(errors, expected, "{} {if_match}", mutation.0);
        }
    }
}

#[tokio::test]
async fn the_etag_changes_when_the_key_expires() {
    let app = TestApp::new().await;
    let (_, token) = app.with_admin("alice").await;
    app.create_key_with(&token, json!({ "expires_at": "2030-01-01T00:00:10Z" })).await;
    assert_eq!(tag(&app, &token, 1).await, "\"1-active\"");
    app.clock.advance(TimeDelta::seconds(10));
    assert_eq!(tag(&app, &token, 1).await, "\"1-expired\"");
}

#[tokio::test]
async fn the_etag_has_the_status_of_the_body_at_the_instant_of_expiry() {
    const MICROSECOND: TimeDelta = TimeDelta::microseconds(1);
    let app = TestApp::new().await;
    let (_, token) = app.with_admin("alice").await;
    let mut seen = std::collections::BTreeSet::new();
    // The key expires at another reading of the clock in each round.
    for readings in 0..12 {
        for operation in ["create", "get", "patch", "put", "enable"] {
            let expires_at = app.clock.now() + TimeDelta::seconds(1);
            let body = json!({ "expires_at": expires_at });
            let request = match operation {
                "create" => app.post("/v1/api-keys/").json(&body),
                _ => {
                    let path = format!("/v1/api-keys/{}", app.create_key_with(&token, body).await.id);
                    match operation {
                        "get" => app.get(&path),
                        "patch" => app.patch(&path).json(&json!({ "description": "new" })),
                        "put" => app.put(&format!("{path}/policy")).json(&json!({ "scopes": ["a"] })),
                        _ => app.post(&format!("{path}/enable")),
                    }
                }
            };
            app.clock.advance(TimeDelta::seconds(1) - MICROSECOND * readings);
            app.clock.step_at_each_reading(MICROSECOND);
            let response = request.bearer_auth(&token).send_checked().await;
            app.clock.step_at_each_reading(TimeDelta::zero());
            assert!(response.status.is_success(), "{operation}: {response}");
            let etag = response.header("etag").unwrap().trim_matches('"');
            let (_, status) = etag.split_once('-').unwrap();
            if operation != "put" {
                assert_eq!(response.json()["status"], status, "{operation}, {readings} readings before the expiry");
            }
            seen.insert((operation, status.to_owned()));
        }
    }
    assert_eq!(seen.len(), 10, "not every operation was seen on both sides of the expiry: {seen:?}");
}

#[tokio::test]
async fn of_concurrent_changes_with_one_etag_one_succeeds() {
    let app = TestApp::new().await;
    let (_, token) = app.with_admin("alice").await;
    app.create_key(&token).await;
    let changes = (0..20).map(|number| {
        let change = json!({ "description": format!("change {number}") });
        app.patch(PATH).bearer_auth(&token).header("if-match", "\"1-active\"").json(&change).send_checked()
    });
    let responses = join_all(changes).await;
    let succeeded = responses.iter().filter(|response| response.status == 200).count();
    let rejected = responses.iter().filter(|response| response.status == 412).count();
    assert_eq!((succeeded, rejected), (1, 19));
}
