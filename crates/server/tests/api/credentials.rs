//! Which credentials are good, of whom, and for how long.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use http::header::AUTHORIZATION;
use insta::assert_snapshot;
use latchkey_domain::model::{Role, Scopes};
use reqwest::RequestBuilder;
use serde_json::json;

use crate::{
    answer::{Answer, Answered},
    world::{NO_DATABASE, Options, PASSWORD, World},
};

fn me(world: &World) -> RequestBuilder {
    world.get("/v1/users/me")
}

async fn with_token(world: &World, token: &str) -> Answer {
    me(world).bearer_auth(token).answer().await
}

async fn with_key(world: &World, key: &str) -> Answer {
    me(world).header("x-api-key", key).answer().await
}

/// What every operation that asks for a caller answers to this token.
async fn statuses_of_all(world: &World, token: &str) -> [u16; 7] {
    let change = json!({ "description": "changed" });
    let answers = [
        me(world).bearer_auth(token).answer().await,
        world.get("/v1/api-keys/").bearer_auth(token).answer().await,
        world.post("/v1/api-keys/").bearer_auth(token).json(&json!({})).answer().await,
        world.get("/v1/api-keys/1").bearer_auth(token).answer().await,
        world.patch("/v1/api-keys/1").bearer_auth(token).json(&json!({})).answer().await,
        world.patch("/v1/api-keys/1").bearer_auth(token).json(&change).answer().await,
        world.delete("/v1/api-keys/1").bearer_auth(token).answer().await,
    ];
    answers.map(|answer| answer.status.as_u16())
}

#[tokio::test]
async fn a_disabled_users_credentials_end_at_once_everywhere() {
    let world = World::new().await;
    let (alice, token) = world.member("alice").await;
    let key = world.key(&token).await;
    world.disable(&alice).await;
    assert_snapshot!(with_token(&world, &token).await, @r#"
    401 Unauthorized
    cache-control: no-store
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey", error="invalid_token"
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Unauthorized",
      "status": 401,
      "detail": "The user of this credential is disabled, or ended it."
    }
    "#);
    assert_snapshot!(with_key(&world, &key.secret).await, @r#"
    401 Unauthorized
    cache-control: no-store
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey", error="invalid_token"
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Unauthorized",
      "status": 401,
      "detail": "The key in X-API-Key is not good."
    }
    "#);
    assert_eq!(statuses_of_all(&world, &token).await, [401; 7]);
    let rows = world.database.query("SELECT count(*), max(description), count(deleted_at) FROM api_keys").await;
    assert_eq!((rows[0].get::<_, i64>(0), rows[0].get(1), rows[0].get::<_, i64>(2)), (1, None::<String>, 0));
}

#[tokio::test]
async fn enabling_revives_the_keys_but_not_the_tokens() {
    let world = World::new().await;
    let (alice, token) = world.member("alice").await;
    let key = world.key(&token).await;
    world.disable(&alice).await;
    world.enable(&alice).await;
    assert_eq!(statuses_of_all(&world, &token).await, [401; 7]);
    assert_eq!(with_key(&world, &key.secret).await.status, 200);
    let fresh = world.login("alice", PASSWORD).answer().await.json();
    assert_eq!(with_token(&world, fresh["access_token"].as_str().unwrap()).await.status, 200);
}

#[tokio::test]
async fn another_password_ends_the_tokens_but_not_the_keys() {
    let world = World::new().await;
    let (alice, token) = world.member("alice").await;
    let key = world.key(&token).await;
    world.set_password(&alice, "another password").await;
    assert_eq!(statuses_of_all(&world, &token).await, [401; 7]);
    assert_eq!(with_key(&world, &key.secret).await.status, 200);
    assert_eq!(world.login("alice", PASSWORD).answer().await.status, 400);
    assert_eq!(world.login("alice", "another password").answer().await.status, 200);
}

#[tokio::test]
async fn a_token_ends_with_its_lifetime() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    world.clock.advance(TimeDelta::seconds(3600) - TimeDelta::microseconds(1));
    assert_eq!(with_token(&world, &token).await.status, 200);
    world.clock.advance(TimeDelta::microseconds(1));
    assert_snapshot!(with_token(&world, &token).await, @r#"
    401 Unauthorized
    cache-control: no-store
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey", error="invalid_token"
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Unauthorized",
      "status": 401,
      "detail": "The bearer token is not good: it is not of this service, or has expired."
    }
    "#);
}

#[tokio::test]
async fn a_token_of_another_secret_is_refused() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    let other = world.beside(Options { token_secret: 2, ..Options::default() }).await;
    let refused = with_token(&other, &token).await;
    assert_eq!(refused.status, 401);
}

#[tokio::test]
async fn an_unsigned_token_is_refused() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    let claims = token.split('.').nth(1).unwrap();
    for algorithm in ["none", "None", "NONE", "HS512", "RS256"] {
        let header = BASE64_URL_SAFE_NO_PAD.encode(format!(r#"{{"typ":"JWT","alg":"{algorithm}"}}"#));
        assert_eq!(with_token(&world, &format!("{header}.{claims}.")).await.status, 401, "{algorithm}");
    }
}

#[tokio::test]
async fn a_token_says_nothing_about_itself_that_its_signature_does_not_cover() {
    let world = World::new().await;
    let alice = world.user("alice", Role::Member).await;
    let token = world.narrow_token(&alice, Scopes::parse("latchkey:keys.read").unwrap()).await;
    let [header, claims, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let claims = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    let claims = BASE64_URL_SAFE_NO_PAD.encode(claims.replace("keys.read", "keys.write"));
    assert_eq!(with_token(&world, &format!("{header}.{claims}.{signature}")).await.status, 401);
}

#[tokio::test]
async fn both_credentials_of_one_user_are_good() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    let key = world.key(&token).await;
    let answer = me(&world).bearer_auth(&token).header("x-api-key", key.secret).answer().await;
    assert_eq!(answer.json()["username"], "alice");
}

#[tokio::test]
async fn two_credentials_may_do_what_both_may() {
    let world = World::new().await;
    let (alice, token) = world.member("alice").await;
    let key = world.key(&token).await;
    let narrow = world.narrow_token(&alice, Scopes::parse("latchkey:keys.read").unwrap()).await;
    let request = world.post("/v1/api-keys/").bearer_auth(&narrow).header("x-api-key", &key.secret).json(&json!({}));
    assert_eq!(request.answer().await.status, 403);
}

#[tokio::test]
async fn credentials_of_two_users_do_not_agree() {
    let world = World::new().await;
    let (_, alice) = world.member("alice").await;
    let (_, bob) = world.member("bob").await;
    let key = world.key(&bob).await;
    let answer = me(&world).bearer_auth(&alice).header("x-api-key", key.secret).answer().await;
    assert_snapshot!(answer, @r#"
    401 Unauthorized
    cache-control: no-store
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey", error="invalid_token"
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Unauthorized",
      "status": 401,
      "detail": "The bearer token and the key in X-API-Key do not agree."
    }
    "#);
}

#[tokio::test]
async fn a_bad_credential_beside_a_good_one_is_refused() {
    let world = World::new().await;
    let (alice, token) = world.member("alice").await;
    let key = world.key(&token).await;
    let both = |token: &str, key: &str| me(&world).bearer_auth(token).header("x-api-key", key).answer();
    assert_eq!(both("nonsense", &key.secret).await.status, 401);
    assert_eq!(both(&token, "nonsense").await.status, 401);
    assert_eq!(both(&token, "").await.status, 401);
    assert_eq!(both("", &key.secret).await.status, 401);
    // A token that was ended is not made good by the key of the same user.
    world.set_password(&alice, "another password").await;
    assert_eq!(both(&token, &key.secret).await.status, 401);
}

#[tokio::test]
async fn only_one_bearer_token_will_do() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    let basic = me(&world).basic_auth("alice", Some(PASSWORD)).answer().await;
    assert_snapshot!(basic, @r#"
    401 Unauthorized
    cache-control: no-store
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey", error="invalid_token"
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Unauthorized",
      "status": 401,
      "detail": "Authorization is not one bearer token."
    }
    "#);
    let twice = me(&world).bearer_auth(&token).bearer_auth(&token).answer().await;
    assert_eq!(twice.to_string(), basic.to_string());
    for value in ["Bearer", "", &token, &format!("Bearer {token}, Bearer {token}"), &format!("Token {token}")] {
        assert_eq!(me(&world).header(AUTHORIZATION, value).answer().await.status, 401, "{value}");
    }
    assert_eq!(me(&world).header(AUTHORIZATION, format!("bearer  {token}")).answer().await.status, 200);
}

#[tokio::test]
async fn an_expired_or_unready_key_is_no_credential() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    let key = world.key_of(&token, json!({ "expires_at": "2030-01-01T00:00:01Z" })).await;
    world.clock.advance(TimeDelta::seconds(1) - TimeDelta::microseconds(1));
    assert_eq!(with_key(&world, &key.secret).await.status, 200);
    world.clock.advance(TimeDelta::microseconds(1));
    let expired = with_key(&world, &key.secret).await;
    assert_snapshot!(expired, @r#"
    401 Unauthorized
    cache-control: no-store
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey", error="invalid_token"
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Unauthorized",
      "status": 401,
      "detail": "The key in X-API-Key is not good."
    }
    "#);
    for column in ["revoked_at = now()", "disabled_at = now()", "not_before = '2031-01-01'", "deleted_at = now()"] {
        let key = world.key(&token).await;
        world.database.execute(&format!("UPDATE api_keys SET {column} WHERE id = {}", key.id)).await;
        assert_eq!(with_key(&world, &key.secret).await.to_string(), expired.to_string(), "{column}");
    }
}

#[tokio::test]
async fn a_mistyped_key_is_refused_without_a_query() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    let key = world.key(&token).await.secret;
    // A query there would be answered by 503.
    let away = world.beside(Options { database_url: Some(NO_DATABASE.to_owned()), ..Options::default() }).await;
    for at in 0..key.len() {
        let mut mistyped = key.clone();
        let other = if &key[at..=at] == "x" { "y" } else { "x" };
        mistyped.replace_range(at..=at, other);
        assert_eq!(with_key(&away, &mistyped).await.status, 401, "character {at}");
    }
    assert_eq!(with_key(&away, &key).await.status, 503);
}

#[tokio::test]
async fn a_well_formed_key_that_was_never_issued_is_refused() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    let key = world.key(&token).await;
    world.database.execute("DELETE FROM api_keys").await;
    assert_eq!(with_key(&world, &key.secret).await.status, 401);
}

#[tokio::test]
async fn a_key_moves_to_the_newest_pepper_when_it_is_used() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    let key = world.key(&token).await;
    let stored = async || world.database.query("SELECT pepper, hash FROM api_keys").await.remove(0);
    let before = stored().await;

    let both = world.beside(Options { peppers: &[1, 2], ..Options::default() }).await;
    assert_eq!(with_key(&both, &key.secret).await.status, 200);
    let after = stored().await;
    assert_eq!((before.get::<_, i16>(0), after.get::<_, i16>(0)), (1, 2));
    assert_ne!(before.get::<_, Vec<u8>>(1), after.get::<_, Vec<u8>>(1));

    let newest = world.beside(Options { peppers: &[2], ..Options::default() }).await;
    assert_eq!(with_key(&newest, &key.secret).await.status, 200);
    assert_eq!(with_key(&world, &key.secret).await.status, 401);
}

#[tokio::test]
async fn a_key_used_many_times_at_once_moves_to_the_newest_pepper_and_stays_good() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    let key = world.key(&token).await;
    let both = world.beside(Options { peppers: &[1, 2], ..Options::default() }).await;
    let uses = futures_util::future::join_all((0..16).map(|_| with_key(&both, &key.secret))).await;
    assert!(uses.iter().all(|answer| answer.status == 200));
}

#[tokio::test]
async fn a_key_has_the_rights_of_its_owners_role() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    let key = world.key(&token).await;
    let made = world.post("/v1/api-keys/").header("x-api-key", &key.secret).json(&json!({})).answer().await;
    assert_eq!(made.status, 201, "{made}");
    let listed = world.get("/v1/api-keys/").header("x-api-key", &key.secret).answer().await;
    assert_eq!(listed.json().as_array().unwrap().len(), 2);
}
