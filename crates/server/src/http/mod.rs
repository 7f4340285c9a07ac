//! The HTTP server: the contract's operations, the endpoints outside of it (health, metrics, the contract
//! itself, its documentation), the middleware around all of them, and the listener.

mod activity;
mod address_limit;
mod body;
mod client_ip;
mod docs;
mod health;
mod large_response;
pub mod listener;
mod metrics;
mod middleware;
pub mod openapi;
mod stream;
mod turns;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, extract::Request, middleware::from_fn_with_state, response::Response};
use http::{Method, StatusCode, Uri};
use ipnet::IpNet;
use latchkey_domain::{
    Service,
    api::problem::{self, ProblemCode},
};
use tower::{
    Layer,
    util::{MapRequest, MapRequestLayer},
};

use crate::telemetry::metrics::Metrics;

const LIST_PATH: &str = "/v1/api-keys/";
const FORWARD_AUTH_PATH: &str = "/v1/forward-auth";

/// Limits of each request.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The size of a body, in bytes; a larger one is rejected with 413.
    pub max_body_bytes: usize,
    /// How long a body may make no progress before the request is rejected with 408.
    pub body_idle_timeout: Duration,
    /// How long a request may take from its head to its response before it is rejected with 503.
    pub request_timeout: Duration,
    /// Networks of the proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpNet>,
}

/// The HTTP application: a router behind `rewrite_aliases`.
pub type App = MapRequest<Router, fn(Request) -> Request>;

/// What is served on the listeners of one server.
pub struct Apps {
    service: Arc<Service>,
    context: Arc<middleware::RequestContext>,
    is_shutting_down: Arc<AtomicBool>,
}

impl Apps {
    /// Returns the applications of a service.
    pub fn new(service: Arc<Service>, metrics: Arc<Metrics>, limits: Limits) -> Self {
        let request_ids = middleware::RequestIds::new();
        let context = Arc::new(middleware::RequestContext { metrics, limits, request_ids });
        Self { service, context, is_shutting_down: Arc::default() }
    }

    /// The operations of the contract, its documentation, and health; also the metrics, unless they are on a management
    /// listener.
    pub fn public(&self, with_metrics: bool) -> App {
        let mut router = latchkey_domain::router(Arc::clone(&self.service))
            .merge(self.health())
            .merge(openapi::router())
            .merge(docs::router());
        if with_metrics {
            router = router.merge(self.metrics());
        }
        with_aliases(self.with_middleware(router))
    }

    /// Health and metrics, for the management listener.
    pub fn management(&self) -> Router {
        self.with_middleware(self.health().merge(self.metrics()))
    }

    /// Makes `/readyz` fail from now on, so that no new clients are sent here. All requests are still served.
    pub fn announce_shutdown(&self) {
        self.is_shutting_down.store(true, Ordering::Relaxed);
    }

    fn health(&self) -> Router {
        health::router(Arc::clone(&self.service), Arc::clone(&self.is_shutting_down))
    }

    fn metrics(&self) -> Router {
        metrics::router(Arc::clone(&self.service), Arc::clone(&self.context.metrics))
    }

    fn with_middleware(&self, router: Router) -> Router {
        router
            .fallback(not_found)
            .method_not_allowed_fallback(method_not_allowed)
            .layer(from_fn_with_state(Arc::clone(&self.context), middleware::middleware))
    }
}

/// Wraps the router instead of being one of its layers, because those run after routing.
fn with_aliases(router: Router) -> App {
    MapRequestLayer::new(rewrite_aliases as fn(Request) -> Request).layer(router)
}

/// Rewrites requests to aliases of the paths in the contract: `/v1/api-keys` of the list, and everything below
/// `/v1/forward-auth`, with any method, of that path. There the query is dropped, as it belongs to the gateway's client,
/// who must not choose how the key is verified.
fn rewrite_aliases(mut request: Request) -> Request {
    let path = match request.uri().path() {
        "/v1/api-keys" => match request.uri().query() {
            Some(query) => format!("{LIST_PATH}?{query}"),
            None => LIST_PATH.to_owned(),
        },
        FORWARD_AUTH_PATH => {
            *request.method_mut() = Method::GET;
            return request;
        }
        path if path.strip_prefix(FORWARD_AUTH_PATH).is_some_and(|rest| rest.starts_with('/')) => {
            *request.method_mut() = Method::GET;
            FORWARD_AUTH_PATH.to_owned()
        }
        _ => return request,
    };
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = path.parse().ok();
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
    request
}

async fn not_found() -> Response {
    problem::response(
        StatusCode::NOT_FOUND,
        ProblemCode::PathNotFound,
        "There is no resource at this path; see /openapi.yaml for all paths.",
    )
}

async fn method_not_allowed(method: Method) -> Response {
    problem::response(
        StatusCode::METHOD_NOT_ALLOWED,
        ProblemCode::MethodNotAllowed,
        format!("This path does not support the method {}.", middleware::method_name(&method)),
    )
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, routing::any};
    use tower::ServiceExt;

    use super::*;

    /// The method, path and query that reach the router.
    async fn routed(method: Method, uri: &str) -> String {
        let echo = async |request: Request| format!("{} {}", request.method(), request.uri());
        let app = with_aliases(
            Router::new().route(LIST_PATH, any(echo)).route(FORWARD_AUTH_PATH, any(echo)).fallback(async || "fallback"),
        );
        let request = Request::builder().method(method).uri(uri).body(Body::empty()).unwrap();
        let response = app.oneshot(request).await.unwrap();
        let body = axum::body::to_bytes(response.into_body(), 1024).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn the_list_is_routed_with_and_without_the_final_slash() {
        assert_eq!(routed(Method::GET, "/v1/api-keys/").await, "GET /v1/api-keys/");
        assert_eq!(routed(Method::POST, "/v1/api-keys").await, "POST /v1/api-keys/");
        assert_eq!(
            routed(Method::GET, "/v1/api-keys?limit=1&cursor=a%20b").await,
            "GET /v1/api-keys/?limit=1&cursor=a%20b"
        );
        assert_eq!(
            routed(Method::GET, "http://host/v1/api-keys?limit=1").await,
            "GET http://host/v1/api-keys/?limit=1"
        );
    }

    #[tokio::test]
    async fn forward_auth_is_routed_with_any_method_and_any_path_below_it() {
        assert_eq!(routed(Method::POST, "/v1/forward-auth").await, "GET /v1/forward-auth");
        assert_eq!(routed(Method::GET, "/v1/forward-auth?scope=a").await, "GET /v1/forward-auth?scope=a");
        assert_eq!(routed(Method::DELETE, "/v1/forward-auth/").await, "GET /v1/forward-auth");
        assert_eq!(routed(Method::PUT, "/v1/forward-auth/items/1?scope=b").await, "GET /v1/forward-auth");
    }

    #[tokio::test]
    async fn other_paths_are_left_alone() {
        for path in ["/", "/v1/forward-authority", "/v1/api-keysx", "/v1/api-keys//", "/V1/api-keys"] {
            assert_eq!(routed(Method::POST, path).await, "fallback", "{path}");
        }
    }
}
