//! `POST /v1/introspect` (RFC 7662)

use insta::assert_snapshot;
use serde_json::json;

use super::{STATES, bring_into, set_policy};
use crate::{answer::Answered, world::World};

const PATH: &str = "/v1/introspect";

#[tokio::test]
async fn a_good_key_is_active_with_what_the_standard_names() {
    let world = World::new().await;
    let (_, alice) = world.member("alice").await;
    let (_, gateway) = world.verifier("gateway").await;
    let key = world.key_of(&alice, json!({ "expires_at": "2031-01-01T00:00:00Z" })).await;
    let form = [("token", key.secret.as_str()), ("token_type_hint", "access_token")];
    assert_snapshot!(world.post(PATH).bearer_auth(&gateway).form(&form).answer().await, @r#"
    200 OK
    cache-control: no-store
    content-type: application/json
    x-request-id: <id>

    {
      "active": true,
      "scope": "latchkey:keys.read latchkey:keys.write",
      "username": "alice",
      "token_type": "Bearer",
      "exp": 1924992000,
      "iat": 1893456000,
      "sub": "1",
      "jti": "1"
    }
    "#);
    set_policy(&world, &alice, &key, json!({ "scopes": ["orders:read", "orders:write"] })).await;
    let answer = world.post(PATH).bearer_auth(&gateway).form(&form).answer().await.json();
    assert_eq!(answer["scope"], "orders:read orders:write");
}

#[tokio::test]
async fn a_key_that_is_not_good_is_inactive_and_nothing_else() {
    let world = World::new().await;
    let (_, alice) = world.member("alice").await;
    let (_, gateway) = world.verifier("gateway").await;
    for state in STATES {
        // Introspection asks for no scope.
        if state == "valid" || state == "insufficient_scope" {
            continue;
        }
        let key = world.key(&alice).await;
        bring_into(&world, &alice, &key, state).await;
        let answer = world.post(PATH).bearer_auth(&gateway).form(&[("token", &key.secret)]).answer().await;
        assert_eq!(answer.text(), r#"{"active":false}"#, "{state}");
    }
    for text in ["", "no key", &alice] {
        let answer = world.post(PATH).bearer_auth(&gateway).form(&[("token", text)]).answer().await;
        assert_eq!(answer.text(), r#"{"active":false}"#, "{text}");
    }
}

#[tokio::test]
async fn a_form_without_a_token_is_refused() {
    let world = World::new().await;
    let (_, gateway) = world.verifier("gateway").await;
    let answer = world.post(PATH).bearer_auth(&gateway).form(&[("key", "x")]).answer().await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.json()["detail"][0]["loc"], json!(["body", "token"]));
}
