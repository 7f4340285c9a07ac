//! `POST /v1/revoke` (RFC 7009)

use serde_json::json;

use crate::{answer::Answered, world::World};

const PATH: &str = "/v1/revoke";

#[tokio::test]
async fn whoever_holds_a_key_revokes_it_once_and_for_all() {
    let world = World::new().await;
    let (alice, token) = world.member("alice").await;
    let key = world.key(&token).await;
    for _ in 0..2 {
        let answer = world.post(PATH).form(&[("token", &key.secret)]).answer().await;
        assert_eq!((answer.status.as_u16(), answer.text()), (200, ""));
    }
    let record = world.get(&format!("/v1/api-keys/{}", key.id)).bearer_auth(&token).answer().await.json();
    assert_eq!(record["status"], "revoked");
    let events = "SELECT action, credential, actor_user_id, actor_key_id, host(address) FROM audit_events \
                  WHERE action <> 'create'";
    let events = world.database.query(events).await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].get::<_, String>(1), "holder");
    assert_eq!((events[0].get::<_, i64>(2), events[0].get::<_, Option<i64>>(3)), (alice.id, Some(key.id)));
    assert_eq!(events[0].get::<_, String>(4), "127.0.0.1");
}

#[tokio::test]
async fn a_disabled_users_key_can_still_be_revoked() {
    let world = World::new().await;
    let (alice, token) = world.member("alice").await;
    let (_, gateway) = world.verifier("gateway").await;
    let key = world.key(&token).await;
    world.disable(&alice).await;
    world.post(PATH).form(&[("token", &key.secret)]).answer().await;
    world.enable(&alice).await;
    assert_eq!(world.verify(&gateway, &key.secret).await["code"], "revoked");
}

#[tokio::test]
async fn what_is_no_key_is_not_good_either() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    let gone = world.key(&token).await;
    world.delete(&format!("/v1/api-keys/{}", gone.id)).bearer_auth(&token).answer().await;
    for text in ["", "no key", &gone.secret, &token] {
        assert_eq!(world.post(PATH).form(&[("token", text)]).answer().await.status, 200, "{text}");
    }
}

#[tokio::test]
async fn a_form_without_a_token_is_refused_in_the_terms_of_oauth() {
    let world = World::new().await;
    let answer = world.post(PATH).form(&[("key", "x")]).answer().await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.json(),
        json!({ "error": "invalid_request", "error_description": "body.token: Field required." })
    );
}
