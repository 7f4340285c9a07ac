#![doc = include_str!("../README.md")]

mod body;
mod formats;
mod keywords;
mod normalize;
mod operation;
mod parameters;
mod pydantic;
mod schema;
mod strict_json;
#[cfg(test)]
mod tests;
mod view;

use std::collections::HashMap;

use serde::Serialize;

pub use formats::Formats;
use operation::Operation;

/// The largest number of validation errors that are listed for one request.
pub const MAX_ERRORS: usize = 100;

/// One violation of the OpenAPI document by a request. Serializes as FastAPI's `ValidationError`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct ValidationError {
    /// The location of the value: `path`, `query`, `header` or `body`, followed by the steps that lead to it.
    pub loc: Vec<Location>,
    /// A sentence for people. It contains no submitted value.
    pub msg: String,
    /// The type of the error, in Pydantic's vocabulary.
    #[serde(rename = "type")]
    pub error_type: &'static str,
}

/// One step of the location of a value.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Location {
    /// A part of the request, a parameter, a member of an object, or a branch of a union. The name of a member has at
    /// most 64 characters; the rest is cut off.
    Name(String),
    /// An item of an array, or the byte offset at which a body stops being valid JSON.
    Index(usize),
}

/// Validates requests to the operations of an OpenAPI document. Expensive to build, cheap to share.
pub struct RequestValidator {
    operations: HashMap<String, Operation>,
}

impl RequestValidator {
    /// Compiles an OpenAPI 3.1 document in JSON. `formats` decides which texts are valid for the checked formats.
    ///
    /// # Errors
    /// Returns [`BuildError`] when the document is not OpenAPI in JSON, has a schema that does not compile, or uses a
    /// feature that is not supported.
    pub fn new(document: &str, formats: Formats) -> Result<Self, BuildError> {
        let document = serde_json::from_str(document).map_err(BuildError::Json)?;
        Ok(Self { operations: operation::read_all(document, formats)? })
    }

    /// The validation errors of a request to the operation with the id `operation_id`, at most [`MAX_ERRORS`]: those of
    /// the path, then of the query, the headers, and the body. Empty when the request is valid, or when there is no
    /// such operation.
    pub fn validate(&self, operation_id: &str, parts: &http::request::Parts, body: &[u8]) -> Vec<ValidationError> {
        let Some(operation) = self.operations.get(operation_id) else {
            return Vec::new();
        };
        let query = parts.uri.query().unwrap_or_default();
        parameters::path_errors(&operation.path_parameters, &operation.path, parts.uri.path())
            .chain(parameters::form_errors(&operation.query_parameters, "query", query.as_bytes()))
            .chain(parameters::header_errors(&operation.header_parameters, &parts.headers))
            .chain(operation.body.iter().flat_map(|declared| declared.errors(&parts.headers, body)))
            .take(MAX_ERRORS)
            .collect()
    }
}

/// Parses JSON as strictly as bodies are parsed where their schema describes them: a repeated member is an error.
///
/// # Errors
/// Returns the byte offset at which `bytes` stop being valid.
pub fn parse_json(bytes: &[u8]) -> Result<serde_json::Value, usize> {
    strict_json::parse_whole(bytes)
}

/// The reason why no validator can be built from a document.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The document is not JSON.
    #[error("the OpenAPI document is not valid JSON")]
    Json(#[source] serde_json::Error),

    /// A schema does not compile, or cannot be checked in linear time.
    #[error("the schema at {pointer} does not compile")]
    Schema {
        /// The JSON pointer of the schema.
        pointer: String,
        /// The reason.
        source: jsonschema::ValidationError<'static>,
    },

    /// A part of the document is missing or malformed.
    #[error("the OpenAPI document is invalid at {pointer}: {reason}")]
    Invalid {
        /// The JSON pointer of that part.
        pointer: String,
        /// The reason.
        reason: &'static str,
    },

    /// A part of the document uses a feature of OpenAPI that is not supported.
    #[error("the OpenAPI document cannot be validated against at {pointer}: {reason}")]
    Unsupported {
        /// The JSON pointer of that part.
        pointer: String,
        /// The reason.
        reason: &'static str,
    },
}
