//! Liveness and readiness probes: `/livez` and `/readyz`, without credentials.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use latchkey_domain::{
    Service,
    api::problem::{self, ProblemCode},
    model::error_chain,
};

pub(super) fn router(service: Arc<Service>) -> Router {
    Router::new().route("/livez", get(async || "alive\n")).route("/readyz", get(readiness)).with_state(service)
}

/// The server is ready when the database responds and has every migration of this program.
async fn readiness(State(service): State<Arc<Service>>) -> Response {
    match service.store().is_migrated().await {
        Ok(true) => "ready\n".into_response(),
        Ok(false) => unavailable("The database lacks migrations; run `latchkey migrate`."),
        Err(error) => {
            tracing::warn!(cause = error_chain(&error), "not ready");
            unavailable("The database is unavailable.")
        }
    }
}

fn unavailable(detail: &str) -> Response {
    problem::error_response(problem::unavailable(ProblemCode::DatabaseUnavailable, detail))
}
