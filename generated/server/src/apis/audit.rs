//! The operations tagged `Audit`.

use axum::response::Response;
use http::StatusCode;

use crate::{
    models,
    types::{self, Respond, ResponseError},
};

/// The operations tagged `Audit`.
pub trait Audit: super::Hooks {
    /// List audit events.
    ///
    /// Lists events, newest first: changes of API keys and users, logins, and operations that were denied for want of a scope. Administrators read all events, members those of the projects in which their role permits it. A change and its event are written in one transaction. Events cannot be changed or deleted. Pass `next_cursor` as `cursor` to get the next page, until it is `null`.
    ///
    /// `listAuditEvents`: GET /v1/audit/events
    fn list_audit_events(
        &self,
        caller: Self::Caller,
        query: models::ListAuditEventsQuery,
    ) -> impl Future<Output = Result<ListAuditEventsResponse, Self::Error>> + Send;
}

/// The responses of `listAuditEvents`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum ListAuditEventsResponse {
    /// A page of events.
    Ok(models::AuditEventPage),
    /// Validation Error.
    UnprocessableContent(super::responses::ValidationError),
}

impl Respond for ListAuditEventsResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok(body) => types::content(StatusCode::OK, "application/json", &body),
            Self::UnprocessableContent(response) => response.respond(),
        }
    }
}
