//! The operations tagged `Users`.

use axum::response::Response;
use http::StatusCode;

use crate::{
    models,
    types::{self, Respond, ResponseError},
};

/// The operations tagged `Users`.
pub trait Users: super::Hooks {
    /// Change the password of the current user.
    ///
    /// Sets another password, and ends all bearer tokens of the user, also the one of this request. API keys stay valid. It takes a bearer token that was issued without `scope`, or with every scope of the user: API keys and restricted tokens get a 403. The current password is checked like that of `issueToken`, under the same limits on failed attempts.
    ///
    /// `changePassword`: PUT /v1/users/me/password
    fn change_password(
        &self,
        caller: Self::Caller,
        body: models::PasswordChange,
    ) -> impl Future<Output = Result<ChangePasswordResponse, Self::Error>> + Send;

    /// Create a user.
    ///
    /// Creates a user. Without a password nobody can log in as the user, until `updateUser` sets one; roles can be given before. `setMember` gives a user roles in projects.
    ///
    /// `createUser`: POST /v1/users
    fn create_user(
        &self,
        caller: Self::Caller,
        body: models::UserCreate,
    ) -> impl Future<Output = Result<CreateUserResponse, Self::Error>> + Send;

    /// Get the current user.
    ///
    /// Returns the user that the credential of the request belongs to.
    ///
    /// `getCurrentUser`: GET /v1/users/me
    fn get_current_user(
        &self,
        caller: Self::Caller,
    ) -> impl Future<Output = Result<GetCurrentUserResponse, Self::Error>> + Send;

    /// Get a user.
    ///
    /// Returns a user, also a disabled one. Service accounts and owners are 404.
    ///
    /// `getUser`: GET /v1/users/{user_id}
    fn get_user(
        &self,
        caller: Self::Caller,
        user_id: i64,
    ) -> impl Future<Output = Result<GetUserResponse, Self::Error>> + Send;

    /// List users.
    ///
    /// Lists users, oldest first. Pass `next_cursor` as `cursor` to get the next page, until it is `null`. Only administrators manage users.
    ///
    /// `listUsers`: GET /v1/users
    fn list_users(
        &self,
        caller: Self::Caller,
        query: models::ListUsersQuery,
    ) -> impl Future<Output = Result<ListUsersResponse, Self::Error>> + Send;

    /// Change a user.
    ///
    /// Sets the members that are present; `{}` changes nothing. A new password and `disabled` end all bearer tokens of the user, and API keys are invalid while the user is disabled. With `revoke_keys` all API keys of the user are revoked for good, after everything else: if that fails, the rest is done, and the request can be repeated. The last administrator who is enabled can neither be disabled nor be made an ordinary user (409).
    ///
    /// `updateUser`: PATCH /v1/users/{user_id}
    fn update_user(
        &self,
        caller: Self::Caller,
        user_id: i64,
        body: models::UserUpdate,
    ) -> impl Future<Output = Result<UpdateUserResponse, Self::Error>> + Send;
}

/// The responses of `changePassword`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum ChangePasswordResponse {
    /// The password is another, and the bearer tokens of the user have ended.
    NoContent,
    /// The credential lacks a scope, or may not do this.
    Forbidden(super::responses::Forbidden),
    /// The credential has sent too many requests that change something, or too many that read.
    TooManyRequests(super::responses::TooManyRequests),
}

impl Respond for ChangePasswordResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::NoContent => Ok(types::empty(StatusCode::NO_CONTENT)),
            Self::Forbidden(response) => response.respond(),
            Self::TooManyRequests(response) => response.respond(),
        }
    }
}

/// The responses of `createUser`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum CreateUserResponse {
    /// The new user.
    Created {
        /// The content.
        body: models::User,
        /// The path of the new user.
        location: String,
    },
    /// The name is taken, or the user is the last administrator who is enabled.
    Conflict(super::responses::UserConflict),
}

impl Respond for CreateUserResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Created { body, location } => {
                let mut response = types::content(StatusCode::CREATED, "application/json", &body)?;
                types::set_header(&mut response, "location", location)?;
                Ok(response)
            }
            Self::Conflict(response) => response.respond(),
        }
    }
}

/// The responses of `getCurrentUser`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum GetCurrentUserResponse {
    /// The current user.
    Ok(models::UserRead),
}

impl Respond for GetCurrentUserResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok(body) => types::content(StatusCode::OK, "application/json", &body),
        }
    }
}

/// The responses of `getUser`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum GetUserResponse {
    /// The user.
    Ok(models::User),
    /// The user does not exist.
    NotFound(super::responses::UserNotFound),
}

impl Respond for GetUserResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok(body) => types::content(StatusCode::OK, "application/json", &body),
            Self::NotFound(response) => response.respond(),
        }
    }
}

/// The responses of `listUsers`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum ListUsersResponse {
    /// A page of users.
    Ok(models::UserPage),
    /// Validation Error.
    UnprocessableContent(super::responses::ValidationError),
}

impl Respond for ListUsersResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok(body) => types::content(StatusCode::OK, "application/json", &body),
            Self::UnprocessableContent(response) => response.respond(),
        }
    }
}

/// The responses of `updateUser`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum UpdateUserResponse {
    /// The user.
    Ok(models::User),
    /// The user does not exist.
    NotFound(super::responses::UserNotFound),
    /// The name is taken, or the user is the last administrator who is enabled.
    Conflict(super::responses::UserConflict),
}

impl Respond for UpdateUserResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok(body) => types::content(StatusCode::OK, "application/json", &body),
            Self::NotFound(response) => response.respond(),
            Self::Conflict(response) => response.respond(),
        }
    }
}
