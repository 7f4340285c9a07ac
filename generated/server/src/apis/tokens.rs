//! The operations tagged `Tokens`.

use axum::response::Response;
use http::StatusCode;

use crate::{
    models,
    types::{self, Respond, ResponseError},
};

/// The operations tagged `Tokens`.
pub trait Tokens: super::Hooks {
    /// Issue a bearer token.
    ///
    /// Exchanges a user's name and password for a bearer token (resource owner password credentials grant, RFC 6749, section 4.3). Without `scope` the token has every scope of the user's role; with `scope` it has only the named ones. Failed attempts are limited by user name and by client network, and so are attempts at the same time. Web pages of other origins get 400 `invalid_request`.
    ///
    /// `issueToken`: POST /token
    fn issue_token(
        &self,
        context: Self::Context,
        body: models::TokenRequest,
    ) -> impl Future<Output = Result<IssueTokenResponse, Self::Error>> + Send;

    /// Revoke an API key by presenting it.
    ///
    /// OAuth 2.0 token revocation (RFC 7009). The key itself is the only credential. The status is 200 whether or not the key exists. A valid bearer token gets 400 `unsupported_token_type`, because bearer tokens cannot be revoked one by one.
    ///
    /// `revokeToken`: POST /v1/revoke
    fn revoke_token(
        &self,
        context: Self::Context,
        body: models::RevocationRequest,
    ) -> impl Future<Output = Result<RevokeTokenResponse, Self::Error>> + Send;
}

/// The responses of `issueToken`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum IssueTokenResponse {
    /// The bearer token.
    Ok(models::TokenResponse),
    /// The token request is invalid or was denied (RFC 6749, section 5.2).
    BadRequest(super::responses::TokenError),
    /// Too many failed attempts for this user name or from this client address.
    TooManyRequests(super::responses::TooManyAttempts),
}

impl Respond for IssueTokenResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok(body) => types::content(StatusCode::OK, "application/json", &body),
            Self::BadRequest(response) => response.respond(),
            Self::TooManyRequests(response) => response.respond(),
        }
    }
}

/// The responses of `revokeToken`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum RevokeTokenResponse {
    /// The key is revoked, or was never valid.
    Ok,
    /// The token request is invalid or was denied (RFC 6749, section 5.2).
    BadRequest(super::responses::TokenError),
}

impl Respond for RevokeTokenResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok => Ok(types::empty(StatusCode::OK)),
            Self::BadRequest(response) => response.respond(),
        }
    }
}
