//! The operations tagged `ApiKeyPolicies`.

use axum::response::Response;
use http::StatusCode;

use crate::{
    models,
    types::{self, Respond, ResponseError},
};

/// The operations tagged `ApiKeyPolicies`.
pub trait ApiKeyPolicies: super::Hooks {
    /// Get an API key's policy.
    ///
    /// Returns the restrictions of a key. A member that is `null` does not restrict the key.
    ///
    /// `getApiKeyPolicy`: GET /v1/api-keys/{item_id}/policy
    fn get_api_key_policy(
        &self,
        caller: Self::Caller,
        item_id: i64,
    ) -> impl Future<Output = Result<GetApiKeyPolicyResponse, Self::Error>> + Send;

    /// Replace an API key's policy.
    ///
    /// Replaces the whole policy: a member that is absent or `null` no longer restricts the key. A key without a policy has the permissions of its user and every scope that does not begin with `latchkey:`. A policy that allows more than the caller has gets a 403, and so does any policy for a key that may do more than the caller.
    ///
    /// `setApiKeyPolicy`: PUT /v1/api-keys/{item_id}/policy
    fn set_api_key_policy(
        &self,
        caller: Self::Caller,
        item_id: i64,
        if_match: Option<String>,
        body: models::ApiKeyPolicy,
    ) -> impl Future<Output = Result<SetApiKeyPolicyResponse, Self::Error>> + Send;
}

/// The responses of `getApiKeyPolicy`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum GetApiKeyPolicyResponse {
    /// The policy.
    Ok {
        /// The content.
        body: models::ApiKeyPolicyRead,
        /// The version of the record (RFC 9110, section 8.8.3), for `If-Match`.
        etag: String,
    },
    /// The key does not exist, or the caller does not reach it.
    NotFound(super::responses::NotFound),
}

impl Respond for GetApiKeyPolicyResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok { body, etag } => {
                let mut response = types::content(StatusCode::OK, "application/json", &body)?;
                types::set_header(&mut response, "etag", etag)?;
                Ok(response)
            }
            Self::NotFound(response) => response.respond(),
        }
    }
}

/// The responses of `setApiKeyPolicy`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum SetApiKeyPolicyResponse {
    /// The new policy.
    Ok {
        /// The content.
        body: models::ApiKeyPolicyRead,
        /// The version of the record (RFC 9110, section 8.8.3), for `If-Match`.
        etag: String,
    },
    /// The key does not exist, or the caller does not reach it.
    NotFound(super::responses::NotFound),
    /// The key is revoked.
    Conflict(super::responses::KeyRevoked),
    /// The record has changed since the version in `If-Match`; nothing was done.
    PreconditionFailed(super::responses::PreconditionFailed),
    /// Validation Error.
    UnprocessableContent(super::responses::ValidationError),
}

impl Respond for SetApiKeyPolicyResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok { body, etag } => {
                let mut response = types::content(StatusCode::OK, "application/json", &body)?;
                types::set_header(&mut response, "etag", etag)?;
                Ok(response)
            }
            Self::NotFound(response) => response.respond(),
            Self::Conflict(response) => response.respond(),
            Self::PreconditionFailed(response) => response.respond(),
            Self::UnprocessableContent(response) => response.respond(),
        }
    }
}
