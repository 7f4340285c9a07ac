//! The headers that hold credentials.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use http::Method;

use super::input::{Input, SECRET};

/// The credentials that the inputs are made of.
pub struct Credentials {
    pub token: String,
    pub expired_token: String,
    pub foreign_token: String,
    pub unsigned_token: String,
    pub key: String,
    pub mistyped_key: String,
    pub key_of_another: String,
}

/// Inputs in the headers that hold credentials.
pub fn inputs(credentials: &Credentials) -> Vec<Input> {
    let me = |name: &str| Input::new(Method::GET, "/v1/users/me", name);
    let token = |name: &str, token: &str| me(name).with("authorization", format!("Bearer {token}"));
    let Credentials { token: good, key, .. } = credentials;
    let claims = good.split('.').nth(1).unwrap();
    vec![
        me("no credential"),
        me("`Authorization` empty").with("authorization", ""),
        me("`Authorization` without a token").with("authorization", "Bearer"),
        token("a token that is none", SECRET),
        token("a token that was cut", &good[..good.len() - 4]),
        token("a token without a signature", &good[..=good.rfind('.').unwrap()]),
        token("a token with other claims", &good.replace(claims, &BASE64_URL_SAFE_NO_PAD.encode(r#"{"sub":"1"}"#))),
        token("an expired token", &credentials.expired_token),
        token("a token of another secret", &credentials.foreign_token),
        token("a token with `alg: none`", &credentials.unsigned_token),
        token("a key as a token", key),
        me("a token without its scheme").with("authorization", good),
        me("`Authorization` of another scheme").with("authorization", "Basic dGVsbC1ub2JvZHk="),
        me("`Authorization` with bytes that are not ASCII").with("authorization", b"Bearer tell-nobody\xff"),
        me("`Authorization` twice")
            .with("authorization", format!("Bearer {good}"))
            .with("authorization", format!("Bearer {good}")),
        me("`X-API-Key` empty").with("x-api-key", ""),
        me("`X-API-Key` a word").with("x-api-key", SECRET),
        me("`X-API-Key` with one character changed").with("x-api-key", &credentials.mistyped_key),
        me("`X-API-Key` cut").with("x-api-key", &key[..key.len() - 1]),
        me("`X-API-Key` in capitals").with("x-api-key", key.to_uppercase()),
        me("`X-API-Key` with bytes that are not ASCII").with("x-api-key", b"tell-nobody\xff"),
        me("`X-API-Key` in UTF-8").with("x-api-key", "lk_äöü-tell-nobody"),
        me("`X-API-Key` twice").with("x-api-key", key).with("x-api-key", key),
        me("`X-API-Key` a token").with("x-api-key", good),
        me("`X-API-Key` of 16 kB").with("x-api-key", "a".repeat(16 * 1024)),
        token("a good token and a bad key", good).with("x-api-key", SECRET),
        token("a bad token and a good key", SECRET).with("x-api-key", key),
        token("a token and another user's key", good).with("x-api-key", &credentials.key_of_another),
        token("a token and a key, both good", good).with("x-api-key", key),
    ]
}
