//! Liveness and readiness probes: `/livez` and `/readyz`, without credentials.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use http::StatusCode;
use latchkey_domain::{
    Service,
    api::problem::{self, ProblemCode},
    model::error_chain,
};

pub(super) fn router(service: Arc<Service>, is_shutting_down: Arc<AtomicBool>) -> Router {
    let readiness = async move |State(service)| match is_shutting_down.load(Ordering::Relaxed) {
        true => (StatusCode::SERVICE_UNAVAILABLE, "shutting down\n").into_response(),
        false => readiness(service).await,
    };
    Router::new().route("/livez", get(async || "alive\n")).route("/readyz", get(readiness)).with_state(service)
}

/// The server is ready when the database responds and has every migration of this program, and the change feed is read from
/// its primary.
async fn readiness(service: Arc<Service>) -> Response {
    match service.store().is_migrated().await {
        Ok(true) if service.follows_changes() => "ready\n".into_response(),
        Ok(true) => unavailable("The change feed is not confirmed by the database's primary."),
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
