//! Parsing of a JSON body as strictly as typed models do: repeated members, lone surrogates and invalid UTF-8 are
//! errors. Values that the schema does not describe are skipped, as long as they are JSON at all.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::view::SchemaView;

/// The keywords that may depend on any value below them; such a value is parsed completely.
const WHOLE_VALUE_KEYWORDS: [&str; 12] = [
    "$dynamicRef",
    "const",
    "contains",
    "dependentSchemas",
    "enum",
    "if",
    "not",
    "patternProperties",
    "prefixItems",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
];

/// The keywords that depend on members that `properties` does not declare.
const ALL_MEMBERS_KEYWORDS: [&str; 5] =
    ["additionalProperties", "dependentRequired", "maxProperties", "minProperties", "propertyNames"];

/// Parses the parts of `bytes` that `schema` describes; other members are left out, and other items are null.
///
/// # Errors
/// Returns the byte offset at which `bytes` stop being valid JSON.
pub(crate) fn parse(bytes: &[u8], schema: SchemaView<'_>) -> Result<Value, usize> {
    SchemaDirected::new(schema).parse(bytes)
}

/// Parses all of `bytes`.
///
/// # Errors
/// Returns the byte offset at which `bytes` stop being valid JSON.
pub(crate) fn parse_whole(bytes: &[u8]) -> Result<Value, usize> {
    SchemaDirected(None).parse(bytes)
}

/// The byte offset of an error, from its line and column.
fn offset(bytes: &[u8], error: &serde_json::Error) -> usize {
    if error.is_eof() {
        return bytes.len();
    }
    let line_start: usize =
        bytes.split_inclusive(|byte| *byte == b'\n').take(error.line().saturating_sub(1)).map(<[u8]>::len).sum();
    (line_start + error.column()).saturating_sub(1).min(bytes.len())
}

/// Deserializes the parts of a value that its schema describes; the whole value for `None`.
struct SchemaDirected<'a>(Option<SchemaView<'a>>);

impl<'a> SchemaDirected<'a> {
    fn new(schema: SchemaView<'a>) -> Self {
        Self((!schema.has_any(&WHOLE_VALUE_KEYWORDS)).then_some(schema))
    }

    fn parse(self, bytes: &[u8]) -> Result<Value, usize> {
        let mut deserializer = serde_json::Deserializer::from_slice(bytes);
        self.deserialize(&mut deserializer)
            .and_then(|value| deserializer.end().map(|()| value))
            .map_err(|error| offset(bytes, &error))
    }

    /// How to parse the items of an array; `None` to skip them.
    fn item(&self) -> Option<Self> {
        let Some(schema) = &self.0 else {
            return Some(Self(None));
        };
        schema.has_any(&["items"]).then(|| Self::new(schema.below("items")))
    }

    /// How to parse a member of an object; `None` to skip it.
    fn member(&self, name: &str) -> Option<Self> {
        let Some(schema) = &self.0 else {
            return Some(Self(None));
        };
        if let Some(member) = schema.member(name) {
            return Some(Self::new(member));
        }
        schema.has_any(&ALL_MEMBERS_KEYWORDS).then(|| Self::new(schema.below("additionalProperties")))
    }
}

impl<'de> DeserializeSeed<'de> for SchemaDirected<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for SchemaDirected<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut parsed = Vec::new();
        loop {
            let item = match self.item() {
                Some(item) => items.next_element_seed(item)?,
                None => items.next_element::<IgnoredAny>()?.map(|IgnoredAny| Value::Null),
            };
            match item {
                Some(item) => parsed.push(item),
                None => return Ok(Value::Array(parsed)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut parsed = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let Some(member) = self.member(&name) else {
                members.next_value::<IgnoredAny>()?;
                continue;
            };
            if parsed.contains_key(&name) {
                return Err(A::Error::custom("repeated member"));
            }
            let value = members.next_value_seed(member)?;
            parsed.insert(name, value);
        }
        Ok(Value::Object(parsed))
    }
}
