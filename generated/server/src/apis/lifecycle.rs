//! The operations tagged `Lifecycle`.

use std::future::Future;

use axum::response::{IntoResponse, Response};

use crate::{models, types};

/// The operations tagged `Lifecycle`.
pub trait Lifecycle: super::Hooks {
    /// Switch the key off.
    ///
    /// `disableApiKey`: POST /v1/api-keys/{item_id}/disable
    fn disable_api_key(
        &self,
        caller: Self::Caller,
        item_id: i64,
    ) -> impl Future<Output = Result<DisableApiKeyResponse, Self::Error>> + Send;

    /// Switch the key on again.
    ///
    /// `enableApiKey`: POST /v1/api-keys/{item_id}/enable
    fn enable_api_key(
        &self,
        caller: Self::Caller,
        item_id: i64,
    ) -> impl Future<Output = Result<EnableApiKeyResponse, Self::Error>> + Send;

    /// What narrows the key.
    ///
    /// `getApiKeyPolicy`: GET /v1/api-keys/{item_id}/policy
    fn get_api_key_policy(
        &self,
        caller: Self::Caller,
        item_id: i64,
    ) -> impl Future<Output = Result<GetApiKeyPolicyResponse, Self::Error>> + Send;

    /// How the key is used.
    ///
    /// `getApiKeyUsage`: GET /v1/api-keys/{item_id}/usage
    fn get_api_key_usage(
        &self,
        caller: Self::Caller,
        item_id: i64,
    ) -> impl Future<Output = Result<GetApiKeyUsageResponse, Self::Error>> + Send;

    /// Withdraw the key for good.
    ///
    /// `revokeApiKey`: POST /v1/api-keys/{item_id}/revoke
    fn revoke_api_key(
        &self,
        caller: Self::Caller,
        item_id: i64,
        body: models::ApiKeyRevoke,
    ) -> impl Future<Output = Result<RevokeApiKeyResponse, Self::Error>> + Send;

    /// Replace the key by a new one.
    ///
    /// `rotateApiKey`: POST /v1/api-keys/{item_id}/rotate
    fn rotate_api_key(
        &self,
        caller: Self::Caller,
        item_id: i64,
        idempotency_key: Option<String>,
        body: models::ApiKeyRotate,
    ) -> impl Future<Output = Result<RotateApiKeyResponse, Self::Error>> + Send;

    /// Narrow the key.
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

/// The answers of `disableApiKey` itself.
#[must_use]
pub enum DisableApiKeyResponse {
    /// The record.
    Status200 {
        /// The content.
        body: models::ApiKeyRecordRead,
        /// The header `ETag`.
        e_tag: http::HeaderValue,
        /// The next page as `<…>; rel=\"next\"`; absent on the last.
        link: Option<http::HeaderValue>,
    },
    /// No such record, or another user's.
    Status404(models::Problem),
    /// The key's status, or a rotation before, does not permit this.
    Status409(models::Problem),
}

impl IntoResponse for DisableApiKeyResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Status200 { body, e_tag, link } => {
                let mut response = types::content(200, "application/json", &body);
                response.headers_mut().insert("etag", e_tag);
                if let Some(link) = link {
                    response.headers_mut().insert("link", link);
                }
                response
            }
            Self::Status404(body) => types::content(404, "application/problem+json", &body),
            Self::Status409(body) => types::content(409, "application/problem+json", &body),
        }
    }
}

/// The answers of `enableApiKey` itself.
#[must_use]
pub enum EnableApiKeyResponse {
    /// The record.
    Status200 {
        /// The content.
        body: models::ApiKeyRecordRead,
        /// The header `ETag`.
        e_tag: http::HeaderValue,
        /// The next page as `<…>; rel=\"next\"`; absent on the last.
        link: Option<http::HeaderValue>,
    },
    /// No such record, or another user's.
    Status404(models::Problem),
    /// The key's status, or a rotation before, does not permit this.
    Status409(models::Problem),
}

impl IntoResponse for EnableApiKeyResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Status200 { body, e_tag, link } => {
                let mut response = types::content(200, "application/json", &body);
                response.headers_mut().insert("etag", e_tag);
                if let Some(link) = link {
                    response.headers_mut().insert("link", link);
                }
                response
            }
            Self::Status404(body) => types::content(404, "application/problem+json", &body),
            Self::Status409(body) => types::content(409, "application/problem+json", &body),
        }
    }
}

/// The answers of `getApiKeyPolicy` itself.
#[must_use]
pub enum GetApiKeyPolicyResponse {
    /// The policy.
    Status200 {
        /// The content.
        body: models::ApiKeyPolicy,
        /// The header `ETag`.
        e_tag: http::HeaderValue,
    },
    /// No such record, or another user's.
    Status404(models::Problem),
}

impl IntoResponse for GetApiKeyPolicyResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Status200 { body, e_tag } => {
                let mut response = types::content(200, "application/json", &body);
                response.headers_mut().insert("etag", e_tag);
                response
            }
            Self::Status404(body) => types::content(404, "application/problem+json", &body),
        }
    }
}

/// The answers of `getApiKeyUsage` itself.
#[must_use]
pub enum GetApiKeyUsageResponse {
    /// The usage.
    Status200(models::ApiKeyUsage),
    /// No such record, or another user's.
    Status404(models::Problem),
}

impl IntoResponse for GetApiKeyUsageResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Status200(body) => types::content(200, "application/json", &body),
            Self::Status404(body) => types::content(404, "application/problem+json", &body),
        }
    }
}

/// The answers of `revokeApiKey` itself.
#[must_use]
pub enum RevokeApiKeyResponse {
    /// The record.
    Status200 {
        /// The content.
        body: models::ApiKeyRecordRead,
        /// The header `ETag`.
        e_tag: http::HeaderValue,
        /// The next page as `<…>; rel=\"next\"`; absent on the last.
        link: Option<http::HeaderValue>,
    },
    /// No such record, or another user's.
    Status404(models::Problem),
}

impl IntoResponse for RevokeApiKeyResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Status200 { body, e_tag, link } => {
                let mut response = types::content(200, "application/json", &body);
                response.headers_mut().insert("etag", e_tag);
                if let Some(link) = link {
                    response.headers_mut().insert("link", link);
                }
                response
            }
            Self::Status404(body) => types::content(404, "application/problem+json", &body),
        }
    }
}

/// The answers of `rotateApiKey` itself.
#[must_use]
pub enum RotateApiKeyResponse {
    /// The record of the successor.
    Status201 {
        /// The content.
        body: models::ApiKeyRecordRead,
        /// Where the record of the successor stands.
        location: http::HeaderValue,
        /// The header `ETag`.
        e_tag: http::HeaderValue,
        /// The next page as `<…>; rel=\"next\"`; absent on the last.
        link: Option<http::HeaderValue>,
    },
    /// No such record, or another user's.
    Status404(models::Problem),
    /// The key's status, or a rotation before, does not permit this.
    Status409(models::Problem),
    /// Validation Error.
    Status422(models::HttpValidationError),
}

impl IntoResponse for RotateApiKeyResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Status201 { body, location, e_tag, link } => {
                let mut response = types::content(201, "application/json", &body);
                response.headers_mut().insert("location", location);
                response.headers_mut().insert("etag", e_tag);
                if let Some(link) = link {
                    response.headers_mut().insert("link", link);
                }
                response
            }
            Self::Status404(body) => types::content(404, "application/problem+json", &body),
            Self::Status409(body) => types::content(409, "application/problem+json", &body),
            Self::Status422(body) => types::content(422, "application/json", &body),
        }
    }
}

/// The answers of `setApiKeyPolicy` itself.
#[must_use]
pub enum SetApiKeyPolicyResponse {
    /// The policy.
    Status200 {
        /// The content.
        body: models::ApiKeyPolicy,
        /// The header `ETag`.
        e_tag: http::HeaderValue,
    },
    /// No such record, or another user's.
    Status404(models::Problem),
    /// The key's status, or a rotation before, does not permit this.
    Status409(models::Problem),
    /// The record has changed since the version in `If-Match`; nothing was done.
    Status412(models::Problem),
    /// Validation Error.
    Status422(models::HttpValidationError),
}

impl IntoResponse for SetApiKeyPolicyResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Status200 { body, e_tag } => {
                let mut response = types::content(200, "application/json", &body);
                response.headers_mut().insert("etag", e_tag);
                response
            }
            Self::Status404(body) => types::content(404, "application/problem+json", &body),
            Self::Status409(body) => types::content(409, "application/problem+json", &body),
            Self::Status412(body) => types::content(412, "application/problem+json", &body),
            Self::Status422(body) => types::content(422, "application/json", &body),
        }
    }
}
