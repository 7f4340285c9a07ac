//! The operations tagged `ApiKeyLifecycle`.

use axum::response::Response;
use http::StatusCode;

use crate::{
    models,
    types::{self, Respond, ResponseError},
};

/// The operations tagged `ApiKeyLifecycle`.
pub trait ApiKeyLifecycle: super::Hooks {
    /// Disable an API key.
    ///
    /// The key is invalid until it is enabled again. Disabling a disabled key has no effect. A key that may do more than the caller gets a 403.
    ///
    /// `disableApiKey`: POST /v1/api-keys/{item_id}/disable
    fn disable_api_key(
        &self,
        caller: Self::Caller,
        item_id: i64,
        if_match: Option<String>,
        query: models::DisableApiKeyQuery,
    ) -> impl Future<Output = Result<DisableApiKeyResponse, Self::Error>> + Send;

    /// Enable an API key.
    ///
    /// Makes a disabled key valid again, unless another reason makes it invalid. Enabling an enabled key has no effect. A key that may do more than the caller gets a 403.
    ///
    /// `enableApiKey`: POST /v1/api-keys/{item_id}/enable
    fn enable_api_key(
        &self,
        caller: Self::Caller,
        item_id: i64,
        if_match: Option<String>,
    ) -> impl Future<Output = Result<EnableApiKeyResponse, Self::Error>> + Send;

    /// Revoke an API key.
    ///
    /// Makes a key invalid permanently. Revoking a revoked key has no effect; the first reason is kept. A key that may do more than the caller gets a 403.
    ///
    /// `revokeApiKey`: POST /v1/api-keys/{item_id}/revoke
    fn revoke_api_key(
        &self,
        caller: Self::Caller,
        item_id: i64,
        if_match: Option<String>,
        query: models::RevokeApiKeyQuery,
        body: models::ApiKeyRevoke,
    ) -> impl Future<Output = Result<RevokeApiKeyResponse, Self::Error>> + Send;

    /// Rotate an API key.
    ///
    /// Creates a successor with the same description, policy and expiry, and a new secret, which is returned only in this response. The old key remains valid for `grace_period_seconds`, or until its own expiry if that is earlier; without a grace period it is revoked. Only an active or pending key without a successor can be rotated: of several concurrent rotations one gets a 201 and the others get a 409. A key that may do more than the caller gets a 403, and so does a key that expires later than the API key that rotates it. A key may rotate itself. With `Idempotency-Key` the request can be repeated safely.
    ///
    /// `rotateApiKey`: POST /v1/api-keys/{item_id}/rotate
    fn rotate_api_key(
        &self,
        caller: Self::Caller,
        item_id: i64,
        if_match: Option<String>,
        idempotency_key: Option<String>,
        body: models::ApiKeyRotate,
    ) -> impl Future<Output = Result<RotateApiKeyResponse, Self::Error>> + Send;
}

/// The responses of `disableApiKey`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum DisableApiKeyResponse {
    /// The disabled key.
    Ok {
        /// The content.
        body: models::ApiKeyRecordRead,
        /// The version of the record (RFC 9110, section 8.8.3), for `If-Match`.
        etag: String,
        /// The successor of the key as `<…>; rel="successor-version"` and its predecessor as `<…>; rel="predecessor-version"` (RFC 5829); absent if it has neither.
        link: Option<String>,
    },
    /// The key does not exist, or the caller does not reach it.
    NotFound(super::responses::NotFound),
    /// The key is revoked.
    Conflict(super::responses::KeyRevoked),
    /// The record has changed since the version in `If-Match`; nothing was done.
    PreconditionFailed(super::responses::PreconditionFailed),
}

impl Respond for DisableApiKeyResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok { body, etag, link } => {
                let mut response = types::content(StatusCode::OK, "application/json", &body)?;
                types::set_header(&mut response, "etag", etag)?;
                types::set_header(&mut response, "link", link)?;
                Ok(response)
            }
            Self::NotFound(response) => response.respond(),
            Self::Conflict(response) => response.respond(),
            Self::PreconditionFailed(response) => response.respond(),
        }
    }
}

/// The responses of `enableApiKey`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum EnableApiKeyResponse {
    /// The enabled key.
    Ok {
        /// The content.
        body: models::ApiKeyRecordRead,
        /// The version of the record (RFC 9110, section 8.8.3), for `If-Match`.
        etag: String,
        /// The successor of the key as `<…>; rel="successor-version"` and its predecessor as `<…>; rel="predecessor-version"` (RFC 5829); absent if it has neither.
        link: Option<String>,
    },
    /// The key does not exist, or the caller does not reach it.
    NotFound(super::responses::NotFound),
    /// The key is revoked.
    Conflict(super::responses::KeyRevoked),
    /// The record has changed since the version in `If-Match`; nothing was done.
    PreconditionFailed(super::responses::PreconditionFailed),
}

impl Respond for EnableApiKeyResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok { body, etag, link } => {
                let mut response = types::content(StatusCode::OK, "application/json", &body)?;
                types::set_header(&mut response, "etag", etag)?;
                types::set_header(&mut response, "link", link)?;
                Ok(response)
            }
            Self::NotFound(response) => response.respond(),
            Self::Conflict(response) => response.respond(),
            Self::PreconditionFailed(response) => response.respond(),
        }
    }
}

/// The responses of `revokeApiKey`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum RevokeApiKeyResponse {
    /// The revoked key.
    Ok {
        /// The content.
        body: models::ApiKeyRecordRead,
        /// The version of the record (RFC 9110, section 8.8.3), for `If-Match`.
        etag: String,
        /// The successor of the key as `<…>; rel="successor-version"` and its predecessor as `<…>; rel="predecessor-version"` (RFC 5829); absent if it has neither.
        link: Option<String>,
    },
    /// The key does not exist, or the caller does not reach it.
    NotFound(super::responses::NotFound),
    /// The record has changed since the version in `If-Match`; nothing was done.
    PreconditionFailed(super::responses::PreconditionFailed),
}

impl Respond for RevokeApiKeyResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok { body, etag, link } => {
                let mut response = types::content(StatusCode::OK, "application/json", &body)?;
                types::set_header(&mut response, "etag", etag)?;
                types::set_header(&mut response, "link", link)?;
                Ok(response)
            }
            Self::NotFound(response) => response.respond(),
            Self::PreconditionFailed(response) => response.respond(),
        }
    }
}

/// The responses of `rotateApiKey`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum RotateApiKeyResponse {
    /// The successor with its secret.
    Created {
        /// The content.
        body: models::ApiKeyRecordRead,
        /// The path of the new key.
        location: String,
        /// The version of the record (RFC 9110, section 8.8.3), for `If-Match`.
        etag: String,
        /// The successor of the key as `<…>; rel="successor-version"` and its predecessor as `<…>; rel="predecessor-version"` (RFC 5829); absent if it has neither.
        link: Option<String>,
    },
    /// The key does not exist, or the caller does not reach it.
    NotFound(super::responses::NotFound),
    /// The key cannot be rotated, the `Idempotency-Key` was used for another request, or the user has too many keys.
    Conflict(super::responses::RotationConflict),
    /// The record has changed since the version in `If-Match`; nothing was done.
    PreconditionFailed(super::responses::PreconditionFailed),
}

impl Respond for RotateApiKeyResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Created { body, location, etag, link } => {
                let mut response = types::content(StatusCode::CREATED, "application/json", &body)?;
                types::set_header(&mut response, "location", location)?;
                types::set_header(&mut response, "etag", etag)?;
                types::set_header(&mut response, "link", link)?;
                Ok(response)
            }
            Self::NotFound(response) => response.respond(),
            Self::Conflict(response) => response.respond(),
            Self::PreconditionFailed(response) => response.respond(),
        }
    }
}
