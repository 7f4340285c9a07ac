//! The HTTP server: the contract's routes, what stands beside them ([`about`], `docs`), and what surrounds them.

pub mod about;
pub mod accept;
mod body;
mod client_address;
mod docs;
mod request;

use std::{sync::Arc, time::Duration};

use axum::{Router, middleware, response::Response};
use http::{Method, StatusCode, Uri, request::Parts};
use ipnet::IpNet;
use latchkey_domain::{Service, answers};

use crate::telemetry::metrics::Metrics;

const FORWARD_AUTH: &str = "/v1/forward-auth";

/// What a request may take.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of a body.
    pub body: usize,
    /// How long a body may pause.
    pub body_timeout: Duration,
    /// How long a request may take as a whole.
    pub request_timeout: Duration,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
}

/// Every route, and all that surrounds them.
pub fn app(service: Arc<Service>, metrics: Arc<Metrics>, limits: Limits) -> Router {
    let surroundings = Arc::new(request::Surroundings {
        metrics: Arc::clone(&metrics),
        limits,
        request_ids: request::RequestIds::new(),
    });
    latchkey_domain::router(Arc::clone(&service))
        .merge(about::router(service, metrics))
        .merge(docs::router())
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_method)
        .layer(middleware::from_fn_with_state(surroundings, request::surround))
}

/// What the contract answers in the same way as one of its paths: `/v1/api-keys` as the list, and everything below
/// `/v1/forward-auth`, whatever the method, as that itself. There the query is that of the gateway's client, who must not
/// choose what is asked of the key.
pub(crate) fn route_as(head: &mut Parts) {
    let path = match head.uri.path() {
        "/v1/api-keys" => match head.uri.query() {
            Some(query) => format!("/v1/api-keys/?{query}"),
            None => "/v1/api-keys/".to_owned(),
        },
        FORWARD_AUTH => {
            head.method = Method::GET;
            return;
        }
        path if path.strip_prefix(FORWARD_AUTH).is_some_and(|rest| rest.starts_with('/')) => {
            head.method = Method::GET;
            FORWARD_AUTH.to_owned()
        }
        _ => return,
    };
    let mut parts = head.uri.clone().into_parts();
    parts.path_and_query = path.parse().ok();
    if let Ok(uri) = Uri::from_parts(parts) {
        head.uri = uri;
    }
}

async fn no_such_path() -> Response {
    answers::problem(StatusCode::NOT_FOUND, "There is nothing at this path; /openapi.yaml says what there is.")
}

async fn no_such_method(method: Method) -> Response {
    answers::problem(StatusCode::METHOD_NOT_ALLOWED, &format!("This path does not answer to {method}."))
}
