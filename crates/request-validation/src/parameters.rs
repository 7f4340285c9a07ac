//! Values that arrive as text: parameters of the path, the query and the headers, and the fields of a form. Text is
//! read by the declared type first, then checked against the schema. Bodies of JSON do not live here.

use std::borrow::Cow;
use std::sync::Arc;

use http::{HeaderMap, HeaderName};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::schema::{Schema, View};
use super::{Fault, Loc, pydantic};

/// A parameter, or a field of a form.
pub(super) struct Parameter {
    pub(super) name: String,
    required: bool,
    read_as: ReadAs,
    schema: Arc<Schema>,
}

/// How text becomes a value.
enum ReadAs {
    Integer,
    Number,
    Boolean,
    Text,
    /// One value for each time the name is given.
    List(Box<ReadAs>),
}

impl ReadAs {
    fn of(view: &View<'_>) -> ReadAs {
        match view.types().first() {
            Some(&"integer") => ReadAs::Integer,
            Some(&"number") => ReadAs::Number,
            Some(&"boolean") => ReadAs::Boolean,
            Some(&"array") => ReadAs::List(Box::new(ReadAs::of(&view.below("items")))),
            _ => ReadAs::Text,
        }
    }

    /// The value in `text`, or Pydantic's name for what is wrong with it.
    fn read(&self, text: &str) -> Result<Value, &'static str> {
        match self {
            ReadAs::Integer => match text.parse::<i64>() {
                Ok(number) => Ok(Value::from(number)),
                Err(_) if is_whole_number(text) => Err("int_parsing_size"),
                Err(_) => Err("int_parsing"),
            },
            ReadAs::Number => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Value::from(number)),
                _ => Err("float_parsing"),
            },
            ReadAs::Boolean => match text.parse::<bool>() {
                Ok(truth) => Ok(Value::from(truth)),
                Err(_) => Err("bool_parsing"),
            },
            ReadAs::Text | ReadAs::List(_) => Ok(Value::from(text)),
        }
    }

    /// The fault of bytes that are no text.
    fn not_text(&self) -> &'static str {
        match self {
            ReadAs::Integer => "int_parsing",
            ReadAs::Number => "float_parsing",
            ReadAs::Boolean => "bool_parsing",
            ReadAs::Text | ReadAs::List(_) => "string_type",
        }
    }
}

fn is_whole_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

impl Parameter {
    pub(super) fn new(name: &str, required: bool, schema: Arc<Schema>) -> Parameter {
        Parameter { name: name.to_owned(), required, read_as: ReadAs::of(&schema.view()), schema }
    }

    /// What is wrong with the values given for this parameter.
    fn faults(&self, place: &str, given: &[Cow<'_, str>]) -> Vec<Fault> {
        let loc = self.loc(place);
        match (given, &self.read_as) {
            ([], _) if self.required => vec![pydantic::fault("missing", loc)],
            ([], _) => Vec::new(),
            (given, ReadAs::List(item)) => self.list_faults(&loc, given, item),
            ([only], read_as) => match read_as.read(only) {
                Ok(value) => self.schema.faults(&value, &loc),
                Err(kind) => vec![pydantic::fault(kind, loc)],
            },
            // Given more than once is a list where one value is due, whatever the values are.
            _ => match self.schema.faults(&Value::Array(Vec::new()), &loc) {
                faults if faults.is_empty() => vec![pydantic::fault("value_error", loc)],
                faults => faults,
            },
        }
    }

    fn list_faults(&self, loc: &[Loc], given: &[Cow<'_, str>], item: &ReadAs) -> Vec<Fault> {
        let mut values = Vec::new();
        let mut faults = Vec::new();
        for (index, text) in given.iter().enumerate() {
            match item.read(text) {
                Ok(value) => values.push(value),
                Err(kind) => {
                    let loc = [loc, &[Loc::Index(index)]].concat();
                    faults.push(pydantic::fault(kind, loc));
                }
            }
        }
        // With an item missing, indexes and lengths would be off.
        if faults.is_empty() {
            faults = self.schema.faults(&Value::Array(values), loc);
        }
        faults
    }

    fn loc(&self, place: &str) -> Vec<Loc> {
        vec![Loc::Name(place.to_owned()), Loc::Name(self.name.clone())]
    }
}

/// What is wrong with the parameters in a request's path.
pub(super) fn in_path(parameters: &[Parameter], template: &str, path: &str) -> Vec<Fault> {
    let captured = captures(template, path);
    parameters
        .iter()
        .flat_map(|parameter| {
            let raw = captured.iter().find(|(name, _)| *name == parameter.name);
            let given = raw.map(|(_, raw)| percent_decode_str(raw).decode_utf8());
            match given.transpose() {
                Ok(text) => parameter.faults("path", text.as_slice()),
                Err(_) => {
                    let kind = parameter.read_as.not_text();
                    vec![pydantic::fault(kind, parameter.loc("path"))]
                }
            }
        })
        .collect()
}

/// The segments of `path` that stand where `template` has a name; none when the two do not match.
fn captures<'a>(template: &'a str, path: &'a str) -> Vec<(&'a str, &'a str)> {
    let without_slash = |text: &'a str| text.strip_suffix('/').unwrap_or(text).split('/');
    let (expected, found) = (without_slash(template), without_slash(path));
    if expected.clone().count() != found.clone().count() {
        return Vec::new();
    }
    let mut captured = Vec::new();
    for (expected, found) in expected.zip(found) {
        match parameter_name(expected) {
            Some(name) => captured.push((name, found)),
            None if percent_decode_str(found).eq(expected.bytes()) => {}
            None => return Vec::new(),
        }
    }
    captured
}

/// The name in a segment of a template such as `{item_id}`.
pub(super) fn parameter_name(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// What is wrong with form-encoded pairs: those of a query, or of a body.
pub(super) fn in_form(parameters: &[Parameter], place: &str, encoded: &[u8]) -> Vec<Fault> {
    let pairs: Vec<(Cow<str>, Cow<str>)> = form_urlencoded::parse(encoded).collect();
    parameters
        .iter()
        .flat_map(|parameter| {
            let given: Vec<Cow<str>> =
                pairs.iter().filter(|(name, _)| *name == parameter.name).map(|(_, value)| value.clone()).collect();
            parameter.faults(place, &given)
        })
        .collect()
}

/// What is wrong with a request's headers.
pub(super) fn in_headers(parameters: &[Parameter], headers: &HeaderMap) -> Vec<Fault> {
    parameters
        .iter()
        .flat_map(|parameter| {
            let Ok(name) = HeaderName::try_from(&parameter.name) else {
                return parameter.faults("header", &[]);
            };
            let given: Result<Vec<Cow<str>>, _> =
                headers.get_all(name).iter().map(|value| value.to_str().map(Cow::Borrowed)).collect();
            match given {
                Ok(given) => parameter.faults("header", &given),
                Err(_) => vec![pydantic::fault("string_type", parameter.loc("header"))],
            }
        })
        .collect()
}
