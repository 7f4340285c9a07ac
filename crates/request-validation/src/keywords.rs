//! The keywords `type` and `format`, as strict as typed models are: integers have 64 bits and no fraction, and a text
//! with a checked format is one that the caller's function accepts. A violation carries its Pydantic type as
//! the message. And the keyword `propertyNames`, with one violation for all names of a map.

use jsonschema::{Keyword, PatternOptions, ValidationError, Validator};
use serde_json::{Map, Value, json};

use crate::{
    formats::{Format, Formats},
    view::type_names,
};

/// The largest float up to which all integers are exact: 2^53.
const MAX_EXACT_FLOAT: f64 = 9_007_199_254_740_992.0;

/// The smallest positive float that is too large for a 64-bit integer: 2^63.
const INTEGER_OVERFLOW: f64 = 9_223_372_036_854_775_808.0;

/// A keyword, compiled from the schema that contains it.
type Compiled = Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'static>>;

/// Compiles the keyword `type` of `schema`.
#[expect(clippy::unnecessary_wraps, reason = "the signature is the one of keyword factories")]
pub(crate) fn compile_type(schema: &Map<String, Value>, value: &Value) -> Compiled {
    // Pydantic checks the values of an enumeration and not their type.
    if schema.contains_key("enum") || schema.contains_key("const") {
        return Ok(Box::new(AlwaysValid));
    }
    let names = type_names(value).map(str::to_owned).collect();
    Ok(Box::new(Type { names, format: Format::of(schema), is_map: is_map(schema) }))
}

/// Compiles the keyword `format` of `schema`.
#[expect(clippy::unnecessary_wraps, reason = "the signature is the one of keyword factories")]
pub(crate) fn compile_format(schema: &Map<String, Value>, formats: Formats) -> Compiled {
    match Format::of(schema) {
        Some(format) => Ok(Box::new(CheckedFormat { format, formats })),
        None => Ok(Box::new(AlwaysValid)),
    }
}

/// Whether a schema of an object is a map, rather than a model: a schema of all members, and none of a single one.
fn is_map(schema: &Map<String, Value>) -> bool {
    schema.get("additionalProperties").is_some_and(Value::is_object) && !schema.contains_key("properties")
}

/// Compiles the keyword `propertyNames` from its value, which may only have a `pattern`.
pub(crate) fn compile_property_names(value: &Value) -> Compiled {
    let pattern =
        value.as_object().filter(|schema| schema.len() == 1).and_then(|schema| schema.get("pattern")?.as_str());
    let pattern = pattern.ok_or_else(|| ValidationError::schema("only `pattern` is supported in `propertyNames`"))?;
    let schema = json!({ "patternProperties": { pattern: true }, "additionalProperties": false });
    let validator = jsonschema::options().with_pattern_options(PatternOptions::regex()).build(&schema)?;
    Ok(Box::new(PropertyNames { validator }))
}

/// The keyword `type`.
struct Type {
    names: Vec<String>,
    /// The format beside the type, which changes the name of the error.
    format: Option<Format>,
    /// Whether an object is a map, which changes the name of the error.
    is_map: bool,
}

impl Type {
    /// The type of the error; `None` when the value has one of the types.
    fn error_type(&self, value: &Value) -> Option<&'static str> {
        let errors: Option<Vec<&'static str>> = self.names.iter().map(|name| self.error_as(name, value)).collect();
        let errors = errors?;
        // An optional value is named by its other type.
        let other = errors.iter().find(|error| **error != "none_required");
        other.or(errors.first()).copied()
    }

    /// The type of the error of `value` as a value of the type `name`.
    fn error_as(&self, name: &str, value: &Value) -> Option<&'static str> {
        match (name, value) {
            ("integer", Value::Number(number)) => {
                let float = number.as_f64().unwrap_or(f64::INFINITY);
                if number.is_i64() || float.fract() == 0.0 && float.abs() <= MAX_EXACT_FLOAT {
                    None
                } else if float.abs() >= INTEGER_OVERFLOW {
                    Some("int_parsing_size")
                } else if float.fract() == 0.0 {
                    Some("int_type")
                } else {
                    Some("int_from_float")
                }
            }
            ("integer", _) => Some("int_type"),
            ("number", _) => (!value.is_number()).then_some("float_type"),
            ("boolean", _) => (!value.is_boolean()).then_some("bool_type"),
            ("string", Value::String(_)) => None,
            ("string", _) => Some(self.format.map_or("string_type", Format::type_error)),
            ("array", _) => (!value.is_array()).then_some("list_type"),
            ("object", Value::Object(_)) => None,
            ("object", _) => Some(if self.is_map { "dict_type" } else { "model_attributes_type" }),
            ("null", _) => (!value.is_null()).then_some("none_required"),
            _ => Some("value_error"),
        }
    }
}

impl<'i> Keyword<'i> for Type {
    fn validate(&self, value: &'i Value) -> Result<(), ValidationError<'i>> {
        self.error_type(value).map_or(Ok(()), |error_type| Err(ValidationError::custom(error_type)))
    }

    fn is_valid(&self, value: &'i Value) -> bool {
        self.error_type(value).is_none()
    }
}

/// The keyword `format` with a format that is checked.
struct CheckedFormat {
    format: Format,
    formats: Formats,
}

impl CheckedFormat {
    /// The type of the error; `None` for a valid text, and for values that are not text.
    fn error_type(&self, value: &Value) -> Option<&'static str> {
        self.format.text_error(value.as_str()?, &self.formats)
    }
}

impl<'i> Keyword<'i> for CheckedFormat {
    fn validate(&self, value: &'i Value) -> Result<(), ValidationError<'i>> {
        self.error_type(value).map_or(Ok(()), |error_type| Err(ValidationError::custom(error_type)))
    }

    fn is_valid(&self, value: &'i Value) -> bool {
        self.error_type(value).is_none()
    }
}

/// The keyword `propertyNames`. It has one violation, which lists the invalid names as those of unknown members are
/// listed: a violation has a copy of the map, so that one for each name would take quadratic time and memory.
struct PropertyNames {
    /// Accepts objects in which all names match the pattern.
    validator: Validator,
}

impl<'i> Keyword<'i> for PropertyNames {
    fn validate(&self, value: &'i Value) -> Result<(), ValidationError<'i>> {
        // `validate` would stop at the first name.
        self.validator.iter_errors(value).next().map_or(Ok(()), |violation| Err(violation.to_owned()))
    }

    fn is_valid(&self, value: &'i Value) -> bool {
        self.validator.is_valid(value)
    }
}

/// A keyword that is ignored, or that another keyword covers.
struct AlwaysValid;

impl<'i> Keyword<'i> for AlwaysValid {
    fn validate(&self, _: &'i Value) -> Result<(), ValidationError<'i>> {
        Ok(())
    }

    fn is_valid(&self, _: &'i Value) -> bool {
        true
    }
}
