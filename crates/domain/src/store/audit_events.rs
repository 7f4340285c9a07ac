//! The statement that reads audit events; those that write them are in `key_changes`. Nothing changes or removes them.

use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use ipnet::IpNet;

use super::{Store, error::StoreError, schema::audit_events};
use crate::audit::{Action, AuditedState, Event, Right, list::Filter};

type Row = (
    (i64, chrono::DateTime<chrono::Utc>, String, i64),
    (i64, Option<i64>, String, Option<IpNet>),
    Option<serde_json::Value>,
    serde_json::Value,
);

impl Store {
    /// Events, newest first, of which the first follows the event `after`.
    pub async fn audit_events_before(
        &self,
        filter: &Filter,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<Event>, StoreError> {
        use audit_events as e;
        let reader = self.reader().await?;
        let mut query = e::table
            .filter(e::id.lt(after.unwrap_or(i64::MAX)))
            .order(e::id.desc())
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select((
                (e::id, e::at, e::action, e::key_id),
                (e::actor_user_id, e::actor_key_id, e::credential, e::address),
                e::before,
                e::after,
            ))
            .into_boxed();
        if let Some(key_id) = filter.key_id {
            query = query.filter(e::key_id.eq(key_id));
        }
        if let Some(user_id) = filter.actor_user_id {
            query = query.filter(e::actor_user_id.eq(user_id));
        }
        if let Some(action) = filter.action {
            query = query.filter(e::action.eq(action.name()));
        }
        let rows: Vec<Row> = query.load(&mut &reader.connection).await?;
        rows.into_iter().map(event).collect()
    }
}

fn event((what, who, before, after): Row) -> Result<Event, StoreError> {
    let state = |value| serde_json::from_value::<AuditedState>(value).map_err(StoreError::internal);
    let (id, at, action, key_id) = what;
    let (actor_user_id, actor_key_id, credential, address) = who;
    Ok(Event {
        id,
        at,
        action: Action::stored(&action)?,
        key_id,
        actor_user_id,
        actor_key_id,
        credential: Right::stored(&credential)?,
        address: address.map(|address| address.addr()),
        before: before.map(state).transpose()?,
        after: state(after)?,
    })
}
