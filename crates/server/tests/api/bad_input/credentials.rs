//! The headers that hold credentials.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use http::Method;

use super::input::{Input, SECRET};

/// The credentials that the inputs contain.
pub struct Credentials {
    pub token: String,
    pub expired_token: String,
    pub foreign_token: String,
    pub unsigned_token: String,
    pub key: String,
    pub mistyped_key: String,
    pub other_key: String,
}

/// Inputs in the headers that hold credentials.
pub fn inputs(credentials: &Credentials) -> Vec<Input> {
    let me = |name: &str| Input::new(Method::GET, "/v1/users/me", name);
    let token = |name: &str, token: &str| me(name).with("authorization", format!("Bearer {token}"));
    let Credentials { token: valid, key, .. } = credentials;
    let claims = valid.split('.').nth(1).unwrap();
    vec![
        me("no credential"),
        me("`Authorization` empty").with("authorization", ""),
        me("`Authorization` without a token").with("authorization", "Bearer"),
        token("a token that is not a JWT", SECRET),
        token("a token that was cut", &valid[..valid.len() - 4]),
        token("a token without a signature", &valid[..=valid.rfind('.').unwrap()]),
        token("a token with other claims", &valid.replace(claims, &BASE64_URL_SAFE_NO_PAD.encode(r#"{"sub":"1"}"#))),
        token("an expired token", &credentials.expired_token),
        token("a token signed with another secret", &credentials.foreign_token),
        token("a token with `alg: none`", &credentials.unsigned_token),
        token("a key as a token", key),
        me("a token without its scheme").with("authorization", valid),
        me("`Authorization` of another scheme").with("authorization", "Basic dGVsbC1ub2JvZHk="),
        me("`Authorization` with bytes that are not ASCII").with("authorization", b"Bearer tell-nobody\xff"),
        me("`Authorization` twice")
            .with("authorization", format!("Bearer {valid}"))
            .with("authorization", format!("Bearer {valid}")),
        me("`X-API-Key` empty").with("x-api-key", ""),
        me("`X-API-Key` a word").with("x-api-key", SECRET),
        me("`X-API-Key` with one character changed").with("x-api-key", &credentials.mistyped_key),
        me("`X-API-Key` cut").with("x-api-key", &key[..key.len() - 1]),
        me("`X-API-Key` in capitals").with("x-api-key", key.to_uppercase()),
        me("`X-API-Key` with bytes that are not ASCII").with("x-api-key", b"tell-nobody\xff"),
        me("`X-API-Key` in UTF-8").with("x-api-key", "lk_äöü-tell-nobody"),
        me("`X-API-Key` twice").with("x-api-key", key).with("x-api-key", key),
        me("`X-API-Key` a token").with("x-api-key", valid),
        me("`X-API-Key` of 16 kB").with("x-api-key", "a".repeat(16 * 1024)),
        token("a valid token and an invalid key", valid).with("x-api-key", SECRET),
        token("an invalid token and a valid key", SECRET).with("x-api-key", key),
        token("a token and another user's key", valid).with("x-api-key", &credentials.other_key),
        token("a token and a key, both valid", valid).with("x-api-key", key),
    ]
}
