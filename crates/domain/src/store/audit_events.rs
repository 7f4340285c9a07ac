//! The statement that reads audit events. Those that write them are in `keys::write`; nothing changes or removes them.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use ipnet::IpNet;

use super::{Store, StoreError, rows::Named, schema::audit_events};
use crate::model::{AuditAction, AuditEvent, AuditFilter, AuditSnapshot, CredentialType};

type Row = (
    (i64, DateTime<Utc>, Named<AuditAction>, i64),
    (i64, Option<i64>, Named<CredentialType>, Option<IpNet>),
    Option<serde_json::Value>,
    serde_json::Value,
);

impl Store {
    /// Events, newest first, from the one that follows the event `after`.
    pub async fn list_audit_events(
        &self,
        filter: &AuditFilter,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<AuditEvent>, StoreError> {
        use audit_events as e;
        let shared = self.read_connection().await?;
        let mut query = e::table
            .filter(e::id.lt(after.unwrap_or(i64::MAX)))
            .order(e::id.desc())
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select((
                (e::id, e::occurred_at, e::action, e::key_id),
                (e::actor_user_id, e::actor_key_id, e::credential_type, e::client_ip),
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
            query = query.filter(e::action.eq(action.as_str()));
        }
        let rows: Vec<Row> = query.load(&mut &shared.connection).await?;
        rows.into_iter().map(event).collect()
    }
}

fn event((what, who, before, after): Row) -> Result<AuditEvent, StoreError> {
    let snapshot = |value| serde_json::from_value::<AuditSnapshot>(value).map_err(StoreError::internal);
    let (id, occurred_at, Named(action), key_id) = what;
    let (actor_user_id, actor_key_id, Named(credential_type), client_ip) = who;
    Ok(AuditEvent {
        id,
        occurred_at,
        action,
        key_id,
        actor_user_id,
        actor_key_id,
        credential_type,
        client_ip: client_ip.map(|network| network.addr()),
        before: before.map(snapshot).transpose()?,
        after: snapshot(after)?,
    })
}
