//! The responses that operations share, as the contract's `components/responses` describe them.

use axum::response::Response;
use http::StatusCode;

use crate::{
    models,
    types::{self, Respond, ResponseError},
};

/// The request has no credentials, or invalid ones.
pub struct Unauthorized {
    /// The content.
    pub body: models::Problem,
    /// A `Bearer` challenge (RFC 6750, section 3); without an error code if the request has no credentials.
    pub www_authenticate: String,
}

impl Respond for Unauthorized {
    fn respond(self) -> Result<Response, ResponseError> {
        let mut response = types::content(StatusCode::UNAUTHORIZED, "application/problem+json", &self.body)?;
        types::set_header(&mut response, "www-authenticate", self.www_authenticate)?;
        Ok(response)
    }
}

/// The credential lacks a scope, or may not do this.
pub struct Forbidden {
    /// The content.
    pub body: models::Problem,
    /// A `Bearer` challenge (RFC 6750, section 3); without an error code if the request has no credentials.
    pub www_authenticate: String,
}

impl Respond for Forbidden {
    fn respond(self) -> Result<Response, ResponseError> {
        let mut response = types::content(StatusCode::FORBIDDEN, "application/problem+json", &self.body)?;
        types::set_header(&mut response, "www-authenticate", self.www_authenticate)?;
        Ok(response)
    }
}

/// The request is authorized; the headers identify the key.
pub struct Authorized {
    /// The id of the key.
    pub x_latchkey_key_id: i64,
    /// The id of the principal that the key belongs to.
    pub x_latchkey_user_id: i64,
    /// The name of that user or service account, empty for keys of owners. Every byte but letters, digits, `-`, `.`, `_` and `~` is percent-encoded.
    pub x_latchkey_username: String,
    /// The slug of the project of the key.
    pub x_latchkey_project: String,
    /// The external id of the owner that the key belongs to, empty for other keys. Every byte but letters, digits, `-`, `.`, `_` and `~` is percent-encoded.
    pub x_latchkey_owner: String,
    /// The metadata that the gateway asked for, as `name=value` joined by `&`; absent if it asked for none. Every byte of the values but letters, digits, `-`, `.`, `_` and `~` is percent-encoded.
    pub x_latchkey_owner_metadata: Option<String>,
    /// The scopes of the key, separated by spaces; `*` if the key is not restricted to scopes.
    pub x_latchkey_scopes: String,
    /// `true` if the database is unreachable and the decision was made from the key cache; otherwise absent.
    pub x_latchkey_stale: Option<String>,
    /// What remains of the key's rate limit as `"key";r=…;t=…`: requests, and seconds until the limit is fully available again; absent if the key has no rate limit.
    pub ratelimit: Option<String>,
    /// The key's rate limit as `"key";q=…;w=…`, requests in a window of seconds; absent if the key has none.
    pub ratelimit_policy: Option<String>,
}

impl Respond for Authorized {
    fn respond(self) -> Result<Response, ResponseError> {
        let mut response = types::empty(StatusCode::OK);
        types::set_header(&mut response, "x-latchkey-key-id", self.x_latchkey_key_id)?;
        types::set_header(&mut response, "x-latchkey-user-id", self.x_latchkey_user_id)?;
        types::set_header(&mut response, "x-latchkey-username", self.x_latchkey_username)?;
        types::set_header(&mut response, "x-latchkey-project", self.x_latchkey_project)?;
        types::set_header(&mut response, "x-latchkey-owner", self.x_latchkey_owner)?;
        types::set_header(&mut response, "x-latchkey-owner-metadata", self.x_latchkey_owner_metadata)?;
        types::set_header(&mut response, "x-latchkey-scopes", self.x_latchkey_scopes)?;
        types::set_header(&mut response, "x-latchkey-stale", self.x_latchkey_stale)?;
        types::set_header(&mut response, "ratelimit", self.ratelimit)?;
        types::set_header(&mut response, "ratelimit-policy", self.ratelimit_policy)?;
        Ok(response)
    }
}

/// The key does not exist, or the caller does not reach it.
pub struct NotFound {
    /// The content.
    pub body: models::Problem,
}

impl Respond for NotFound {
    fn respond(self) -> Result<Response, ResponseError> {
        types::content(StatusCode::NOT_FOUND, "application/problem+json", &self.body)
    }
}

/// The project does not exist, or the caller does not belong to it.
pub struct ProjectNotFound {
    /// The content.
    pub body: models::Problem,
}

impl Respond for ProjectNotFound {
    fn respond(self) -> Result<Response, ResponseError> {
        types::content(StatusCode::NOT_FOUND, "application/problem+json", &self.body)
    }
}

/// The user does not exist.
pub struct UserNotFound {
    /// The content.
    pub body: models::Problem,
}

impl Respond for UserNotFound {
    fn respond(self) -> Result<Response, ResponseError> {
        types::content(StatusCode::NOT_FOUND, "application/problem+json", &self.body)
    }
}

/// The name is taken, or the user is the last administrator who is enabled.
pub struct UserConflict {
    /// The content.
    pub body: models::Problem,
}

impl Respond for UserConflict {
    fn respond(self) -> Result<Response, ResponseError> {
        types::content(StatusCode::CONFLICT, "application/problem+json", &self.body)
    }
}

/// The project or the principal does not exist, or the caller does not belong to the project.
pub struct MemberNotFound {
    /// The content.
    pub body: models::Problem,
}

impl Respond for MemberNotFound {
    fn respond(self) -> Result<Response, ResponseError> {
        types::content(StatusCode::NOT_FOUND, "application/problem+json", &self.body)
    }
}

/// The name is taken in the project.
pub struct MemberConflict {
    /// The content.
    pub body: models::Problem,
}

impl Respond for MemberConflict {
    fn respond(self) -> Result<Response, ResponseError> {
        types::content(StatusCode::CONFLICT, "application/problem+json", &self.body)
    }
}

/// The project or the owner does not exist, or the caller does not belong to the project.
pub struct OwnerNotFound {
    /// The content.
    pub body: models::Problem,
}

impl Respond for OwnerNotFound {
    fn respond(self) -> Result<Response, ResponseError> {
        types::content(StatusCode::NOT_FOUND, "application/problem+json", &self.body)
    }
}

/// The slug or the prefix is taken, or the project cannot be disabled.
pub struct ProjectConflict {
    /// The content.
    pub body: models::Problem,
}

impl Respond for ProjectConflict {
    fn respond(self) -> Result<Response, ResponseError> {
        types::content(StatusCode::CONFLICT, "application/problem+json", &self.body)
    }
}

/// The owner is disabled.
pub struct OwnerConflict {
    /// The content.
    pub body: models::Problem,
}

impl Respond for OwnerConflict {
    fn respond(self) -> Result<Response, ResponseError> {
        types::content(StatusCode::CONFLICT, "application/problem+json", &self.body)
    }
}

/// The owner is disabled or has too many keys, or the `Idempotency-Key` was used for another request.
pub struct IssueConflict {
    /// The content.
    pub body: models::Problem,
}

impl Respond for IssueConflict {
    fn respond(self) -> Result<Response, ResponseError> {
        types::content(StatusCode::CONFLICT, "application/problem+json", &self.body)
    }
}

/// The key is revoked.
pub struct KeyRevoked {
    /// The content.
    pub body: models::Problem,
}

impl Respond for KeyRevoked {
    fn respond(self) -> Result<Response, ResponseError> {
        types::content(StatusCode::CONFLICT, "application/problem+json", &self.body)
    }
}

/// The key cannot be rotated, the `Idempotency-Key` was used for another request, or the user has too many keys.
pub struct RotationConflict {
    /// The content.
    pub body: models::Problem,
}

impl Respond for RotationConflict {
    fn respond(self) -> Result<Response, ResponseError> {
        types::content(StatusCode::CONFLICT, "application/problem+json", &self.body)
    }
}

/// The `Idempotency-Key` was used for another request, or for a key that was deleted; or the user has too many keys.
pub struct IdempotencyConflict {
    /// The content.
    pub body: models::Problem,
}

impl Respond for IdempotencyConflict {
    fn respond(self) -> Result<Response, ResponseError> {
        types::content(StatusCode::CONFLICT, "application/problem+json", &self.body)
    }
}

/// The record has changed since the version in `If-Match`; nothing was done.
pub struct PreconditionFailed {
    /// The content.
    pub body: models::Problem,
}

impl Respond for PreconditionFailed {
    fn respond(self) -> Result<Response, ResponseError> {
        types::content(StatusCode::PRECONDITION_FAILED, "application/problem+json", &self.body)
    }
}

/// The request body did not arrive in time.
pub struct RequestTimeout {
    /// The content.
    pub body: models::Problem,
}

impl Respond for RequestTimeout {
    fn respond(self) -> Result<Response, ResponseError> {
        types::content(StatusCode::REQUEST_TIMEOUT, "application/problem+json", &self.body)
    }
}

/// The request body is larger than the server accepts.
pub struct ContentTooLarge {
    /// The content.
    pub body: models::Problem,
}

impl Respond for ContentTooLarge {
    fn respond(self) -> Result<Response, ResponseError> {
        types::content(StatusCode::PAYLOAD_TOO_LARGE, "application/problem+json", &self.body)
    }
}

/// Validation Error.
pub struct ValidationError {
    /// The content.
    pub body: models::HttpValidationError,
}

impl Respond for ValidationError {
    fn respond(self) -> Result<Response, ResponseError> {
        types::content(StatusCode::UNPROCESSABLE_ENTITY, "application/json", &self.body)
    }
}

/// The credential has sent too many requests that change something, or too many that read.
pub struct TooManyRequests {
    /// The content.
    pub body: models::Problem,
    /// Seconds to wait before the next attempt (RFC 9110, section 10.2.3).
    pub retry_after: i64,
}

impl Respond for TooManyRequests {
    fn respond(self) -> Result<Response, ResponseError> {
        let mut response = types::content(StatusCode::TOO_MANY_REQUESTS, "application/problem+json", &self.body)?;
        types::set_header(&mut response, "retry-after", self.retry_after)?;
        Ok(response)
    }
}

/// An error of the server; its log has the cause under the `X-Request-Id` of the response.
pub struct InternalServerError {
    /// The content.
    pub body: models::Problem,
}

impl Respond for InternalServerError {
    fn respond(self) -> Result<Response, ResponseError> {
        types::content(StatusCode::INTERNAL_SERVER_ERROR, "application/problem+json", &self.body)
    }
}

/// The database is unreachable or too slow, the request took too long, or there are too many logins.
pub struct ServiceUnavailable {
    /// The content.
    pub body: models::Problem,
    /// Seconds to wait before the next attempt (RFC 9110, section 10.2.3).
    pub retry_after: i64,
}

impl Respond for ServiceUnavailable {
    fn respond(self) -> Result<Response, ResponseError> {
        let mut response = types::content(StatusCode::SERVICE_UNAVAILABLE, "application/problem+json", &self.body)?;
        types::set_header(&mut response, "retry-after", self.retry_after)?;
        Ok(response)
    }
}

/// The token request is invalid or was denied (RFC 6749, section 5.2).
pub struct TokenError {
    /// The content.
    pub body: models::TokenError,
}

impl Respond for TokenError {
    fn respond(self) -> Result<Response, ResponseError> {
        types::content(StatusCode::BAD_REQUEST, "application/json", &self.body)
    }
}

/// Too many failed attempts for this user name or from this client address.
pub struct TooManyAttempts {
    /// The content.
    pub body: models::TokenError,
    /// Seconds to wait before the next attempt (RFC 9110, section 10.2.3).
    pub retry_after: i64,
}

impl Respond for TooManyAttempts {
    fn respond(self) -> Result<Response, ResponseError> {
        let mut response = types::content(StatusCode::TOO_MANY_REQUESTS, "application/json", &self.body)?;
        types::set_header(&mut response, "retry-after", self.retry_after)?;
        Ok(response)
    }
}

/// The key's rate limit is exceeded.
pub struct RateLimited {
    /// The content.
    pub body: models::Problem,
    /// Seconds to wait before the next attempt (RFC 9110, section 10.2.3).
    pub retry_after: i64,
    /// What remains of the key's rate limit as `"key";r=…;t=…`: requests, and seconds until the limit is fully available again; absent if the key has no rate limit.
    pub ratelimit: Option<String>,
    /// The key's rate limit as `"key";q=…;w=…`, requests in a window of seconds; absent if the key has none.
    pub ratelimit_policy: Option<String>,
}

impl Respond for RateLimited {
    fn respond(self) -> Result<Response, ResponseError> {
        let mut response = types::content(StatusCode::TOO_MANY_REQUESTS, "application/problem+json", &self.body)?;
        types::set_header(&mut response, "retry-after", self.retry_after)?;
        types::set_header(&mut response, "ratelimit", self.ratelimit)?;
        types::set_header(&mut response, "ratelimit-policy", self.ratelimit_policy)?;
        Ok(response)
    }
}

/// A response that the hooks give in place of the operation.
#[must_use]
pub enum ErrorResponse {
    /// The request has no credentials, or invalid ones.
    Unauthorized(Unauthorized),
    /// The credential lacks a scope, or may not do this.
    Forbidden(Forbidden),
    /// The request body did not arrive in time.
    RequestTimeout(RequestTimeout),
    /// The request body is larger than the server accepts.
    ContentTooLarge(ContentTooLarge),
    /// Validation Error.
    UnprocessableContent(ValidationError),
    /// The credential has sent too many requests that change something, or too many that read.
    TooManyRequests(TooManyRequests),
    /// An error of the server; its log has the cause under the `X-Request-Id` of the response.
    InternalServerError(InternalServerError),
    /// The database is unreachable or too slow, the request took too long, or there are too many logins.
    ServiceUnavailable(ServiceUnavailable),
    /// The token request is invalid or was denied (RFC 6749, section 5.2).
    BadRequest(TokenError),
}

impl Respond for ErrorResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Unauthorized(response) => response.respond(),
            Self::Forbidden(response) => response.respond(),
            Self::RequestTimeout(response) => response.respond(),
            Self::ContentTooLarge(response) => response.respond(),
            Self::UnprocessableContent(response) => response.respond(),
            Self::TooManyRequests(response) => response.respond(),
            Self::InternalServerError(response) => response.respond(),
            Self::ServiceUnavailable(response) => response.respond(),
            Self::BadRequest(response) => response.respond(),
        }
    }
}
