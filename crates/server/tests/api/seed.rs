//! The seed of the contract: one frozen operation and its schemas. `seed.json` is the original; `openapi.yaml` may add
//! to it only what [`without_additions`] removes.

use std::sync::LazyLock;

use http::Method;
use latchkey_test_support::openapi::{OPERATIONS, Operation, resolved};
use serde_json::{Value, json};

static SEED: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(include_str!("seed.json")).unwrap());

fn operation() -> &'static Operation {
    OPERATIONS.iter().find(|operation| operation.method == Method::PATCH && operation.path == SEED["path"]).unwrap()
}

/// A schema with its references resolved, and without the permitted additions: `int64`, descriptions, examples, and the
/// limits that the storage sets on one description.
fn without_additions(schema: &'static Value) -> Value {
    let Some(keywords) = resolved(schema).as_object() else {
        return schema.clone();
    };
    let mut plain = serde_json::Map::new();
    for (keyword, value) in keywords {
        let value = match keyword.as_str() {
            "description" | "example" | "examples" => continue,
            "format" if keywords["type"] == "integer" && value == "int64" => continue,
            "properties" => {
                let members = value.as_object().unwrap().iter();
                members.map(|(name, schema)| (name.clone(), without_additions(schema))).collect()
            }
            "anyOf" => value.as_array().unwrap().iter().map(without_additions).collect(),
            "items" => without_additions(value),
            _ => value.clone(),
        };
        plain.insert(keyword.clone(), value);
    }
    if plain.get("title") == Some(&json!("APIKeyRecordCreate")) {
        let text = plain["properties"]["description"]["anyOf"][0].as_object_mut().unwrap();
        assert_eq!(text.remove("maxLength"), Some(json!(4096)));
        assert_eq!(text.remove("pattern"), Some(json!("^[^\\u0000]*$")));
    }
    plain.into()
}

fn content(described: &'static Value) -> Value {
    let content = described["content"].as_object().unwrap();
    content.iter().map(|(media_type, content)| (media_type.clone(), without_additions(&content["schema"]))).collect()
}

/// The type of a parameter in the seed's notation.
fn type_of(schema: &Value) -> String {
    let branches: Vec<&Value> =
        schema["anyOf"].as_array().map_or_else(|| vec![schema], |branches| branches.iter().collect());
    let names: Vec<&str> = branches.iter().map(|branch| branch["type"].as_str().unwrap()).collect();
    names.join(" | ")
}

#[test]
fn the_schemas_equal_the_seeds() {
    let body = &operation().description["requestBody"];
    assert_eq!(json!({ "required": body["required"], "content": content(body) }), SEED["requestBody"]);
    for (status, expected) in SEED["responses"].as_object().unwrap() {
        let (_, response) = operation().responses().find(|(documented, _)| documented == status).unwrap();
        let found = json!({ "description": response["description"], "content": content(response) });
        assert_eq!(found, *expected, "{status}");
    }
}

#[test]
fn the_parameters_equal_the_seeds() {
    let parameters: Vec<Value> = operation()
        .parameters()
        .map(|parameter| {
            let bare = ["schema", "name", "in", "required", "description", "example", "x-credential-header"];
            assert!(
                parameter.as_object().unwrap().keys().all(|keyword| bare.contains(&keyword.as_str())),
                "{parameter}"
            );
            json!({
                "name": parameter["name"],
                "in": parameter["in"],
                "type": type_of(&parameter["schema"]),
                "required": parameter["required"],
            })
        })
        .collect();
    // Optional header parameters may follow.
    let seeds = SEED["parameters"].as_array().unwrap();
    let (own, added) = parameters.split_at(seeds.len());
    assert_eq!(own, seeds);
    assert!(added.iter().all(|parameter| parameter["in"] == "header" && parameter["required"] == false), "{added:?}");
}

#[test]
fn the_operation_equals_the_seeds() {
    assert_eq!(operation().description["summary"], SEED["summary"]);
    let schemes = operation().description["security"].as_array().unwrap();
    assert!(schemes.iter().any(|scheme| scheme.get(SEED["security"].as_str().unwrap()).is_some()));
}
