//! The key cache: which queries verification runs, when cached keys are invalidated, and what happens during an outage.

use std::time::Duration;

use futures_util::future::join_all;
use http::Method;
use latchkey_domain::store::freshness::FRESHNESS_BOUND;
use latchkey_test_support::{
    app::{Key, Options, TestApp},
    response::SendChecked,
    tcp_proxy::TcpProxy,
};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::key_states::set_policy;

async fn app_with_cache() -> TestApp {
    let app = TestApp::with(Options { change_feed: true, ..Options::default() }).await;
    app.wait_for_poll().await;
    app
}

#[tokio::test]
async fn a_cache_hit_runs_no_query_and_a_miss_runs_one() {
    let app = app_with_cache().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let reads = || app.service.verifier().cache_stats().misses;
    let key = app.create_key(&alice).await;
    app.verify(&gateway, &key.secret).await;
    // One for the key, and one for the caller's user.
    assert_eq!(reads(), 2);
    for _ in 0..50 {
        app.verify(&gateway, &key.secret).await;
    }
    assert_eq!(reads(), 2);
    let other = app.create_key(&alice).await;
    app.verify(&gateway, &other.secret).await;
    assert_eq!(reads(), 3);
}

#[tokio::test]
async fn a_lookup_is_answered_while_lists_are_held_up() {
    let app = app_with_cache().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, admin) = app.with_admin("admin").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let key = app.create_key(&alice).await;
    // Lists occupy every connection that they may use.
    let other = app.database.connect().await;
    other.batch_execute("BEGIN; LOCK TABLE audit_events").await.unwrap();
    let mut lists = Box::pin(join_all((0..8).map(|_| app.get("/v1/audit/events").bearer_auth(&admin).send_checked())));
    let blocked = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'audit_events'::regclass";
    let wait = async {
        while other.query_one(blocked, &[]).await.unwrap().get::<_, i64>(0) < 2 {
            sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        _ = &mut lists => panic!("the lists are not held up"),
        () = wait => {}
    }

    // Neither the key nor the user of the gateway is cached.
    let verify = async {
        assert_eq!(app.verify(&gateway, &key.secret).await["code"], "valid");
        assert_eq!(app.get("/v1/forward-auth").header("X-API-Key", &key.secret).send_checked().await.status, 200);
    };
    tokio::select! {
        _ = &mut lists => panic!("the lists are not held up"),
        () = verify => {}
    }
    other.batch_execute("COMMIT").await.unwrap();
    assert!(lists.await.iter().all(|list| list.status == 200));
}

#[tokio::test]
async fn concurrent_lookups_return_the_right_keys() {
    // This server does not follow the change feed, and so bypasses its cache.
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let unknown = app.create_key(&alice).await;
    app.database.execute("DELETE FROM api_keys").await;
    let keys = join_all((0..20).map(|_| app.create_key(&alice))).await;
    // The first statement waits for the lock, and the other lookups wait for the first.
    let other = app.database.connect().await;
    other.batch_execute("BEGIN; LOCK TABLE api_keys").await.unwrap();
    let verifications = keys.iter().chain(&keys).chain([&unknown]).map(|key| app.verify(&gateway, &key.secret));
    let (responses, ()) = tokio::join!(join_all(verifications), async {
        sleep(Duration::from_millis(200)).await;
        other.batch_execute("COMMIT").await.unwrap();
    });
    for (key, response) in keys.iter().chain(&keys).zip(&responses) {
        assert_eq!((response["key_id"].as_i64(), &response["code"]), (Some(key.id), &json!("valid")));
    }
    assert_eq!(responses[40]["code"], "not_found");
}

#[tokio::test]
async fn an_unreadable_row_fails_only_its_own_lookup() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let keys = join_all((0..20).map(|_| app.create_key(&alice))).await;
    let unreadable = &keys[7];
    let other = app.database.connect().await;
    // A timestamp that Postgres has and chrono does not.
    let make_unreadable =
        format!("UPDATE api_keys SET expires_at = 'infinity' WHERE id = {}; BEGIN; LOCK TABLE api_keys", unreadable.id);
    other.batch_execute(&make_unreadable).await.unwrap();
    let verify = async |key: &Key| {
        let request = app.post("/v1/api-keys/verify").bearer_auth(&gateway);
        (key.id, request.json(&json!({ "key": key.secret })).send_checked().await.status.as_u16())
    };
    let (responses, ()) = tokio::join!(join_all(keys.iter().map(verify)), async {
        sleep(Duration::from_millis(200)).await;
        other.batch_execute("COMMIT").await.unwrap();
    });
    for (id, status) in responses {
        assert_eq!(status, if id == unreadable.id { 500 } else { 200 }, "{id}");
    }
}

#[tokio::test]
async fn a_stalled_read_connection_delays_only_the_lookups_assigned_to_it() {
    let app = TestApp::new().await;
    let (_, token) = app.with_admin("admin").await;
    let key = app.create_key(&token).await;
    app.database.execute("DELETE FROM api_keys").await;
    let other = app.database.connect().await;
    other.batch_execute("BEGIN; LOCK TABLE audit_events").await.unwrap();
    let stalled = async {
        assert_eq!(app.get("/v1/audit/events").bearer_auth(&token).send_checked().await.status, 200);
    };
    let lookups = async {
        sleep(Duration::from_millis(100)).await;
        let look_up = async |turn| {
            sleep(Duration::from_millis(20) * turn).await;
            let lookup = app.post("/v1/revoke").form(&[("token", &key.secret)]).send_checked();
            timeout(Duration::from_millis(500), lookup).await.is_ok()
        };
        let results = join_all((0..20).map(look_up)).await;
        other.batch_execute("COMMIT").await.unwrap();
        results
    };
    let ((), are_in_time) = tokio::join!(stalled, lookups);
    assert!(are_in_time.iter().filter(|is_in_time| !**is_in_time).count() <= 1, "{are_in_time:?}");
}

#[tokio::test]
async fn an_unknown_key_is_looked_up_once_and_a_new_key_is_valid_at_once() {
    let app = app_with_cache().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let unknown = app.create_key(&alice).await;
    app.database.execute("DELETE FROM api_keys").await;
    app.verify(&gateway, &unknown.secret).await;
    let reads = app.service.verifier().cache_stats().misses;
    for _ in 0..20 {
        assert_eq!(app.verify(&gateway, &unknown.secret).await["code"], "not_found");
    }
    assert_eq!(app.service.verifier().cache_stats().misses, reads);
    for _ in 0..20 {
        let key = app.create_key(&alice).await;
        assert_eq!(app.verify(&gateway, &key.secret).await["code"], "valid");
    }
}

#[tokio::test]
async fn a_disabled_key_is_invalid_at_once_on_its_node_and_after_a_poll_on_others() {
    let app = app_with_cache().await;
    let other = app.second_node(Options { change_feed: true, ..Options::default() }).await;
    other.wait_for_poll().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    for _ in 0..4 {
        let key = app.create_key(&alice).await;
        for node in [&app, &other] {
            assert_eq!(node.verify(&gateway, &key.secret).await["code"], "valid");
        }
        app.post(&format!("/v1/api-keys/{}/disable", key.id)).bearer_auth(&alice).send_checked().await;
        assert_eq!(app.verify(&gateway, &key.secret).await["code"], "disabled");
        // The clock stands still, so only the poll can have made the entry of the other node unusable.
        other.wait_for_poll().await;
        assert_eq!(other.verify(&gateway, &key.secret).await["code"], "disabled");
    }
}

#[tokio::test]
async fn a_change_by_sql_invalidates_the_cache() {
    let app = app_with_cache().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let key = app.create_key(&alice).await;
    assert_eq!(app.verify(&gateway, &key.secret).await["code"], "valid");
    app.database.execute("UPDATE api_keys SET revoked_at = now()").await;
    app.wait_for_poll().await;
    assert_eq!(app.verify(&gateway, &key.secret).await["code"], "revoked");
}

#[tokio::test]
async fn no_key_is_cached_where_snapshots_do_not_tell_which_transactions_have_ended() {
    for lie in ["true", "false"] {
        let app = TestApp::new().await;
        let (_, alice) = app.with_member("alice").await;
        let (_, gateway) = app.with_verifier("gateway").await;
        let key = app.create_key(&alice).await;
        let replace = format!(
            "SET allow_system_table_mods = on;
             ALTER FUNCTION pg_catalog.pg_visible_in_snapshot(xid8, pg_snapshot) RENAME TO pg_truly_visible_in_snapshot;
             CREATE FUNCTION pg_catalog.pg_visible_in_snapshot(xid8, pg_snapshot) RETURNS boolean
                 LANGUAGE sql AS 'SELECT {lie}'"
        );
        app.database.execute(&replace).await;
        let node = app.second_node(Options { change_feed: true, ..Options::default() }).await;
        let is_unreliable = async || {
            let metrics = node.get("/metrics").send_checked().await;
            metrics.text().contains("\nlatchkey_change_feed_unreliable 1\n")
        };
        let waiting = async {
            while !is_unreliable().await {
                sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(Duration::from_secs(20), waiting).await.expect("the node trusts the snapshots");
        assert_eq!(node.get("/readyz").send_checked().await.status, 200);
        for reads in [2, 4] {
            assert_eq!(node.verify(&gateway, &key.secret).await["code"], "valid");
            assert_eq!(node.service.verifier().cache_stats().misses, reads);
        }
        app.database.execute("UPDATE api_keys SET revoked_at = now()").await;
        assert_eq!(node.verify(&gateway, &key.secret).await["code"], "revoked");
        assert_eq!(app.database.query("SELECT FROM change_log WHERE key_id < 0").await.len(), 0);
    }
}

#[tokio::test]
async fn a_node_is_not_ready_while_the_change_feed_is_not_confirmed() {
    let app = TestApp::with(Options { change_feed: true, ..Options::default() }).await;
    app.wait_for_poll().await;
    assert_eq!(app.get("/readyz").send_checked().await.status, 200);
    let node = app.second_node(Options::default()).await;
    let response = node.get("/readyz").send_checked().await;
    assert_eq!(response.status, 503, "{response}");
    assert_eq!(response.json()["detail"], "The change feed is not confirmed by the database's primary.");
}

#[tokio::test]
async fn a_cache_entry_is_not_used_without_a_recent_poll() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let key = app.create_key(&alice).await;
    let freshness = app.service.store().freshness();
    let misses = async || {
        app.verify(&gateway, &key.secret).await;
        app.service.verifier().cache_stats().misses
    };
    freshness.mark_synced(freshness.now());
    assert_eq!(misses().await, 2);
    app.clock.advance_monotonic(FRESHNESS_BOUND / 2);
    assert_eq!(misses().await, 2);
    app.clock.advance_monotonic(FRESHNESS_BOUND / 2);
    assert_eq!(misses().await, 4);
}

#[tokio::test]
async fn each_mutation_invalidates_the_cache_of_its_own_node() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    // Nothing but a write can invalidate an entry: the change feed is not followed, and the clock stands still.
    let freshness = app.service.store().freshness();
    freshness.mark_synced(freshness.now());
    let misses = async |key: &Key| {
        let code = app.verify(&gateway, &key.secret).await["code"].as_str().unwrap().to_owned();
        (code, app.service.verifier().cache_stats().misses)
    };
    let expiry = json!({ "expires_at": "2029-12-31T23:59:59Z" });
    let mutations: [(Method, &str, Value, &str); 9] = [
        (Method::POST, "/disable", Value::Null, "disabled"),
        (Method::POST, "/enable", Value::Null, "valid"),
        (Method::PUT, "/policy", json!({ "networks": ["192.0.2.0/24"] }), "network_not_allowed"),
        (Method::PUT, "/policy", json!({ "not_before": "2030-01-01T00:00:01Z" }), "pending"),
        (Method::PATCH, "", expiry, "expired"),
        (Method::POST, "/revoke", json!({}), "revoked"),
        (Method::POST, "/rotate", json!({}), "revoked"),
        (Method::POST, "/rotate", json!({ "grace_period_seconds": 60 }), "valid"),
        (Method::DELETE, "", Value::Null, "not_found"),
    ];
    for (method, path, body, code) in mutations {
        let key = app.create_key(&alice).await;
        if path == "/enable" {
            app.post(&format!("/v1/api-keys/{}/disable", key.id)).bearer_auth(&alice).send_checked().await;
        }
        let (_, before) = misses(&key).await;
        assert_eq!(misses(&key).await.1, before, "{path}: it is not cached");

        let request = app.request(method.clone(), &format!("/v1/api-keys/{}{path}", key.id)).bearer_auth(&alice);
        let request = if body.is_null() { request } else { request.json(&body) };
        assert!(request.send_checked().await.status.is_success(), "{method} {path}");
        let expected = (code.to_owned(), before + 1);
        assert_eq!(misses(&key).await, expected, "{method} {path} {body}");
        assert_eq!(misses(&key).await, expected, "{method} {path} {body}: it is not cached again");
    }

    // The holder of a key may revoke it.
    let key = app.create_key(&alice).await;
    let (_, before) = misses(&key).await;
    app.post("/v1/revoke").form(&[("token", &key.secret)]).send_checked().await;
    assert_eq!(misses(&key).await, ("revoked".to_owned(), before + 1));
}

#[tokio::test]
async fn what_verification_does_not_depend_on_invalidates_nothing() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let freshness = app.service.store().freshness();
    freshness.mark_synced(freshness.now());
    let key = app.create_key(&alice).await;
    let misses = async || {
        app.verify(&gateway, &key.secret).await;
        app.service.verifier().cache_stats().misses
    };
    let before = misses().await;
    let path = format!("/v1/api-keys/{}", key.id);
    for request in [
        app.patch(&path).json(&json!({ "description": "another" })),
        app.patch(&path).json(&json!({})),
        app.post(&format!("{path}/enable")),
        app.post("/v1/api-keys/").json(&json!({})),
        app.patch(&path).header("if-match", "\"99-active\"").json(&json!({ "expires_at": null })),
    ] {
        request.bearer_auth(&alice).send_checked().await;
        assert_eq!(misses().await, before);
    }
}

#[tokio::test]
async fn without_the_change_feed_the_cache_is_bypassed() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let key = app.create_key(&alice).await;
    for _ in 0..3 {
        app.verify(&gateway, &key.secret).await;
    }
    let status = app.service.verifier().cache_stats();
    assert_eq!((status.hits, status.misses), (0, 6));
}

#[tokio::test]
async fn without_a_database_a_cached_key_is_stale_and_anything_else_unavailable() {
    let app = TestApp::new().await;
    let proxy = TcpProxy::start(app.database.runtime_url());
    let options = || Options { database_url: Some(proxy.url().to_owned()), change_feed: true, ..Options::default() };
    let (node, strict) =
        (app.second_node(options()).await, app.second_node(Options { max_stale: Duration::ZERO, ..options() }).await);
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let cached = app.create_key(&alice).await;
    let [revoked, disabled, uncached] =
        [app.create_key(&alice).await, app.create_key(&alice).await, app.create_key(&alice).await];
    let act = async |key: i64, what: &str| {
        let request = app.post(&format!("/v1/api-keys/{key}/{what}")).bearer_auth(&alice).json(&json!({}));
        assert_eq!(request.send_checked().await.status, 200);
    };
    act(revoked.id, "revoke").await;
    act(disabled.id, "disable").await;
    for node in [&node, &strict] {
        node.wait_for_poll().await;
        for key in [&cached, &revoked, &disabled] {
            node.verify(&gateway, &key.secret).await;
        }
    }

    proxy.disconnect();
    app.clock.advance_monotonic(FRESHNESS_BOUND);
    let response = node.verify(&gateway, &cached.secret).await;
    assert_eq!((&response["valid"], &response["stale"]), (&json!(true), &json!(true)));
    let forwarded = node.get("/v1/forward-auth").header("x-api-key", &cached.secret).send_checked().await;
    assert_eq!((forwarded.status.as_u16(), forwarded.header("x-latchkey-stale")), (200, Some("true")));
    // A key that can never become valid again is invalid all the same.
    assert_eq!(node.verify(&gateway, &revoked.secret).await["code"], "revoked");
    assert_eq!(node.verify(&gateway, "no key").await["code"], "not_found");
    for key in [&disabled, &uncached] {
        for request in [
            node.post("/v1/api-keys/verify").bearer_auth(&gateway).json(&json!({ "key": key.secret })),
            node.post("/v1/introspect").bearer_auth(&gateway).form(&[("token", &key.secret)]),
            node.get("/v1/forward-auth").header("x-api-key", &key.secret),
        ] {
            let response = request.send_checked().await;
            assert_eq!(response.status, 503, "{response}");
            assert_eq!(response.header("retry-after"), Some("1"));
        }
    }
    let response = strict.get("/v1/forward-auth").header("x-api-key", &cached.secret).send_checked().await;
    assert_eq!(response.status, 503);

    proxy.reconnect();
    node.wait_for_poll().await;
    // Lookups are attempted again some time after one has failed.
    app.clock.advance_monotonic(Duration::from_millis(250));
    node.wait_for_poll().await;
    for key in [&cached, &uncached] {
        let response = node.verify(&gateway, &key.secret).await;
        assert_eq!((&response["valid"], &response["stale"]), (&json!(true), &json!(false)));
    }
}

#[tokio::test]
async fn a_node_that_never_reached_the_database_is_unavailable() {
    let app = TestApp::new().await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let unreachable = Options { change_feed: true, ..Options::without_database() };
    let node = app.second_node(unreachable).await;
    let (_, alice) = app.with_member("alice").await;
    let key = app.create_key(&alice).await;
    let request = node.post("/v1/api-keys/verify").bearer_auth(&gateway).json(&json!({ "key": key.secret }));
    assert_eq!(request.send_checked().await.status, 503);
}

#[tokio::test]
async fn usage_is_buffered_and_flushed_in_a_batch() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let key = app.create_key(&alice).await;
    let usage = async || {
        let response = app.get(&format!("/v1/api-keys/{}/usage", key.id)).bearer_auth(&alice).send_checked().await;
        response.json()
    };
    assert_eq!(usage().await, json!({ "key_id": 1, "valid_count": 0, "invalid_count": 0, "last_used_at": null }));
    for _ in 0..3 {
        app.verify(&gateway, &key.secret).await;
    }
    set_policy(&app, &alice, &key, json!({ "scopes": ["a"] })).await;
    let body = json!({ "key": key.secret, "scopes": ["b"] });
    app.post("/v1/api-keys/verify").bearer_auth(&gateway).json(&body).send_checked().await;
    assert_eq!(usage().await["valid_count"], 0);
    for _ in 0..2 {
        app.service.background().flush().await;
        let expected =
            json!({ "key_id": 1, "valid_count": 3, "invalid_count": 1, "last_used_at": "2030-01-01T00:00:00Z" });
        assert_eq!(usage().await, expected);
    }
}
