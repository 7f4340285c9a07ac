//! The operations tagged `Tokens`.

use std::future::Future;

use axum::response::{IntoResponse, Response};

use crate::{models, types};

/// The operations tagged `Tokens`.
pub trait Tokens: super::Hooks {
    /// Exchange a name and password for a bearer token.
    ///
    /// `issueToken`: POST /token
    fn issue_token(
        &self,
        request: http::request::Parts,
        body: models::TokenRequest,
    ) -> impl Future<Output = Result<IssueTokenResponse, Self::Error>> + Send;
}

/// The answers of `issueToken` itself.
#[must_use]
pub enum IssueTokenResponse {
    /// A bearer token.
    Status200 {
        /// The content.
        body: models::TokenResponse,
        /// Always `no-store` (RFC 6749, section 5.1).
        cache_control: http::HeaderValue,
    },
    /// Refused (RFC 6749, section 5.2).
    Status400(models::TokenError),
    /// Too many failed attempts from this address.
    Status429 {
        /// The content.
        body: models::TokenError,
        /// Seconds to wait before the next try.
        retry_after: http::HeaderValue,
    },
}

impl IntoResponse for IssueTokenResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Status200 { body, cache_control } => {
                let mut response = types::content(200, "application/json", &body);
                response.headers_mut().insert("cache-control", cache_control);
                response
            }
            Self::Status400(body) => types::content(400, "application/json", &body),
            Self::Status429 { body, retry_after } => {
                let mut response = types::content(429, "application/json", &body);
                response.headers_mut().insert("retry-after", retry_after);
                response
            }
        }
    }
}
