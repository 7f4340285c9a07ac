//! Responses that are not one operation's own: problem documents, challenges and validation errors.

use axum::response::Response;
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE},
};
use latchkey_api::{models, types};
use serde::Serialize;

/// Seconds after which a request is worth repeating when the database was unreachable.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("1");

/// A problem document (RFC 9457). The type is `about:blank`, so the title is the phrase of the status (section 4.2.1).
pub fn problem_model(status: StatusCode, detail: &str) -> models::Problem {
    models::Problem {
        r_type: "about:blank".to_owned(),
        title: status.canonical_reason().unwrap_or("Error").to_owned(),
        status: i64::from(status.as_u16()),
        detail: detail.to_owned(),
    }
}

/// A response that is a problem document.
pub fn problem(status: StatusCode, detail: &str) -> Response {
    types::content(status.as_u16(), "application/problem+json", &problem_model(status, detail))
}

/// 503 with `Retry-After`: the same request may succeed later.
pub fn unavailable(detail: &str) -> Response {
    let mut response = problem(StatusCode::SERVICE_UNAVAILABLE, detail);
    response.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
    response
}

/// 401 without an error code: the request has no credential (RFC 6750, section 3).
pub fn missing_credentials() -> Response {
    let detail = "Send a bearer token from POST /token in Authorization, or an API key in X-API-Key.";
    challenge(StatusCode::UNAUTHORIZED, "Bearer realm=\"latchkey\"", detail)
}

/// 401: a credential is invalid (RFC 6750, section 3.1).
pub fn invalid_credentials(detail: &str) -> Response {
    challenge(StatusCode::UNAUTHORIZED, "Bearer realm=\"latchkey\", error=\"invalid_token\"", detail)
}

/// 403: the credential lacks one of these scopes (RFC 6750, section 3.1).
pub fn insufficient_scope(scopes: &[impl AsRef<str>]) -> Response {
    let scopes: Vec<&str> = scopes.iter().map(AsRef::as_ref).collect();
    let scopes = scopes.join(" ");
    let challenge_text = format!("Bearer realm=\"latchkey\", error=\"insufficient_scope\", scope=\"{scopes}\"");
    let detail = format!("The credential lacks a required scope: {scopes}.");
    challenge(StatusCode::FORBIDDEN, &challenge_text, &detail)
}

/// 403: the credential does not permit this, whatever its scopes.
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

/// 422: the validation errors of a request.
pub fn validation_errors<T: Serialize>(errors: &[T]) -> Response {
    types::content(422, "application/json", &serde_json::json!({ "detail": errors }))
}

/// 400: a token request that was refused (RFC 6749, section 5.2).
pub fn token_error(error: &str, description: &str) -> Response {
    let mut response = types::content(400, "application/json", &token_error_model(error, description));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The body of a refused token request.
pub fn token_error_model(error: &str, description: &str) -> models::TokenError {
    models::TokenError { error: error.to_owned(), error_description: description.to_owned() }
}
