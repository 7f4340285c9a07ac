//! Rewrites an OpenAPI document so that each violation of it has one error, which names its location.

use serde_json::{Map, Value};

use crate::formats::Format;

/// Rewrites all schemas below `node`.
pub(crate) fn normalize(node: &mut Value) {
    match node {
        Value::Array(items) => items.iter_mut().for_each(normalize),
        Value::Object(members) => {
            // The function of a checked format decides about the whole text.
            if Format::of(members).is_some() {
                members.retain(|keyword, _| !matches!(keyword.as_str(), "minLength" | "maxLength" | "pattern"));
            }
            // Without `properties`, the schema check does not name unknown members.
            if members.get("additionalProperties") == Some(&Value::Bool(false)) {
                members.entry("properties").or_insert_with(|| Value::Object(Map::new()));
            }
            members.values_mut().for_each(normalize);
        }
        _ => {}
    }
}
