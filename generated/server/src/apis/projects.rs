//! The operations tagged `Projects`.

use axum::response::Response;
use http::StatusCode;

use crate::{
    models,
    types::{self, Respond, ResponseError},
};

/// The operations tagged `Projects`.
pub trait Projects: super::Hooks {
    /// Create a project.
    ///
    /// Creates a project. Its slug is immutable. Settings that are absent have their defaults.
    ///
    /// `createProject`: POST /v1/projects
    fn create_project(
        &self,
        caller: Self::Caller,
        body: models::ProjectCreate,
    ) -> impl Future<Output = Result<CreateProjectResponse, Self::Error>> + Send;

    /// Get a project.
    ///
    /// Returns a project with its settings. A project that the caller does not belong to gets a 404.
    ///
    /// `getProject`: GET /v1/projects/{project}
    fn get_project(
        &self,
        caller: Self::Caller,
        project: String,
    ) -> impl Future<Output = Result<GetProjectResponse, Self::Error>> + Send;

    /// List projects.
    ///
    /// Lists the projects in which the caller has a role, oldest first; an administrator lists all. Pass `next_cursor` as `cursor` to get the next page, until it is `null`.
    ///
    /// `listProjects`: GET /v1/projects
    fn list_projects(
        &self,
        caller: Self::Caller,
        query: models::ListProjectsQuery,
    ) -> impl Future<Output = Result<ListProjectsResponse, Self::Error>> + Send;

    /// Update a project.
    ///
    /// Changes the settings of a project, and disables or enables it. A member that is absent does not change. No key of a disabled project is valid. The project `default` cannot be disabled.
    ///
    /// `updateProject`: PATCH /v1/projects/{project}
    fn update_project(
        &self,
        caller: Self::Caller,
        project: String,
        if_match: Option<String>,
        body: models::ProjectUpdate,
    ) -> impl Future<Output = Result<UpdateProjectResponse, Self::Error>> + Send;
}

/// The responses of `createProject`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum CreateProjectResponse {
    /// The new project.
    Created {
        /// The content.
        body: models::Project,
        /// The path of the new project.
        location: String,
        /// The version of the record (RFC 9110, section 8.8.3), for `If-Match`.
        etag: String,
    },
    /// The slug or the prefix is taken, or the project cannot be disabled.
    Conflict(super::responses::ProjectConflict),
    /// Validation Error.
    UnprocessableContent(super::responses::ValidationError),
}

impl Respond for CreateProjectResponse {
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

/// The responses of `getProject`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum GetProjectResponse {
    /// The project.
    Ok {
        /// The content.
        body: models::Project,
        /// The version of the record (RFC 9110, section 8.8.3), for `If-Match`.
        etag: String,
    },
    /// The project does not exist, or the caller does not belong to it.
    NotFound(super::responses::ProjectNotFound),
}

impl Respond for GetProjectResponse {
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

/// The responses of `listProjects`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum ListProjectsResponse {
    /// A page of projects.
    Ok(models::ProjectPage),
    /// Validation Error.
    UnprocessableContent(super::responses::ValidationError),
}

impl Respond for ListProjectsResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok(body) => types::content(StatusCode::OK, "application/json", &body),
            Self::UnprocessableContent(response) => response.respond(),
        }
    }
}

/// The responses of `updateProject`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum UpdateProjectResponse {
    /// The project.
    Ok {
        /// The content.
        body: models::Project,
        /// The version of the record (RFC 9110, section 8.8.3), for `If-Match`.
        etag: String,
    },
    /// The project does not exist, or the caller does not belong to it.
    NotFound(super::responses::ProjectNotFound),
    /// The slug or the prefix is taken, or the project cannot be disabled.
    Conflict(super::responses::ProjectConflict),
    /// The record has changed since the version in `If-Match`; nothing was done.
    PreconditionFailed(super::responses::PreconditionFailed),
    /// Validation Error.
    UnprocessableContent(super::responses::ValidationError),
}

impl Respond for UpdateProjectResponse {
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
