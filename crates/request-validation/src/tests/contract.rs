//! Requests to the operations of the contract.

use std::sync::LazyLock;

use http::{
    Request,
    request::{Builder, Parts},
};
use latchkey_api::types::{self, DateTime};

use super::{line, lines};
use crate::{Formats, RequestValidator, ValidationError};

pub(super) static VALIDATOR: LazyLock<RequestValidator> = LazyLock::new(|| {
    let formats = Formats {
        date_time: |text| DateTime::parse(text).is_some(),
        ip_address: types::is_ip_address,
        ip_network: types::is_ip_network,
    };
    RequestValidator::new(latchkey_api::DOCUMENT, formats).expect("the contract compiles")
});

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

fn parts(builder: Builder) -> Parts {
    builder.body(()).expect("the request is well-formed").into_parts().0
}

fn get(operation: &str, uri: &str) -> Vec<ValidationError> {
    VALIDATOR.validate(operation, &parts(Request::get(uri)), b"")
}

fn patch(body: &[u8]) -> Vec<ValidationError> {
    patch_as(Some(JSON), body)
}

fn patch_as(content_type: Option<&str>, body: &[u8]) -> Vec<ValidationError> {
    let mut request = Request::patch("/v1/api-keys/1");
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    VALIDATOR.validate("updateApiKey", &parts(request), body)
}

fn token(content_type: &str, body: &str) -> Vec<ValidationError> {
    let request = Request::post("/token").header("content-type", content_type);
    VALIDATOR.validate("issueToken", &parts(request), body.as_bytes())
}

#[test]
fn the_id_in_the_path() {
    for (path, expected) in [
        ("/v1/api-keys/1", &[][..]),
        ("/v1/api-keys/1/", &[]),
        ("/v1/api%2Dkeys/1", &[]),
        ("/v1/api-keys/-1", &[]),
        ("/v1/api-keys/+1", &[]),
        ("/v1/api-keys/007", &[]),
        ("/v1/api-keys/%31", &[]),
        ("/v1/api-keys/9223372036854775807", &[]),
        ("/v1/api-keys/-9223372036854775808", &[]),
        ("/v1/api-keys/9223372036854775808", &["int_parsing_size path.item_id"]),
        ("/v1/api-keys/-9223372036854775809", &["int_parsing_size path.item_id"]),
        ("/v1/api-keys/99999999999999999999x", &["int_parsing path.item_id"]),
        ("/v1/api-keys/abc", &["int_parsing path.item_id"]),
        ("/v1/api-keys/1.0", &["int_parsing path.item_id"]),
        ("/v1/api-keys/1e3", &["int_parsing path.item_id"]),
        ("/v1/api-keys/1_000", &["int_parsing path.item_id"]),
        ("/v1/api-keys/%201", &["int_parsing path.item_id"]),
        ("/v1/api-keys/1%00", &["int_parsing path.item_id"]),
        ("/v1/api-keys/1%2F2", &["int_parsing path.item_id"]),
        ("/v1/api-keys/%FF", &["int_parsing path.item_id"]),
        ("/v1/api-keys/%D9%A1", &["int_parsing path.item_id"]),
        ("/v1/api-keys//", &["int_parsing path.item_id"]),
        ("/v1/api-keys/-", &["int_parsing path.item_id"]),
        ("/somewhere/else", &["missing path.item_id"]),
    ] {
        assert_eq!(lines(&get("getApiKey", path)), expected, "{path}");
    }
}

#[test]
fn the_query_of_a_list() {
    let pattern = "string_pattern_mismatch query.cursor";
    for (query, expected) in [
        ("", &[][..]),
        ("limit=1&cursor=Ab_-9&status=active", &[]),
        ("limit=1000&status=expired", &[]),
        ("l%69mit=1", &[]),
        ("unknown=1&unknown=2&%FF=%FF", &[]),
        ("limit=0", &["greater_than_equal query.limit"]),
        ("limit=1001", &["less_than_equal query.limit"]),
        ("limit=", &["int_parsing query.limit"]),
        ("limit", &["int_parsing query.limit"]),
        ("limit=abc", &["int_parsing query.limit"]),
        ("limit=1.0", &["int_parsing query.limit"]),
        // A plus sign is a space in a query.
        ("limit=+1", &["int_parsing query.limit"]),
        ("limit=%2B1", &[]),
        ("limit=9223372036854775808", &["int_parsing_size query.limit"]),
        ("limit=1&limit=2", &["int_type query.limit"]),
        ("limit=1&limit=1", &["int_type query.limit"]),
        ("cursor=", &[pattern]),
        ("cursor=a%20b", &[pattern]),
        ("cursor=ab%0A", &[pattern]),
        ("cursor=%FF", &[pattern]),
        ("cursor=a&cursor=b", &["string_type query.cursor"]),
        ("status=gone", &["enum query.status"]),
        ("status=", &["enum query.status"]),
        ("status=Active", &["enum query.status"]),
        ("status=active&status=active", &["enum query.status"]),
        ("status=x&cursor=*&limit=-1", &["greater_than_equal query.limit", pattern, "enum query.status"]),
    ] {
        for path in ["/v1/api-keys/", "/v1/api-keys"] {
            let errors = get("listApiKeys", &format!("{path}?{query}"));
            assert_eq!(lines(&errors), expected, "{query}");
        }
    }

    let long = get("listApiKeys", &format!("/v1/api-keys?cursor={}", "a".repeat(65)));
    assert_eq!(lines(&long), ["string_too_long query.cursor"]);
    // All errors of one value are listed, where Pydantic stops at the first.
    let both = get("listApiKeys", &format!("/v1/api-keys?cursor={}", "*".repeat(65)));
    assert_eq!(lines(&both), ["string_too_long query.cursor", pattern]);
}

#[test]
fn the_api_key_in_the_header() {
    let with = |values: &[&[u8]]| {
        let request =
            values.iter().fold(Request::get("/v1/users/me"), |request, value| request.header("x-api-KEY", *value));
        lines(&VALIDATOR.validate("getCurrentUser", &parts(request), b""))
    };
    assert!(with(&[]).is_empty());
    assert!(with(&[b"lk_1"]).is_empty());
    assert!(with(&[b""]).is_empty());
    for rejected in [&[&b"lk_1"[..], b"lk_1"][..], &[b"lk_\xe9"], &[b"\xff"]] {
        assert_eq!(with(rejected), ["string_type header.X-API-Key"]);
    }
}

#[test]
fn the_other_header_parameters() {
    let long = "a".repeat(256);
    for name in ["If-Match", "Idempotency-Key"] {
        let with = |values: &[&[u8]]| {
            let request = Request::post("/v1/api-keys/1/rotate").header("content-type", JSON);
            let request = values.iter().fold(request, |request, value| request.header(name, *value));
            lines(&VALIDATOR.validate("rotateApiKey", &parts(request), b"{}"))
        };
        assert!(with(&[]).is_empty());
        for accepted in ["*", "\"3-active\"", "a b", &long[1..]] {
            assert_eq!(with(&[accepted.as_bytes()]), [""; 0], "{accepted}");
        }
        for rejected in ["", " ", "\t", "a\tb"] {
            assert_eq!(
                with(&[rejected.as_bytes()]),
                [format!("string_pattern_mismatch header.{name}")],
                "{rejected:?}"
            );
        }
        assert_eq!(with(&[long.as_bytes()]), [format!("string_too_long header.{name}")]);
        assert_eq!(with(&[b"\xe9"]), [format!("string_type header.{name}")]);
        assert_eq!(with(&[b"a", b"a"]), [format!("string_type header.{name}")]);
    }
}

#[test]
fn headers_that_are_not_parameters_are_ignored() {
    let request = Request::get("/v1/users/me")
        .header("authorization", "a")
        .header("authorization", "b")
        .header("x-other", &b"\xff"[..]);
    assert!(VALIDATOR.validate("getCurrentUser", &parts(request), b"").is_empty());
}

#[test]
fn the_members_of_a_record() {
    for (body, expected) in [
        ("{}", &[][..]),
        (r#"{"expires_at":null,"description":null}"#, &[]),
        (r#"{"expires_at":"2031-01-01T00:00:00Z","description":"CI"}"#, &[]),
        (r#"{"expires_at":"2016-12-31T23:59:60Z"}"#, &[]),
        (r#"{"description":""}"#, &[]),
        (r#"{"description":1}"#, &["string_type body.description"]),
        (r#"{"description":true}"#, &["string_type body.description"]),
        (r#"{"description":[]}"#, &["string_type body.description"]),
        (r#"{"description":{"a":1,"a":2}}"#, &["string_type body.description"]),
        (r#"{"description":"a\u0000b"}"#, &["string_pattern_mismatch body.description"]),
        (r#"{"expires_at":1924992000}"#, &["datetime_type body.expires_at"]),
        (r#"{"expires_at":1.5}"#, &["datetime_type body.expires_at"]),
        (r#"{"expires_at":false}"#, &["datetime_type body.expires_at"]),
        (r#"{"expires_at":{}}"#, &["datetime_type body.expires_at"]),
        (r#"{"expires_at":"2031-01-01T00:00:00"}"#, &["timezone_aware body.expires_at"]),
        (r#"{"expires_at":"2031-01-01T00:00:00.5"}"#, &["timezone_aware body.expires_at"]),
        (r#"{"expires_at":""}"#, &["datetime_from_date_parsing body.expires_at"]),
        (r#"{"expires_at":"soon"}"#, &["datetime_from_date_parsing body.expires_at"]),
        (r#"{"expires_at":"2031-01-01"}"#, &["datetime_from_date_parsing body.expires_at"]),
        (r#"{"expires_at":"2031-01-01 00:00:00Z"}"#, &["datetime_from_date_parsing body.expires_at"]),
        (r#"{"expires_at":"2031-02-30T00:00:00Z"}"#, &["datetime_from_date_parsing body.expires_at"]),
        (r#"{"expires_at":"9999-12-31T23:59:59-01:00"}"#, &["datetime_from_date_parsing body.expires_at"]),
        // In the order of the contract, not of the body.
        (r#"{"description":1,"expires_at":1}"#, &["datetime_type body.expires_at", "string_type body.description"]),
    ] {
        assert_eq!(lines(&patch(body.as_bytes())), expected, "{body}");
    }
}

#[test]
fn a_description_is_measured_in_characters() {
    let described = |text: String| patch(format!(r#"{{"description":"{text}"}}"#).as_bytes());
    assert!(described("€".repeat(4096)).is_empty());
    assert_eq!(lines(&described("€".repeat(4097))), ["string_too_long body.description"]);
}

#[test]
fn a_body_that_is_not_an_object() {
    for body in ["[]", "[{}]", "null", "1", "1.5", "true", r#""{}""#, " [ ] "] {
        assert_eq!(lines(&patch(body.as_bytes())), ["model_attributes_type body"], "{body}");
    }
}

#[test]
fn a_body_that_is_not_json() {
    for (body, offset) in [
        (&b"{"[..], 1),
        (b" ", 1),
        (b"{} x", 3),
        (b"{}{}", 2),
        (b"{\"a\":1,}", 7),
        (b"{\n\"a\":\n  nope}", 10),
        (b"{a:1}", 1),
        (b"{\"a\" 1}", 5),
        (b"{'a':1}", 1),
        (b"[1,]", 3),
        (b"NaN", 0),
        (b"\xef\xbb\xbf{}", 0),
        (b"{\"description\":\"\n\"}", 16),
        (b"{\"description\":\"\xff\"}", 16),
        (b"{\"description\":\"cut", 19),
        (b"{\"description\":\"\\ud800\"}", 22),
        (b"{\"description\":\"\\ude00x\"}", 21),
        (b"{\"description\":\"\\x\"}", 17),
        (b"{\"description\":null,\"description\":null}", 32),
        (b"{\"description\":1,\"d\\u0065scription\":1}", 34),
        // The name of a member must be a valid string, declared or not.
        (b"{\"\\ud800\":1}", 8),
        (b"{\"\xff\":1}", 2),
    ] {
        let shown = String::from_utf8_lossy(body);
        assert_eq!(lines(&patch(body)), [format!("json_invalid body.[{offset}]")], "{shown}");
    }
}

#[test]
fn undeclared_members_are_ignored() {
    let deep = format!(r#"{{"other":{}1{}}}"#, "[".repeat(5000), "]".repeat(5000));
    for body in [
        r#"{"other":1,"other":2}"#.as_bytes(),
        br#"{"other":{"a":1,"a":2}}"#,
        br#"{"other":"\ud800"}"#,
        br#"{"other":1e999}"#,
        br#"{"id":"x","status":7}"#,
        b"{\"other\":\"\xff\"}",
        deep.as_bytes(),
    ] {
        assert_eq!(lines(&patch(body)), [""; 0], "{}", String::from_utf8_lossy(body));
    }
    // They must be valid JSON, though.
    assert_eq!(lines(&patch(br#"{"other":nope}"#)), ["json_invalid body.[10]"]);
}

#[test]
fn the_members_of_a_policy() {
    let (many, items) = (format!("[{}]", [r#""a""#; 101].join(",")), r#"["!", "*", "a b"]"#);
    for (body, expected) in [
        ("{}", &[][..]),
        (r#"{"scopes":null,"networks":null,"not_before":null,"rate_limit":null}"#, &[]),
        (r#"{"scopes":["orders:read"],"networks":["192.0.2.0/24","::1"]}"#, &[]),
        (r#"{"rate_limit":{"requests":1,"seconds":86400}}"#, &[]),
        (
            &format!(r#"{{"scopes":{items}}}"#),
            &["string_pattern_mismatch body.scopes.[1]", "string_pattern_mismatch body.scopes.[2]"],
        ),
        (&format!(r#"{{"scopes":{many}}}"#), &["too_long body.scopes"]),
        (r#"{"scopes":"orders:read"}"#, &["list_type body.scopes"]),
        (
            r#"{"networks":["192.0.2.0/33","::","x",null]}"#,
            &[
                "ip_any_network body.networks.[0]",
                "ip_any_network body.networks.[2]",
                "ip_any_network body.networks.[3]",
            ],
        ),
        (
            r#"{"rate_limit":{"requests":0}}"#,
            &["greater_than_equal body.rate_limit.requests", "missing body.rate_limit.seconds"],
        ),
        (r#"{"rate_limit":[1,2]}"#, &["model_attributes_type body.rate_limit"]),
        // Unknown members come last, and are named.
        (
            r#"{"scope":[],"rate_limit":{"burst":{"a":1,"a":2},"requests":1,"seconds":"","x":1},"Scopes":[],"scopes":1}"#,
            &[
                "list_type body.scopes",
                "int_type body.rate_limit.seconds",
                "extra_forbidden body.rate_limit.burst",
                "extra_forbidden body.rate_limit.x",
                "extra_forbidden body.scope",
                "extra_forbidden body.Scopes",
            ],
        ),
    ] {
        let request = Request::put("/v1/api-keys/1/policy").header("content-type", JSON);
        let errors = VALIDATOR.validate("setApiKeyPolicy", &parts(request), body.as_bytes());
        assert_eq!(lines(&errors), expected, "{body}");
    }
}

#[test]
fn the_members_of_a_verification() {
    for (body, expected) in [
        (r#"{"key":"lk_1"}"#, &[][..]),
        (r#"{"key":"lk_1","ip":"192.0.2.7"}"#, &[]),
        (r#"{"key":"lk_1","ip":"2001:DB8::192.0.2.7","scopes":[]}"#, &[]),
        (r#"{"key":"lk_1","ip":null}"#, &[]),
        (r#"{"key":1,"ip":"192.0.2.0/24"}"#, &["string_type body.key", "ip_any_address body.ip"]),
        (r#"{"ip":1}"#, &["missing body.key", "ip_any_address body.ip"]),
        // One error, although the text is also too long and does not match the pattern.
        (&format!(r#"{{"key":"","ip":"{}"}}"#, "1".repeat(50)), &["ip_any_address body.ip"]),
    ] {
        let request = Request::post("/v1/api-keys/verify").header("content-type", JSON);
        let errors = VALIDATOR.validate("verifyApiKey", &parts(request), body.as_bytes());
        assert_eq!(lines(&errors), expected, "{body}");
    }
}

#[test]
fn the_metadata_of_a_new_key() {
    let long_name = "a".repeat(41);
    let members = |count: usize| {
        let members: Vec<String> = (0..count).map(|index| format!("\"n{index}\":\"\"")).collect();
        format!(r#"{{"metadata":{{{}}}}}"#, members.join(","))
    };
    for (body, expected) in [
        (r#"{"metadata":{}}"#, &[][..]),
        (r#"{"metadata":{"plan":"pro","Plan_2.0-x":"any text: €, \u0001"}}"#, &[]),
        (r#"{"metadata":{"plan":"\u0000"}}"#, &["string_pattern_mismatch body.metadata.plan"]),
        (&members(50), &[]),
        (&members(51), &["too_long body.metadata"]),
        (r#"{"metadata":null}"#, &["dict_type body.metadata"]),
        (r#"{"metadata":[["plan","pro"]]}"#, &["dict_type body.metadata"]),
        (
            r#"{"metadata":{"plan":null,"seats":3}}"#,
            &["string_type body.metadata.plan", "string_type body.metadata.seats"],
        ),
        (&format!(r#"{{"metadata":{{"plan":"{}"}}}}"#, "€".repeat(500)), &[]),
        (&format!(r#"{{"metadata":{{"plan":"{}"}}}}"#, "€".repeat(501)), &["string_too_long body.metadata.plan"]),
        (&format!(r#"{{"metadata":{{"{}":""}}}}"#, &long_name[1..]), &[]),
        (
            &format!(r#"{{"metadata":{{"{long_name}":"","a plan":"","":"","plän":""}}}}"#),
            &[
                &format!("string_pattern_mismatch body.metadata.{long_name}.[key]"),
                "string_pattern_mismatch body.metadata.a plan.[key]",
                "string_pattern_mismatch body.metadata..[key]",
                "string_pattern_mismatch body.metadata.plän.[key]",
            ],
        ),
        (r#"{"metadata":{"plan":"pro","plan":"pro"}}"#, &["json_invalid body.[31]"]),
        (r#"{"metadata":{"\ud800":""}}"#, &["json_invalid body.[20]"]),
    ] {
        let request = Request::post("/v1/api-keys/").header("content-type", JSON);
        let errors = VALIDATOR.validate("createApiKey", &parts(request), body.as_bytes());
        assert_eq!(lines(&errors), expected, "{body}");
    }
}

#[test]
fn deep_nesting_is_safe() {
    let brackets = "[".repeat(100_000);
    let closed = format!("{brackets}{}", "]".repeat(100_000));
    assert_eq!(lines(&patch(closed.as_bytes())), ["model_attributes_type body"]);
    assert_eq!(lines(&patch(brackets.as_bytes())), ["json_invalid body.[100000]"]);
    let described = format!(r#"{{"description":{closed}}}"#);
    assert_eq!(lines(&patch(described.as_bytes())), ["string_type body.description"]);
}

#[test]
fn the_type_of_a_body() {
    for accepted in [
        JSON,
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        " application/json ",
        "application/merge-patch+json",
        "Application/Merge-Patch+JSON; charset=utf-8",
        "application/+json",
    ] {
        assert!(types::is_json(accepted.split(';').next().unwrap_or_default().trim()), "{accepted}");
        assert_eq!(lines(&patch_as(Some(accepted), b"{}")), [""; 0], "{accepted}");
        assert_eq!(lines(&patch_as(Some(accepted), b"[]")), ["model_attributes_type body"], "{accepted}");
    }
    for rejected in [
        None,
        Some(""),
        Some("text/plain"),
        Some("application/jsonp"),
        Some("application/json+merge"),
        Some("json"),
        Some("+json"),
        Some(FORM),
        Some("text/plain; application/json"),
    ] {
        let media_type = rejected.unwrap_or_default().split(';').next().unwrap_or_default();
        assert!(!types::is_json(media_type), "{rejected:?}");
        assert_eq!(lines(&patch_as(rejected, b"{}")), ["model_attributes_type body"], "{rejected:?}");
        assert_eq!(lines(&patch_as(rejected, b"")), ["missing body"], "{rejected:?}");
    }
    assert_eq!(lines(&patch(b"")), ["missing body"]);
}

#[test]
fn a_body_is_validated_only_where_declared() {
    let request = Request::delete("/v1/api-keys/1");
    assert!(VALIDATOR.validate("deleteApiKey", &parts(request), b"nonsense").is_empty());
    assert!(get("noSuchOperation", "/").is_empty());
}

#[test]
fn the_form_of_a_token_request() {
    let long_name = format!("grant_type=password&password=b&username={}", "a".repeat(256));
    for (body, expected) in [
        ("grant_type=password&username=a&password=b", &[][..]),
        ("grant_type=password&username=&password=&scope=&scop=1", &[]),
        ("grant_type=pass%77ord&username=a+b&password=%FF", &[]),
        ("", &["missing body.grant_type", "missing body.username", "missing body.password"]),
        (
            "username=a&username=b&grant_type=x",
            &["enum body.grant_type", "string_type body.username", "missing body.password"],
        ),
        ("grant_type=&username=a&password=b", &["enum body.grant_type"]),
        ("grant_type=password&grant_type=password&username=a&password=b", &["enum body.grant_type"]),
        (&long_name, &["string_too_long body.username"]),
    ] {
        assert_eq!(lines(&token(FORM, body)), expected, "{body}");
    }
    for content_type in [JSON, "text/plain", "multipart/form-data; boundary=x"] {
        assert_eq!(lines(&token(content_type, "grant_type=password")), ["model_attributes_type body"]);
    }
    assert!(token(&format!("{FORM}; charset=utf-8"), "grant_type=password&username=a&password=b").is_empty());
}

#[test]
fn errors_of_all_parts_are_listed_in_order() {
    let request =
        Request::patch("/v1/api-keys/x").header("content-type", JSON).header("X-API-Key", "a").header("X-API-Key", "b");
    let errors = VALIDATOR.validate("updateApiKey", &parts(request), br#"{"description":1,"expires_at":"soon"}"#);
    assert_eq!(
        lines(&errors),
        [
            "int_parsing path.item_id",
            "string_type header.X-API-Key",
            "datetime_from_date_parsing body.expires_at",
            "string_type body.description",
        ]
    );
}

#[test]
fn an_error_serializes_as_the_contract_says() {
    let errors = get("listApiKeys", "/v1/api-keys?limit=0&status=x");
    assert_eq!(
        serde_json::to_value(errors).expect("errors are JSON"),
        serde_json::json!([
            {
                "loc": ["query", "limit"],
                "msg": "Input should be greater than or equal to 1",
                "type": "greater_than_equal",
            },
            {
                "loc": ["query", "status"],
                "msg": "Input should be 'active', 'pending', 'disabled', 'revoked' or 'expired'",
                "type": "enum",
            },
        ])
    );
    assert_eq!(
        serde_json::to_string(&patch(b"{")).expect("errors are JSON"),
        r#"[{"loc":["body",1],"msg":"JSON decode error","type":"json_invalid"}]"#
    );
}

#[test]
fn no_submitted_value_is_repeated() {
    const SECRET: &str = "lk_HUNTER2";
    let s = SECRET;
    let mut all = get("getApiKey", &format!("/v1/api-keys/{s}"));
    all.extend(get("listApiKeys", &format!("/v1/api-keys?limit={s}&cursor={s}*{}&status={s}", "a".repeat(65))));
    for body in [
        format!(r#"{{"expires_at":"{s}","description":["{s}"]}}"#),
        format!(r#"{{"expires_at":{{"{s}":"{s}"}},"description":"{s}\u0000{}"}}"#, "a".repeat(4097)),
        format!(r#"{{"{s}":1,"{s}":{s}}}"#),
        format!(r#"{{"description":"{s}","description":"{s}"}}"#),
        format!(r#""{s}""#),
        s.to_owned(),
    ] {
        let errors = patch(body.as_bytes());
        assert!(!errors.is_empty(), "{body}");
        all.extend(errors);
    }
    all.extend(patch_as(Some(s), s.as_bytes()));
    all.extend(token(FORM, &format!("grant_type={s}&username={s}{}&password={s}&password={s}", "a".repeat(255))));
    let request = Request::get("/v1/users/me").header("x-api-key", s).header("x-api-key", s);
    all.extend(VALIDATOR.validate("getCurrentUser", &parts(request), b""));

    assert!(all.len() > 15);
    for error in &all {
        let rendered = serde_json::to_string(error).expect("errors are JSON");
        assert!(!rendered.contains("HUNTER2"), "{}", line(error));
        assert!(!format!("{error:?}").contains("HUNTER2"), "{}", line(error));
    }
}

#[test]
fn a_validator_can_be_shared() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&*VALIDATOR);
}
