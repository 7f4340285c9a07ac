//! `GET /v1/api-keys/`

use std::collections::BTreeSet;

use chrono::TimeDelta;
use insta::assert_snapshot;
use latchkey_domain::model::{Scopes, UserRole};
use latchkey_test_support::{
    app::{Options, TestApp},
    response::{Response, SendChecked},
};
use serde_json::{Value, json};

const PATH: &str = "/v1/api-keys/";

async fn page(app: &TestApp, token: &str, path: &str) -> Response {
    let response = app.get(path).bearer_auth(token).send_checked().await;
    assert_eq!(response.status, 200, "{response}");
    response
}

fn ids(page: &Response) -> Vec<i64> {
    page.json().as_array().unwrap().iter().map(|record| record["id"].as_i64().unwrap()).collect()
}

/// The ids on each page, from this one to the last.
async fn pages(app: &TestApp, token: &str, path: &str) -> Vec<Vec<i64>> {
    let mut pages = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next {
        let page = page(app, token, &path).await;
        pages.push(ids(&page));
        next = page.next_page().map(str::to_owned);
    }
    pages
}

#[tokio::test]
async fn a_user_without_keys_gets_an_empty_page() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    assert_snapshot!(page(&app, &token, PATH).await, @"
    200 OK
    cache-control: no-store
    content-type: application/json
    latchkey-version: <version>
    vary: Origin
    x-request-id: <id>

    []
    ");
}

#[tokio::test]
async fn keys_are_listed_newest_first_without_secrets() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key_with(&token, json!({ "description": "first" })).await;
    app.create_key_with(&token, json!({ "expires_at": "2000-01-01T00:00:00Z" })).await;
    assert_snapshot!(page(&app, &token, PATH).await, @r#"
    200 OK
    cache-control: no-store
    content-type: application/json
    latchkey-version: <version>
    vary: Origin
    x-request-id: <id>

    [
      {
        "id": 2,
        "key_prefix": "lk_<9>",
        "user_id": 1,
        "status": "expired",
        "created_at": "2030-01-01T00:00:00Z",
        "expires_at": "2000-01-01T00:00:00Z",
        "description": null,
        "full_key": null
      },
      {
        "id": 1,
        "key_prefix": "lk_<9>",
        "user_id": 1,
        "status": "active",
        "created_at": "2030-01-01T00:00:00Z",
        "expires_at": null,
        "description": "first",
        "full_key": null
      }
    ]
    "#);
}

#[tokio::test]
async fn the_pages_contain_every_key_once() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    let (bob, _) = app.with_member("bob").await;
    app.insert_keys(&alice, 30, &[]).await;
    app.insert_keys(&bob, 3, &[]).await;
    app.insert_keys(&alice, 23, &[]).await;
    app.database.execute("UPDATE api_keys SET deleted_at = now() WHERE id IN (1, 2, 56)").await;
    let expected: Vec<i64> = (3..=30).chain(34..=55).rev().collect();
    for (limit, count) in [(1, 50), (2, 25), (7, 8), (49, 2), (50, 1), (1000, 1)] {
        let pages = pages(&app, &token, &format!("{PATH}?limit={limit}")).await;
        assert_eq!((pages.len(), pages.concat()), (count, expected.clone()), "limit {limit}");
        assert!(pages.iter().all(|page| (1..=limit).contains(&page.len())), "limit {limit}: {pages:?}");
    }
    assert_eq!(pages(&app, &token, PATH).await.len(), 1, "the limit is 50 unless the caller says otherwise");
}

#[tokio::test]
async fn a_link_keeps_the_limit_and_the_status() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    app.insert_keys(&alice, 3, &[]).await;
    let first = page(&app, &token, &format!("{PATH}?status=active&limit=2")).await;
    let (path, cursor) = first.next_page().unwrap().rsplit_once('=').unwrap();
    assert_eq!(path, "/v1/api-keys/?limit=2&status=active&cursor");
    assert_eq!(cursor.len(), 32);
}

#[tokio::test]
async fn pages_do_not_shift_when_keys_are_created_and_deleted() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    app.insert_keys(&alice, 6, &[]).await;
    let first = page(&app, &token, &format!("{PATH}?limit=2")).await;
    app.insert_keys(&alice, 2, &[]).await;
    app.database.execute("UPDATE api_keys SET deleted_at = now() WHERE id IN (5, 3)").await;
    let second = page(&app, &token, first.next_page().unwrap()).await;
    assert_eq!((ids(&first), ids(&second)), (vec![6, 5], vec![4, 2]));
}

#[tokio::test]
async fn keys_are_filtered_by_status() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    let (past, future) = ("'2029-01-01T00:00:00Z'", "'2031-01-01T00:00:00Z'");
    app.insert_keys(&alice, 2, &[]).await;
    app.insert_keys(&alice, 2, &[("not_before", future)]).await;
    app.insert_keys(&alice, 2, &[("disabled_at", past)]).await;
    app.insert_keys(&alice, 2, &[("revoked_at", past), ("expires_at", past)]).await;
    app.insert_keys(&alice, 2, &[("expires_at", past), ("disabled_at", past)]).await;
    let statuses = ["active", "pending", "disabled", "revoked", "expired"];
    for (status, newest) in statuses.into_iter().zip([2, 4, 6, 8, 10]) {
        let all = page(&app, &token, &format!("{PATH}?status={status}")).await;
        assert_eq!(ids(&all), [newest, newest - 1], "{status}");
        assert!(all.json().as_array().unwrap().iter().all(|record| record["status"] == status));
        let single = pages(&app, &token, &format!("{PATH}?status={status}&limit=1")).await;
        assert_eq!(single.concat(), [newest, newest - 1], "{status}");
    }
}

#[tokio::test]
async fn all_records_of_a_page_have_their_status_at_one_instant() {
    const MICROSECOND: TimeDelta = TimeDelta::microseconds(1);
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    app.insert_keys(&alice, 20, &[("expires_at", "'2030-01-01T00:01:00Z'")]).await;
    let start = app.clock.now();
    let mut seen = BTreeSet::new();
    // The keys expire at another reading of the clock in each round.
    for readings in 0..12 {
        for query in ["", "?status=active", "?status=expired"] {
            app.clock.advance(start + TimeDelta::minutes(1) - MICROSECOND * readings - app.clock.now());
            app.clock.step_at_each_reading(MICROSECOND);
            let page = page(&app, &token, &format!("{PATH}{query}")).await.json();
            app.clock.step_at_each_reading(TimeDelta::zero());
            let records = page.as_array().unwrap().iter();
            let statuses: BTreeSet<String> =
                records.map(|record| record["status"].as_str().unwrap().to_owned()).collect();
            assert!(statuses.len() <= 1, "{query}, {readings} readings before the expiry: {statuses:?}");
            for status in statuses {
                assert!(query.is_empty() || query == format!("?status={status}"), "{query}: {status}");
                seen.insert((query, status));
            }
        }
    }
    assert_eq!(seen.len(), 4, "{seen:?}");
}

#[tokio::test]
async fn a_page_of_a_rare_status_is_short_and_links_to_the_next() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    app.insert_keys(&alice, 1, &[("disabled_at", "now()")]).await;
    app.insert_keys(&alice, 12_000, &[]).await;
    app.insert_keys(&alice, 1, &[("disabled_at", "now()")]).await;
    app.insert_keys(&alice, 12_000, &[]).await;
    let found = pages(&app, &token, &format!("{PATH}?status=disabled")).await;
    assert_eq!(found, [vec![], vec![12_002], vec![1]]);
    assert_eq!(pages(&app, &token, &format!("{PATH}?status=revoked&limit=1000")).await, vec![Vec::<i64>::new(); 3]);
    let all = pages(&app, &token, &format!("{PATH}?status=active&limit=1000")).await;
    // A page cannot know whether a remaining record has the status, so the last page may be empty.
    assert_eq!((all.len(), all.concat().len(), &all[24]), (25, 24_000, &vec![]));
}

#[tokio::test]
async fn a_forged_cursor_and_another_users_get_the_same_response() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    let (bob, other_token) = app.with_member("bob").await;
    app.insert_keys(&alice, 2, &[]).await;
    app.insert_keys(&bob, 2, &[]).await;
    let forged = app.get(&format!("{PATH}?cursor=AAAA")).bearer_auth(&token).send_checked().await;
    assert_snapshot!(forged, @r#"
    422 Unprocessable Entity
    cache-control: no-store
    content-type: application/json
    latchkey-version: <version>
    vary: Origin
    x-request-id: <id>

    {
      "detail": [
        {
          "loc": [
            "query",
            "cursor"
          ],
          "msg": "Value error, the cursor is not from a page of this user's list",
          "type": "value_error"
        }
      ]
    }
    "#);
    let others = page(&app, &other_token, &format!("{PATH}?limit=1")).await;
    let others = app.get(others.next_page().unwrap()).bearer_auth(&token).send_checked().await;
    assert_eq!(others.to_string(), forged.to_string());
}

#[tokio::test]
async fn every_validation_error_of_the_query_is_listed() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let response = app.get(&format!("{PATH}?status=unknown&cursor=*&limit=0")).bearer_auth(&token).send_checked().await;
    assert_snapshot!(response, @r#"
    422 Unprocessable Entity
    cache-control: no-store
    content-type: application/json
    latchkey-version: <version>
    vary: Origin
    x-request-id: <id>

    {
      "detail": [
        {
          "loc": [
            "query",
            "limit"
          ],
          "msg": "Input should be greater than or equal to 1",
          "type": "greater_than_equal"
        },
        {
          "loc": [
            "query",
            "cursor"
          ],
          "msg": "String should match pattern '^[A-Za-z0-9_-]+$'",
          "type": "string_pattern_mismatch"
        },
        {
          "loc": [
            "query",
            "status"
          ],
          "msg": "Input should be 'active', 'pending', 'disabled', 'revoked' or 'expired'",
          "type": "enum"
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn the_path_without_the_trailing_slash_is_equivalent() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    app.insert_keys(&alice, 3, &[]).await;
    for query in ["", "?limit=2", "?limit=x"] {
        let with = app.get(&format!("/v1/api-keys/{query}")).bearer_auth(&token).send_checked().await;
        let without = app.get(&format!("/v1/api-keys{query}")).bearer_auth(&token).send_checked().await;
        assert_eq!(without.to_string(), with.to_string());
    }
}

#[tokio::test]
async fn a_request_without_a_credential_is_challenged() {
    let app = TestApp::new().await;
    assert_snapshot!(app.get(PATH).send_checked().await, @r#"
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
async fn a_token_without_the_scope_cannot_list_keys() {
    let app = TestApp::new().await;
    let alice = app.create_user("alice", UserRole::Admin).await;
    let token = app.restricted_token(&alice, Scopes::parse("latchkey:verify latchkey:audit.read").unwrap()).await;
    assert_snapshot!(app.get(PATH).bearer_auth(token).send_checked().await, @r#"
    403 Forbidden
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
    vary: Origin
    www-authenticate: Bearer realm="latchkey", error="insufficient_scope", scope="latchkey:keys.read"
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Forbidden",
      "status": 403,
      "detail": "The credential lacks a required scope: latchkey:keys.read.",
      "code": "insufficient_scope"
    }
    "#);
}

#[tokio::test]
async fn without_a_database_there_is_no_empty_page() {
    let app = TestApp::with(Options::without_database()).await;
    let (_, token) = app.with_member("alice").await;
    assert_snapshot!(app.get(PATH).bearer_auth(token).send_checked().await, @r#"
    503 Service Unavailable
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
    retry-after: 1
    vary: Origin
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
async fn a_disabled_user_gets_no_empty_page() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    app.disable_user(&alice).await;
    let response = app.get(PATH).bearer_auth(token).send_checked().await;
    assert_eq!((response.status.as_u16(), &response.json()["status"]), (401, &Value::from(401)));
}

#[tokio::test]
async fn listing_does_not_scan_another_users_keys() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    app.insert_keys(&alice, 20_000, &[]).await;
    let bob = app.create_user("bob", UserRole::Member).await;
    app.insert_keys(&bob, 20_000, &[]).await;
    app.database.execute("ANALYZE api_keys; ANALYZE users").await;
    // More often than Postgres uses a custom plan, so that the generic plan is tested as well.
    for _ in 0..8 {
        let response = app.get("/v1/api-keys/?limit=50").bearer_auth(&token).send_checked().await;
        assert_eq!(response.json().as_array().unwrap().len(), 50);
    }
    let client = app.database.connect().await;
    // The statistics of a session are complete once it has ended.
    let end = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity \
               WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
    client.query(end, &[]).await.unwrap();
    let read = "SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes WHERE relname = 'api_keys'";
    let read: i64 = client.query_one(read, &[]).await.unwrap().get(0);
    assert!((8 * 50..8 * 200).contains(&read), "{read} entries of indexes were read");
}
