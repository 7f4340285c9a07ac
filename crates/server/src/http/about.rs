//! What stands beside the contract, without credentials: is the server alive, is it ready, its metrics, the contract.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{StatusCode, header::CONTENT_TYPE};
use latchkey_domain::{Service, answers, error::in_one_line};

use crate::telemetry::metrics::Metrics;

/// The contract, as it was written.
pub const CONTRACT_YAML: &str = include_str!("../../../../openapi.yaml");

pub(super) fn router(service: Arc<Service>, metrics: Arc<Metrics>) -> Router {
    Router::new()
        .route("/livez", get(async || "alive\n"))
        .route("/readyz", get(ready).with_state(Arc::clone(&service)))
        .route("/metrics", get(render_metrics).with_state((service, metrics)))
        .route("/openapi.yaml", get(async || ([(CONTENT_TYPE, "application/yaml")], CONTRACT_YAML)))
        .route("/openapi.json", get(async || ([(CONTENT_TYPE, "application/json")], latchkey_domain::CONTRACT)))
}

/// Ready means that the database answers and has every migration.
async fn ready(State(service): State<Arc<Service>>) -> Response {
    match service.store().is_migrated().await {
        Ok(true) => "ready\n".into_response(),
        Ok(false) => answers::unavailable("The database lacks migrations; run `latchkey migrate`."),
        Err(error) => {
            tracing::warn!(cause = in_one_line(&error), "not ready");
            answers::unavailable("The database does not answer.")
        }
    }
}

async fn render_metrics(State((service, metrics)): State<(Arc<Service>, Arc<Metrics>)>) -> Response {
    match metrics.render(service.store().pool_status(), service.verifier()) {
        Ok(text) => ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "metrics cannot be rendered");
            answers::problem(StatusCode::INTERNAL_SERVER_ERROR, "The metrics cannot be rendered; the log says why.")
        }
    }
}
