//! Lists audit events, newest first, in keyset pages.

use chrono::{DateTime, Utc};

use crate::{
    model::{AuditEvent, AuditFilter, Caller, Error, Page, Scope, audit::AuditPosition},
    store::Store,
};

/// The page of at most `limit` events that follows the position `after`, or the first page: all events for an administrator, those
/// of their projects for others.
#[tracing::instrument(name = "audit.list_events", level = "debug", skip_all)]
pub async fn list_events(
    store: &Store,
    caller: &Caller,
    now: DateTime<Utc>,
    filter: &AuditFilter,
    limit: usize,
    after: Option<AuditPosition>,
) -> Result<Page<AuditEvent, AuditPosition>, Error> {
    // The statement is about no principal, so it cannot check that the caller is active.
    let principal = store.ensure_caller_active(caller, now).await?;
    let projects = principal.rights.projects_with(Scope::AuditRead);
    let events = store.list_audit_events(filter, projects.as_deref(), after, limit + 1).await?;
    Ok(Page::cut(events, limit, |event| (event.occurred_at, event.id)))
}
