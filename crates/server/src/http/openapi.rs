//! The contract, at `/openapi.yaml` and `/openapi.json`, without credentials.

use axum::{
    Router,
    extract::{Query, rejection::QueryRejection},
    response::{IntoResponse, Response},
    routing::get,
};
use http::{StatusCode, header::CONTENT_TYPE};
use latchkey_domain::api::problem::{self, ProblemCode};
use serde::Deserialize;

/// The contract as it is written, with comments.
pub const CONTRACT_YAML: &str = include_str!("../../../../openapi.yaml");

/// The contract as generators of clients need it.
const CONTRACT_FOR_CLIENTS: &str = include_str!("../../../../generated/openapi.sdk.json");

/// What `/openapi.json` is asked for.
#[derive(Deserialize)]
struct Form {
    r#for: Option<Reader>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Reader {
    Clients,
}

pub(super) fn router() -> Router {
    Router::new()
        .route("/openapi.yaml", get(async || ([(CONTENT_TYPE, "application/yaml")], CONTRACT_YAML)))
        .route("/openapi.json", get(json))
}

async fn json(form: Result<Query<Form>, QueryRejection>) -> Response {
    let contract = match form {
        Ok(Query(Form { r#for: None })) => latchkey_domain::CONTRACT,
        Ok(Query(Form { r#for: Some(Reader::Clients) })) => CONTRACT_FOR_CLIENTS,
        Err(_) => {
            let detail = "There is no such form of the contract: `for` may be `clients`.";
            return problem::response(StatusCode::NOT_FOUND, ProblemCode::PathNotFound, detail);
        }
    };
    ([(CONTENT_TYPE, "application/json")], contract).into_response()
}
