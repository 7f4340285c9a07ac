//! The operations tagged `Owners`.

use axum::response::Response;
use http::StatusCode;

use crate::{
    models,
    types::{self, Respond, ResponseError},
};

/// The operations tagged `Owners`.
pub trait Owners: super::Hooks {
    /// Create an owner token.
    ///
    /// Creates a bearer token that acts as an owner, for a page or a program of the customer: it manages the keys of the owner, and nothing else. It ends after `expires_in` seconds, and as soon as the owner, the project, the caller or the API key that created it is disabled, or the caller may no longer change owners. A browser may use it on pages of the allowed origins of the project.
    ///
    /// `createOwnerToken`: POST /v1/projects/{project}/owner-tokens
    fn create_owner_token(
        &self,
        caller: Self::Caller,
        project: String,
        body: models::OwnerTokenCreate,
    ) -> impl Future<Output = Result<CreateOwnerTokenResponse, Self::Error>> + Send;

    /// Delete an owner.
    ///
    /// Erases the owner's external id, display name and metadata, and the descriptions and metadata of its API keys, which are revoked. What remains is the id, which audit events name. It cannot be undone; the external id can then name a new owner. If it fails, some keys may not be revoked or erased yet, though none is valid: repeat it.
    ///
    /// `deleteOwner`: DELETE /v1/projects/{project}/owners/{owner_id}
    fn delete_owner(
        &self,
        caller: Self::Caller,
        project: String,
        owner_id: i64,
    ) -> impl Future<Output = Result<DeleteOwnerResponse, Self::Error>> + Send;

    /// Get an owner.
    ///
    /// Returns an owner of the project.
    ///
    /// `getOwner`: GET /v1/projects/{project}/owners/{owner_id}
    fn get_owner(
        &self,
        caller: Self::Caller,
        project: String,
        owner_id: i64,
    ) -> impl Future<Output = Result<GetOwnerResponse, Self::Error>> + Send;

    /// Issue an API key to an owner or a service account.
    ///
    /// Creates an API key that belongs to the owner with this external id, and the owner if there is none; or, by an admin of the project, to a service account. `full_key` in the response is the secret; it cannot be retrieved later. The key is managed: its owner can restrict it, and not extend it. Without scopes, it has the default scopes of the project. With `Idempotency-Key` the request can be repeated safely.
    ///
    /// `issueApiKey`: POST /v1/projects/{project}/api-keys
    fn issue_api_key(
        &self,
        caller: Self::Caller,
        project: String,
        idempotency_key: Option<String>,
        body: models::ApiKeyIssue,
    ) -> impl Future<Output = Result<IssueApiKeyResponse, Self::Error>> + Send;

    /// List owners.
    ///
    /// Lists the owners of a project, oldest first, or finds the one with an external id. Pass `next_cursor` as `cursor` to get the next page, until it is `null`.
    ///
    /// `listOwners`: GET /v1/projects/{project}/owners
    fn list_owners(
        &self,
        caller: Self::Caller,
        project: String,
        query: models::ListOwnersQuery,
    ) -> impl Future<Output = Result<ListOwnersResponse, Self::Error>> + Send;

    /// Create or update an owner.
    ///
    /// Creates the owner with this external id, or changes it. Of an existing owner, members that are absent do not change. External ids are compared byte for byte. A disabled owner has no valid key.
    ///
    /// `upsertOwner`: POST /v1/projects/{project}/owners
    fn upsert_owner(
        &self,
        caller: Self::Caller,
        project: String,
        body: models::OwnerUpsert,
    ) -> impl Future<Output = Result<UpsertOwnerResponse, Self::Error>> + Send;
}

/// The responses of `createOwnerToken`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum CreateOwnerTokenResponse {
    /// The token.
    Created(models::TokenResponse),
    /// The project or the owner does not exist, or the caller does not belong to the project.
    NotFound(super::responses::OwnerNotFound),
    /// The owner is disabled.
    Conflict(super::responses::OwnerConflict),
    /// Validation Error.
    UnprocessableContent(super::responses::ValidationError),
}

impl Respond for CreateOwnerTokenResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Created(body) => types::content(StatusCode::CREATED, "application/json", &body),
            Self::NotFound(response) => response.respond(),
            Self::Conflict(response) => response.respond(),
            Self::UnprocessableContent(response) => response.respond(),
        }
    }
}

/// The responses of `deleteOwner`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum DeleteOwnerResponse {
    /// The owner is deleted, or was before.
    NoContent,
    /// The project or the owner does not exist, or the caller does not belong to the project.
    NotFound(super::responses::OwnerNotFound),
}

impl Respond for DeleteOwnerResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::NoContent => Ok(types::empty(StatusCode::NO_CONTENT)),
            Self::NotFound(response) => response.respond(),
        }
    }
}

/// The responses of `getOwner`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum GetOwnerResponse {
    /// The owner.
    Ok(models::Owner),
    /// The project or the owner does not exist, or the caller does not belong to the project.
    NotFound(super::responses::OwnerNotFound),
}

impl Respond for GetOwnerResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok(body) => types::content(StatusCode::OK, "application/json", &body),
            Self::NotFound(response) => response.respond(),
        }
    }
}

/// The responses of `issueApiKey`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum IssueApiKeyResponse {
    /// The new key with its secret.
    Created {
        /// The content.
        body: models::ApiKeyRecordRead,
        /// The path of the new key.
        location: String,
        /// The version of the record (RFC 9110, section 8.8.3), for `If-Match`.
        etag: String,
    },
    /// The project or the principal does not exist, or the caller does not belong to the project.
    NotFound(super::responses::MemberNotFound),
    /// The owner is disabled or has too many keys, or the `Idempotency-Key` was used for another request.
    Conflict(super::responses::IssueConflict),
    /// Validation Error.
    UnprocessableContent(super::responses::ValidationError),
}

impl Respond for IssueApiKeyResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Created { body, location, etag } => {
                let mut response = types::content(StatusCode::CREATED, "application/json", &body)?;
                types::set_header(&mut response, "location", location)?;
                types::set_header(&mut response, "etag", etag)?;
                Ok(response)
            }
            Self::NotFound(response) => response.respond(),
            Self::Conflict(response) => response.respond(),
            Self::UnprocessableContent(response) => response.respond(),
        }
    }
}

/// The responses of `listOwners`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum ListOwnersResponse {
    /// A page of owners.
    Ok(models::OwnerPage),
    /// The project does not exist, or the caller does not belong to it.
    NotFound(super::responses::ProjectNotFound),
    /// Validation Error.
    UnprocessableContent(super::responses::ValidationError),
}

impl Respond for ListOwnersResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok(body) => types::content(StatusCode::OK, "application/json", &body),
            Self::NotFound(response) => response.respond(),
            Self::UnprocessableContent(response) => response.respond(),
        }
    }
}

/// The responses of `upsertOwner`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum UpsertOwnerResponse {
    /// The owner, which existed.
    Ok(models::Owner),
    /// The new owner.
    Created {
        /// The content.
        body: models::Owner,
        /// The path of the new owner.
        location: String,
    },
    /// The project does not exist, or the caller does not belong to it.
    NotFound(super::responses::ProjectNotFound),
    /// Validation Error.
    UnprocessableContent(super::responses::ValidationError),
}

impl Respond for UpsertOwnerResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok(body) => types::content(StatusCode::OK, "application/json", &body),
            Self::Created { body, location } => {
                let mut response = types::content(StatusCode::CREATED, "application/json", &body)?;
                types::set_header(&mut response, "location", location)?;
                Ok(response)
            }
            Self::NotFound(response) => response.respond(),
            Self::UnprocessableContent(response) => response.respond(),
        }
    }
}
