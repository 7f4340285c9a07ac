//! Pydantic's types and messages, as `pydantic` 2.14.3 reported them for the same schemas and values. Exceptions are
//! stricter rules (whole floats, booleans and large numbers as integers) and errors without a name in Pydantic
//! (`value_error`).

use std::net::IpAddr;

use chrono::DateTime;
use http::Request;
use serde_json::{Value, json};

use super::lines;
use crate::{BuildError, Formats, MAX_ERRORS, RequestValidator, ValidationError, pydantic};

fn build(document: &str) -> Result<RequestValidator, BuildError> {
    let formats = Formats {
        date_time: |text| DateTime::parse_from_rfc3339(text).is_ok(),
        ip_address: |text| text.parse::<IpAddr>().is_ok(),
        ip_network: |text| text.split_once('/').is_some_and(|(address, _)| address.parse::<IpAddr>().is_ok()),
    };
    RequestValidator::new(document, formats)
}

fn validator(schema: Value, parameters: Value) -> Result<RequestValidator, BuildError> {
    let document = json!({
        "openapi": "3.1.0",
        "paths": { "/things/{name}": { "post": {
            "operationId": "check",
            "parameters": parameters,
            "requestBody": {
                "required": true,
                "content": { "application/json": { "schema": schema } },
            },
        } } },
        "components": { "schemas": {
            "Labels": {
                "type": "object",
                "maxProperties": 3,
                "propertyNames": { "pattern": "^[a-z/]{1,3}$" },
                "additionalProperties": { "type": "string", "maxLength": 2 },
            },
            "Tree": {
                "type": "object",
                "title": "Tree",
                "required": ["size"],
                "properties": {
                    "size": { "type": "integer" },
                    "children": { "type": "array", "items": { "$ref": "#/components/schemas/Tree" } },
                },
            },
        } },
    });
    build(&document.to_string())
}

fn check_text(schema: Value, body: &str) -> Vec<ValidationError> {
    let validator = validator(schema, json!([])).expect("the schema compiles");
    let (parts, ()) = Request::post("/things/x")
        .header("content-type", "application/json")
        .body(())
        .expect("the request is well-formed")
        .into_parts();
    validator.validate("check", &parts, body.as_bytes())
}

fn check(schema: Value, body: &Value) -> Vec<ValidationError> {
    check_text(schema, &body.to_string())
}

fn check_query(schema: Value, query: &str) -> Vec<ValidationError> {
    let parameters = json!([{ "name": "q", "in": "query", "required": true, "schema": schema }]);
    let validator = validator(json!({}), parameters).expect("the schema compiles");
    let (parts, ()) = Request::post(format!("/things/x?{query}"))
        .header("content-type", "application/json")
        .body(())
        .expect("the request is well-formed")
        .into_parts();
    validator.validate("check", &parts, b"0")
}

#[test]
fn types_and_messages() {
    let string = json!({ "type": "string", "minLength": 2, "maxLength": 3, "pattern": "^[a-z]+$" });
    let date_time = json!({ "type": "string", "format": "date-time" });
    let limits = json!({ "type": "integer", "minimum": 1, "maximum": 1000 });
    let exclusive = json!({ "type": "number", "exclusiveMinimum": 1, "exclusiveMaximum": 9.5 });
    for (schema, value, error_type, message) in [
        (json!({ "type": "integer" }), json!("1"), "int_type", "Input should be a valid integer"),
        (json!({ "type": "integer" }), json!(null), "int_type", "Input should be a valid integer"),
        (json!({ "type": "integer" }), json!(true), "int_type", "Input should be a valid integer"),
        (json!({ "type": "integer" }), json!(1e17), "int_type", "Input should be a valid integer"),
        (
            json!({ "type": "integer" }),
            json!(1.5),
            "int_from_float",
            "Input should be a valid integer, got a number with a fractional part",
        ),
        (
            json!({ "type": "integer" }),
            json!(9_223_372_036_854_775_808_u64),
            "int_parsing_size",
            "Unable to parse input string as an integer, exceeded maximum size",
        ),
        (json!({ "type": "number" }), json!("1"), "float_type", "Input should be a valid number"),
        (json!({ "type": "boolean" }), json!(1), "bool_type", "Input should be a valid boolean"),
        (json!({ "type": "string" }), json!(1), "string_type", "Input should be a valid string"),
        (json!({ "type": "array" }), json!({}), "list_type", "Input should be a valid list"),
        (json!({ "type": "null" }), json!(1), "none_required", "Input should be None"),
        (
            json!({ "type": "object" }),
            json!([]),
            "model_attributes_type",
            "Input should be a valid dictionary or object to extract fields from",
        ),
        (string.clone(), json!("abcd"), "string_too_long", "String should have at most 3 characters"),
        (string.clone(), json!("a"), "string_too_short", "String should have at least 2 characters"),
        (
            json!({ "type": "string", "minLength": 1 }),
            json!(""),
            "string_too_short",
            "String should have at least 1 character",
        ),
        (string, json!("AB"), "string_pattern_mismatch", "String should match pattern '^[a-z]+$'"),
        (limits.clone(), json!(0), "greater_than_equal", "Input should be greater than or equal to 1"),
        (limits, json!(1001), "less_than_equal", "Input should be less than or equal to 1000"),
        (exclusive.clone(), json!(1), "greater_than", "Input should be greater than 1"),
        (exclusive, json!(9.5), "less_than", "Input should be less than 9.5"),
        (json!({ "type": "integer", "multipleOf": 5 }), json!(7), "multiple_of", "Input should be a multiple of 5"),
        (
            json!({ "type": "array", "maxItems": 1 }),
            json!([1, 2]),
            "too_long",
            "List should have at most 1 item after validation, not 2",
        ),
        (
            json!({ "type": "array", "minItems": 2 }),
            json!([]),
            "too_short",
            "List should have at least 2 items after validation, not 0",
        ),
        (
            json!({ "type": "object", "additionalProperties": {} }),
            json!([]),
            "dict_type",
            "Input should be a valid dictionary",
        ),
        (
            json!({ "type": "object", "maxProperties": 1 }),
            json!({ "a": 1, "b": 2 }),
            "too_long",
            "Dictionary should have at most 1 item after validation, not more",
        ),
        (
            json!({ "type": "object", "propertyNames": { "pattern": "^[a-z]+$" } }),
            json!({ "A": 1 }),
            "string_pattern_mismatch",
            "String should match pattern '^[a-z]+$'",
        ),
        (
            json!({ "type": "object", "minProperties": 1 }),
            json!({}),
            "too_short",
            "Dictionary should have at least 1 item after validation, not 0",
        ),
        (json!({ "enum": ["a"] }), json!("b"), "enum", "Input should be 'a'"),
        (json!({ "enum": ["a", "b"] }), json!(1), "enum", "Input should be 'a' or 'b'"),
        (
            json!({ "type": ["string", "null"], "enum": ["a", "b", "c", null] }),
            json!(1),
            "enum",
            "Input should be 'a', 'b' or 'c'",
        ),
        (json!({ "const": "a" }), json!("b"), "literal_error", "Input should be 'a'"),
        (json!({ "const": 1 }), json!("b"), "literal_error", "Input should be 1"),
        (date_time.clone(), json!(1), "datetime_type", "Input should be a valid datetime"),
        (date_time, json!("2031-01-01T00:00:00"), "timezone_aware", "Input should have timezone info"),
        (
            json!({ "type": "string", "format": "ip-address" }),
            json!("localhost"),
            "ip_any_address",
            "value is not a valid IPv4 or IPv6 address",
        ),
        (
            json!({ "type": "string", "format": "ip-network" }),
            json!([]),
            "ip_any_network",
            "value is not a valid IPv4 or IPv6 network",
        ),
        (
            json!({ "type": "array", "uniqueItems": true }),
            json!([1, 1]),
            "value_error",
            "Value error, the input is not what the contract asks for",
        ),
        (
            json!({ "type": "object", "additionalProperties": false }),
            json!({ "a": 1 }),
            "extra_forbidden",
            "Extra inputs are not permitted",
        ),
    ] {
        let errors = check(schema.clone(), &value);
        let found: Vec<(&str, &str)> = errors.iter().map(|error| (error.error_type, &*error.msg)).collect();
        assert_eq!(found, [(error_type, message)], "{schema} {value}");
    }
}

#[test]
fn each_unknown_member_is_named_where_it_is() {
    let properties = json!({ "size": { "type": "integer" }, "kind": { "type": "string" } });
    let strict = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    let unevaluated = json!({ "type": "object", "properties": properties, "unevaluatedProperties": false });
    let value = json!({ "b": { "a": 1 }, "kind": 1, "a": null, "size": "x" });
    for schema in [&strict, &unevaluated] {
        assert_eq!(
            lines(&check(schema.clone(), &value)),
            ["int_type body.size", "string_type body.kind", "extra_forbidden body.b", "extra_forbidden body.a"],
            "{schema}"
        );
    }
    let list = json!({ "type": "array", "items": { "anyOf": [strict, { "type": "null" }] } });
    assert_eq!(
        lines(&check(list, &json!([null, { "a": 1 }, { "b": 1, "size": 1 }]))),
        ["extra_forbidden body.[1].a", "extra_forbidden body.[2].b"]
    );

    let many: serde_json::Map<String, Value> = (0..150).map(|index| (format!("m{index}"), json!(1))).collect();
    let errors = lines(&check(strict, &Value::Object(many)));
    let expected: Vec<String> = (0..100).map(|index| format!("extra_forbidden body.m{index}")).collect();
    assert_eq!(errors, expected);
}

#[test]
fn the_name_of_a_member_has_at_most_64_characters() {
    let strict = json!({ "type": "object", "additionalProperties": false });
    let map = json!({ "type": "object", "additionalProperties": { "type": "integer" } });
    let nested = json!({ "type": "object", "additionalProperties": strict });
    for letter in ["a", "€", "😀"] {
        let (name, short) = (letter.repeat(65), letter.repeat(64));
        let value = json!({ (&name): {} });
        assert_eq!(lines(&check(strict.clone(), &value)), [format!("extra_forbidden body.{short}")]);
        assert_eq!(lines(&check(map.clone(), &value)), [format!("int_type body.{short}")]);
        let value = json!({ (&name): { (&name): 1 } });
        assert_eq!(lines(&check(nested.clone(), &value)), [format!("extra_forbidden body.{short}.{short}")]);
        let value = json!({ (&short): 1 });
        assert_eq!(lines(&check(strict.clone(), &value)), [format!("extra_forbidden body.{short}")]);
    }
}

#[test]
fn a_text_with_a_checked_format_has_one_error() {
    for (format, text, error) in [
        ("ip-address", "localhost", "ip_any_address body"),
        ("ip-network", "localhost", "ip_any_network body"),
        ("date-time", "soon", "datetime_from_date_parsing body"),
    ] {
        let schema = json!({ "type": "string", "format": format, "minLength": 99, "maxLength": 1, "pattern": "^x$" });
        assert_eq!(lines(&check(schema.clone(), &json!(text))), [error], "{format}");
        assert_eq!(lines(&check(json!({ "type": "array", "items": schema }), &json!([text]))).len(), 1, "{format}");
    }
    let valid = json!({ "type": "string", "format": "ip-address", "pattern": "^x$" });
    assert!(check(valid, &json!("::1")).is_empty());
}

#[test]
fn annotations_are_ignored() {
    let schema = json!({
        "type": "string",
        "title": "Secret",
        "description": "A text.",
        "examples": ["a"],
        "format": "password",
        "x-extensible-enum": ["a"],
    });
    assert!(check(schema.clone(), &json!("b")).is_empty());
    assert_eq!(lines(&check(schema, &json!(1))), ["string_type body"]);
    // Only formats that are checked replace a pattern.
    let pattern = json!({ "type": "string", "format": "password", "pattern": "^x$" });
    assert_eq!(lines(&check(pattern, &json!("y"))), ["string_pattern_mismatch body"]);
}

#[test]
fn a_number_beyond_64_bits_is_too_large_an_integer() {
    for text in ["18446744073709551616", "-9223372036854775809", "1e20", "99999999999999999999999"] {
        let errors = check_text(json!({ "type": "integer" }), text);
        assert_eq!(lines(&errors), ["int_parsing_size body"], "{text}");
    }
    assert!(check_text(json!({ "type": "integer" }), "-9223372036854775808").is_empty());
}

#[test]
fn errors_of_an_optional_value_are_those_of_its_type() {
    for schema in [
        json!({ "type": ["integer", "null"] }),
        json!({ "type": ["null", "integer"] }),
        json!({ "anyOf": [{ "type": "integer" }, { "type": "null" }] }),
        json!({ "oneOf": [{ "type": "null" }, { "type": "integer" }] }),
    ] {
        assert_eq!(lines(&check(schema.clone(), &json!("x"))), ["int_type body"]);
        assert!(check(schema.clone(), &json!(null)).is_empty());
        assert!(check(schema, &json!(1)).is_empty());
    }
    let model = json!({ "anyOf": [{ "$ref": "#/components/schemas/Tree" }, { "type": "null" }] });
    assert_eq!(lines(&check(model.clone(), &json!({}))), ["missing body.size"]);
    assert_eq!(lines(&check(model, &json!([]))), ["model_attributes_type body"]);
}

#[test]
fn locations_in_other_unions_name_the_branch() {
    let scalars = json!({ "anyOf": [{ "type": "integer" }, { "type": "string" }, { "type": "null" }] });
    assert_eq!(lines(&check(scalars.clone(), &json!([]))), ["int_type body.int", "string_type body.str"]);
    let nested = json!({ "type": "object", "properties": { "a": { "anyOf": [
        { "$ref": "#/components/schemas/Tree" },
        { "type": "array", "items": scalars },
    ] } } });
    assert_eq!(
        lines(&check(nested.clone(), &json!({ "a": {} }))),
        ["missing body.a.Tree.size", "list_type body.a.list"]
    );
    assert_eq!(
        lines(&check(nested, &json!({ "a": [1, true] }))),
        ["model_attributes_type body.a.Tree", "int_type body.a.list.[1].int", "string_type body.a.list.[1].str",]
    );
}

#[test]
fn errors_below_lists_and_references() {
    let tree = json!({ "$ref": "#/components/schemas/Tree" });
    let value = json!({ "children": [{ "size": 1 }, { "size": "x", "children": [{}, 7] }] });
    assert_eq!(
        lines(&check(tree.clone(), &value)),
        [
            "missing body.size",
            "int_type body.children.[1].size",
            "missing body.children.[1].children.[0].size",
            "model_attributes_type body.children.[1].children.[1]",
        ]
    );

    // Only values that the schema describes can be too deep, or repeated.
    let deep = format!("{}{}", r#"{"size":1,"children":["#.repeat(100), "]}".repeat(100));
    assert_eq!(lines(&check_text(tree.clone(), &deep))[0].split(' ').next(), Some("json_invalid"));
    let repeated = r#"{"size":1,"children":[{"size":1,"other":1,"other":2,"size":2}]}"#;
    assert_eq!(lines(&check_text(tree, repeated)), ["json_invalid body.[57]"]);
}

#[test]
fn maps_are_parsed_completely() {
    let map = json!({ "type": "object", "additionalProperties": { "type": "integer" } });
    assert_eq!(lines(&check(map.clone(), &json!({ "a": 1, "b": "x" }))), ["int_type body.b"]);
    assert_eq!(lines(&check_text(map, r#"{"a":1,"a":2}"#)), ["json_invalid body.[9]"]);
    let pairs = json!({ "type": "array", "prefixItems": [{
        "type": "object",
        "required": ["a"],
        "properties": { "a": {} },
    }] });
    assert!(check(pairs, &json!([{ "a": { "b": 1 } }])).is_empty());
}

#[test]
fn the_names_and_the_values_of_a_map() {
    let labels = json!({ "$ref": "#/components/schemas/Labels" });
    let nullable = json!({ "anyOf": [labels, { "type": "null" }] });
    for (body, expected) in [
        (r"{}", &[][..]),
        (r#"{"a":"","b/c":"€€"}"#, &[]),
        (r#"{"a":null,"b":1,"c":["x"]}"#, &["string_type body.a", "string_type body.b", "string_type body.c"]),
        (r#"{"a":"long","b":""}"#, &["string_too_long body.a"]),
        (r#"{"a":{"b":1,"b":2}}"#, &["string_type body.a"]),
        // The name and the value of a member are both checked.
        (
            r#"{"A":"","b":"long","C c":1,"":"","long":""}"#,
            &[
                "too_long body",
                "string_too_long body.b",
                "string_type body.C c",
                "string_pattern_mismatch body.A.[key]",
                "string_pattern_mismatch body.C c.[key]",
                "string_pattern_mismatch body..[key]",
                "string_pattern_mismatch body.long.[key]",
            ],
        ),
        (r#"{"a":"","b":"","c":"","d":""}"#, &["too_long body"]),
        (r"[]", &["dict_type body"]),
        (r#""a""#, &["dict_type body"]),
        (r#"{"a":"","\u0061":""}"#, &["json_invalid body.[15]"]),
    ] {
        assert_eq!(lines(&check_text(labels.clone(), body)), expected, "{body}");
        assert_eq!(lines(&check_text(nullable.clone(), body)), expected, "nullable: {body}");
    }
    assert_eq!(lines(&check_text(labels, "null")), ["dict_type body"]);
    assert!(check_text(nullable, "null").is_empty());
}

#[test]
fn many_invalid_names_take_linear_time() {
    let labels = json!({ "anyOf": [{ "$ref": "#/components/schemas/Labels" }, { "type": "null" }] });
    let members: Vec<String> = (0..20_000).map(|index| format!("\"{index}\":\"\"")).collect();
    // With a copy of the map for each name, this would take minutes.
    let errors = check_text(labels, &format!("{{{}}}", members.join(",")));
    assert_eq!(errors.len(), MAX_ERRORS);
}

#[test]
fn text_is_parsed_as_the_declared_type() {
    for (schema, query, expected) in [
        (json!({ "type": "boolean" }), "q=true", &[][..]),
        (json!({ "type": "boolean" }), "q=yes", &["bool_parsing query.q"]),
        (json!({ "type": "boolean" }), "q=true&q=true", &["bool_type query.q"]),
        (json!({ "type": "number" }), "q=1e3", &[]),
        (json!({ "type": "number" }), "q=x", &["float_parsing query.q"]),
        (json!({ "type": "number" }), "q=inf", &["float_parsing query.q"]),
        (json!({ "type": "number", "minimum": 2 }), "q=1.5", &["greater_than_equal query.q"]),
        (json!({ "type": ["integer", "null"] }), "q=x", &["int_parsing query.q"]),
        (json!({ "type": "string", "format": "date-time" }), "q=x", &["datetime_from_date_parsing query.q"]),
        (json!({ "type": "string", "format": "date-time" }), "q=x&q=x", &["datetime_type query.q"]),
        (json!({ "type": "array", "items": { "type": "integer" } }), "q=1&q=2", &[]),
        (
            json!({ "type": "array", "items": { "type": "integer" } }),
            "q=1&q=x&q=y",
            &["int_parsing query.q.[1]", "int_parsing query.q.[2]"],
        ),
        (
            json!({ "type": "array", "items": { "type": "integer", "minimum": 2 }, "maxItems": 1 }),
            "q=1&q=2",
            &["too_long query.q", "greater_than_equal query.q.[0]"],
        ),
        (json!({ "type": "string" }), "", &["missing query.q"]),
        (json!({}), "q=1&q=2", &["value_error query.q"]),
    ] {
        assert_eq!(lines(&check_query(schema.clone(), query)), expected, "{schema} {query}");
    }
}

#[test]
fn a_missing_header_and_a_path_segment_that_is_not_utf8() {
    let parameters = json!([
        { "name": "name", "in": "path", "required": true, "schema": { "type": "string", "maxLength": 3 } },
        { "name": "If-Match", "in": "header", "required": true, "schema": { "type": "string" } },
        { "name": "Accept", "in": "header", "required": true, "schema": { "type": "string" } },
    ]);
    let validator = validator(json!({}), parameters).expect("the schema compiles");
    let errors = |path: &str| {
        let (parts, ()) = Request::post(path).body(()).expect("the request is well-formed").into_parts();
        lines(&validator.validate("check", &parts, b""))
    };
    let rest = ["missing header.If-Match", "missing body"];
    assert_eq!(errors("/things/%E2%82%AC"), rest);
    for (path, first) in [("/things/%FF", "string_type path.name"), ("/things/long", "string_too_long path.name")] {
        assert_eq!(errors(path), [first, rest[0], rest[1]]);
    }
}

#[test]
fn at_most_100_errors_are_listed() {
    let size = json!({ "type": "object", "properties": {
        "items": { "type": "array", "items": { "type": "integer" } },
        "size": { "type": "integer" },
    } });
    let items_with = |count: usize| json!({ "items": vec!["x"; count] });
    assert_eq!(check(size.clone(), &items_with(99)).len(), 99);
    let errors = lines(&check(size.clone(), &items_with(150)));
    let expected: Vec<String> = (0..100).map(|index| format!("int_type body.items.[{index}]")).collect();
    assert_eq!(errors, expected);

    // The limit holds for the whole request, and for each way in which errors are found.
    let query = json!([{ "name": "q", "in": "query", "schema": { "type": "array", "items": { "type": "integer" } } }]);
    let validator = validator(size.clone(), query).expect("the schema compiles");
    let errors_with = |pairs: usize, items: usize| {
        let (parts, ()) = Request::post(format!("/things/x?{}", vec!["q=x"; pairs].join("&")))
            .header("content-type", "application/json")
            .body(())
            .expect("the request is well-formed")
            .into_parts();
        lines(&validator.validate("check", &parts, items_with(items).to_string().as_bytes()))
    };
    let errors = errors_with(60, 150);
    assert_eq!(errors.len(), MAX_ERRORS);
    assert_eq!([&*errors[59], &*errors[60]], ["int_parsing query.q.[59]", "int_type body.items.[0]"]);
    assert_eq!(errors_with(150, 150).last().map(String::as_str), Some("int_parsing query.q.[99]"));

    let union = json!({ "anyOf": [size, { "type": "integer" }] });
    let errors = lines(&check(union, &items_with(150)));
    assert_eq!(errors.len(), MAX_ERRORS);
    assert_eq!(errors[99], "int_type body.dict.items.[99]");
}

#[test]
fn unsupported_documents_are_rejected() {
    let cookie = json!([{ "name": "c", "in": "cookie", "schema": {} }]);
    assert!(matches!(validator(json!({}), cookie), Err(BuildError::Unsupported { .. })));
    let content = json!([{ "name": "c", "in": "query", "content": { "application/json": {} } }]);
    assert!(matches!(validator(json!({}), content), Err(BuildError::Schema { .. })));
    let nameless = json!([{ "in": "query", "schema": {} }]);
    assert!(matches!(validator(json!({}), nameless), Err(BuildError::Invalid { .. })));
    for schema in [
        json!({ "$ref": "#/components/schemas/Nothing" }),
        json!({ "type": "string", "pattern": "(" }),
        json!({ "type": "string", "pattern": "(a)\\1" }),
        json!({ "propertyNames": { "pattern": "(a)\\1" } }),
        json!({ "propertyNames": { "pattern": "a", "maxLength": 3 } }),
        json!({ "propertyNames": { "$ref": "#/components/schemas/Tree" } }),
        json!({ "propertyNames": false }),
    ] {
        assert!(matches!(validator(schema, json!([])), Err(BuildError::Schema { .. })));
    }
    assert!(matches!(build("{"), Err(BuildError::Json(_))));
    assert!(matches!(build("{}"), Err(BuildError::Invalid { .. })));
    assert!(matches!(build("[]"), Err(BuildError::Invalid { .. })));
}

#[test]
fn types_are_unique() {
    let mut names: Vec<&str> = pydantic::FIXED.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), pydantic::FIXED.len());
}
