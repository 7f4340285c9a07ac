//! `DELETE /v1/api-keys/{item_id}`

use insta::assert_snapshot;
use latchkey_domain::model::{Role, Scopes};
use serde_json::json;

use crate::{
    answer::Answered,
    world::{NO_DATABASE, Options, World},
};

const PATH: &str = "/v1/api-keys/1";

#[tokio::test]
async fn a_deleted_key_is_gone() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    let key = world.key(&token).await;
    let other = world.key(&token).await;
    assert_snapshot!(world.delete(PATH).bearer_auth(&token).answer().await, @"
    204 No Content
    cache-control: no-store
    x-request-id: <id>
    ");

    assert_eq!(world.get(PATH).bearer_auth(&token).answer().await.status, 404);
    assert_eq!(world.patch(PATH).bearer_auth(&token).json(&json!({})).answer().await.status, 404);
    let change = json!({ "description": "back?" });
    assert_eq!(world.patch(PATH).bearer_auth(&token).json(&change).answer().await.status, 404);
    assert_eq!(world.delete(PATH).bearer_auth(&token).answer().await.status, 404);
    let left = world.get("/v1/api-keys/").bearer_auth(&token).answer().await.json();
    assert_eq!((left.as_array().unwrap().len(), &left[0]["id"]), (1, &json!(other.id)));
    assert_eq!(world.get("/v1/users/me").header("x-api-key", key.secret).answer().await.status, 401);
}

#[tokio::test]
async fn a_tombstone_stays() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    world.key(&token).await;
    world.delete(PATH).bearer_auth(&token).answer().await;
    let kept = "SELECT deleted_at = '2030-01-01T00:00:00Z' FROM api_keys";
    assert!(world.database.query(kept).await[0].get::<_, bool>(0));
}

#[tokio::test]
async fn of_many_at_once_one_deletes() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    world.key(&token).await;
    let attempts = (0..8).map(|_| world.delete(PATH).bearer_auth(&token).answer());
    let mut statuses: Vec<u16> =
        futures_util::future::join_all(attempts).await.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![204], vec![404; 7]].concat());
}

#[tokio::test]
async fn a_key_may_delete_itself() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    let key = world.key(&token).await;
    let delete = || world.delete(PATH).header("x-api-key", &key.secret).answer();
    assert_eq!(delete().await.status, 204);
    assert_eq!(delete().await.status, 401);
}

#[tokio::test]
async fn a_missing_key_and_another_users_answer_the_same() {
    let world = World::new().await;
    let (_, alice) = world.member("alice").await;
    let (_, bob) = world.member("bob").await;
    world.key(&alice).await;
    let missing = world.delete("/v1/api-keys/2").bearer_auth(&bob).answer().await;
    assert_snapshot!(missing, @r#"
    404 Not Found
    cache-control: no-store
    content-type: application/problem+json
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Not Found",
      "status": 404,
      "detail": "There is no such key."
    }
    "#);
    let others = world.delete(PATH).bearer_auth(&bob).answer().await;
    assert_eq!(others.to_string(), missing.to_string());
    assert_eq!(world.get(PATH).bearer_auth(&alice).answer().await.status, 200);
}

#[tokio::test]
async fn an_id_that_is_no_integer_breaks_the_contract() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    assert_snapshot!(world.delete("/v1/api-keys/1.5").bearer_auth(&token).answer().await, @r#"
    422 Unprocessable Entity
    cache-control: no-store
    content-type: application/json
    x-request-id: <id>

    {
      "detail": [
        {
          "loc": [
            "path",
            "item_id"
          ],
          "msg": "Input should be a valid integer, unable to parse string as an integer",
          "type": "int_parsing"
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn without_a_credential_there_is_a_challenge() {
    let world = World::new().await;
    assert_snapshot!(world.delete(PATH).answer().await, @r#"
    401 Unauthorized
    cache-control: no-store
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey"
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Unauthorized",
      "status": 401,
      "detail": "Send a bearer token from POST /token in Authorization, or an API key in X-API-Key."
    }
    "#);
}

#[tokio::test]
async fn a_token_that_only_reads_deletes_nothing() {
    let world = World::new().await;
    let alice = world.user("alice", Role::Member).await;
    let token = world.narrow_token(&alice, Scopes::parse("latchkey:keys.read").unwrap()).await;
    assert_snapshot!(world.delete(PATH).bearer_auth(token).answer().await, @r#"
    403 Forbidden
    cache-control: no-store
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey", error="insufficient_scope", scope="latchkey:keys.write"
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Forbidden",
      "status": 403,
      "detail": "The credential lacks a scope that is asked for: latchkey:keys.write."
    }
    "#);
}

#[tokio::test]
async fn without_the_database_nothing_is_deleted() {
    let world = World::with(Options { database_url: Some(NO_DATABASE.to_owned()), ..Options::default() }).await;
    let (_, token) = world.member("alice").await;
    assert_snapshot!(world.delete(PATH).bearer_auth(token).answer().await, @r#"
    503 Service Unavailable
    cache-control: no-store
    content-type: application/problem+json
    retry-after: 1
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Service Unavailable",
      "status": 503,
      "detail": "The database does not answer. Try again."
    }
    "#);
}
