//! A request's body as a whole: is there one, is it of the declared media type, and what is wrong with it.

use std::sync::Arc;

use http::HeaderMap;
use http::header::CONTENT_TYPE;

use super::parameters::{self, Parameter};
use super::schema::Schema;
use super::{Fault, Loc, pydantic, strict_json};

/// The body that an operation declares.
pub(super) struct Body {
    pub(super) required: bool,
    pub(super) json: Option<Arc<Schema>>,
    pub(super) form: Option<Vec<Parameter>>,
}

impl Body {
    pub(super) fn faults(&self, headers: &HeaderMap, bytes: &[u8]) -> Vec<Fault> {
        let whole = || vec![Loc::Name("body".to_owned())];
        if bytes.is_empty() {
            return match &self.form {
                _ if !self.required => Vec::new(),
                // Nothing at all is a form without fields: each is named, as FastAPI does.
                Some(fields) if self.json.is_none() => parameters::in_form(fields, "body", bytes),
                _ => vec![pydantic::fault("missing", whole())],
            };
        }
        match media_type(headers).as_deref() {
            Some("application/json") if let Some(schema) = &self.json => json_faults(schema, bytes),
            Some("application/x-www-form-urlencoded") if let Some(fields) = &self.form => {
                parameters::in_form(fields, "body", bytes)
            }
            // FastAPI hands a body of any other type on as bytes, which are no object.
            _ => vec![pydantic::fault("model_attributes_type", whole())],
        }
    }
}

fn json_faults(schema: &Schema, bytes: &[u8]) -> Vec<Fault> {
    let body = Loc::Name("body".to_owned());
    match strict_json::read(bytes, schema.view()) {
        Ok(value) => schema.faults(&value, &[body]),
        Err(offset) => vec![pydantic::fault("json_invalid", vec![body, Loc::Index(offset)])],
    }
}

/// The declared media type without its parameters, in lower case.
fn media_type(headers: &HeaderMap) -> Option<String> {
    let declared = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let (media_type, _) = declared.split_once(';').unwrap_or((declared, ""));
    Some(media_type.trim().to_ascii_lowercase())
}
