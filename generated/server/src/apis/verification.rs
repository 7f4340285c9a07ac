//! The operations tagged `Verification`.

use std::future::Future;

use axum::response::{IntoResponse, Response};

use crate::{models, types};

/// The operations tagged `Verification`.
pub trait Verification: super::Hooks {
    /// Whether a request may pass.
    ///
    /// `forwardAuth`: GET /v1/forward-auth
    fn forward_auth(
        &self,
        request: http::request::Parts,
        query: models::ForwardAuthQuery,
    ) -> impl Future<Output = Result<ForwardAuthResponse, Self::Error>> + Send;

    /// Whether a key is good (RFC 7662).
    ///
    /// `introspectToken`: POST /v1/introspect
    fn introspect_token(
        &self,
        caller: Self::Caller,
        body: models::IntrospectionRequest,
    ) -> impl Future<Output = Result<IntrospectTokenResponse, Self::Error>> + Send;

    /// Revoke a key that one holds (RFC 7009).
    ///
    /// `revokeToken`: POST /v1/revoke
    fn revoke_token(
        &self,
        request: http::request::Parts,
        body: models::RevocationRequest,
    ) -> impl Future<Output = Result<RevokeTokenResponse, Self::Error>> + Send;

    /// Whether a key is good.
    ///
    /// `verifyApiKey`: POST /v1/api-keys/verify
    fn verify_api_key(
        &self,
        caller: Self::Caller,
        body: models::ApiKeyVerify,
    ) -> impl Future<Output = Result<VerifyApiKeyResponse, Self::Error>> + Send;
}

/// The answers of `forwardAuth` itself.
#[must_use]
pub enum ForwardAuthResponse {
    /// It may; the headers say who asks.
    Status200 {
        /// The id of the key.
        x_latchkey_key_id: http::HeaderValue,
        /// The id of its owner.
        x_latchkey_user_id: http::HeaderValue,
        /// The name of its owner; what is not visible ASCII, and `%`, is percent-encoded.
        x_latchkey_username: http::HeaderValue,
        /// The scopes of the key, separated by spaces; `*` when it is not narrowed.
        x_latchkey_scopes: http::HeaderValue,
        /// `true` when the database is away and the answer is from memory; else absent.
        x_latchkey_stale: Option<http::HeaderValue>,
        /// The header `RateLimit`.
        rate_limit: Option<http::HeaderValue>,
        /// The header `RateLimit-Policy`.
        rate_limit_policy: Option<http::HeaderValue>,
    },
    /// The key's rate limit is reached.
    Status429 {
        /// The content.
        body: models::Problem,
        /// Seconds to wait before the next try.
        retry_after: http::HeaderValue,
        /// The header `RateLimit`.
        rate_limit: Option<http::HeaderValue>,
        /// The header `RateLimit-Policy`.
        rate_limit_policy: Option<http::HeaderValue>,
    },
}

impl IntoResponse for ForwardAuthResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Status200 {
                x_latchkey_key_id,
                x_latchkey_user_id,
                x_latchkey_username,
                x_latchkey_scopes,
                x_latchkey_stale,
                rate_limit,
                rate_limit_policy,
            } => {
                let mut response = types::empty(200);
                response.headers_mut().insert("x-latchkey-key-id", x_latchkey_key_id);
                response.headers_mut().insert("x-latchkey-user-id", x_latchkey_user_id);
                response.headers_mut().insert("x-latchkey-username", x_latchkey_username);
                response.headers_mut().insert("x-latchkey-scopes", x_latchkey_scopes);
                if let Some(x_latchkey_stale) = x_latchkey_stale {
                    response.headers_mut().insert("x-latchkey-stale", x_latchkey_stale);
                }
                if let Some(rate_limit) = rate_limit {
                    response.headers_mut().insert("ratelimit", rate_limit);
                }
                if let Some(rate_limit_policy) = rate_limit_policy {
                    response.headers_mut().insert("ratelimit-policy", rate_limit_policy);
                }
                response
            }
            Self::Status429 { body, retry_after, rate_limit, rate_limit_policy } => {
                let mut response = types::content(429, "application/problem+json", &body);
                response.headers_mut().insert("retry-after", retry_after);
                if let Some(rate_limit) = rate_limit {
                    response.headers_mut().insert("ratelimit", rate_limit);
                }
                if let Some(rate_limit_policy) = rate_limit_policy {
                    response.headers_mut().insert("ratelimit-policy", rate_limit_policy);
                }
                response
            }
        }
    }
}

/// The answers of `introspectToken` itself.
#[must_use]
pub enum IntrospectTokenResponse {
    /// The answer (RFC 7662, section 2.2).
    Status200(models::TokenIntrospection),
}

impl IntoResponse for IntrospectTokenResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Status200(body) => types::content(200, "application/json", &body),
        }
    }
}

/// The answers of `revokeToken` itself.
#[must_use]
pub enum RevokeTokenResponse {
    /// The key is not good, from now on at the latest.
    Status200,
    /// Refused (RFC 6749, section 5.2).
    Status400(models::TokenError),
}

impl IntoResponse for RevokeTokenResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Status200 => types::empty(200),
            Self::Status400(body) => types::content(400, "application/json", &body),
        }
    }
}

/// The answers of `verifyApiKey` itself.
#[must_use]
pub enum VerifyApiKeyResponse {
    /// The answer.
    Status200 {
        /// The content.
        body: models::ApiKeyVerification,
        /// The header `RateLimit`.
        rate_limit: Option<http::HeaderValue>,
        /// The header `RateLimit-Policy`.
        rate_limit_policy: Option<http::HeaderValue>,
    },
    /// Validation Error.
    Status422(models::HttpValidationError),
}

impl IntoResponse for VerifyApiKeyResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Status200 { body, rate_limit, rate_limit_policy } => {
                let mut response = types::content(200, "application/json", &body);
                if let Some(rate_limit) = rate_limit {
                    response.headers_mut().insert("ratelimit", rate_limit);
                }
                if let Some(rate_limit_policy) = rate_limit_policy {
                    response.headers_mut().insert("ratelimit-policy", rate_limit_policy);
                }
                response
            }
            Self::Status422(body) => types::content(422, "application/json", &body),
        }
    }
}
