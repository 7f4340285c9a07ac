//! The operations tagged `ApiKeys`.

use std::future::Future;

use axum::response::{IntoResponse, Response};

use crate::{models, types};

/// The operations tagged `ApiKeys`.
pub trait ApiKeys: super::Hooks {
    /// Create.
    ///
    /// `createApiKey`: POST /v1/api-keys/
    fn create_api_key(
        &self,
        caller: Self::Caller,
        idempotency_key: Option<String>,
        body: models::ApiKeyRecordCreate,
    ) -> impl Future<Output = Result<CreateApiKeyResponse, Self::Error>> + Send;

    /// Delete.
    ///
    /// `deleteApiKey`: DELETE /v1/api-keys/{item_id}
    fn delete_api_key(
        &self,
        caller: Self::Caller,
        item_id: i64,
    ) -> impl Future<Output = Result<DeleteApiKeyResponse, Self::Error>> + Send;

    /// Get.
    ///
    /// `getApiKey`: GET /v1/api-keys/{item_id}
    fn get_api_key(
        &self,
        caller: Self::Caller,
        item_id: i64,
    ) -> impl Future<Output = Result<GetApiKeyResponse, Self::Error>> + Send;

    /// List.
    ///
    /// `listApiKeys`: GET /v1/api-keys/
    fn list_api_keys(
        &self,
        caller: Self::Caller,
        query: models::ListApiKeysQuery,
    ) -> impl Future<Output = Result<ListApiKeysResponse, Self::Error>> + Send;

    /// Update.
    ///
    /// `updateApiKey`: PATCH /v1/api-keys/{item_id}
    fn update_api_key(
        &self,
        caller: Self::Caller,
        item_id: i64,
        if_match: Option<String>,
        body: models::ApiKeyRecordCreate,
    ) -> impl Future<Output = Result<UpdateApiKeyResponse, Self::Error>> + Send;
}

/// The answers of `createApiKey` itself.
#[must_use]
pub enum CreateApiKeyResponse {
    /// Created.
    Status201 {
        /// The content.
        body: models::ApiKeyRecordRead,
        /// Where the record of the successor stands.
        location: http::HeaderValue,
        /// The header `ETag`.
        e_tag: http::HeaderValue,
    },
    /// Validation Error.
    Status422(models::HttpValidationError),
}

impl IntoResponse for CreateApiKeyResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Status201 { body, location, e_tag } => {
                let mut response = types::content(201, "application/json", &body);
                response.headers_mut().insert("location", location);
                response.headers_mut().insert("etag", e_tag);
                response
            }
            Self::Status422(body) => types::content(422, "application/json", &body),
        }
    }
}

/// The answers of `deleteApiKey` itself.
#[must_use]
pub enum DeleteApiKeyResponse {
    /// Deleted.
    Status204,
    /// No such record, or another user's.
    Status404(models::Problem),
}

impl IntoResponse for DeleteApiKeyResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Status204 => types::empty(204),
            Self::Status404(body) => types::content(404, "application/problem+json", &body),
        }
    }
}

/// The answers of `getApiKey` itself.
#[must_use]
pub enum GetApiKeyResponse {
    /// Successful Response.
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

impl IntoResponse for GetApiKeyResponse {
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

/// The answers of `listApiKeys` itself.
#[must_use]
pub enum ListApiKeysResponse {
    /// A page of records.
    Status200 {
        /// The content.
        body: Vec<models::ApiKeyRecordRead>,
        /// The next page as `<…>; rel=\"next\"`; absent on the last.
        link: Option<http::HeaderValue>,
    },
    /// Validation Error.
    Status422(models::HttpValidationError),
}

impl IntoResponse for ListApiKeysResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Status200 { body, link } => {
                let mut response = types::content(200, "application/json", &body);
                if let Some(link) = link {
                    response.headers_mut().insert("link", link);
                }
                response
            }
            Self::Status422(body) => types::content(422, "application/json", &body),
        }
    }
}

/// The answers of `updateApiKey` itself.
#[must_use]
pub enum UpdateApiKeyResponse {
    /// Successful Response.
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
    /// The record has changed since the version in `If-Match`; nothing was done.
    Status412(models::Problem),
}

impl IntoResponse for UpdateApiKeyResponse {
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
            Self::Status412(body) => types::content(412, "application/problem+json", &body),
        }
    }
}
