//! Validation of values that arrive as text: parameters in the path, the query and the headers, and the fields of a
//! form. A text is parsed as its declared type, then checked against the schema.

use std::{borrow::Cow, sync::Arc};

use http::{HeaderMap, HeaderName};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::{Location, MAX_ERRORS, ValidationError, pydantic, schema::Schema, view::SchemaView};

/// A parameter, or a field of a form.
pub(crate) struct Parameter {
    pub(crate) name: String,
    required: bool,
    param_type: ParamType,
    schema: Arc<Schema>,
}

/// The type that a text is parsed as.
enum ParamType {
    Integer,
    Number,
    Boolean,
    Text,
    /// A list of such values: the parameter is repeated, once for each item.
    List(Box<ParamType>),
}

impl ParamType {
    fn of(view: &SchemaView<'_>) -> Self {
        match view.types().first() {
            Some(&"integer") => Self::Integer,
            Some(&"number") => Self::Number,
            Some(&"boolean") => Self::Boolean,
            Some(&"array") => Self::List(Box::new(Self::of(&view.below("items")))),
            _ => Self::Text,
        }
    }

    /// The value of `text`, or the type of the error.
    fn parse(&self, text: &str) -> Result<Value, &'static str> {
        match self {
            Self::Integer => match text.parse::<i64>() {
                Ok(number) => Ok(Value::from(number)),
                Err(_) if is_whole_number(text) => Err("int_parsing_size"),
                Err(_) => Err("int_parsing"),
            },
            Self::Number => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Value::from(number)),
                _ => Err("float_parsing"),
            },
            Self::Boolean => match text.parse::<bool>() {
                Ok(truth) => Ok(Value::from(truth)),
                Err(_) => Err("bool_parsing"),
            },
            Self::Text | Self::List(_) => Ok(Value::from(text)),
        }
    }

    /// The type of the error for bytes that are not UTF-8.
    fn not_utf8(&self) -> &'static str {
        match self {
            Self::Integer => "int_parsing",
            Self::Number => "float_parsing",
            Self::Boolean => "bool_parsing",
            Self::Text | Self::List(_) => "string_type",
        }
    }
}

fn is_whole_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

impl Parameter {
    pub(crate) fn new(name: &str, required: bool, schema: Arc<Schema>) -> Self {
        Self { name: name.to_owned(), required, param_type: ParamType::of(&schema.view()), schema }
    }

    /// The validation errors of the values that a request has for this parameter. `location` is OpenAPI's `in`, or
    /// `body` for the field of a form.
    fn errors(&self, location: &str, values: &[Cow<'_, str>]) -> Vec<ValidationError> {
        let loc = self.loc(location);
        match (values, &self.param_type) {
            ([], _) if self.required => vec![pydantic::error("missing", loc)],
            ([], _) => Vec::new(),
            (values, ParamType::List(item)) => self.list_errors(&loc, values, item),
            ([value], param_type) => match param_type.parse(value) {
                Ok(value) => self.schema.errors(&value, &loc),
                Err(error_type) => vec![pydantic::error(error_type, loc)],
            },
            // A repeated parameter is a list where a single value is expected, whatever the values are.
            _ => match self.schema.errors(&Value::Array(Vec::new()), &loc) {
                errors if errors.is_empty() => vec![pydantic::error("value_error", loc)],
                errors => errors,
            },
        }
    }

    fn list_errors(&self, loc: &[Location], values: &[Cow<'_, str>], item: &ParamType) -> Vec<ValidationError> {
        let parsed: Vec<Result<Value, &'static str>> = values.iter().map(|text| item.parse(text)).collect();
        let errors: Vec<ValidationError> = parsed
            .iter()
            .enumerate()
            .filter_map(|(index, value)| Some((index, value.as_ref().err()?)))
            .map(|(index, error_type)| pydantic::error(error_type, [loc, &[Location::Index(index)]].concat()))
            .take(MAX_ERRORS)
            .collect();
        // Without the items that cannot be parsed, indexes and lengths would be wrong.
        if errors.is_empty() {
            return self.schema.errors(&parsed.into_iter().flatten().collect(), loc);
        }
        errors
    }

    fn loc(&self, location: &str) -> Vec<Location> {
        vec![Location::Name(location.to_owned()), Location::Name(self.name.clone())]
    }
}

/// The validation errors of the parameters in a path. Parameters are missing when `path` does not match `template`.
pub(crate) fn path_errors<'a>(
    parameters: &'a [Parameter],
    template: &'a str,
    path: &'a str,
) -> impl Iterator<Item = ValidationError> {
    let segments = parameter_segments(template, path);
    parameters.iter().flat_map(move |parameter| {
        let segment = segments.iter().find(|(name, _)| *name == parameter.name);
        let value = segment.map(|(_, segment)| percent_decode_str(segment).decode_utf8());
        match value.transpose() {
            Ok(value) => parameter.errors("path", value.as_slice()),
            Err(_) => vec![pydantic::error(parameter.param_type.not_utf8(), parameter.loc("path"))],
        }
    })
}

/// The names of the parameters in `template` and their segments of `path`; empty when the two do not match.
fn parameter_segments<'a>(template: &'a str, path: &'a str) -> Vec<(&'a str, &'a str)> {
    let segments = |text: &'a str| text.strip_suffix('/').unwrap_or(text).split('/');
    let (expected, actual) = (segments(template), segments(path));
    if expected.clone().count() != actual.clone().count() {
        return Vec::new();
    }
    let mut named = Vec::new();
    for (expected, actual) in expected.zip(actual) {
        match parameter_name(expected) {
            Some(name) => named.push((name, actual)),
            None if percent_decode_str(actual).eq(expected.bytes()) => {}
            None => return Vec::new(),
        }
    }
    named
}

/// The name in a segment of a template such as `{item_id}`.
pub(crate) fn parameter_name(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// The validation errors of URL-encoded pairs: a query, or a form in the body.
pub(crate) fn form_errors(
    parameters: &[Parameter],
    location: &str,
    encoded: &[u8],
) -> impl Iterator<Item = ValidationError> {
    let pairs: Vec<(Cow<str>, Cow<str>)> = form_urlencoded::parse(encoded).collect();
    parameters.iter().flat_map(move |parameter| {
        let values: Vec<Cow<str>> =
            pairs.iter().filter(|(name, _)| *name == parameter.name).map(|(_, value)| value.clone()).collect();
        parameter.errors(location, &values)
    })
}

/// The validation errors of the parameters in a request's headers.
pub(crate) fn header_errors(parameters: &[Parameter], headers: &HeaderMap) -> impl Iterator<Item = ValidationError> {
    parameters.iter().flat_map(|parameter| {
        let Ok(name) = HeaderName::try_from(&parameter.name) else {
            return parameter.errors("header", &[]);
        };
        let values: Result<Vec<Cow<str>>, _> =
            headers.get_all(name).iter().map(|value| value.to_str().map(Cow::Borrowed)).collect();
        match values {
            Ok(values) => parameter.errors("header", &values),
            Err(_) => vec![pydantic::error("string_type", parameter.loc("header"))],
        }
    })
}
