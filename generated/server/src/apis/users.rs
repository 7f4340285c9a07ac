//! The operations tagged `Users`.

use std::future::Future;

use axum::response::{IntoResponse, Response};

use crate::{models, types};

/// The operations tagged `Users`.
pub trait Users: super::Hooks {
    /// Who is calling.
    ///
    /// `getCurrentUser`: GET /v1/users/me
    fn get_current_user(
        &self,
        caller: Self::Caller,
    ) -> impl Future<Output = Result<GetCurrentUserResponse, Self::Error>> + Send;
}

/// The answers of `getCurrentUser` itself.
#[must_use]
pub enum GetCurrentUserResponse {
    /// The caller.
    Status200(models::UserRead),
}

impl IntoResponse for GetCurrentUserResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Status200(body) => types::content(200, "application/json", &body),
        }
    }
}
