//! `/metrics`, for Prometheus, without credentials.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use http::header::CONTENT_TYPE;
use latchkey_domain::{Service, api::problem};

use crate::telemetry::metrics::Metrics;

pub(super) fn router(service: Arc<Service>, metrics: Arc<Metrics>) -> Router {
    Router::new().route("/metrics", get(render)).with_state((service, metrics))
}

async fn render(State((service, metrics)): State<(Arc<Service>, Arc<Metrics>)>) -> Response {
    match metrics.render(&service) {
        Ok(text) => ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "failed to render metrics");
            problem::error_response(problem::internal_error())
        }
    }
}
