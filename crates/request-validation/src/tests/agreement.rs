//! The validator lists errors for a body exactly when the generated model rejects it.

use http::Request;
use latchkey_api::{
    models::{ApiKeyCreate, ApiKeyPolicy, ApiKeyRecordCreate, ApiKeyVerify},
    types::Object,
};
use proptest::{collection::vec, prelude::*, sample::select};
use serde::de::DeserializeOwned;
use validator::Validate;

use super::{contract::VALIDATOR, lines};

const NAMES: [&str; 10] = [
    r#""expires_at""#,
    r#""description""#,
    r#""d\u0065scription""#,
    r#""scopes""#,
    r#""rate_limit""#,
    r#""key""#,
    r#""other""#,
    r#""""#,
    r#""\ud800""#,
    "other",
];

const VALUES: [&str; 27] = [
    "null",
    "true",
    "0",
    "-0",
    "1.0",
    "1e999",
    "18446744073709551616",
    "01",
    "NaN",
    r#""""#,
    r#""text""#,
    r#""\u0000""#,
    r#""\ud83d\ude00""#,
    r#""\ud800""#,
    r#""\ud800\u0041""#,
    "\"\u{7f}\"",
    "\"\t\"",
    r#""2031-01-01T00:00:00Z""#,
    r#""2031-01-01T00:00:00""#,
    r#""2016-12-31T23:59:60Z""#,
    r#""9999-12-31T23:59:59-01:00""#,
    "[]",
    "[1,]",
    r#"[{"a":1,"a":"\ud800"}]"#,
    "{}",
    r#"{"requests":1}"#,
    r#"{"description":1,"description":2}"#,
];

/// A text of 43 characters.
macro_rules! text43 {
    () => {
        "abcdefghijklmnopqrstuvwxyz0123456789-._~:/+"
    };
}

const SCOPES: [&str; 8] = [
    r#""orders:read""#,
    r#""!""#,
    r#""*""#,
    r#""a b""#,
    r#""""#,
    "1",
    // 128 and 129 characters.
    concat!("\"", text43!(), text43!(), "abcdefghijklmnopqrstuvwxyz0123456789-._~:/\""),
    concat!("\"", text43!(), text43!(), text43!(), "\""),
];
const NETWORKS: [&str; 7] = [
    r#""192.0.2.0/24""#,
    r#""2001:db8::/32""#,
    r#""::1""#,
    r#""192.0.2.0/33""#,
    r#""010.0.0.0/8""#,
    r#""192.0.2.0/024""#,
    "null",
];
const ADDRESSES: [&str; 5] = [r#""192.0.2.7""#, r#""::ffff:192.0.2.7""#, r#""192.0.2.0/24""#, r#""fe80::1%1""#, "null"];
const NUMBERS: [&str; 10] =
    ["1", "60", "86400", "86401", "1000000", "1000001", "0", "1.0", "1.5", "18446744073709551616"];

/// A member with the name `name`.
fn member(name: &str, value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let name = name.to_owned();
    value.prop_map(move |value| format!("\"{name}\":{value}"))
}

/// A member with any name and any value.
fn any_member() -> impl Strategy<Value = String> {
    (select(&NAMES), select(&VALUES)).prop_map(|(name, value)| format!("{name}:{value}"))
}

fn one_of(values: &'static [&'static str]) -> impl Strategy<Value = String> {
    select(values).prop_map(str::to_owned)
}

/// An array of at most 101 such values, and mostly of few.
fn array(values: &'static [&'static str]) -> impl Strategy<Value = String> {
    let few = vec(select(values), 0..3);
    let many = (select(values), 99_usize..=101).prop_map(|(value, length)| vec![value; length]);
    prop_oneof![9 => few, 1 => many].prop_map(|items| format!("[{}]", items.join(",")))
}

fn rate_limit() -> impl Strategy<Value = String> {
    let members = (member("requests", one_of(&NUMBERS)), member("seconds", one_of(&NUMBERS)));
    let other = prop::option::weighted(0.3, any_member());
    (members, other).prop_map(|((requests, seconds), other)| {
        let members: Vec<String> = [requests, seconds].into_iter().chain(other).collect();
        format!("{{{}}}", members.join(","))
    })
}

/// A map of at most 51 strings, and mostly of few, or of what is no string.
fn map() -> impl Strategy<Value = String> {
    let letters = |lengths: &'static [usize]| select(lengths).prop_map(|length| format!("\"{}\"", "€".repeat(length)));
    let name = prop_oneof![
        4 => "[a-c]".prop_map(|name| format!("\"{name}\"")),
        1 => "[A-Za-z0-9_.-]{0,2}|[ab]{39,41}".prop_map(|name| format!("\"{name}\"")),
        1 => one_of(&[r#""\u0061""#, r#""a b""#, r#""ü""#, r#""a\n""#, r#""\ud800""#, "a"]),
    ];
    let value = prop_oneof![4 => letters(&[0, 1, 499, 500, 501]), 1 => one_of(&VALUES)];
    let few = vec((name, value).prop_map(|(name, value)| format!("{name}:{value}")), 0..4);
    let many = (49_usize..=51).prop_map(|count| (0..count).map(|index| format!("\"n{index}\":\"\"")).collect());
    let members = prop_oneof![9 => few, 1 => many];
    prop_oneof![
        9 => members.prop_map(|members| format!("{{{}}}", members.join(","))),
        1 => one_of(&VALUES),
    ]
}

/// A body with such members, mostly an object.
fn body(member: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<u8>> {
    let others = [(" {\n", "\r\n} "), ("[", "]"), ("{", ""), ("{", ",}"), ("{", "}x"), ("\u{feff}{", "}")];
    let wrapping = prop_oneof![3 => Just(("{", "}")), 1 => select(others.to_vec())];
    let broken = prop::option::weighted(0.1, (any::<prop::sample::Index>(), any::<u8>()));
    (vec(member, 0..4), wrapping, broken).prop_map(|(members, (start, end), broken)| {
        let mut bytes = format!("{start}{}{end}", members.join(",")).into_bytes();
        if let Some((index, byte)) = broken {
            let index = index.index(bytes.len());
            bytes[index] = byte;
        }
        bytes
    })
}

fn agree<T: DeserializeOwned + Validate>(operation: &str, path: &str, body: &[u8]) -> Result<(), TestCaseError> {
    let (parts, ()) = Request::post(path)
        .header("content-type", "application/json")
        .body(())
        .expect("the request is well-formed")
        .into_parts();
    let errors = VALIDATOR.validate(operation, &parts, body);
    let is_accepted = serde_json::from_slice::<Object<T>>(body).is_ok_and(|Object(model)| model.validate().is_ok());
    prop_assert_eq!(errors.is_empty(), is_accepted, "{:?} {}", lines(&errors), String::from_utf8_lossy(body));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn for_a_model_that_ignores_unknown_members(body in body(any_member())) {
        agree::<ApiKeyRecordCreate>("updateApiKey", "/v1/api-keys/1", &body)?;
    }

    #[test]
    fn for_a_strict_model_with_a_nested_one(
        body in body(prop_oneof![
            1 => any_member(),
            2 => member("scopes", array(&SCOPES)),
            2 => member("networks", array(&NETWORKS)),
            2 => member("rate_limit", rate_limit()),
            1 => member("not_before", one_of(&VALUES)),
        ]),
    ) {
        agree::<ApiKeyPolicy>("setApiKeyPolicy", "/v1/api-keys/1/policy", &body)?;
    }

    #[test]
    fn for_a_strict_model_with_a_map(
        body in body(prop_oneof![
            1 => any_member(),
            4 => member("metadata", map()),
        ]),
    ) {
        agree::<ApiKeyCreate>("createApiKey", "/v1/api-keys/", &body)?;
    }

    #[test]
    fn for_a_strict_model_with_a_required_member(
        body in body(prop_oneof![
            1 => any_member(),
            1 => member("key", one_of(&VALUES)),
            4 => member("key", one_of(&[r#""lk_1""#])),
            2 => member("scopes", array(&SCOPES)),
            2 => member("ip", one_of(&ADDRESSES)),
        ]),
    ) {
        agree::<ApiKeyVerify>("verifyApiKey", "/v1/api-keys/verify", &body)?;
    }
}
