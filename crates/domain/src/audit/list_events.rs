//! Lists audit events, newest first, in keyset pages.

use crate::{
    model::{AuditEvent, AuditFilter, Caller, Error},
    store::Store,
};

/// The page of at most `limit` events that follows the event `after`, or the first page; and the id after which the next one
/// begins.
pub async fn list_events(
    store: &Store,
    caller: &Caller,
    filter: &AuditFilter,
    limit: usize,
    after: Option<i64>,
) -> Result<(Vec<AuditEvent>, Option<i64>), Error> {
    // The statement is about no user, so it cannot check that the caller is active.
    store.ensure_caller_active(caller).await?;
    let mut events = store.list_audit_events(filter, after, limit + 1).await?;
    let has_more = events.len() > limit;
    events.truncate(limit);
    let next = events.last().filter(|_| has_more).map(|event| event.id);
    Ok((events, next))
}
