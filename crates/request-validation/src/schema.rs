//! One schema of the contract: compiled once, then asked about values. Types are checked as strictly as the server's
//! own models do: integers are 64-bit and have no fraction, and `date-time` is what [`types::DateTime`] reads.
//! What a fault is called lives in [`pydantic`].

use std::sync::Arc;

use jsonschema::{Draft, Keyword, PatternOptions, ValidationError, Validator};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use latchkey_api::types;

use super::{CheckerError, Fault, Loc, pydantic};

/// What may stand as it is in a fragment that is a JSON pointer.
const FRAGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'~').remove(b'-').remove(b'_').remove(b'.');

/// A schema of the contract, ready to check values.
pub(super) struct Schema {
    document: Arc<Value>,
    pointer: String,
    validator: Validator,
}

impl Schema {
    /// Compiles what stands at `pointer` in the document.
    pub(super) fn new(document: &Arc<Value>, pointer: &str) -> Result<Schema, CheckerError> {
        let mut root = document.as_ref().clone();
        let reference = format!("#{}", utf8_percent_encode(pointer, FRAGMENT));
        root.as_object_mut()
            .ok_or_else(|| CheckerError::new("the document is not an object"))?
            .insert("$ref".to_owned(), Value::String(reference));
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .offline()
            // Takes time linear in the input; a pattern that it cannot do is refused at the start.
            .with_pattern_options(PatternOptions::regex())
            .with_keyword("type", type_keyword)
            .with_keyword("format", format_keyword)
            .build(&root)
            .map_err(|error| CheckerError::new(format!("the schema at {pointer}: {error}")))?;
        Ok(Schema { document: Arc::clone(document), pointer: pointer.to_owned(), validator })
    }

    /// Everything that is wrong with `value`, which stands at `base`; in the order in which the contract declares
    /// members, as Pydantic does.
    pub(super) fn faults(&self, value: &Value, base: &[Loc]) -> Vec<Fault> {
        let mut faults: Vec<Fault> = self
            .validator
            .iter_errors(value)
            .flat_map(|error| pydantic::faults(&error, base, &self.document))
            .collect();
        faults.sort_by_cached_key(|fault| self.view().declared_position(&fault.loc[base.len()..]));
        faults
    }

    /// The schema as the contract writes it.
    pub(super) fn view(&self) -> View<'_> {
        View::new(&self.document, self.document.pointer(&self.pointer))
    }
}

/// The schemas that one value answers to: those behind `$ref` and the branches of unions included.
#[derive(Clone)]
pub(super) struct View<'a> {
    document: &'a Value,
    schemas: Vec<&'a Map<String, Value>>,
}

impl<'a> View<'a> {
    fn new(document: &'a Value, schemas: impl IntoIterator<Item = &'a Value>) -> View<'a> {
        let mut view = View { document, schemas: Vec::new() };
        for schema in schemas {
            view.add(schema);
        }
        view
    }

    fn add(&mut self, schema: &'a Value) {
        let Some(schema) = schema.as_object() else {
            return;
        };
        // Also what ends a circle of references.
        if self.schemas.iter().any(|known| std::ptr::eq(*known, schema)) {
            return;
        }
        self.schemas.push(schema);
        let target = schema.get("$ref").and_then(Value::as_str);
        if let Some(target) = target.and_then(|target| referenced(self.document, target)) {
            self.add(target);
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for branch in schema.get(keyword).and_then(Value::as_array).into_iter().flatten() {
                self.add(branch);
            }
        }
    }

    /// Whether any of the schemas has one of these keywords.
    pub(super) fn has_any(&self, keywords: &[&str]) -> bool {
        self.schemas.iter().any(|schema| keywords.iter().any(|keyword| schema.contains_key(*keyword)))
    }

    /// The types that the schemas name, but for `null`.
    pub(super) fn types(&self) -> Vec<&'a str> {
        self.schemas
            .iter()
            .filter_map(|schema| schema.get("type"))
            .flat_map(type_names)
            .filter(|name| *name != "null")
            .collect()
    }

    /// The names in `properties`, in the order of the contract.
    pub(super) fn members(&self) -> Vec<&'a str> {
        let mut names: Vec<&str> = Vec::new();
        for properties in self.properties() {
            for name in properties.keys() {
                if !names.contains(&name.as_str()) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// What `properties` says of a member; `None` for a name that it does not have.
    pub(super) fn member(&self, name: &str) -> Option<View<'a>> {
        let mut schemas = self.properties().filter_map(|properties| properties.get(name)).peekable();
        schemas.peek()?;
        Some(View::new(self.document, schemas))
    }

    /// What a keyword such as `items` or `additionalProperties` says of the values below; nothing when absent.
    pub(super) fn below(&self, keyword: &str) -> View<'a> {
        let schemas = self.schemas.iter().filter_map(|schema| schema.get(keyword));
        View::new(self.document, schemas)
    }

    /// The names in `required`.
    pub(super) fn required(&self) -> Vec<&'a str> {
        self.schemas
            .iter()
            .filter_map(|schema| schema.get("required")?.as_array())
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    fn properties(&self) -> impl Iterator<Item = &'a Map<String, Value>> {
        self.schemas.iter().filter_map(|schema| schema.get("properties")?.as_object())
    }

    /// Where the contract declares what stands at `loc`; as far as it goes, for the name of a branch or of a member of a
    /// map is not declared.
    fn declared_position(&self, loc: &[Loc]) -> Vec<usize> {
        let mut view = self.clone();
        let mut positions = Vec::new();
        for step in loc {
            let (position, next) = match step {
                Loc::Index(index) => (Some(*index), Some(view.below("items"))),
                Loc::Name(name) => (view.members().iter().position(|known| known == name), view.member(name)),
            };
            let (Some(position), Some(next)) = (position, next) else {
                break;
            };
            positions.push(position);
            view = next;
        }
        positions
    }
}

/// What stands where a reference into this document points.
pub(super) fn referenced<'a>(document: &'a Value, reference: &str) -> Option<&'a Value> {
    document.pointer(&reference_pointer(reference)?)
}

/// The JSON pointer of a reference into this document.
pub(super) fn reference_pointer(reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    let pointer = percent_encoding::percent_decode_str(fragment).decode_utf8().ok()?;
    Some(pointer.into_owned())
}

/// What Pydantic calls the branch `index` of the union at `pointer`; its number when there is no name.
pub(super) fn branch_name(document: &Value, pointer: &str, index: usize) -> Loc {
    let branch = document.pointer(&format!("{pointer}/{index}"));
    let name = branch.and_then(|branch| {
        let schemas = View::new(document, [branch]).schemas;
        let title = schemas.iter().find_map(|schema| schema.get("title")?.as_str());
        let of_type = schemas.iter().find_map(|schema| {
            Some(match schema.get("type")?.as_str()? {
                "string" if is_date_time(schema) => "datetime",
                "string" => "str",
                "integer" => "int",
                "number" => "float",
                "boolean" => "bool",
                "array" => "list",
                "object" => "dict",
                _ => return None,
            })
        });
        title.or(of_type)
    });
    name.map_or(Loc::Index(index), |name| Loc::Name(name.to_owned()))
}

fn type_names(value: &Value) -> impl Iterator<Item = &str> {
    let several = value.as_array().into_iter().flatten();
    std::iter::once(value).chain(several).filter_map(Value::as_str)
}

fn is_date_time(schema: &Map<String, Value>) -> bool {
    schema.get("format").and_then(Value::as_str) == Some("date-time")
}

/// Stands in for JSON Schema's `type`, to which numbers beyond 64 bits are integers too.
struct Type {
    names: Vec<String>,
    date_time: bool,
}

fn type_keyword<'a>(
    parent: &'a Map<String, Value>,
    value: &'a Value,
    _: jsonschema::paths::Location,
) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
    // An enumeration says it all, and Pydantic names nothing else.
    if parent.contains_key("enum") || parent.contains_key("const") {
        return Ok(Box::new(Anything));
    }
    Ok(Box::new(Type { names: type_names(value).map(str::to_owned).collect(), date_time: is_date_time(parent) }))
}

impl Type {
    /// Pydantic's name for what is wrong; `None` when the value is of one of the types.
    fn fault(&self, value: &Value) -> Option<&'static str> {
        let faults: Option<Vec<&'static str>> = self.names.iter().map(|name| self.fault_as(name, value)).collect();
        // Of an optional value the other type is the one to name.
        let faults = faults?;
        let other = faults.iter().find(|fault| **fault != "none_required");
        other.or(faults.first()).copied()
    }

    fn fault_as(&self, name: &str, value: &Value) -> Option<&'static str> {
        match (name, value) {
            ("integer", Value::Number(number)) => {
                // As the models read it: `1.0` is an integer.
                if number.is_i64() || number.as_f64().is_some_and(|float| types::whole(float).is_some()) {
                    return None;
                }
                let float = number.as_f64().unwrap_or(f64::INFINITY);
                // 2^63, the first number beyond.
                Some(if float.abs() >= 9_223_372_036_854_775_808.0 {
                    "int_parsing_size"
                } else if float.fract() == 0.0 {
                    "int_type"
                } else {
                    "int_from_float"
                })
            }
            ("integer", _) => Some("int_type"),
            ("number", _) => (!value.is_number()).then_some("float_type"),
            ("boolean", _) => (!value.is_boolean()).then_some("bool_type"),
            ("string", Value::String(_)) => None,
            ("string", _) if self.date_time => Some("datetime_type"),
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
        self.fault(value).map_or(Ok(()), |fault| Err(ValidationError::custom(fault)))
    }

    fn is_valid(&self, value: &'i Value) -> bool {
        self.fault(value).is_none()
    }
}

/// Stands in for JSON Schema's `format`. The server refuses no value for any other format, so neither does this.
struct DateTime;

fn format_keyword<'a>(
    parent: &'a Map<String, Value>,
    _: &'a Value,
    _: jsonschema::paths::Location,
) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
    if is_date_time(parent) { Ok(Box::new(DateTime)) } else { Ok(Box::new(Anything)) }
}

impl DateTime {
    fn fault(value: &Value) -> Option<&'static str> {
        let text = value.as_str()?;
        if types::DateTime::parse(text).is_some() {
            None
        } else if types::DateTime::parse(&format!("{text}Z")).is_some() {
            Some("timezone_aware")
        } else {
            Some("datetime_from_date_parsing")
        }
    }
}

impl<'i> Keyword<'i> for DateTime {
    fn validate(&self, value: &'i Value) -> Result<(), ValidationError<'i>> {
        DateTime::fault(value).map_or(Ok(()), |fault| Err(ValidationError::custom(fault)))
    }

    fn is_valid(&self, value: &'i Value) -> bool {
        DateTime::fault(value).is_none()
    }
}

/// A keyword that something else already answers for.
struct Anything;

impl<'i> Keyword<'i> for Anything {
    fn validate(&self, _: &'i Value) -> Result<(), ValidationError<'i>> {
        Ok(())
    }

    fn is_valid(&self, _: &'i Value) -> bool {
        true
    }
}
