//! Validation of a request's body as a whole: its presence, its media type, and its content.

use std::sync::Arc;

use http::{HeaderMap, header::CONTENT_TYPE};

use crate::{
    Location, ValidationError,
    parameters::{self, Parameter},
    pydantic,
    schema::Schema,
    strict_json,
};

/// The body that an operation declares.
pub(crate) struct Body {
    pub(crate) required: bool,
    /// The schema of a JSON body, when the operation accepts one.
    pub(crate) json: Option<Arc<Schema>>,
    /// The fields of a form, when the operation accepts one.
    pub(crate) form: Option<Vec<Parameter>>,
}

impl Body {
    /// The validation errors of a body.
    pub(crate) fn errors(&self, headers: &HeaderMap, bytes: &[u8]) -> Vec<ValidationError> {
        let body_error = |error_type| vec![pydantic::error(error_type, vec![Location::Name("body".to_owned())])];
        if bytes.is_empty() {
            return match &self.form {
                _ if !self.required => Vec::new(),
                // An empty form: FastAPI lists each missing field.
                Some(fields) if self.json.is_none() => parameters::form_errors(fields, "body", bytes).collect(),
                _ => body_error("missing"),
            };
        }
        match media_type(headers).as_deref() {
            Some(media_type)
                if let Some(schema) = &self.json
                    && is_json(media_type) =>
            {
                json_errors(schema, bytes)
            }
            Some("application/x-www-form-urlencoded") if let Some(fields) = &self.form => {
                parameters::form_errors(fields, "body", bytes).collect()
            }
            // FastAPI passes a body of any other type on as bytes, which are not an object.
            _ => body_error("model_attributes_type"),
        }
    }
}

fn json_errors(schema: &Schema, bytes: &[u8]) -> Vec<ValidationError> {
    let body = Location::Name("body".to_owned());
    match strict_json::parse(bytes, schema.view()) {
        Ok(value) => schema.errors(&value, &[body]),
        Err(offset) => vec![pydantic::error("json_invalid", vec![body, Location::Index(offset)])],
    }
}

/// Whether a media type in lower case, without parameters, is JSON (RFC 6839, section 3.1).
fn is_json(media_type: &str) -> bool {
    let (_, subtype) = media_type.split_once('/').unwrap_or_default();
    media_type == "application/json" || subtype.ends_with("+json")
}

/// The declared media type in lower case, without parameters.
fn media_type(headers: &HeaderMap) -> Option<String> {
    let declared = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let (media_type, _) = declared.split_once(';').unwrap_or((declared, ""));
    Some(media_type.trim().to_ascii_lowercase())
}
