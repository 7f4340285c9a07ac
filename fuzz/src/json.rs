//! Strict JSON: it is what `serde_json` accepts, with the same value, apart from repeated members.

use latchkey_request_validation::parse_json;
use serde_json::Value;

pub fn fuzz(bytes: &[u8]) {
    let expected = serde_json::from_slice::<Value>(bytes);
    match (parse_json(bytes), expected) {
        (Ok(parsed), Ok(expected)) => {
            assert_eq!(parsed, expected);
            assert_eq!(members(&parsed), written_members(bytes));
        }
        // Of a repeated member, serde_json keeps the last value.
        (Err(offset), Ok(expected)) => {
            assert!(offset < bytes.len());
            assert!(members(&expected) < written_members(bytes));
        }
        (Err(offset), Err(_)) => assert!(offset <= bytes.len()),
        (Ok(_), Err(error)) => panic!("serde_json refuses it: {error}"),
    }
}

/// The number of members of all objects.
fn members(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(members).sum(),
        Value::Object(object) => object.values().map(|value| 1 + members(value)).sum(),
        _ => 0,
    }
}

/// The number of colons outside of strings in valid JSON, one for each member.
fn written_members(json: &[u8]) -> usize {
    let (mut colons, mut in_string, mut bytes) = (0, false, json.iter());
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => _ = bytes.next(),
            b':' if !in_string => colons += 1,
            _ => {}
        }
    }
    colons
}
