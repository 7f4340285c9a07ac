//! The keywords `type` and `format`, as strict as typed models are: integers have 64 bits and no fraction, and a
//! `date-time` is a text that the caller's function accepts. A violation carries its Pydantic type as the message.

use jsonschema::{Keyword, ValidationError};
use serde_json::{Map, Value};

use crate::view::{is_date_time, type_names};

/// The largest float up to which all integers are exact: 2^53.
const MAX_EXACT_FLOAT: f64 = 9_007_199_254_740_992.0;

/// The smallest positive float that is too large for a 64-bit integer: 2^63.
const INTEGER_OVERFLOW: f64 = 9_223_372_036_854_775_808.0;

/// A keyword, compiled from the schema that contains it.
type Compiled = Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'static>>;

/// Compiles the keyword `type` of `schema`.
pub(crate) fn compile_type(schema: &Map<String, Value>, value: &Value) -> Compiled {
    // Pydantic checks the values of an enumeration and not their type.
    if schema.contains_key("enum") || schema.contains_key("const") {
        return Ok(Box::new(AlwaysValid));
    }
    let names = type_names(value).map(str::to_owned).collect();
    Ok(Box::new(Type { names, is_date_time: is_date_time(schema) }))
}

/// Compiles the keyword `format` of `schema`. Formats other than `date-time` are annotations.
pub(crate) fn compile_format(schema: &Map<String, Value>, is_valid: fn(&str) -> bool) -> Compiled {
    if is_date_time(schema) { Ok(Box::new(DateTime { is_valid })) } else { Ok(Box::new(AlwaysValid)) }
}

/// The keyword `type`.
struct Type {
    names: Vec<String>,
    /// Whether the format is `date-time`, which changes the name of the error.
    is_date_time: bool,
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
            ("string", _) if self.is_date_time => Some("datetime_type"),
            ("string", _) => Some("string_type"),
            ("array", _) => (!value.is_array()).then_some("list_type"),
            ("object", _) => (!value.is_object()).then_some("model_attributes_type"),
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

/// The keyword `format` with the value `date-time`.
struct DateTime {
    is_valid: fn(&str) -> bool,
}

impl DateTime {
    /// The type of the error; `None` for a valid text, and for values that are not text.
    fn error_type(&self, value: &Value) -> Option<&'static str> {
        let text = value.as_str()?;
        if (self.is_valid)(text) {
            None
        } else if (self.is_valid)(&format!("{text}Z")) {
            Some("timezone_aware")
        } else {
            Some("datetime_from_date_parsing")
        }
    }
}

impl<'i> Keyword<'i> for DateTime {
    fn validate(&self, value: &'i Value) -> Result<(), ValidationError<'i>> {
        self.error_type(value).map_or(Ok(()), |error_type| Err(ValidationError::custom(error_type)))
    }

    fn is_valid(&self, value: &'i Value) -> bool {
        self.error_type(value).is_none()
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
