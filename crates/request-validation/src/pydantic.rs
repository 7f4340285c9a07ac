//! Pydantic's vocabulary: the type and the message of each violation of a schema. Messages contain limits from the
//! schema and no submitted values.
//!
//! <https://docs.pydantic.dev/latest/errors/validation_errors/>

use std::mem;

use jsonschema::{error::ValidationErrorKind as Kind, paths::LocationSegment};
use serde_json::Value;

use crate::{Location, MAX_ERRORS, ValidationError, formats::Format, view::SchemaView};

/// The types of errors whose message is always the same, with that message.
pub(crate) const FIXED: [(&str, &str); 22] = [
    ("missing", "Field required"),
    ("json_invalid", "JSON decode error"),
    ("model_attributes_type", "Input should be a valid dictionary or object to extract fields from"),
    ("dict_type", "Input should be a valid dictionary"),
    ("int_type", "Input should be a valid integer"),
    ("int_parsing", "Input should be a valid integer, unable to parse string as an integer"),
    ("int_parsing_size", "Unable to parse input string as an integer, exceeded maximum size"),
    ("int_from_float", "Input should be a valid integer, got a number with a fractional part"),
    ("float_type", "Input should be a valid number"),
    ("float_parsing", "Input should be a valid number, unable to parse string as a number"),
    ("bool_type", "Input should be a valid boolean"),
    ("bool_parsing", "Input should be a valid boolean, unable to interpret input"),
    ("string_type", "Input should be a valid string"),
    ("list_type", "Input should be a valid list"),
    ("none_required", "Input should be None"),
    ("datetime_type", "Input should be a valid datetime"),
    ("timezone_aware", "Input should have timezone info"),
    ("datetime_from_date_parsing", "Input should be a valid datetime or date, in the form of RFC 3339 with an offset"),
    ("ip_any_address", "value is not a valid IPv4 or IPv6 address"),
    ("ip_any_network", "value is not a valid IPv4 or IPv6 network"),
    ("extra_forbidden", "Extra inputs are not permitted"),
    VALUE_ERROR,
];

/// The largest number of characters of a member's name in a location. Names that the document does not declare are text
/// of the client, and one name can be part of many locations.
const MAX_NAME_LENGTH: usize = 64;

/// The error for violations that have no name in Pydantic.
const VALUE_ERROR: (&str, &str) = ("value_error", "Value error, the input is not what the contract asks for");

/// An error whose message is always the same.
pub(crate) fn error(error_type: &str, loc: Vec<Location>) -> ValidationError {
    let (error_type, message) = FIXED.into_iter().find(|(name, _)| *name == error_type).unwrap_or(VALUE_ERROR);
    ValidationError { loc, msg: message.to_owned(), error_type }
}

/// What Pydantic reports for `violation` of a schema of `document`, by a value at `base`. Several errors for a union,
/// and for an object with several unknown members, of which the first [`MAX_ERRORS`] are reported.
pub(crate) fn errors(
    violation: &jsonschema::ValidationError<'_>,
    base: &[Location],
    document: &Value,
) -> Vec<ValidationError> {
    let mut loc = base.to_vec();
    loc.extend(violation.instance_path().into_iter().map(|segment| match segment {
        LocationSegment::Property(name) => member(&name),
        LocationSegment::Index(index) => Location::Index(index),
    }));

    let (error_type, msg) = match violation.kind() {
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            return union_errors(violation, context, base, loc.len(), document);
        }
        Kind::Custom { message, .. } => return vec![error(message, loc)],
        Kind::Required { property } => {
            loc.extend(property.as_str().map(|name| Location::Name(name.to_owned())));
            return vec![error("missing", loc)];
        }
        Kind::AdditionalProperties { unexpected } if let Some(pattern) = name_pattern(violation, document) => {
            let msg = pattern_mismatch(pattern);
            let names = unexpected.iter().take(MAX_ERRORS);
            let locs = names.map(|name| [&loc[..], &[member(name), Location::Name("[key]".to_owned())]].concat());
            let error_type = "string_pattern_mismatch";
            return locs.map(|loc| ValidationError { loc, msg: msg.clone(), error_type }).collect();
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            let names = unexpected.iter().take(MAX_ERRORS);
            return names.map(|name| error("extra_forbidden", [&loc[..], &[member(name)]].concat())).collect();
        }
        Kind::FalseSchema => return vec![error("extra_forbidden", loc)],
        Kind::Enum { options } => ("enum", format!("Input should be {}", choices(options))),
        Kind::Constant { expected_value } => ("literal_error", format!("Input should be {}", literal(expected_value))),
        Kind::MaxLength { limit } => {
            ("string_too_long", format!("String should have at most {}", count(*limit, "character")))
        }
        Kind::MinLength { limit } => {
            ("string_too_short", format!("String should have at least {}", count(*limit, "character")))
        }
        Kind::Pattern { pattern } => ("string_pattern_mismatch", pattern_mismatch(pattern)),
        Kind::Minimum { limit } => ("greater_than_equal", format!("Input should be greater than or equal to {limit}")),
        Kind::Maximum { limit } => ("less_than_equal", format!("Input should be less than or equal to {limit}")),
        Kind::ExclusiveMinimum { limit } => ("greater_than", format!("Input should be greater than {limit}")),
        Kind::ExclusiveMaximum { limit } => ("less_than", format!("Input should be less than {limit}")),
        Kind::MultipleOf { multiple_of } => ("multiple_of", format!("Input should be a multiple of {multiple_of}")),
        Kind::MaxItems { limit } => ("too_long", size("List", "most", *limit, violation)),
        Kind::MinItems { limit } => ("too_short", size("List", "least", *limit, violation)),
        // Pydantic stops before it has counted the members.
        Kind::MaxProperties { limit } => {
            ("too_long", format!("Dictionary should have at most {} after validation, not more", count(*limit, "item")))
        }
        Kind::MinProperties { limit } => ("too_short", size("Dictionary", "least", *limit, violation)),
        _ => return vec![error(VALUE_ERROR.0, loc)],
    };
    vec![ValidationError { loc, msg, error_type }]
}

/// The step of a location that leads to the member `name`.
fn member(name: &str) -> Location {
    Location::Name(name.chars().take(MAX_NAME_LENGTH).collect())
}

/// The pattern that the names of a map must match, when that is what `violation` is about.
fn name_pattern<'a>(violation: &jsonschema::ValidationError<'_>, document: &'a Value) -> Option<&'a str> {
    let pointer = Some(violation.schema_path().as_str()).filter(|pointer| pointer.ends_with("/propertyNames"))?;
    document.pointer(pointer)?.get("pattern")?.as_str()
}

/// The errors of a union of which no branch is valid; at most [`MAX_ERRORS`] for each branch. `depth` is the length of
/// the union's location. When `null` is one of two branches, only the errors of the other are reported, as for
/// Pydantic's `Optional`; otherwise the name of each branch becomes part of the locations.
fn union_errors(
    violation: &jsonschema::ValidationError<'_>,
    branches: &[Vec<jsonschema::ValidationError<'static>>],
    base: &[Location],
    depth: usize,
    document: &Value,
) -> Vec<ValidationError> {
    let mut branches: Vec<(usize, Vec<ValidationError>)> = branches
        .iter()
        .map(|branch| branch.iter().flat_map(|violation| errors(violation, base, document)).take(MAX_ERRORS).collect())
        .enumerate()
        .collect();
    let is_null_branch = |errors: &[ValidationError]| matches!(errors, [error] if error.error_type == "none_required" && error.loc.len() == depth);
    if branches.iter().any(|(_, errors)| !is_null_branch(errors)) {
        branches.retain(|(_, errors)| !is_null_branch(errors));
    }
    if let [(_, errors)] = branches.as_mut_slice() {
        return mem::take(errors);
    }
    branches
        .into_iter()
        .flat_map(|(index, errors)| {
            let branch = document.pointer(&format!("{}/{index}", violation.schema_path()));
            let name = branch_name(&SchemaView::new(document, branch));
            let step = name.map_or(Location::Index(index), |name| Location::Name(name.to_owned()));
            errors.into_iter().map(move |mut error| {
                error.loc.insert(depth, step.clone());
                error
            })
        })
        .collect()
}

/// Pydantic's name for a branch of a union: the title of the model or the name of the type; `None` when it has neither.
fn branch_name<'a>(branch: &SchemaView<'a>) -> Option<&'a str> {
    let title = branch.schemas().find_map(|schema| schema.get("title")?.as_str());
    title.or_else(|| {
        branch.schemas().find_map(|schema| match schema.get("type")?.as_str()? {
            "string" if matches!(Format::of(schema), Some(Format::DateTime)) => Some("datetime"),
            "string" => Some("str"),
            "integer" => Some("int"),
            "number" => Some("float"),
            "boolean" => Some("bool"),
            "array" => Some("list"),
            "object" => Some("dict"),
            _ => None,
        })
    })
}

/// The allowed values as `'a', 'b' or 'c'`, without the `null` of an optional value.
fn choices(options: &Value) -> String {
    let options: Vec<String> =
        options.as_array().into_iter().flatten().filter(|option| !option.is_null()).map(literal).collect();
    match options.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => "None".to_owned(),
    }
}

/// A value of the schema as a Python literal.
fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => format!("'{text}'"),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Null => "None".to_owned(),
        other => other.to_string(),
    }
}

/// A number with its noun, such as `1 item` or `2 items`.
fn count(limit: u64, noun: &str) -> String {
    let plural = if limit == 1 { "" } else { "s" };
    format!("{limit} {noun}{plural}")
}

/// The message of a text, or of a name, that does not match a pattern.
fn pattern_mismatch(pattern: &str) -> String {
    format!("String should match pattern '{pattern}'")
}

/// The message of a collection that has too many or too few items.
fn size(collection: &str, bound: &str, limit: u64, violation: &jsonschema::ValidationError<'_>) -> String {
    let actual = match violation.instance().as_ref() {
        Value::Array(items) => items.len(),
        Value::Object(members) => members.len(),
        _ => 0,
    };
    format!("{collection} should have at {bound} {} after validation, not {actual}", count(limit, "item"))
}
