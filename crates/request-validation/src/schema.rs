//! One schema of the OpenAPI document, compiled once to validate values.

use std::sync::Arc;

use jsonschema::{Draft, PatternOptions, Registry, Validator};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::{
    BuildError, Location, MAX_ERRORS, ValidationError,
    formats::Formats,
    keywords::{compile_format, compile_property_names, compile_type},
    pydantic,
    view::SchemaView,
};

/// The characters that are encoded in a URI fragment that is a JSON pointer (RFC 6901, section 6).
const FRAGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'~').remove(b'-').remove(b'_').remove(b'.');

/// The name of the document in its registry.
const DOCUMENT: &str = "urn:openapi";

/// The document as schemas refer to it.
pub(crate) fn registry(document: &Value) -> Result<Registry<'_>, BuildError> {
    let registry = Registry::new().draft(Draft::Draft202012).add(DOCUMENT, document);
    let registry = registry.and_then(jsonschema::RegistryBuilder::prepare);
    registry.map_err(|error| BuildError::Schema { pointer: String::new(), source: error.into() })
}

/// A compiled schema.
pub(crate) struct Schema {
    document: Arc<Value>,
    pointer: String,
    validator: Validator,
}

impl Schema {
    /// Compiles the schema at `pointer` in `document`, which is in the registry.
    pub(crate) fn new(
        document: &Arc<Value>,
        registry: &Registry<'_>,
        pointer: &str,
        formats: Formats,
    ) -> Result<Self, BuildError> {
        let root = json!({ "$ref": format!("{DOCUMENT}#{}", utf8_percent_encode(pointer, FRAGMENT)) });
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .offline()
            .with_registry(registry)
            // Matches in linear time; a pattern that needs backtracking does not compile.
            .with_pattern_options(PatternOptions::regex())
            .with_keyword("type", |schema, value, _| compile_type(schema, value))
            .with_keyword("format", move |schema, _, _| compile_format(schema, formats))
            .with_keyword("propertyNames", |_, value, _| compile_property_names(value))
            .build(&root)
            .map_err(|error| BuildError::Schema { pointer: pointer.to_owned(), source: error.to_owned() })?;
        Ok(Self { document: Arc::clone(document), pointer: pointer.to_owned(), validator })
    }

    /// The validation errors of `value`, which is at `base`; at most [`MAX_ERRORS`]. Sorted by the order in which the
    /// document declares members, as in Pydantic.
    pub(crate) fn errors(&self, value: &Value, base: &[Location]) -> Vec<ValidationError> {
        let mut errors: Vec<ValidationError> = self
            .validator
            .iter_errors(value)
            .flat_map(|error| pydantic::errors(&error, base, &self.document))
            .take(MAX_ERRORS)
            .collect();
        errors.sort_by_cached_key(|error| self.view().declared_position(&error.loc[base.len()..]));
        errors
    }

    /// The schema as the document writes it.
    pub(crate) fn view(&self) -> SchemaView<'_> {
        SchemaView::new(&self.document, self.document.pointer(&self.pointer))
    }
}
