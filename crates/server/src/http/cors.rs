//! Lets web pages of allowed origins use owner tokens (Fetch, section 3.2), on the paths of a customer's own keys and
//! nowhere else.
//!
//! A preflight has no credential, so it is answered for the origins of all projects. Whether the project of a token
//! allows the page that sends it is checked when the token is.

use http::{
    HeaderMap, HeaderValue, Method,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
    },
};
use latchkey_domain::Service;

const ALLOW_METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
const ALLOW_HEADERS: HeaderValue = HeaderValue::from_static("Authorization, Content-Type, If-Match, Idempotency-Key");
const EXPOSE_HEADERS: HeaderValue =
    HeaderValue::from_static("ETag, Link, Location, Retry-After, WWW-Authenticate, X-Request-Id");
/// How many seconds a browser relies on the response to a preflight.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// What the response to a request on such a path says to browsers.
#[derive(Default)]
pub(super) struct Cors {
    /// The origin of the page that sent the request, if it is allowed.
    origin: Option<HeaderValue>,
    /// Whether the request is a preflight, which is answered here.
    pub(super) is_preflight: bool,
}

impl Cors {
    /// What the response to this request says.
    pub(super) async fn of(service: &Service, method: &Method, headers: &HeaderMap) -> Self {
        let mut origins = headers.get_all(ORIGIN).iter();
        let origin = origins.next().filter(|_| origins.next().is_none());
        let is_preflight =
            origin.is_some() && *method == Method::OPTIONS && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        let allowed = match origin.and_then(|origin| origin.to_str().ok()) {
            Some(text) if service.allowed_origins().contain(text).await => origin.cloned(),
            _ => None,
        };
        Self { origin: allowed, is_preflight }
    }

    /// Adds what the response says to browsers. Caches must tell responses to different origins apart, also where
    /// there is none.
    pub(super) fn apply(self, headers: &mut HeaderMap) {
        headers.append(VARY, HeaderValue::from_static("Origin"));
        let Some(origin) = self.origin else { return };
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if self.is_preflight {
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, ALLOW_METHODS);
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, ALLOW_HEADERS);
            headers.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        } else {
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSE_HEADERS);
        }
    }
}

/// Whether the path is one of a customer's own keys, or of the customer itself.
pub(super) fn is_shared(path: &str) -> bool {
    let is_id = |segment: &str| !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
    match path.strip_prefix(super::LIST_PATH) {
        Some(rest) => rest.is_empty() || is_id(rest.split('/').next().unwrap_or_default()),
        None => path == "/v1/users/me",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_paths_of_a_customers_own_keys_are_shared() {
        for path in ["/v1/api-keys/", "/v1/api-keys/7", "/v1/api-keys/7/policy", "/v1/users/me"] {
            assert!(is_shared(path), "{path}");
        }
        for path in [
            "/v1/api-keys/verify",
            "/v1/api-keys/7x",
            "/v1/api-keys//",
            "/v1/api-keysx",
            "/v1/introspect",
            "/token",
            "/v1/projects",
            "/v1/users/me/",
            "/",
        ] {
            assert!(!is_shared(path), "{path}");
        }
    }
}
