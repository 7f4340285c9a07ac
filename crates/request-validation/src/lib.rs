//! Why a request was refused: after the server's own parse has failed, the raw request is checked against the
//! contract's schemas, and *every* fault is named as FastAPI and Pydantic v2 would name it.
//!
//! The fast parse does not live here, and neither does the response: this is the slow path, taken only when a 422 (or,
//! for `/token`, a 400) is due anyway.

use std::collections::HashMap;
use std::fmt;

use serde::Serialize;

mod body;
mod operation;
mod parameters;
mod pydantic;
mod schema;
mod strict_json;
#[cfg(test)]
mod tests;

/// One fault, in the shape of the contract's `ValidationError`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Fault {
    /// `path`, `query`, `header` or `body`, then the way to the value.
    pub loc: Vec<Loc>,
    /// A plain sentence, without anything that was submitted.
    pub msg: String,
    /// A name of Pydantic's vocabulary.
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// One step of the way to a value.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Loc {
    /// A member of an object, a parameter, or where in the request it stands.
    Name(String),
    /// An item of an array, or the byte at which a body stops being JSON.
    Index(usize),
}

/// The contract, compiled; built once and shared.
pub struct Checker {
    operations: HashMap<String, operation::Operation>,
}

impl Checker {
    /// Compiles an OpenAPI 3.1 document, given as JSON.
    ///
    /// # Errors
    /// When the document is no OpenAPI, has a schema that does not compile, or asks for something that is not checked
    /// here.
    pub fn new(document: &str) -> Result<Checker, CheckerError> {
        let document = serde_json::from_str(document)
            .map_err(|error| CheckerError::new(format!("the document is no JSON: {error}")))?;
        let operations = operation::read_all(document)?;
        Ok(Checker { operations })
    }

    /// Everything wrong with a request to `operation_id`; path first, then query, headers, body. Empty when the contract
    /// allows it, or has no such operation.
    pub fn faults(&self, operation_id: &str, parts: &http::request::Parts, body: &[u8]) -> Vec<Fault> {
        let Some(operation) = self.operations.get(operation_id) else {
            return Vec::new();
        };
        let path = parts.uri.path();
        let query = parts.uri.query().unwrap_or_default();
        let mut faults = parameters::in_path(&operation.in_path, &operation.path, path);
        faults.extend(parameters::in_form(&operation.in_query, "query", query.as_bytes()));
        faults.extend(parameters::in_headers(&operation.in_headers, &parts.headers));
        if let Some(declared) = &operation.body {
            faults.extend(declared.faults(&parts.headers, body));
        }
        faults
    }
}

/// Why a document cannot be checked against.
#[derive(Debug)]
pub struct CheckerError(String);

impl CheckerError {
    fn new(reason: impl Into<String>) -> CheckerError {
        CheckerError(reason.into())
    }
}

impl fmt::Display for CheckerError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "cannot check requests: {}", self.0)
    }
}

impl std::error::Error for CheckerError {}
