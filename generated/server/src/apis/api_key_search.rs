//! The operations tagged `ApiKeySearch`.

use axum::response::Response;
use http::StatusCode;

use crate::{
    models,
    types::{self, Respond, ResponseError},
};

/// The operations tagged `ApiKeySearch`.
pub trait ApiKeySearch: super::Hooks {
    /// Revoke many API keys.
    ///
    /// Revokes the keys of a project that meet every condition of the filter, of those that the caller may revoke, up to `limit`, all of them or none. Keys that are not of owners take what `revokeApiKey` takes: the scope `latchkey:keys.manage`, and that they permit no more than the caller has. With `dry_run` it revokes none, and says how many it would. Pass `next_cursor` as `cursor` to go on, until it is `null`: keys that are created after the first request are spared, so disable an owner first if its keys are to be revoked. Revoked keys do not match.
    ///
    /// `revokeApiKeys`: POST /v1/projects/{project}/api-keys/revoke
    fn revoke_api_keys(
        &self,
        caller: Self::Caller,
        project: String,
        body: models::ApiKeyRevocation,
    ) -> impl Future<Output = Result<RevokeApiKeysResponse, Self::Error>> + Send;

    /// Find API keys.
    ///
    /// Finds the keys of a project that meet every condition of the filter, newest first. Without an `owner`, those of a beginning in `key` are in alphabetical order, and without either, those of a condition on the expiry in the order in which they expire. Pass `next_cursor` as `cursor` to get the next page, until it is `null`. A page may have fewer keys than `limit`, or none, and still not be the last: each request examines 5,000 keys at most. Deleted keys are not found. What is sent as `key` is neither logged nor returned.
    ///
    /// `searchApiKeys`: POST /v1/projects/{project}/api-keys/search
    fn search_api_keys(
        &self,
        caller: Self::Caller,
        project: String,
        query: models::SearchApiKeysQuery,
        body: models::ApiKeyFilter,
    ) -> impl Future<Output = Result<SearchApiKeysResponse, Self::Error>> + Send;
}

/// The responses of `revokeApiKeys`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum RevokeApiKeysResponse {
    /// How many keys were revoked.
    Ok(models::ApiKeyRevocationResult),
    /// The project does not exist, or the caller does not belong to it.
    NotFound(super::responses::ProjectNotFound),
    /// Validation Error.
    UnprocessableContent(super::responses::ValidationError),
}

impl Respond for RevokeApiKeysResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok(body) => types::content(StatusCode::OK, "application/json", &body),
            Self::NotFound(response) => response.respond(),
            Self::UnprocessableContent(response) => response.respond(),
        }
    }
}

/// The responses of `searchApiKeys`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum SearchApiKeysResponse {
    /// A page of keys.
    Ok(models::FoundApiKeyPage),
    /// The project does not exist, or the caller does not belong to it.
    NotFound(super::responses::ProjectNotFound),
    /// Validation Error.
    UnprocessableContent(super::responses::ValidationError),
}

impl Respond for SearchApiKeysResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok(body) => types::content(StatusCode::OK, "application/json", &body),
            Self::NotFound(response) => response.respond(),
            Self::UnprocessableContent(response) => response.respond(),
        }
    }
}
