//! Lists audit events, newest first, in keyset pages.

use crate::{
    audit::{Action, Event},
    error::Failure,
    identity::Caller,
    store::Store,
};

/// Which events; each part that is `None` leaves none out.
#[derive(Debug, Default)]
pub struct Filter {
    /// Of this key.
    pub key_id: Option<i64>,
    /// By this user.
    pub actor_user_id: Option<i64>,
    /// Of this kind.
    pub action: Option<Action>,
}

/// The page of at most `limit` events that follows the event `after`, or the first page; and the id after which the next one
/// begins.
pub async fn list(
    store: &Store,
    caller: &Caller,
    filter: &Filter,
    limit: usize,
    after: Option<i64>,
) -> Result<(Vec<Event>, Option<i64>), Failure> {
    // The statement is about no user, so whether the caller still stands is asked for itself.
    store.confirm(caller).await?;
    let mut events = store.audit_events_before(filter, after, limit + 1).await?;
    let more = events.len() > limit;
    events.truncate(limit);
    let next = events.last().filter(|_| more).map(|event| event.id);
    Ok((events, next))
}
