//! `Idempotency-Key` on create and rotate: a request that is sent again makes nothing again.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    answer::{Answer, Answered},
    world::World,
};

async fn create(world: &World, token: &str, key: &str, wish: Value) -> Answer {
    let request = world.post("/v1/api-keys/").bearer_auth(token).header("idempotency-key", key);
    request.json(&wish).answer().await
}

async fn rotate(world: &World, token: &str, key: &str, id: i64) -> Answer {
    let request = world.post(&format!("/v1/api-keys/{id}/rotate")).bearer_auth(token).header("idempotency-key", key);
    request.json(&json!({})).answer().await
}

async fn key_count(world: &World) -> usize {
    world.database.query("SELECT FROM api_keys").await.len()
}

#[tokio::test]
async fn the_same_request_is_answered_the_same_and_makes_one_key() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    let first = create(&world, &token, "a", json!({ "description": "ci" })).await;
    assert_eq!(first.status, 201);
    let again = create(&world, &token, "a", json!({ "description": "ci" })).await;
    assert_eq!(again.to_string(), first.to_string());
    assert_eq!(key_count(&world).await, 1);
    let rotated = rotate(&world, &token, "b", 1).await;
    assert_eq!(rotated.status, 201);
    assert_eq!(rotate(&world, &token, "b", 1).await.json(), rotated.json());
    assert_eq!(rotate(&world, &token, "c", 1).await.status, 409);
    assert_eq!(key_count(&world).await, 2);
}

#[tokio::test]
async fn another_request_under_the_same_key_is_refused() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    create(&world, &token, "a", json!({ "description": "ci" })).await;
    for answer in [create(&world, &token, "a", json!({})).await, rotate(&world, &token, "a", 1).await] {
        assert_eq!(answer.status, 422, "{answer}");
        assert_eq!(answer.json()["detail"][0]["loc"], json!(["header", "Idempotency-Key"]));
    }
    assert_eq!(key_count(&world).await, 1);
}

#[tokio::test]
async fn an_empty_key_is_refused() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    world.key(&token).await;
    for answer in [create(&world, &token, "", json!({})).await, rotate(&world, &token, " ", 1).await] {
        assert_eq!(answer.status, 422, "{answer}");
    }
    assert_eq!(key_count(&world).await, 1);
}

#[tokio::test]
async fn another_users_key_is_another() {
    let world = World::new().await;
    let (_, alice) = world.member("alice").await;
    let (_, bob) = world.member("bob").await;
    let [one, other] = [create(&world, &alice, "a", json!({})).await, create(&world, &bob, "a", json!({})).await];
    assert_ne!(one.json()["full_key"], other.json()["full_key"]);
}

#[tokio::test]
async fn a_request_that_failed_can_be_sent_again() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    world.key(&token).await;
    world.post("/v1/api-keys/1/disable").bearer_auth(&token).answer().await;
    assert_eq!(rotate(&world, &token, "a", 1).await.status, 409);
    world.post("/v1/api-keys/1/enable").bearer_auth(&token).answer().await;
    assert_eq!(rotate(&world, &token, "a", 1).await.status, 201);
}

#[tokio::test]
async fn many_at_once_are_one() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    let answers = join_all((0..20).map(|_| create(&world, &token, "a", json!({})))).await;
    let secrets: std::collections::BTreeSet<String> =
        answers.iter().map(|answer| answer.json()["full_key"].as_str().unwrap().to_owned()).collect();
    assert_eq!(secrets.len(), 1);
    assert_eq!(key_count(&world).await, 1);
}

#[tokio::test]
async fn after_an_hour_the_secret_is_gone_and_the_key_is_free() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    let first = create(&world, &token, "a", json!({})).await;
    let secret = first.json()["full_key"].as_str().unwrap().to_owned();
    let sealed = "SELECT encode(sealed_secret, 'escape') FROM idempotency_keys";
    assert!(!world.database.query(sealed).await[0].get::<_, String>(0).contains(&secret[..6]));

    world.clock.advance(TimeDelta::minutes(59));
    // The token has an hour as well.
    assert_eq!(create(&world, &token, "a", json!({})).await.json()["full_key"], secret);
    world.clock.advance(TimeDelta::minutes(1));
    world.service.store().purge_idempotency_keys(world.clock.now()).await.unwrap();
    assert!(world.database.query(sealed).await.is_empty());
    let alice = world.login("alice", crate::world::PASSWORD).answer().await.json();
    let token = alice["access_token"].as_str().unwrap();
    let second = create(&world, token, "a", json!({})).await;
    assert_ne!(second.json()["full_key"], secret);

    // Also when it was not removed yet.
    world.clock.advance(TimeDelta::hours(1));
    let alice = world.login("alice", crate::world::PASSWORD).answer().await.json();
    let token = alice["access_token"].as_str().unwrap();
    let third = create(&world, token, "a", json!({ "description": "other" })).await;
    assert_eq!(third.status, 201);
    assert_ne!(third.json()["full_key"], second.json()["full_key"]);
}

#[tokio::test]
async fn whoever_is_gone_gets_no_secret_again() {
    let world = World::new().await;
    let (alice, token) = world.member("alice").await;
    create(&world, &token, "a", json!({})).await;
    world.disable(&alice).await;
    assert_eq!(create(&world, &token, "a", json!({})).await.status, 401);
    world.enable(&alice).await;
    // The token ended with the disabling, for good.
    assert_eq!(create(&world, &token, "a", json!({})).await.status, 401);
}

#[tokio::test]
async fn a_key_that_is_gone_is_not_made_again() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    create(&world, &token, "a", json!({})).await;
    world.delete("/v1/api-keys/1").bearer_auth(&token).answer().await;
    assert_eq!(create(&world, &token, "a", json!({})).await.status, 422);
}
