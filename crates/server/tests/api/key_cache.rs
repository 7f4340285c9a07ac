//! The key cache: which queries verification runs, when cached keys are invalidated, and what happens during an outage.

use std::time::Duration;

use futures_util::future::join_all;
use latchkey_test_support::{
    app::{Key, Options, TestApp},
    response::SendChecked,
    tcp_proxy::TcpProxy,
};
use serde_json::json;
use tokio::time::{sleep, timeout};

use crate::key_states::set_policy;

/// Waits until a server has polled the change feed for the first time.
async fn wait_for_first_poll(app: &TestApp) {
    for _ in 0..200 {
        if app.service.store().freshness().since_last_sync().is_some() {
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("the change feed was never polled");
}

async fn app_with_cache() -> TestApp {
    let app = TestApp::with(Options { change_feed: true, ..Options::default() }).await;
    wait_for_first_poll(&app).await;
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
    let (_, are_in_time) = tokio::join!(stalled, lookups);
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
async fn a_disabled_key_is_invalid_at_once_on_its_node_and_within_the_bound_on_others() {
    let app = app_with_cache().await;
    let other = app.second_node(Options { change_feed: true, ..Options::default() }).await;
    wait_for_first_poll(&other).await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    for _ in 0..20 {
        let key = app.create_key(&alice).await;
        for node in [&app, &other] {
            assert_eq!(node.verify(&gateway, &key.secret).await["code"], "valid");
        }
        app.post(&format!("/v1/api-keys/{}/disable", key.id)).bearer_auth(&alice).send_checked().await;
        assert_eq!(app.verify(&gateway, &key.secret).await["code"], "disabled");
        sleep(Duration::from_millis(900)).await;
        assert_eq!(other.verify(&gateway, &key.secret).await["code"], "disabled");
        if key.id > 3 {
            break;
        }
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
    sleep(Duration::from_millis(900)).await;
    assert_eq!(app.verify(&gateway, &key.secret).await["code"], "revoked");
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
    let proxy = TcpProxy::start(app.database.url());
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
        wait_for_first_poll(node).await;
        for key in [&cached, &revoked, &disabled] {
            node.verify(&gateway, &key.secret).await;
        }
    }

    proxy.disconnect();
    sleep(Duration::from_millis(900)).await;
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
    sleep(Duration::from_millis(900)).await;
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
