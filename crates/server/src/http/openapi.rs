//! The contract, at `/openapi.yaml` and `/openapi.json`, without credentials.

use axum::{Router, routing::get};
use http::header::CONTENT_TYPE;

/// The contract as it is written, with comments.
pub const CONTRACT_YAML: &str = include_str!("../../../../openapi.yaml");

pub(super) fn router() -> Router {
    Router::new()
        .route("/openapi.yaml", get(async || ([(CONTENT_TYPE, "application/yaml")], CONTRACT_YAML)))
        .route("/openapi.json", get(async || ([(CONTENT_TYPE, "application/json")], latchkey_domain::CONTRACT)))
}
