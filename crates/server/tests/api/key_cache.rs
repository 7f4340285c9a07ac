//! What verification costs the database, and what becomes of it when the database is away.

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

/// Until a server has asked the change log for the first time.
async fn settle(app: &TestApp) {
    for _ in 0..200 {
        if app.service.verifier().freshness().confirmed_ago().is_some() {
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("the change log was never read");
}

async fn following() -> TestApp {
    let app = TestApp::with(Options { change_feed: true, ..Options::default() }).await;
    settle(&app).await;
    app
}

#[tokio::test]
async fn a_warm_key_costs_no_query_and_a_cold_one_costs_one() {
    let app = following().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let reads = || app.service.verifier().memory().status().reads;
    let key = app.create_key(&alice).await;
    app.verify(&gateway, &key.secret).await;
    // One for the key, one for the gateway's user.
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
async fn keys_that_are_asked_for_at_once_are_told_apart() {
    // One that remembers nothing, as it does not follow the change log.
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let unknown = app.create_key(&alice).await;
    app.database.execute("DELETE FROM api_keys").await;
    let keys = join_all((0..20).map(|_| app.create_key(&alice))).await;
    // The first statement waits for the lock, and all others for the first.
    let other = app.database.connect().await;
    other.batch_execute("BEGIN; LOCK TABLE api_keys").await.unwrap();
    let asked = keys.iter().chain(&keys).chain([&unknown]).map(|key| app.verify(&gateway, &key.secret));
    let (responses, ()) = tokio::join!(join_all(asked), async {
        sleep(Duration::from_millis(200)).await;
        other.batch_execute("COMMIT").await.unwrap();
    });
    for (key, response) in keys.iter().chain(&keys).zip(&responses) {
        assert_eq!((response["key_id"].as_i64(), &response["code"]), (Some(key.id), &json!("valid")));
    }
    assert_eq!(responses[40]["code"], "not_found");
}

#[tokio::test]
async fn a_row_that_cannot_be_read_fails_its_own_question_alone() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let keys = join_all((0..20).map(|_| app.create_key(&alice))).await;
    let odd = &keys[7];
    let other = app.database.connect().await;
    // A time that Postgres has and nobody else.
    let make_odd =
        format!("UPDATE api_keys SET expires_at = 'infinity' WHERE id = {}; BEGIN; LOCK TABLE api_keys", odd.id);
    other.batch_execute(&make_odd).await.unwrap();
    let ask = async |key: &Key| {
        let request = app.post("/v1/api-keys/verify").bearer_auth(&gateway);
        (key.id, request.json(&json!({ "key": key.secret })).send_checked().await.status.as_u16())
    };
    let (responses, ()) = tokio::join!(join_all(keys.iter().map(ask)), async {
        sleep(Duration::from_millis(200)).await;
        other.batch_execute("COMMIT").await.unwrap();
    });
    for (id, status) in responses {
        assert_eq!(status, if id == odd.id { 500 } else { 200 }, "{id}");
    }
}

#[tokio::test]
async fn a_read_connection_that_is_held_up_keeps_what_it_was_given_and_no_more() {
    let app = TestApp::new().await;
    let (_, token) = app.with_admin("admin").await;
    let key = app.create_key(&token).await;
    app.database.execute("DELETE FROM api_keys").await;
    let other = app.database.connect().await;
    other.batch_execute("BEGIN; LOCK TABLE audit_events").await.unwrap();
    let held_up = async {
        assert_eq!(app.get("/v1/audit/events").bearer_auth(&token).send_checked().await.status, 200);
    };
    let questions = async {
        sleep(Duration::from_millis(100)).await;
        let ask = async |turn| {
            sleep(Duration::from_millis(20) * turn).await;
            let question = app.post("/v1/revoke").form(&[("token", &key.secret)]).send_checked();
            timeout(Duration::from_millis(500), question).await.is_ok()
        };
        let answered = join_all((0..20).map(ask)).await;
        other.batch_execute("COMMIT").await.unwrap();
        answered
    };
    let (_, answered) = tokio::join!(held_up, questions);
    assert!(answered.iter().filter(|answered| !**answered).count() <= 1, "{answered:?}");
}

#[tokio::test]
async fn an_unknown_key_is_asked_for_once_and_a_new_one_works_at_once() {
    let app = following().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let unknown = app.create_key(&alice).await;
    app.database.execute("DELETE FROM api_keys").await;
    app.verify(&gateway, &unknown.secret).await;
    let reads = app.service.verifier().memory().status().reads;
    for _ in 0..20 {
        assert_eq!(app.verify(&gateway, &unknown.secret).await["code"], "not_found");
    }
    assert_eq!(app.service.verifier().memory().status().reads, reads);
    for _ in 0..20 {
        let key = app.create_key(&alice).await;
        assert_eq!(app.verify(&gateway, &key.secret).await["code"], "valid");
    }
}

#[tokio::test]
async fn a_change_at_one_node_is_known_at_another_within_the_bound_and_at_its_own_at_once() {
    let app = following().await;
    let other = app.second_node(Options { change_feed: true, ..Options::default() }).await;
    settle(&other).await;
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
async fn a_change_by_hand_beside_the_nodes_is_known_too() {
    let app = following().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let key = app.create_key(&alice).await;
    assert_eq!(app.verify(&gateway, &key.secret).await["code"], "valid");
    app.database.execute("UPDATE api_keys SET revoked_at = now()").await;
    sleep(Duration::from_millis(900)).await;
    assert_eq!(app.verify(&gateway, &key.secret).await["code"], "revoked");
}

#[tokio::test]
async fn without_the_change_log_nothing_is_answered_from_memory() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let key = app.create_key(&alice).await;
    for _ in 0..3 {
        app.verify(&gateway, &key.secret).await;
    }
    let status = app.service.verifier().memory().status();
    assert_eq!((status.hits, status.reads), (0, 6));
}

#[tokio::test]
async fn without_the_database_a_remembered_key_is_stale_and_anything_else_unavailable() {
    let app = TestApp::new().await;
    let proxy = TcpProxy::start(app.database.url());
    let options = || Options { database_url: Some(proxy.url().to_owned()), change_feed: true, ..Options::default() };
    let (node, strict) =
        (app.second_node(options()).await, app.second_node(Options { max_stale: Duration::ZERO, ..options() }).await);
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let good = app.create_key(&alice).await;
    let [revoked, disabled, unseen] =
        [app.create_key(&alice).await, app.create_key(&alice).await, app.create_key(&alice).await];
    let act = async |key: i64, what: &str| {
        let request = app.post(&format!("/v1/api-keys/{key}/{what}")).bearer_auth(&alice).json(&json!({}));
        assert_eq!(request.send_checked().await.status, 200);
    };
    act(revoked.id, "revoke").await;
    act(disabled.id, "disable").await;
    for node in [&node, &strict] {
        settle(node).await;
        for key in [&good, &revoked, &disabled] {
            node.verify(&gateway, &key.secret).await;
        }
    }

    proxy.disconnect();
    sleep(Duration::from_millis(900)).await;
    let response = node.verify(&gateway, &good.secret).await;
    assert_eq!((&response["valid"], &response["stale"]), (&json!(true), &json!(true)));
    let forwarded = node.get("/v1/forward-auth").header("x-api-key", &good.secret).send_checked().await;
    assert_eq!((forwarded.status.as_u16(), forwarded.header("x-latchkey-stale")), (200, Some("true")));
    // What can never become good is refused all the same.
    assert_eq!(node.verify(&gateway, &revoked.secret).await["code"], "revoked");
    assert_eq!(node.verify(&gateway, "no key").await["code"], "not_found");
    for key in [&disabled, &unseen] {
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
    let response = strict.get("/v1/forward-auth").header("x-api-key", &good.secret).send_checked().await;
    assert_eq!(response.status, 503);

    proxy.reconnect();
    sleep(Duration::from_millis(900)).await;
    for key in [&good, &unseen] {
        let response = node.verify(&gateway, &key.secret).await;
        assert_eq!((&response["valid"], &response["stale"]), (&json!(true), &json!(false)));
    }
}

#[tokio::test]
async fn a_node_that_never_saw_the_database_says_so() {
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
async fn usage_is_counted_beside_and_written_in_a_batch() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let key = app.create_key(&alice).await;
    let usage = async || {
        let response = app.get(&format!("/v1/api-keys/{}/usage", key.id)).bearer_auth(&alice).send_checked().await;
        response.json()
    };
    assert_eq!(usage().await, json!({ "key_id": 1, "valid_count": 0, "refused_count": 0, "last_used_at": null }));
    for _ in 0..3 {
        app.verify(&gateway, &key.secret).await;
    }
    set_policy(&app, &alice, &key, json!({ "scopes": ["a"] })).await;
    let question = json!({ "key": key.secret, "scopes": ["b"] });
    app.post("/v1/api-keys/verify").bearer_auth(&gateway).json(&question).send_checked().await;
    assert_eq!(usage().await["valid_count"], 0);
    for _ in 0..2 {
        app.service.finish().await;
        let expected =
            json!({ "key_id": 1, "valid_count": 3, "refused_count": 1, "last_used_at": "2030-01-01T00:00:00Z" });
        assert_eq!(usage().await, expected);
    }
}
