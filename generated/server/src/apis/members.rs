//! The operations tagged `Members`.

use axum::response::Response;
use http::StatusCode;

use crate::{
    models,
    types::{self, Respond, ResponseError},
};

/// The operations tagged `Members`.
pub trait Members: super::Hooks {
    /// Create a service account.
    ///
    /// Creates a principal for a program, with a role in the project. It has no password: `issueApiKey` gives it API keys, which do what their scopes and the role permit.
    ///
    /// `createServiceAccount`: POST /v1/projects/{project}/service-accounts
    fn create_service_account(
        &self,
        caller: Self::Caller,
        project: String,
        body: models::ServiceAccountCreate,
    ) -> impl Future<Output = Result<CreateServiceAccountResponse, Self::Error>> + Send;

    /// List members.
    ///
    /// Lists the members of a project, oldest principals first. Pass `next_cursor` as `cursor` to get the next page, until it is `null`. Administrators reach every project and are not listed for it.
    ///
    /// `listMembers`: GET /v1/projects/{project}/members
    fn list_members(
        &self,
        caller: Self::Caller,
        project: String,
        query: models::ListMembersQuery,
    ) -> impl Future<Output = Result<ListMembersResponse, Self::Error>> + Send;

    /// Remove a member.
    ///
    /// Takes a member's role in the project, at once. A service account is disabled, and its API keys are invalid. What is no member is 404.
    ///
    /// `removeMember`: DELETE /v1/projects/{project}/members/{user_id}
    fn remove_member(
        &self,
        caller: Self::Caller,
        project: String,
        user_id: i64,
    ) -> impl Future<Output = Result<RemoveMemberResponse, Self::Error>> + Send;

    /// Give a user a role.
    ///
    /// Makes a user a member with this role, or gives a member another role. It is in effect at once, also for tokens and API keys that exist. A service account that was removed cannot become a member again.
    ///
    /// `setMember`: PUT /v1/projects/{project}/members/{user_id}
    fn set_member(
        &self,
        caller: Self::Caller,
        project: String,
        user_id: i64,
        body: models::MemberSet,
    ) -> impl Future<Output = Result<SetMemberResponse, Self::Error>> + Send;
}

/// The responses of `createServiceAccount`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum CreateServiceAccountResponse {
    /// The new member.
    Created {
        /// The content.
        body: models::Member,
        /// The path of the new member.
        location: String,
    },
    /// The project does not exist, or the caller does not belong to it.
    NotFound(super::responses::ProjectNotFound),
    /// The name is taken in the project.
    Conflict(super::responses::MemberConflict),
}

impl Respond for CreateServiceAccountResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Created { body, location } => {
                let mut response = types::content(StatusCode::CREATED, "application/json", &body)?;
                types::set_header(&mut response, "location", location)?;
                Ok(response)
            }
            Self::NotFound(response) => response.respond(),
            Self::Conflict(response) => response.respond(),
        }
    }
}

/// The responses of `listMembers`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum ListMembersResponse {
    /// A page of members.
    Ok(models::MemberPage),
    /// The project does not exist, or the caller does not belong to it.
    NotFound(super::responses::ProjectNotFound),
    /// Validation Error.
    UnprocessableContent(super::responses::ValidationError),
}

impl Respond for ListMembersResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok(body) => types::content(StatusCode::OK, "application/json", &body),
            Self::NotFound(response) => response.respond(),
            Self::UnprocessableContent(response) => response.respond(),
        }
    }
}

/// The responses of `removeMember`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum RemoveMemberResponse {
    /// The principal is no member any more.
    NoContent,
    /// The project or the principal does not exist, or the caller does not belong to the project.
    NotFound(super::responses::MemberNotFound),
}

impl Respond for RemoveMemberResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::NoContent => Ok(types::empty(StatusCode::NO_CONTENT)),
            Self::NotFound(response) => response.respond(),
        }
    }
}

/// The responses of `setMember`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum SetMemberResponse {
    /// The member.
    Ok(models::Member),
    /// The project or the principal does not exist, or the caller does not belong to the project.
    NotFound(super::responses::MemberNotFound),
}

impl Respond for SetMemberResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok(body) => types::content(StatusCode::OK, "application/json", &body),
            Self::NotFound(response) => response.respond(),
        }
    }
}
