//! Problem documents (RFC 9457) and the responses that carry them.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use latchkey_api::{
    apis::{ErrorResponse, responses},
    models,
    types::{self, Respond},
};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use strum::{IntoStaticStr, VariantArray};

use super::verification::seconds_rounded_up;
use crate::identity::management_limits::RequestKind;

/// How many seconds later a request is worth repeating when the database was unreachable.
const RETRY_AFTER_SECONDS: i64 = 1;

/// What is percent-encoded in the scopes of a challenge, besides what is not ASCII (RFC 6750, section 3).
const CHALLENGE_ESCAPES: &AsciiSet = &CONTROLS.add(b'"').add(b'\\');

/// The cause of a problem, for programs. The contract documents each code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "the contract documents each code")]
pub enum ProblemCode {
    MissingCredentials,
    InvalidCredentials,
    CredentialsMismatch,
    PrincipalDisabled,
    KeyPending,
    KeyDisabled,
    KeyRevoked,
    KeyExpired,
    InsufficientScope,
    InsufficientPermissions,
    NetworkNotAllowed,
    KeyNotFound,
    PathNotFound,
    MethodNotAllowed,
    RequestTimeout,
    KeyNotRotatable,
    IdempotencyKeyReused,
    PreconditionFailed,
    ContentTooLarge,
    RateLimited,
    InternalError,
    DatabaseUnavailable,
    ProcessingTimeout,
    TemporarilyUnavailable,
    KeyQuotaExceeded,
    ProjectDisabled,
    InsufficientRole,
    KeyManaged,
    ProjectNotFound,
    OwnerNotFound,
    ProjectExists,
    ProjectNotDisableable,
    OwnerDisabled,
    OriginNotAllowed,
    MemberNotFound,
    ServiceAccountExists,
    UserNotFound,
    UserExists,
    LastAdministrator,
    WrongPassword,
}

/// A problem document. Its type is `about:blank`, so its title is the phrase of the status (RFC 9457, section 4.2.1).
pub fn problem(status: StatusCode, code: ProblemCode, detail: impl Into<String>) -> models::Problem {
    models::Problem {
        type_: "about:blank".to_owned(),
        title: status.canonical_reason().unwrap_or("Error").to_owned(),
        status: i64::from(status.as_u16()),
        detail: detail.into(),
        code: <&str>::from(code).into(),
    }
}

/// A response that is a problem document, for what no operation of the contract responds to.
pub fn response(status: StatusCode, code: ProblemCode, detail: impl Into<String>) -> Response {
    let response = types::content(status, "application/problem+json", &problem(status, code, detail));
    response.unwrap_or_else(|_| status.into_response())
}

/// A response of the contract's, for what fails outside of its operations.
pub fn error_response(response: ErrorResponse) -> Response {
    response.respond().unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// 401 (RFC 6750, section 3). The challenge has no error code if the request has no credentials.
pub(super) fn unauthorized(code: ProblemCode, detail: &str) -> responses::Unauthorized {
    let challenge = match code {
        ProblemCode::MissingCredentials => "Bearer realm=\"latchkey\"",
        _ => "Bearer realm=\"latchkey\", error=\"invalid_token\"",
    };
    responses::Unauthorized {
        body: problem(StatusCode::UNAUTHORIZED, code, detail),
        www_authenticate: challenge.to_owned(),
    }
}

/// 401: the request has no credentials.
pub(super) fn missing_credentials() -> responses::Unauthorized {
    let detail = "Send a bearer token from POST /token in Authorization, or an API key in X-API-Key.";
    unauthorized(ProblemCode::MissingCredentials, detail)
}

/// 403: the credential lacks one of these scopes (RFC 6750, section 3.1). A request may ask for a scope that no credential can
/// have, with characters that a challenge cannot contain.
pub(super) fn insufficient_scope(scopes: &[impl AsRef<str>]) -> responses::Forbidden {
    let scopes = scopes.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(" ");
    let escaped = utf8_percent_encode(&scopes, CHALLENGE_ESCAPES);
    responses::Forbidden {
        www_authenticate: format!("Bearer realm=\"latchkey\", error=\"insufficient_scope\", scope=\"{escaped}\""),
        body: problem(
            StatusCode::FORBIDDEN,
            ProblemCode::InsufficientScope,
            format!("The credential lacks a required scope: {scopes}."),
        ),
    }
}

/// 403: the credential does not permit this, whatever its scopes.
pub(super) fn forbidden(code: ProblemCode, detail: &str) -> responses::Forbidden {
    responses::Forbidden {
        body: problem(StatusCode::FORBIDDEN, code, detail),
        www_authenticate: "Bearer realm=\"latchkey\", error=\"insufficient_scope\"".to_owned(),
    }
}

/// 408: the body did not arrive in time.
pub(super) fn request_timeout() -> ErrorResponse {
    let detail = "The body did not arrive in time.";
    ErrorResponse::RequestTimeout(responses::RequestTimeout {
        body: problem(StatusCode::REQUEST_TIMEOUT, ProblemCode::RequestTimeout, detail),
    })
}

/// 413: the body is too large.
pub(super) fn content_too_large() -> ErrorResponse {
    let detail = "The body is larger than this server accepts.";
    ErrorResponse::ContentTooLarge(responses::ContentTooLarge {
        body: problem(StatusCode::PAYLOAD_TOO_LARGE, ProblemCode::ContentTooLarge, detail),
    })
}

/// 429 with `Retry-After`: the credential has sent too many requests of this kind.
pub(super) fn too_many_requests(kind: RequestKind, retry_after: Duration) -> ErrorResponse {
    let what = match kind {
        RequestKind::Read => "read",
        RequestKind::Write => "change something",
    };
    let detail =
        format!("This credential has sent too many requests that {what}. Retry after the time in Retry-After.");
    ErrorResponse::TooManyRequests(responses::TooManyRequests {
        body: problem(StatusCode::TOO_MANY_REQUESTS, ProblemCode::RateLimited, detail),
        retry_after: seconds_rounded_up(retry_after),
    })
}

/// 500. The log has the cause.
pub fn internal_error() -> ErrorResponse {
    let detail = "An internal error occurred; see the server's log.";
    ErrorResponse::InternalServerError(responses::InternalServerError {
        body: problem(StatusCode::INTERNAL_SERVER_ERROR, ProblemCode::InternalError, detail),
    })
}

/// 503 with `Retry-After`: the same request may succeed later.
pub fn unavailable(code: ProblemCode, detail: &str) -> ErrorResponse {
    ErrorResponse::ServiceUnavailable(responses::ServiceUnavailable {
        body: problem(StatusCode::SERVICE_UNAVAILABLE, code, detail),
        retry_after: RETRY_AFTER_SECONDS,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contract_lists_every_code() {
        let contract: serde_json::Value = serde_json::from_str(crate::CONTRACT).unwrap();
        let code = &contract["components"]["schemas"]["Problem"]["properties"]["code"];
        let names: Vec<&str> = ProblemCode::VARIANTS.iter().map(<&str>::from).collect();
        assert_eq!(code["x-extensible-enum"], serde_json::json!(names));
    }
}
