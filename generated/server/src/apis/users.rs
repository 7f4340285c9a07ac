//! The operations tagged `Users`.

use axum::response::Response;
use http::StatusCode;

use crate::{
    models,
    types::{self, Respond, ResponseError},
};

/// The operations tagged `Users`.
pub trait Users: super::Hooks {
    /// Get the current user.
    ///
    /// Returns the user that the credential of the request belongs to.
    ///
    /// `getCurrentUser`: GET /v1/users/me
    fn get_current_user(
        &self,
        caller: Self::Caller,
    ) -> impl Future<Output = Result<GetCurrentUserResponse, Self::Error>> + Send;
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
