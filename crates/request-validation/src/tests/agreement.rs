//! The validator lists errors for a body exactly when the generated model rejects it.

use http::Request;
use latchkey_api::{models::ApiKeyRecordCreate, types::Object};
use proptest::{prelude::*, sample::select};
use validator::Validate;

use super::{contract::VALIDATOR, lines};

fn model_accepts(body: &[u8]) -> bool {
    serde_json::from_slice::<Object<ApiKeyRecordCreate>>(body).is_ok_and(|Object(record)| record.validate().is_ok())
}

const NAMES: [&str; 7] =
    [r#""expires_at""#, r#""description""#, r#""d\u0065scription""#, r#""other""#, r#""""#, r#""\ud800""#, "other"];

const VALUES: [&str; 26] = [
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
    r#"{"description":1,"description":2}"#,
];

prop_compose! {
    fn body()(
        members in prop::collection::vec((select(&NAMES), select(&VALUES)), 0..4),
        wrapping in select(&[("{", "}"), ("{", "}"), (" {\n", "\r\n} "), ("[", "]"), ("{", ""), ("{", ",}"), ("{", "}x"), ("\u{feff}{", "}")]),
        broken in prop::option::weighted(0.2, (any::<prop::sample::Index>(), any::<u8>())),
    ) -> Vec<u8> {
        let members: Vec<String> = members.iter().map(|(name, value)| format!("{name}:{value}")).collect();
        let mut bytes = format!("{}{}{}", wrapping.0, members.join(","), wrapping.1).into_bytes();
        if let Some((index, byte)) = broken {
            let index = index.index(bytes.len());
            bytes[index] = byte;
        }
        bytes
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn errors_are_listed_when_the_model_rejects(body in body()) {
        let (parts, ()) = Request::patch("/v1/api-keys/1")
            .header("content-type", "application/json")
            .body(())
            .expect("the request is well-formed")
            .into_parts();
        let errors = VALIDATOR.validate("updateApiKey", &parts, &body);
        prop_assert_eq!(
            errors.is_empty(),
            model_accepts(&body),
            "{:?} {}",
            lines(&errors),
            String::from_utf8_lossy(&body)
        );
    }
}
