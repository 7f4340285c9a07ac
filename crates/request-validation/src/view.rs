//! A read-only view of the schemas that apply to one value, as the OpenAPI document writes them. Nothing is validated
//! here.

use std::{iter, ptr};

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::Location;

/// The schemas that apply to one value, including those behind `$ref` and the branches of `allOf`, `anyOf` and `oneOf`.
#[derive(Clone)]
pub(crate) struct SchemaView<'a> {
    document: &'a Value,
    schemas: Vec<&'a Map<String, Value>>,
}

impl<'a> SchemaView<'a> {
    /// A view of `schemas`, which are parts of `document`.
    pub(crate) fn new(document: &'a Value, schemas: impl IntoIterator<Item = &'a Value>) -> Self {
        let mut view = Self { document, schemas: Vec::new() };
        for schema in schemas {
            view.add(schema);
        }
        view
    }

    fn add(&mut self, schema: &'a Value) {
        let Some(schema) = schema.as_object() else {
            return;
        };
        // This also ends a cycle of references.
        if self.schemas.iter().any(|known| ptr::eq(*known, schema)) {
            return;
        }
        self.schemas.push(schema);
        let target = schema.get("$ref").and_then(Value::as_str).and_then(reference_pointer);
        if let Some(target) = target.and_then(|pointer| self.document.pointer(&pointer)) {
            self.add(target);
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for branch in schema.get(keyword).and_then(Value::as_array).into_iter().flatten() {
                self.add(branch);
            }
        }
    }

    /// The schemas themselves.
    pub(crate) fn schemas(&self) -> impl Iterator<Item = &'a Map<String, Value>> {
        self.schemas.iter().copied()
    }

    /// Whether any schema has one of these keywords.
    pub(crate) fn has_any(&self, keywords: &[&str]) -> bool {
        self.schemas().any(|schema| keywords.iter().any(|keyword| schema.contains_key(*keyword)))
    }

    /// The types that the schemas name, except `null`.
    pub(crate) fn types(&self) -> Vec<&'a str> {
        self.schemas()
            .filter_map(|schema| schema.get("type"))
            .flat_map(type_names)
            .filter(|name| *name != "null")
            .collect()
    }

    /// The names in `properties`, in the order of the document.
    pub(crate) fn members(&self) -> Vec<&'a str> {
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

    /// The schemas of a member in `properties`; `None` when it is not declared.
    pub(crate) fn member(&self, name: &str) -> Option<Self> {
        let mut schemas = self.properties().filter_map(|properties| properties.get(name)).peekable();
        schemas.peek()?;
        Some(Self::new(self.document, schemas))
    }

    /// The schemas under a keyword such as `items` or `additionalProperties`; an empty view when it is absent.
    pub(crate) fn below(&self, keyword: &str) -> Self {
        Self::new(self.document, self.schemas().filter_map(|schema| schema.get(keyword)))
    }

    /// The names in `required`.
    pub(crate) fn required(&self) -> Vec<&'a str> {
        self.schemas()
            .filter_map(|schema| schema.get("required")?.as_array())
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    /// A sort key: the position in the document at which the value at `loc` is declared. Ends at the first step that is
    /// not declared, such as the name of a branch or of an unknown member, which comes after all that are declared.
    pub(crate) fn declared_position(&self, loc: &[Location]) -> Vec<usize> {
        let mut view = self.clone();
        let mut positions = Vec::new();
        for step in loc {
            let (position, next) = match step {
                Location::Index(index) => (Some(*index), Some(view.below("items"))),
                Location::Name(name) => (view.members().iter().position(|known| known == name), view.member(name)),
            };
            let (Some(position), Some(next)) = (position, next) else {
                positions.push(usize::MAX);
                break;
            };
            positions.push(position);
            view = next;
        }
        positions
    }

    fn properties(&self) -> impl Iterator<Item = &'a Map<String, Value>> {
        self.schemas().filter_map(|schema| schema.get("properties")?.as_object())
    }
}

/// The JSON pointer of a reference within the document; `None` for a reference to another document.
pub(crate) fn reference_pointer(reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    let pointer = percent_decode_str(fragment).decode_utf8().ok()?;
    Some(pointer.into_owned())
}

/// The types in the value of the keyword `type`, which is a name or an array of names.
pub(crate) fn type_names(value: &Value) -> impl Iterator<Item = &str> {
    let several = value.as_array().into_iter().flatten();
    iter::once(value).chain(several).filter_map(Value::as_str)
}
