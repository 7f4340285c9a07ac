//! The operations tagged `ApiKeys`.

use axum::response::Response;
use http::StatusCode;

use crate::{
    models,
    types::{self, Respond, ResponseError},
};

/// The operations tagged `ApiKeys`.
pub trait ApiKeys: super::Hooks {
    /// Create an API key.
    ///
    /// Creates an API key that belongs to the caller. `full_key` in the response is the secret; it cannot be retrieved later. No credential may grant more than it has: a `policy` that allows more than the caller has gets a 403, and a key without a `policy` gets the restrictions of the credential that creates it. A key that is created with an API key expires no later than that key: a later `expires_at` gets a 403. Owners cannot give `metadata` (403). With `Idempotency-Key` the request can be repeated safely.
    ///
    /// `createApiKey`: POST /v1/api-keys/
    fn create_api_key(
        &self,
        caller: Self::Caller,
        idempotency_key: Option<String>,
        body: models::ApiKeyCreate,
    ) -> impl Future<Output = Result<CreateApiKeyResponse, Self::Error>> + Send;

    /// Delete an API key.
    ///
    /// Makes a key invalid permanently and removes its record: later requests for it get a 404. The audit trail keeps it. A key that may do more than the caller gets a 403.
    ///
    /// `deleteApiKey`: DELETE /v1/api-keys/{item_id}
    fn delete_api_key(
        &self,
        caller: Self::Caller,
        item_id: i64,
        if_match: Option<String>,
        query: models::DeleteApiKeyQuery,
    ) -> impl Future<Output = Result<DeleteApiKeyResponse, Self::Error>> + Send;

    /// Get an API key.
    ///
    /// Returns a key of the caller, without its secret.
    ///
    /// `getApiKey`: GET /v1/api-keys/{item_id}
    fn get_api_key(
        &self,
        caller: Self::Caller,
        item_id: i64,
    ) -> impl Future<Output = Result<GetApiKeyResponse, Self::Error>> + Send;

    /// Get an API key's metadata.
    ///
    /// Returns the strings that the deployer attached to a key.
    ///
    /// `getApiKeyMetadata`: GET /v1/api-keys/{item_id}/metadata
    fn get_api_key_metadata(
        &self,
        caller: Self::Caller,
        item_id: i64,
    ) -> impl Future<Output = Result<GetApiKeyMetadataResponse, Self::Error>> + Send;

    /// Get an API key's usage.
    ///
    /// Returns how often a key was verified, and when it was last used. Counts are at most one minute old; a node that crashes loses at most ten seconds of them.
    ///
    /// `getApiKeyUsage`: GET /v1/api-keys/{item_id}/usage
    fn get_api_key_usage(
        &self,
        caller: Self::Caller,
        item_id: i64,
    ) -> impl Future<Output = Result<GetApiKeyUsageResponse, Self::Error>> + Send;

    /// List API keys.
    ///
    /// Lists the caller's API keys, newest first. Follow `Link: rel="next"` (RFC 8288) until it is absent. With a `status` filter a page may hold fewer records than `limit`, or none, while more pages follow.
    ///
    /// `listApiKeys`: GET /v1/api-keys/
    fn list_api_keys(
        &self,
        caller: Self::Caller,
        query: models::ListApiKeysQuery,
    ) -> impl Future<Output = Result<ListApiKeysResponse, Self::Error>> + Send;

    /// Replace an API key's metadata.
    ///
    /// Replaces the metadata of a key. Verifications return it. Owners cannot: it is what the deployer says of a key.
    ///
    /// `setApiKeyMetadata`: PUT /v1/api-keys/{item_id}/metadata
    fn set_api_key_metadata(
        &self,
        caller: Self::Caller,
        item_id: i64,
        if_match: Option<String>,
        body: models::ApiKeyMetadata,
    ) -> impl Future<Output = Result<SetApiKeyMetadataResponse, Self::Error>> + Send;

    /// Update.
    ///
    /// Changes the expiry or the description of a key. A member that is absent does not change; `null` removes the value. `{}` changes nothing and returns the key. Unknown members are ignored. An expiry for a key that may do more than the caller gets a 403. An API key that expires can set no later expiry than its own, neither for itself nor for another key, and cannot remove one: that gets a 403.
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

/// The responses of `createApiKey`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum CreateApiKeyResponse {
    /// The new key with its secret.
    Created {
        /// The content.
        body: models::ApiKeyRecordRead,
        /// The path of the new key.
        location: String,
        /// The version of the record (RFC 9110, section 8.8.3), for `If-Match`.
        etag: String,
    },
    /// The `Idempotency-Key` was used for another request, or for a key that was deleted; or the user has too many keys.
    Conflict(super::responses::IdempotencyConflict),
    /// Validation Error.
    UnprocessableContent(super::responses::ValidationError),
}

impl Respond for CreateApiKeyResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Created { body, location, etag } => {
                let mut response = types::content(StatusCode::CREATED, "application/json", &body)?;
                types::set_header(&mut response, "location", location)?;
                types::set_header(&mut response, "etag", etag)?;
                Ok(response)
            }
            Self::Conflict(response) => response.respond(),
            Self::UnprocessableContent(response) => response.respond(),
        }
    }
}

/// The responses of `deleteApiKey`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum DeleteApiKeyResponse {
    /// The key is deleted.
    NoContent,
    /// The key does not exist, or the caller does not reach it.
    NotFound(super::responses::NotFound),
    /// The record has changed since the version in `If-Match`; nothing was done.
    PreconditionFailed(super::responses::PreconditionFailed),
}

impl Respond for DeleteApiKeyResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::NoContent => Ok(types::empty(StatusCode::NO_CONTENT)),
            Self::NotFound(response) => response.respond(),
            Self::PreconditionFailed(response) => response.respond(),
        }
    }
}

/// The responses of `getApiKey`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum GetApiKeyResponse {
    /// The key.
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
}

impl Respond for GetApiKeyResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok { body, etag, link } => {
                let mut response = types::content(StatusCode::OK, "application/json", &body)?;
                types::set_header(&mut response, "etag", etag)?;
                types::set_header(&mut response, "link", link)?;
                Ok(response)
            }
            Self::NotFound(response) => response.respond(),
        }
    }
}

/// The responses of `getApiKeyMetadata`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum GetApiKeyMetadataResponse {
    /// The metadata.
    Ok {
        /// The content.
        body: models::ApiKeyMetadataRead,
        /// The version of the record (RFC 9110, section 8.8.3), for `If-Match`.
        etag: String,
    },
    /// The key does not exist, or the caller does not reach it.
    NotFound(super::responses::NotFound),
}

impl Respond for GetApiKeyMetadataResponse {
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

/// The responses of `getApiKeyUsage`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum GetApiKeyUsageResponse {
    /// The usage.
    Ok(models::ApiKeyUsage),
    /// The key does not exist, or the caller does not reach it.
    NotFound(super::responses::NotFound),
}

impl Respond for GetApiKeyUsageResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok(body) => types::content(StatusCode::OK, "application/json", &body),
            Self::NotFound(response) => response.respond(),
        }
    }
}

/// The responses of `listApiKeys`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum ListApiKeysResponse {
    /// A page of API keys.
    Ok {
        /// The content.
        body: Vec<models::ApiKeyRecordRead>,
        /// The next page as `<…>; rel="next"` (RFC 8288); absent on the last page.
        link: Option<String>,
    },
    /// Validation Error.
    UnprocessableContent(super::responses::ValidationError),
}

impl Respond for ListApiKeysResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok { body, link } => {
                let mut response = types::content(StatusCode::OK, "application/json", &body)?;
                types::set_header(&mut response, "link", link)?;
                Ok(response)
            }
            Self::UnprocessableContent(response) => response.respond(),
        }
    }
}

/// The responses of `setApiKeyMetadata`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum SetApiKeyMetadataResponse {
    /// The new metadata.
    Ok {
        /// The content.
        body: models::ApiKeyMetadataRead,
        /// The version of the record (RFC 9110, section 8.8.3), for `If-Match`.
        etag: String,
    },
    /// The key does not exist, or the caller does not reach it.
    NotFound(super::responses::NotFound),
    /// The record has changed since the version in `If-Match`; nothing was done.
    PreconditionFailed(super::responses::PreconditionFailed),
    /// Validation Error.
    UnprocessableContent(super::responses::ValidationError),
}

impl Respond for SetApiKeyMetadataResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok { body, etag } => {
                let mut response = types::content(StatusCode::OK, "application/json", &body)?;
                types::set_header(&mut response, "etag", etag)?;
                Ok(response)
            }
            Self::NotFound(response) => response.respond(),
            Self::PreconditionFailed(response) => response.respond(),
            Self::UnprocessableContent(response) => response.respond(),
        }
    }
}

/// The responses of `updateApiKey`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum UpdateApiKeyResponse {
    /// Successful Response.
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

impl Respond for UpdateApiKeyResponse {
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
