//! A body's bytes as a JSON value, refusing what the server's models refuse: repeated members, lone surrogates, bad
//! UTF-8. As those models skip what the contract does not name, so does this: such a member is read over, however odd,
//! as long as it is JSON at all. Whether the value fits its schema is not asked here.

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::schema::View;

/// The keywords that may look at anything below, in ways not followed here.
const LOOKS_AT_EVERYTHING: [&str; 12] = [
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

/// The keywords for which members that `properties` does not name matter.
const LOOKS_AT_EVERY_MEMBER: [&str; 5] =
    ["additionalProperties", "dependentRequired", "maxProperties", "minProperties", "propertyNames"];

/// Reads `bytes` as far as `schema` looks; or says at which byte they stop being acceptable JSON.
///
/// Members that the schema does not look at are left out, items that it does not look at are null.
pub(super) fn read(bytes: &[u8], schema: View<'_>) -> Result<Value, usize> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    Looked::new(schema)
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| offset(bytes, &error))
}

/// Where an error stands, from its line and column.
fn offset(bytes: &[u8], error: &serde_json::Error) -> usize {
    if error.is_eof() {
        return bytes.len();
    }
    let line_start: usize =
        bytes.split_inclusive(|byte| *byte == b'\n').take(error.line().saturating_sub(1)).map(<[u8]>::len).sum();
    (line_start + error.column()).saturating_sub(1).min(bytes.len())
}

/// A value, read as far as its schema looks; all of it, when that cannot be told.
struct Looked<'a>(Option<View<'a>>);

impl<'a> Looked<'a> {
    fn new(schema: View<'a>) -> Looked<'a> {
        Looked((!schema.has_any(&LOOKS_AT_EVERYTHING)).then_some(schema))
    }

    /// How to read the items of an array; `None` when they do not matter.
    fn item(&self) -> Option<Looked<'a>> {
        let Some(schema) = &self.0 else {
            return Some(Looked(None));
        };
        schema.has_any(&["items"]).then(|| Looked::new(schema.below("items")))
    }

    /// How to read a member of an object; `None` when it does not matter.
    fn member(&self, name: &str) -> Option<Looked<'a>> {
        let Some(schema) = &self.0 else {
            return Some(Looked(None));
        };
        if let Some(member) = schema.member(name) {
            return Some(Looked::new(member));
        }
        schema.has_any(&LOOKS_AT_EVERY_MEMBER).then(|| Looked::new(schema.below("additionalProperties")))
    }
}

impl<'de> DeserializeSeed<'de> for Looked<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Looked<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
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
        let mut read = Vec::new();
        loop {
            let item = match self.item() {
                Some(item) => items.next_element_seed(item)?,
                None => items.next_element::<IgnoredAny>()?.map(|IgnoredAny| Value::Null),
            };
            match item {
                Some(item) => read.push(item),
                None => return Ok(Value::Array(read)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut read = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let Some(member) = self.member(&name) else {
                members.next_value::<IgnoredAny>()?;
                continue;
            };
            if read.contains_key(&name) {
                return Err(A::Error::custom("repeated member"));
            }
            let value = members.next_value_seed(member)?;
            read.insert(name, value);
        }
        Ok(Value::Object(read))
    }
}
