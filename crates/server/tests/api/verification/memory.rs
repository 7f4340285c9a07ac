//! What verification costs the database, and what becomes of it when the database is away.

use std::time::Duration;

use futures_util::future::join_all;
use latchkey_domain::model::Role;
use serde_json::json;
use tokio::time::{sleep, timeout};

use super::set_policy;
use crate::{
    answer::Answered,
    postgres_relay::Relay,
    world::{Key, NO_DATABASE, Options, World},
};

/// Until a server has asked the change log for the first time.
async fn settle(world: &World) {
    for _ in 0..200 {
        if world.service.store().freshness().since_last_sync().is_some() {
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("the change log was never read");
}

async fn following() -> World {
    let world = World::with(Options { follows: true, ..Options::default() }).await;
    settle(&world).await;
    world
}

#[tokio::test]
async fn a_warm_key_costs_no_query_and_a_cold_one_costs_one() {
    let world = following().await;
    let (_, alice) = world.member("alice").await;
    let (_, gateway) = world.verifier("gateway").await;
    let reads = || world.service.verifier().cache_stats().misses;
    let key = world.key(&alice).await;
    world.verify(&gateway, &key.secret).await;
    // One for the key, one for the gateway's user.
    assert_eq!(reads(), 2);
    for _ in 0..50 {
        world.verify(&gateway, &key.secret).await;
    }
    assert_eq!(reads(), 2);
    let other = world.key(&alice).await;
    world.verify(&gateway, &other.secret).await;
    assert_eq!(reads(), 3);
}

#[tokio::test]
async fn keys_that_are_asked_for_at_once_are_told_apart() {
    // One that remembers nothing, as it does not follow the change log.
    let world = World::new().await;
    let (_, alice) = world.member("alice").await;
    let (_, gateway) = world.verifier("gateway").await;
    let unknown = world.key(&alice).await;
    world.database.execute("DELETE FROM api_keys").await;
    let keys = join_all((0..20).map(|_| world.key(&alice))).await;
    // The first statement waits for the lock, and all others for the first.
    let other = world.database.connect().await;
    other.batch_execute("BEGIN; LOCK TABLE api_keys").await.unwrap();
    let asked = keys.iter().chain(&keys).chain([&unknown]).map(|key| world.verify(&gateway, &key.secret));
    let (answers, ()) = tokio::join!(join_all(asked), async {
        sleep(Duration::from_millis(200)).await;
        other.batch_execute("COMMIT").await.unwrap();
    });
    for (key, answer) in keys.iter().chain(&keys).zip(&answers) {
        assert_eq!((answer["key_id"].as_i64(), &answer["code"]), (Some(key.id), &json!("valid")));
    }
    assert_eq!(answers[40]["code"], "not_found");
}

#[tokio::test]
async fn a_row_that_cannot_be_read_fails_its_own_question_alone() {
    let world = World::new().await;
    let (_, alice) = world.member("alice").await;
    let (_, gateway) = world.verifier("gateway").await;
    let keys = join_all((0..20).map(|_| world.key(&alice))).await;
    let odd = &keys[7];
    let other = world.database.connect().await;
    // A time that Postgres has and nobody else.
    let make_odd =
        format!("UPDATE api_keys SET expires_at = 'infinity' WHERE id = {}; BEGIN; LOCK TABLE api_keys", odd.id);
    other.batch_execute(&make_odd).await.unwrap();
    let ask = async |key: &Key| {
        let request = world.post("/v1/api-keys/verify").bearer_auth(&gateway);
        (key.id, request.json(&json!({ "key": key.secret })).answer().await.status.as_u16())
    };
    let (answers, ()) = tokio::join!(join_all(keys.iter().map(ask)), async {
        sleep(Duration::from_millis(200)).await;
        other.batch_execute("COMMIT").await.unwrap();
    });
    for (id, status) in answers {
        assert_eq!(status, if id == odd.id { 500 } else { 200 }, "{id}");
    }
}

#[tokio::test]
async fn a_read_connection_that_is_held_up_keeps_what_it_was_given_and_no_more() {
    let world = World::new().await;
    let admin = world.user("admin", Role::Admin).await;
    let token = world.token(&admin).await;
    let key = world.key(&token).await;
    world.database.execute("DELETE FROM api_keys").await;
    let other = world.database.connect().await;
    other.batch_execute("BEGIN; LOCK TABLE audit_events").await.unwrap();
    let held_up = async {
        assert_eq!(world.get("/v1/audit/events").bearer_auth(&token).answer().await.status, 200);
    };
    let questions = async {
        sleep(Duration::from_millis(100)).await;
        let ask = async |turn| {
            sleep(Duration::from_millis(20) * turn).await;
            let question = world.post("/v1/revoke").form(&[("token", &key.secret)]).answer();
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
    let world = following().await;
    let (_, alice) = world.member("alice").await;
    let (_, gateway) = world.verifier("gateway").await;
    let unknown = world.key(&alice).await;
    world.database.execute("DELETE FROM api_keys").await;
    world.verify(&gateway, &unknown.secret).await;
    let reads = world.service.verifier().cache_stats().misses;
    for _ in 0..20 {
        assert_eq!(world.verify(&gateway, &unknown.secret).await["code"], "not_found");
    }
    assert_eq!(world.service.verifier().cache_stats().misses, reads);
    for _ in 0..20 {
        let key = world.key(&alice).await;
        assert_eq!(world.verify(&gateway, &key.secret).await["code"], "valid");
    }
}

#[tokio::test]
async fn a_change_at_one_node_is_known_at_another_within_the_bound_and_at_its_own_at_once() {
    let world = following().await;
    let other = world.beside(Options { follows: true, ..Options::default() }).await;
    settle(&other).await;
    let (_, alice) = world.member("alice").await;
    let (_, gateway) = world.verifier("gateway").await;
    for _ in 0..20 {
        let key = world.key(&alice).await;
        for node in [&world, &other] {
            assert_eq!(node.verify(&gateway, &key.secret).await["code"], "valid");
        }
        world.post(&format!("/v1/api-keys/{}/disable", key.id)).bearer_auth(&alice).answer().await;
        assert_eq!(world.verify(&gateway, &key.secret).await["code"], "disabled");
        sleep(Duration::from_millis(900)).await;
        assert_eq!(other.verify(&gateway, &key.secret).await["code"], "disabled");
        if key.id > 3 {
            break;
        }
    }
}

#[tokio::test]
async fn a_change_by_hand_beside_the_nodes_is_known_too() {
    let world = following().await;
    let (_, alice) = world.member("alice").await;
    let (_, gateway) = world.verifier("gateway").await;
    let key = world.key(&alice).await;
    assert_eq!(world.verify(&gateway, &key.secret).await["code"], "valid");
    world.database.execute("UPDATE api_keys SET revoked_at = now()").await;
    sleep(Duration::from_millis(900)).await;
    assert_eq!(world.verify(&gateway, &key.secret).await["code"], "revoked");
}

#[tokio::test]
async fn without_the_change_log_nothing_is_answered_from_memory() {
    let world = World::new().await;
    let (_, alice) = world.member("alice").await;
    let (_, gateway) = world.verifier("gateway").await;
    let key = world.key(&alice).await;
    for _ in 0..3 {
        world.verify(&gateway, &key.secret).await;
    }
    let status = world.service.verifier().cache_stats();
    assert_eq!((status.hits, status.misses), (0, 6));
}

#[tokio::test]
async fn without_the_database_a_remembered_key_is_stale_and_anything_else_unavailable() {
    let world = World::new().await;
    let relay = Relay::to(&world.database).await;
    let options = || Options { database_url: Some(relay.url.clone()), follows: true, ..Options::default() };
    let (node, strict) =
        (world.beside(options()).await, world.beside(Options { stale_limit: Duration::ZERO, ..options() }).await);
    let (_, alice) = world.member("alice").await;
    let (_, gateway) = world.verifier("gateway").await;
    let good = world.key(&alice).await;
    let [revoked, disabled, unseen] = [world.key(&alice).await, world.key(&alice).await, world.key(&alice).await];
    let act = async |key: i64, what: &str| {
        let request = world.post(&format!("/v1/api-keys/{key}/{what}")).bearer_auth(&alice).json(&json!({}));
        assert_eq!(request.answer().await.status, 200);
    };
    act(revoked.id, "revoke").await;
    act(disabled.id, "disable").await;
    for node in [&node, &strict] {
        settle(node).await;
        for key in [&good, &revoked, &disabled] {
            node.verify(&gateway, &key.secret).await;
        }
    }

    relay.cut();
    sleep(Duration::from_millis(900)).await;
    let answer = node.verify(&gateway, &good.secret).await;
    assert_eq!((&answer["valid"], &answer["stale"]), (&json!(true), &json!(true)));
    let forwarded = node.get("/v1/forward-auth").header("x-api-key", &good.secret).answer().await;
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
            let answer = request.answer().await;
            assert_eq!(answer.status, 503, "{answer}");
            assert_eq!(answer.header("retry-after"), Some("1"));
        }
    }
    let answer = strict.get("/v1/forward-auth").header("x-api-key", &good.secret).answer().await;
    assert_eq!(answer.status, 503);

    relay.mend();
    sleep(Duration::from_millis(900)).await;
    for key in [&good, &unseen] {
        let answer = node.verify(&gateway, &key.secret).await;
        assert_eq!((&answer["valid"], &answer["stale"]), (&json!(true), &json!(false)));
    }
}

#[tokio::test]
async fn a_node_that_never_saw_the_database_says_so() {
    let world = World::new().await;
    let (_, gateway) = world.verifier("gateway").await;
    let away = Options { database_url: Some(NO_DATABASE.to_owned()), follows: true, ..Options::default() };
    let node = world.beside(away).await;
    let (_, alice) = world.member("alice").await;
    let key = world.key(&alice).await;
    let request = node.post("/v1/api-keys/verify").bearer_auth(&gateway).json(&json!({ "key": key.secret }));
    assert_eq!(request.answer().await.status, 503);
}

#[tokio::test]
async fn usage_is_counted_beside_and_written_in_a_batch() {
    let world = World::new().await;
    let (_, alice) = world.member("alice").await;
    let (_, gateway) = world.verifier("gateway").await;
    let key = world.key(&alice).await;
    let usage = async || {
        let answer = world.get(&format!("/v1/api-keys/{}/usage", key.id)).bearer_auth(&alice).answer().await;
        answer.json()
    };
    assert_eq!(usage().await, json!({ "key_id": 1, "valid_count": 0, "refused_count": 0, "last_used_at": null }));
    for _ in 0..3 {
        world.verify(&gateway, &key.secret).await;
    }
    set_policy(&world, &alice, &key, json!({ "scopes": ["a"] })).await;
    let question = json!({ "key": key.secret, "scopes": ["b"] });
    world.post("/v1/api-keys/verify").bearer_auth(&gateway).json(&question).answer().await;
    assert_eq!(usage().await["valid_count"], 0);
    for _ in 0..2 {
        world.service.background().flush().await;
        let expected =
            json!({ "key_id": 1, "valid_count": 3, "refused_count": 1, "last_used_at": "2030-01-01T00:00:00Z" });
        assert_eq!(usage().await, expected);
    }
}
