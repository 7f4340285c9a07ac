//! The path and the query.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use http::Method;

use super::{credentials::Credentials, input::Input};

/// Inputs in the path and the query.
pub fn inputs(credentials: &Credentials, other_cursor: &str) -> Vec<Input> {
    let bearer = format!("Bearer {}", credentials.token);
    let mut inputs = Vec::new();
    for id in [
        "abc",
        "1.0",
        "1.5",
        "1e0",
        "0x1",
        "-1",
        "0",
        "+1",
        "01",
        "%31",
        "%201",
        "1%20",
        "1%00",
        "%ff",
        "%EF%BC%91",
        "1,2",
        "null",
        "true",
        "2147483648",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999999999",
        "tell-nobody",
    ] {
        for method in [Method::GET, Method::DELETE] {
            // Those that identify the key must not delete it.
            if method == Method::GET || !["+1", "01", "%31"].contains(&id) {
                let name = format!("`item_id` `{id}`");
                inputs.push(Input::new(method, &format!("/v1/api-keys/{id}"), &name).with("authorization", &bearer));
            }
        }
    }
    let forged = BASE64_URL_SAFE_NO_PAD.encode([7; 24]);
    let long = "a".repeat(65);
    for (name, query) in [
        ("`limit` 0", "limit=0"),
        ("`limit` -1", "limit=-1"),
        ("`limit` 1000", "limit=1000"),
        ("`limit` 1001", "limit=1001"),
        ("`limit` beyond 64 bits", "limit=9223372036854775808"),
        ("`limit` `abc`", "limit=abc"),
        ("`limit` 1.0", "limit=1.0"),
        ("`limit` empty", "limit="),
        ("`limit` without a value", "limit"),
        ("`limit` twice", "limit=1&limit=2"),
        ("`limit` escaped", "l%69mit=%31"),
        ("`limit` with bytes that are no UTF-8", "limit=%ff"),
        ("`limit[]`", "limit[]=tell-nobody"),
        ("`LIMIT`", "LIMIT=tell-nobody"),
        ("`status` unknown", "status=tell-nobody"),
        ("`status` in capitals", "status=ACTIVE"),
        ("`status` empty", "status="),
        ("`status` twice", "status=active&status=active"),
        ("`cursor` forged", &format!("cursor={forged}")),
        ("`cursor` of another user", &format!("cursor={other_cursor}")),
        ("`cursor` too long", &format!("cursor={long}")),
        ("`cursor` with other characters", "cursor=tell-nobody%2B"),
        ("`cursor` empty", "cursor="),
        ("`cursor` with U+0000", "cursor=%00"),
        ("`cursor` twice", &format!("cursor={forged}&cursor={forged}")),
        ("every parameter invalid", "limit=tell-nobody&cursor=*&status=tell-nobody"),
        ("an unknown parameter", "tell-nobody=1&tell-nobody=2"),
        ("a broken escape", "tell-nobody=%zz"),
        ("nothing after `?`", ""),
    ] {
        inputs.push(Input::new(Method::GET, &format!("/v1/api-keys/?{query}"), name).with("authorization", &bearer));
    }
    let with_header = |name: &'static str, what: &str| {
        let (method, path) =
            if name == "If-Match" { (Method::PATCH, "/v1/api-keys/1") } else { (Method::POST, "/v1/api-keys/") };
        let input = Input::new(method, path, &format!("`{name}` {what}")).with("authorization", &bearer);
        input.with("content-type", "application/json").body("{}")
    };
    for name in ["If-Match", "Idempotency-Key"] {
        for (what, value) in [
            ("empty", b"".as_slice()),
            ("only spaces", b"  "),
            ("with a tab", b"a\tb"),
            ("with bytes that are not ASCII", b"a\xff"),
            ("in UTF-8", "ä".as_bytes()),
            ("of 256 characters", &[b'x'; 256]),
        ] {
            inputs.push(with_header(name, what).with(name, value));
        }
        inputs.push(with_header(name, "twice").with(name, "a").with(name, "a"));
    }
    inputs
}
