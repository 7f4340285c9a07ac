//! `POST /v1/api-keys/{item_id}/disable` and `…/enable`

use serde_json::json;

use crate::{answer::Answered, world::World};

#[tokio::test]
async fn a_key_is_switched_off_and_on_and_each_twice_is_as_once() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    let key = world.key(&token).await;
    for (what, status, works) in [("disable", "disabled", 401), ("enable", "active", 200)] {
        let mut tags = Vec::new();
        for _ in 0..2 {
            let answer = world.post(&format!("/v1/api-keys/1/{what}")).bearer_auth(&token).answer().await;
            assert_eq!(answer.json()["status"], status);
            tags.push(answer.header("etag").unwrap().to_owned());
        }
        assert_eq!(tags[0], tags[1]);
        let answer = world.get("/v1/users/me").header("x-api-key", &key.secret).answer().await;
        assert_eq!(answer.status, works);
    }
}

#[tokio::test]
async fn a_revoked_key_cannot_be_switched() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    world.key(&token).await;
    world.post("/v1/api-keys/1/revoke").bearer_auth(&token).json(&json!({})).answer().await;
    for what in ["disable", "enable"] {
        let answer = world.post(&format!("/v1/api-keys/1/{what}")).bearer_auth(&token).answer().await;
        assert_eq!(answer.status, 409, "{answer}");
    }
}

#[tokio::test]
async fn another_users_key_is_as_none() {
    let world = World::new().await;
    let (_, alice) = world.member("alice").await;
    let (_, bob) = world.member("bob").await;
    world.key(&alice).await;
    for what in ["disable", "enable", "revoke", "rotate"] {
        let request = world.post(&format!("/v1/api-keys/1/{what}")).bearer_auth(&bob).json(&json!({}));
        assert_eq!(request.answer().await.status, 404, "{what}");
    }
    assert_eq!(world.get("/v1/api-keys/1/policy").bearer_auth(&bob).answer().await.status, 404);
    assert_eq!(world.get("/v1/api-keys/1/usage").bearer_auth(&bob).answer().await.status, 404);
    assert_eq!(world.put("/v1/api-keys/1/policy").bearer_auth(&bob).json(&json!({})).answer().await.status, 404);
}

#[tokio::test]
async fn a_disabled_user_changes_nothing() {
    let world = World::new().await;
    let (alice, token) = world.member("alice").await;
    world.key(&token).await;
    world.disable(&alice).await;
    for what in ["disable", "enable", "revoke", "rotate"] {
        let request = world.post(&format!("/v1/api-keys/1/{what}")).bearer_auth(&token).json(&json!({}));
        assert_eq!(request.answer().await.status, 401, "{what}");
    }
    let changed = world.database.query("SELECT FROM audit_events WHERE action <> 'create'").await;
    assert!(changed.is_empty());
}
