//! The HTTP server: the contract's operations, the endpoints outside of it (health, metrics, the contract
//! itself, its documentation), the middleware around all of them, and the listener.

mod activity;
mod address_limit;
mod body;
mod client_ip;
mod cors;
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
const PROJECTS_PATH: &str = "/v1/projects/";
/// Below the path of a project.
const PROJECT_FORWARD_AUTH_PATH: &str = "/forward-auth";

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
        let context =
            Arc::new(middleware::RequestContext { service: Arc::clone(&service), metrics, limits, request_ids });
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

/// Rewrites requests to aliases of the paths in the contract: `/v1/api-keys` of the list, and everything below the paths of
/// forward authentication, with any method, of those. There the query is dropped, as it belongs to the gateway's client, who must
/// not choose how the key is verified.
fn rewrite_aliases(mut request: Request) -> Request {
    let path = request.uri().path();
    let path = if path == "/v1/api-keys" {
        match request.uri().query() {
            Some(query) => format!("{LIST_PATH}?{query}"),
            None => LIST_PATH.to_owned(),
        }
    } else if let Some(base) = forward_auth_path(path) {
        let (base, is_exact) = (base.to_owned(), base == path);
        *request.method_mut() = Method::GET;
        if is_exact {
            return request;
        }
        base
    } else {
        return request;
    };
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = path.parse().ok();
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
    request
}

/// The path of forward authentication that a path is, or is below of: that of the default project, or of the one that the path
/// names.
fn forward_auth_path(path: &str) -> Option<&str> {
    let base = match path.strip_prefix(PROJECTS_PATH) {
        None => FORWARD_AUTH_PATH.len(),
        Some(rest) => PROJECTS_PATH.len() + rest.find('/')? + PROJECT_FORWARD_AUTH_PATH.len(),
    };
    let (base, rest) = path.split_at_checked(base)?;
    let is_forward_auth = base == FORWARD_AUTH_PATH || base.ends_with(PROJECT_FORWARD_AUTH_PATH);
    (is_forward_auth && (rest.is_empty() || rest.starts_with('/'))).then_some(base)
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
            Router::new()
                .route(LIST_PATH, any(echo))
                .route(FORWARD_AUTH_PATH, any(echo))
                .route("/v1/projects/{project}/forward-auth", any(echo))
                .fallback(async || "fallback"),
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
    async fn forward_auth_of_a_project_is_routed_by_the_first_segment_alone() {
        let path = "/v1/projects/acme/forward-auth";
        assert_eq!(routed(Method::POST, path).await, format!("GET {path}"));
        assert_eq!(routed(Method::GET, &format!("{path}?scope=a")).await, format!("GET {path}?scope=a"));
        for below in ["/", "/items/1?scope=b", "/../../other/forward-auth", "//v1/projects/other/forward-auth"] {
            assert_eq!(routed(Method::PUT, &format!("{path}{below}")).await, format!("GET {path}"), "{below}");
        }
    }

    #[tokio::test]
    async fn other_paths_are_left_alone() {
        for path in [
            "/v1/projects/acme",
            "/v1/projects/forward-auth",
            "/v1/projects/a/b/forward-auth",
            "/v1/projects/acme/forward-authority",
            "/",
            "/v1/forward-authority",
            "/v1/api-keysx",
            "/v1/api-keys//",
            "/V1/api-keys",
        ] {
            assert_eq!(routed(Method::POST, path).await, "fallback", "{path}");
        }
    }
}
