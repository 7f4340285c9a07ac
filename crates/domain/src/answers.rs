//! The contract's answers that are not one operation's own: problems, challenges, and faults of a request.

use axum::response::Response;
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE},
};
use latchkey_api::{models, types};
use serde::Serialize;

/// Seconds after which another try makes sense when the database was away.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("1");

/// A problem document (RFC 9457). Problems here have no documentation pages, so the type is `about:blank` and the title
/// is the status's own phrase (section 4.2.1); what helps stands in `detail`.
pub fn problem_model(status: StatusCode, detail: &str) -> models::Problem {
    models::Problem {
        r_type: "about:blank".to_owned(),
        title: status.canonical_reason().unwrap_or("Error").to_owned(),
        status: i64::from(status.as_u16()),
        detail: detail.to_owned(),
    }
}

/// An answer that is a problem document.
pub fn problem(status: StatusCode, detail: &str) -> Response {
    types::content(status.as_u16(), "application/problem+json", &problem_model(status, detail))
}

/// 503 with `Retry-After`: the request was not at fault, and may be good a moment later.
pub fn unavailable(detail: &str) -> Response {
    let mut response = problem(StatusCode::SERVICE_UNAVAILABLE, detail);
    response.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
    response
}

/// 401 without an error code: the request brought no credential (RFC 6750, section 3).
pub fn credential_missing() -> Response {
    let detail = "Send a bearer token from POST /token in Authorization, or an API key in X-API-Key.";
    challenge(StatusCode::UNAUTHORIZED, "Bearer realm=\"latchkey\"", detail)
}

/// 401: a credential is not good (RFC 6750, section 3.1).
pub fn credential_bad(detail: &str) -> Response {
    challenge(StatusCode::UNAUTHORIZED, "Bearer realm=\"latchkey\", error=\"invalid_token\"", detail)
}

/// 403: the credential is good, but may not do this (RFC 6750, section 3.1).
pub fn scope_missing(scopes: &[impl AsRef<str>]) -> Response {
    let scopes: Vec<&str> = scopes.iter().map(AsRef::as_ref).collect();
    let scopes = scopes.join(" ");
    let challenge_text = format!("Bearer realm=\"latchkey\", error=\"insufficient_scope\", scope=\"{scopes}\"");
    let detail = format!("The credential lacks a scope that is asked for: {scopes}.");
    challenge(StatusCode::FORBIDDEN, &challenge_text, &detail)
}

/// 403: the credential is good, but may not do this, for a reason that no scope would mend.
pub fn forbidden(detail: &str) -> Response {
    challenge(StatusCode::FORBIDDEN, "Bearer realm=\"latchkey\", error=\"insufficient_scope\"", detail)
}

fn challenge(status: StatusCode, challenge: &str, detail: &str) -> Response {
    let mut response = problem(status, detail);
    if let Ok(value) = HeaderValue::from_str(challenge) {
        response.headers_mut().insert(WWW_AUTHENTICATE, value);
    }
    response
}

/// 422: everything that was wrong with a request.
pub fn faults<T: Serialize>(faults: &[T]) -> Response {
    types::content(422, "application/json", &serde_json::json!({ "detail": faults }))
}

/// 400: a token request that was refused (RFC 6749, section 5.2).
pub fn token_error(error: &str, description: &str) -> Response {
    let mut response = types::content(400, "application/json", &token_error_model(error, description));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The content of a refused token request.
pub fn token_error_model(error: &str, description: &str) -> models::TokenError {
    models::TokenError { error: error.to_owned(), error_description: description.to_owned() }
}
