//! What an operation of the contract can fail with beyond its own responses.

use std::time::Duration;

use latchkey_api::types::ResponseError;

use super::problem::ProblemCode;
use crate::{
    identity::{authenticate::AuthError, management_limits::RequestKind},
    model::Error,
};

/// A failed operation.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// A domain error.
    #[error(transparent)]
    Domain(#[from] Error),
    /// The request has no credentials.
    #[error("the request has no credentials")]
    MissingCredentials,
    /// A credential is invalid; the sentence says which.
    #[error("a credential is invalid: {1}")]
    InvalidCredentials(ProblemCode, &'static str),
    /// The credential lacks one of these scopes.
    #[error("the credential lacks a scope")]
    InsufficientScope(&'static [&'static str]),
    /// A page of an origin that is not allowed has sent the token of an owner.
    #[error("the origin is not allowed")]
    OriginNotAllowed,
    /// The credential has sent too many management requests of this kind; the next one is allowed after this time.
    #[error("the credential has sent too many requests")]
    TooManyRequests(RequestKind, Duration),
    /// There are too many logins at the same time.
    #[error("there are too many logins")]
    TooManyLogins,
}

impl ApiError {
    /// A defect of this program, with its cause.
    pub(super) fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Domain(Error::internal(cause))
    }
}

impl From<ResponseError> for ApiError {
    fn from(error: ResponseError) -> Self {
        Self::internal(error)
    }
}

impl From<AuthError> for ApiError {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::MissingCredentials => Self::MissingCredentials,
            AuthError::InvalidCredentials(detail) => Self::InvalidCredentials(ProblemCode::InvalidCredentials, detail),
            AuthError::CredentialsMismatch => Self::InvalidCredentials(
                ProblemCode::CredentialsMismatch,
                "The bearer token and the API key in X-API-Key belong to different principals.",
            ),
            AuthError::OriginNotAllowed => Self::OriginNotAllowed,
            AuthError::Failed(error) => Self::Domain(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use http::StatusCode;
    use latchkey_api::types;

    use super::*;

    #[test]
    fn a_response_that_cannot_be_written_is_an_internal_error() {
        let no_json = BTreeMap::from([(["a key that is no text"], 1)]);
        let error = types::content(StatusCode::OK, "application/json", &no_json).unwrap_err();
        let error = ApiError::from(error);
        assert!(matches!(error, ApiError::Domain(Error::Internal(_))), "{error:?}");
    }
}
