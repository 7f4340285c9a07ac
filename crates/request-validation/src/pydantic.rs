//! Pydantic's vocabulary: what a failed schema check is called, and the sentence that goes with it.
//! What is checked does not live here. No sentence quotes a submitted value; limits come from the schema.
//!
//! <https://docs.pydantic.dev/latest/errors/validation_errors/>

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use jsonschema::paths::LocationSegment;
use serde_json::Value;

use super::schema::branch_name;
use super::{Fault, Loc};

/// The faults whose sentence depends on no limit.
pub(super) const FIXED: [(&str, &str); 19] = [
    ("missing", "Field required"),
    ("json_invalid", "JSON decode error"),
    ("model_attributes_type", "Input should be a valid dictionary or object to extract fields from"),
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
    ("extra_forbidden", "Extra inputs are not permitted"),
    VALUE_ERROR,
];

/// The last resort, for what Pydantic has no name of its own.
const VALUE_ERROR: (&str, &str) = ("value_error", "Value error, the input is not what the contract asks for");

/// A fault whose sentence depends on no limit.
pub(super) fn fault(kind: &str, loc: Vec<Loc>) -> Fault {
    let (kind, message) = FIXED.into_iter().find(|(name, _)| *name == kind).unwrap_or(VALUE_ERROR);
    Fault { loc, msg: message.to_owned(), kind }
}

/// What Pydantic would have said in place of `error`, whose instance stands at `base`.
pub(super) fn faults(error: &ValidationError<'_>, base: &[Loc], document: &Value) -> Vec<Fault> {
    use ValidationErrorKind as Kind;

    let mut loc = base.to_vec();
    loc.extend(error.instance_path().into_iter().map(|segment| match segment {
        LocationSegment::Property(name) => Loc::Name(name.into_owned()),
        LocationSegment::Index(index) => Loc::Index(index),
    }));

    let (kind, msg) = match error.kind() {
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            return union_faults(error, context, base, loc.len(), document);
        }
        Kind::Custom { message, .. } => return vec![fault(message, loc)],
        Kind::Required { property } => {
            loc.extend(property.as_str().map(|name| Loc::Name(name.to_owned())));
            return vec![fault("missing", loc)];
        }
        // Without the unexpected name: it is whatever the caller sent.
        Kind::AdditionalProperties { .. } | Kind::UnevaluatedProperties { .. } | Kind::FalseSchema => {
            return vec![fault("extra_forbidden", loc)];
        }
        Kind::Enum { options } => ("enum", format!("Input should be {}", choices(options))),
        Kind::Constant { expected_value } => ("literal_error", format!("Input should be {}", literal(expected_value))),
        Kind::MaxLength { limit } => {
            ("string_too_long", format!("String should have at most {}", count(*limit, "character")))
        }
        Kind::MinLength { limit } => {
            ("string_too_short", format!("String should have at least {}", count(*limit, "character")))
        }
        Kind::Pattern { pattern } => ("string_pattern_mismatch", format!("String should match pattern '{pattern}'")),
        Kind::Minimum { limit } => ("greater_than_equal", format!("Input should be greater than or equal to {limit}")),
        Kind::Maximum { limit } => ("less_than_equal", format!("Input should be less than or equal to {limit}")),
        Kind::ExclusiveMinimum { limit } => ("greater_than", format!("Input should be greater than {limit}")),
        Kind::ExclusiveMaximum { limit } => ("less_than", format!("Input should be less than {limit}")),
        Kind::MultipleOf { multiple_of } => ("multiple_of", format!("Input should be a multiple of {multiple_of}")),
        Kind::MaxItems { limit } => ("too_long", size("List", "most", *limit, error)),
        Kind::MinItems { limit } => ("too_short", size("List", "least", *limit, error)),
        Kind::MaxProperties { limit } => ("too_long", size("Dictionary", "most", *limit, error)),
        Kind::MinProperties { limit } => ("too_short", size("Dictionary", "least", *limit, error)),
        _ => return vec![fault(VALUE_ERROR.0, loc)],
    };
    vec![Fault { loc, msg, kind }]
}

/// The faults of a union that no branch of fits. Beside `null` a single branch speaks for itself, as Pydantic's
/// `Optional` does; of several, each puts its name into the location.
fn union_faults(
    error: &ValidationError<'_>,
    branches: &[Vec<ValidationError<'static>>],
    base: &[Loc],
    depth: usize,
    document: &Value,
) -> Vec<Fault> {
    let mut branches: Vec<(usize, Vec<Fault>)> = branches
        .iter()
        .map(|errors| errors.iter().flat_map(|error| faults(error, base, document)).collect::<Vec<_>>())
        .enumerate()
        .collect();
    let is_null_branch =
        |faults: &[Fault]| matches!(faults, [only] if only.kind == "none_required" && only.loc.len() == depth);
    if branches.iter().any(|(_, faults)| !is_null_branch(faults)) {
        branches.retain(|(_, faults)| !is_null_branch(faults));
    }
    if let [(_, only)] = branches.as_mut_slice() {
        return std::mem::take(only);
    }
    branches
        .into_iter()
        .flat_map(|(index, faults)| {
            let name = branch_name(document, error.schema_path().as_str(), index);
            faults.into_iter().map(move |mut fault| {
                fault.loc.insert(depth, name.clone());
                fault
            })
        })
        .collect()
}

/// `'a', 'b' or 'c'`, without a `null` that merely makes the value optional.
fn choices(options: &Value) -> String {
    let options: Vec<String> =
        options.as_array().into_iter().flatten().filter(|option| !option.is_null()).map(literal).collect();
    match options.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => "None".to_owned(),
    }
}

/// A value of the schema as Python writes it.
fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => format!("'{text}'"),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Null => "None".to_owned(),
        other => other.to_string(),
    }
}

fn count(limit: u64, noun: &str) -> String {
    let plural = if limit == 1 { "" } else { "s" };
    format!("{limit} {noun}{plural}")
}

fn size(what: &str, bound: &str, limit: u64, error: &ValidationError<'_>) -> String {
    let actual = match error.instance().as_ref() {
        Value::Array(items) => items.len(),
        Value::Object(members) => members.len(),
        _ => 0,
    };
    format!("{what} should have at {bound} {} after validation, not {actual}", count(limit, "item"))
}
