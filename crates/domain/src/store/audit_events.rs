//! The statement that reads audit events. Those that write them are in `keys::write`; nothing changes or removes them.

use chrono::{DateTime, Utc};
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use ipnet::IpNet;

use super::{Store, StoreError, schema::audit_events};
use crate::model::{AuditEvent, AuditFilter, AuditSnapshot, audit::AuditPosition};

type Row = (
    (i64, DateTime<Utc>, String, String),
    (Option<i64>, Option<i64>, Option<i64>, Option<i64>),
    (String, Option<IpNet>),
    Option<serde_json::Value>,
    serde_json::Value,
);

impl Store {
    /// Events, newest first, from the one that follows the position `after`.
    #[tracing::instrument(name = "store.list_audit_events", level = "debug", skip_all)]
    pub async fn list_audit_events(
        &self,
        filter: &AuditFilter,
        after: Option<AuditPosition>,
        limit: usize,
    ) -> Result<Vec<AuditEvent>, StoreError> {
        use audit_events as e;
        let shared = self.read_connection().await?;
        let mut query = e::table
            .order((e::occurred_at.desc(), e::id.desc()))
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select((
                (e::id, e::occurred_at, e::action, e::subject_type),
                (e::subject_id, e::key_id, e::actor_user_id, e::actor_key_id),
                (e::credential_type, e::client_ip),
                e::before,
                e::after,
            ))
            .into_boxed();
        if let Some((time, id)) = after {
            // The first condition is what an index serves; few events have the same time.
            query = query.filter(e::occurred_at.le(time)).filter(e::occurred_at.lt(time).or(e::id.lt(id)));
        }
        if let Some(key_id) = filter.key_id {
            query = query.filter(e::key_id.eq(key_id));
        }
        if let Some(user_id) = filter.actor_user_id {
            query = query.filter(e::actor_user_id.eq(user_id));
        }
        if let Some(action) = &filter.action {
            query = query.filter(e::action.eq(action));
        }
        if let Some(since) = filter.since {
            query = query.filter(e::occurred_at.ge(since));
        }
        if let Some(until) = filter.until {
            query = query.filter(e::occurred_at.lt(until));
        }
        let rows: Vec<Row> = query.load(&mut &shared.connection).await?;
        rows.into_iter().map(event).collect()
    }
}

fn event((event, ids, (credential_type, client_ip), before, after): Row) -> Result<AuditEvent, StoreError> {
    let snapshot = |value| serde_json::from_value::<AuditSnapshot>(value).map_err(StoreError::internal);
    let (id, occurred_at, action, subject_type) = event;
    let (subject_id, key_id, actor_user_id, actor_key_id) = ids;
    Ok(AuditEvent {
        id,
        occurred_at,
        action,
        subject_type,
        subject_id,
        key_id,
        actor_user_id,
        actor_key_id,
        credential_type,
        client_ip: client_ip.map(|network| network.addr()),
        before: before.map(snapshot).transpose()?,
        after: snapshot(after)?,
    })
}
