//! JSON bodies, and bodies in place of one.

use http::Method;

use super::{credentials::Credentials, input::Input};

/// JSON bodies with their names.
fn json_bodies() -> Vec<(&'static str, Vec<u8>)> {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let mut bodies: Vec<(&'static str, Vec<u8>)> = [
        ("nothing", ""),
        ("only spaces", "  \n"),
        ("`null`", "null"),
        ("a boolean", "true"),
        ("a number", "1"),
        ("a string", r#""tell-nobody""#),
        ("an empty array", "[]"),
        ("an array of valid values", r#"["2031-01-01T00:00:00Z", "tell-nobody"]"#),
        ("not JSON", "tell-nobody"),
        ("an object that is not closed", r#"{"description": "tell-nobody""#),
        ("something after the object", "{} tell-nobody"),
        ("two objects", "{}{}"),
        ("a trailing comma", r#"{"description": "tell-nobody",}"#),
        ("single quotes", "{'description': 'tell-nobody'}"),
        ("a comment", "{} // tell-nobody"),
        ("a byte order mark", "\u{feff}{}"),
        ("`NaN`", r#"{"description": NaN}"#),
        ("a raw line break in a string", "{\"description\": \"tell-\nnobody\"}"),
        ("U+0000 between the members", "{\0}"),
        ("`description` a number", r#"{"description": 1}"#),
        ("`description` a number out of range", r#"{"description": 1e999}"#),
        ("`description` a boolean", r#"{"description": false}"#),
        ("`description` an array", r#"{"description": ["tell-nobody"]}"#),
        ("`description` an object", r#"{"description": {"text": "tell-nobody"}}"#),
        ("`description` twice", r#"{"description": "tell-nobody", "description": "tell-nobody"}"#),
        ("`description` twice, once escaped", r#"{"description": "tell-nobody", "descr\u0069ption": "a"}"#),
        ("`description` with an escaped U+0000", r#"{"description": "tell-nobody\u0000"}"#),
        ("`description` with a lone high surrogate", r#"{"description": "tell-nobody\ud83d"}"#),
        ("`description` with a lone low surrogate", r#"{"description": "tell-nobody\udd11"}"#),
        ("`description` with a pair of surrogates", r#"{"description": "\ud83d\udd11"}"#),
        ("`description` with an unknown escape", r#"{"description": "tell-nobody\x41"}"#),
        ("`description` with HTML", r#"{"description": "<script>alert(1)</script>"}"#),
        ("`expires_at` a number", r#"{"expires_at": 1924992000}"#),
        ("`expires_at` a number as a string", r#"{"expires_at": "1924992000"}"#),
        ("`expires_at` a boolean", r#"{"expires_at": true}"#),
        ("`expires_at` an array", r#"{"expires_at": ["2031-01-01T00:00:00Z"]}"#),
        ("`expires_at` an object", r#"{"expires_at": {}}"#),
        ("`expires_at` empty", r#"{"expires_at": ""}"#),
        ("`expires_at` a word", r#"{"expires_at": "tell-nobody"}"#),
        ("`expires_at` twice", r#"{"expires_at": null, "expires_at": null}"#),
        ("`expires_at` without an offset", r#"{"expires_at": "2031-01-01T00:00:00"}"#),
        ("`expires_at` a date", r#"{"expires_at": "2031-01-01"}"#),
        ("`expires_at` with a space for the `T`", r#"{"expires_at": "2031-01-01 00:00:00Z"}"#),
        ("`expires_at` with spaces around", r#"{"expires_at": " 2031-01-01T00:00:00Z "}"#),
        ("`expires_at` without seconds", r#"{"expires_at": "2031-01-01T00:00Z"}"#),
        ("`expires_at` with a comma for the point", r#"{"expires_at": "2031-01-01T00:00:00,5Z"}"#),
        ("`expires_at` with 12 digits of a second", r#"{"expires_at": "2031-01-01T00:00:00.123456789012Z"}"#),
        ("`expires_at` with no digit after the point", r#"{"expires_at": "2031-01-01T00:00:00.Z"}"#),
        ("`expires_at` on 30 February", r#"{"expires_at": "2031-02-30T00:00:00Z"}"#),
        ("`expires_at` at 24:00", r#"{"expires_at": "2031-01-01T24:00:00Z"}"#),
        ("`expires_at` in a leap second", r#"{"expires_at": "2016-12-31T23:59:60Z"}"#),
        ("`expires_at` in a leap second at noon", r#"{"expires_at": "2016-12-31T12:00:60Z"}"#),
        ("`expires_at` with an offset of 24 hours", r#"{"expires_at": "2031-01-01T00:00:00+24:00"}"#),
        ("`expires_at` with an offset without a colon", r#"{"expires_at": "2031-01-01T00:00:00+0200"}"#),
        ("`expires_at` with a named zone", r#"{"expires_at": "2031-01-01T00:00:00[Europe/Berlin]"}"#),
        ("`expires_at` in the year 0000", r#"{"expires_at": "0000-12-31T23:59:59Z"}"#),
        ("`expires_at` in the year 0001", r#"{"expires_at": "0001-01-01T00:00:00Z"}"#),
        ("`expires_at` before the year 0001 in UTC", r#"{"expires_at": "0001-01-01T00:00:00+00:01"}"#),
        ("`expires_at` in the year 9999", r#"{"expires_at": "9999-12-31T23:59:59.999999Z"}"#),
        ("`expires_at` after the year 9999 in UTC", r#"{"expires_at": "9999-12-31T23:59:59-00:01"}"#),
        ("`expires_at` in the year 10000", r#"{"expires_at": "10000-01-01T00:00:00Z"}"#),
        ("`expires_at` in the year +12031", r#"{"expires_at": "+12031-01-01T00:00:00Z"}"#),
        ("`expires_at` in digits that are not ASCII", r#"{"expires_at": "２０31-01-01T00:00:00Z"}"#),
        ("two invalid members", r#"{"description": 1, "expires_at": "tell-nobody"}"#),
        ("unknown members", r#"{"full_key": "tell-nobody", "id": "tell-nobody", "x": [{}]}"#),
        ("an unknown member, twice", r#"{"x": 1, "x": 2}"#),
        ("members in another case", r#"{"Description": 1, "EXPIRES_AT": 1}"#),
    ]
    .map(|(name, body)| (name, body.as_bytes().to_owned()))
    .into();
    bodies.extend([
        ("`description` with bytes that are no UTF-8", b"{\"description\": \"tell-nobody\xff\"}".to_vec()),
        ("`description` with an overlong UTF-8 sequence", b"{\"description\": \"\xc0\xaf\"}".to_vec()),
        ("`description` with U+0000 as it is", b"{\"description\": \"tell-nobody\0\"}".to_vec()),
        ("UTF-16", "{}".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("`description` with 4096 characters", format!(r#"{{"description": "{}"}}"#, "ä".repeat(4096)).into_bytes()),
        ("`description` with 4097 characters", format!(r#"{{"description": "{}"}}"#, "ä".repeat(4097)).into_bytes()),
        ("`description` an array 1000 deep", format!(r#"{{"description": {}}}"#, nested(1000)).into_bytes()),
        ("an array 1000 deep", nested(1000).into_bytes()),
        ("an unknown member, 1000 deep", format!(r#"{{"x": {}}}"#, nested(1000)).into_bytes()),
        ("an object of 10 MB", format!(r#"{{"description": "{}"}}"#, "a".repeat(10_000_000)).into_bytes()),
        ("10 MB of spaces", vec![b' '; 10_000_000]),
    ]);
    bodies
}

/// Inputs to the operations with a JSON body.
pub fn inputs(credentials: &Credentials) -> Vec<Input> {
    let bearer = format!("Bearer {}", credentials.token);
    let update = |name: &str| Input::new(Method::PATCH, "/v1/api-keys/1", name).with("authorization", &bearer);
    let create = |name: &str| Input::new(Method::POST, "/v1/api-keys/", name).with("authorization", &bearer);
    let json = "application/json";
    let mut inputs: Vec<Input> =
        json_bodies().into_iter().map(|(name, body)| update(name).with("content-type", json).body(body)).collect();
    let valid = r#"{"description": "tell-nobody"}"#;
    for (name, content_type) in [
        ("no content type", None),
        ("an empty content type", Some("")),
        ("`text/plain`", Some("text/plain")),
        ("`application/jsonp`", Some("application/jsonp")),
        ("`application/merge-patch+json`", Some("application/merge-patch+json")),
        ("a form", Some("application/x-www-form-urlencoded")),
        ("`application/json` with a charset", Some("application/json; charset=utf-8")),
        ("`APPLICATION/JSON`", Some("APPLICATION/JSON")),
    ] {
        let input = update(name).body(valid);
        inputs.push(match content_type {
            Some(content_type) => input.with("content-type", content_type),
            None => input,
        });
    }
    let mut cut = update("a body cut short").with("content-type", json).body(&valid[..20]);
    cut.declared_length = Some(valid.len());
    inputs.push(cut);
    // Both operations validate in the same way, except unknown members, so one input of each kind suffices here.
    for name in [
        "nothing",
        "`null`",
        "an empty array",
        "not JSON",
        "two invalid members",
        "unknown members",
        "an unknown member, twice",
        "members in another case",
        "an object of 10 MB",
    ] {
        let (_, body) = json_bodies().into_iter().find(|(known, _)| *known == name).unwrap();
        inputs.push(create(name).with("content-type", json).body(body));
    }
    let mut cut = create("a body cut short").with("content-type", json).body(&valid[..20]);
    cut.declared_length = Some(valid.len());
    inputs.push(cut);
    inputs.push(
        create("a key header twice, and two invalid members")
            .with("x-api-key", "one")
            .with("x-api-key", "two")
            .with("content-type", json)
            .body(r#"{"description": 1, "expires_at": 1}"#),
    );
    inputs.push(
        Input::new(Method::PATCH, "/v1/api-keys/tell-nobody", "everything invalid")
            .with("authorization", &bearer)
            .with("if-match", "tell-nobody 1")
            .with("if-match", "tell-nobody 2")
            .with("content-type", json)
            .body(r#"{"description": 1, "expires_at": "tell-nobody"}"#),
    );
    inputs
}
