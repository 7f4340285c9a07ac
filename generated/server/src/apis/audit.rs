//! The operations tagged `Audit`.

use std::future::Future;

use axum::response::{IntoResponse, Response};

use crate::{models, types};

/// The operations tagged `Audit`.
pub trait Audit: super::Hooks {
    /// Who did what to which key.
    ///
    /// `listAuditEvents`: GET /v1/audit/events
    fn list_audit_events(
        &self,
        caller: Self::Caller,
        query: models::ListAuditEventsQuery,
    ) -> impl Future<Output = Result<ListAuditEventsResponse, Self::Error>> + Send;
}

/// The answers of `listAuditEvents` itself.
#[must_use]
pub enum ListAuditEventsResponse {
    /// A page of events.
    Status200 {
        /// The content.
        body: Vec<models::AuditEvent>,
        /// The next page as `<…>; rel=\"next\"`; absent on the last.
        link: Option<http::HeaderValue>,
    },
    /// Validation Error.
    Status422(models::HttpValidationError),
}

impl IntoResponse for ListAuditEventsResponse {
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
