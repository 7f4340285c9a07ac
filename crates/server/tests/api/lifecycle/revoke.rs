//! `POST /v1/api-keys/{item_id}/revoke`

use serde_json::json;

use crate::{answer::Answered, world::World};

#[tokio::test]
async fn a_key_is_revoked_for_good_and_the_first_reason_stays() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    let key = world.key(&token).await;
    for reason in ["leaked", "another"] {
        let request = world.post("/v1/api-keys/1/revoke").bearer_auth(&token).json(&json!({ "reason": reason }));
        let answer = request.answer().await;
        assert_eq!((answer.status.as_u16(), &answer.json()["status"]), (200, &json!("revoked")));
    }
    assert_eq!(world.get("/v1/users/me").header("x-api-key", &key.secret).answer().await.status, 401);
    let reason = &world.database.query("SELECT revocation_reason FROM api_keys").await[0];
    assert_eq!(reason.get::<_, String>(0), "leaked");
}

#[tokio::test]
async fn a_reason_that_cannot_be_kept_is_refused() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    world.key(&token).await;
    for (reason, kind) in [
        (json!("x".repeat(256)), "string_too_long"),
        (json!("\u{0}"), "string_pattern_mismatch"),
        (json!(1), "string_type"),
    ] {
        let request = world.post("/v1/api-keys/1/revoke").bearer_auth(&token).json(&json!({ "reason": reason }));
        let answer = request.answer().await;
        assert_eq!((answer.status.as_u16(), &answer.json()["detail"][0]["type"]), (422, &json!(kind)));
    }
}
