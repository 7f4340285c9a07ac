//! The statements that read audit events, that write those that no change accompanies, and that maintain their partitions, by
//! month. The other events are written with their changes, in `keys::write`, `principals` and others. Nothing changes an event, and only
//! together with its whole partition is it removed.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, QueryableByName,
    sql_query,
    sql_types::{Double, Nullable, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use ipnet::IpNet;
use serde_json::json;

use super::{
    Store, StoreError,
    schema::{audit_events, projects},
};
use crate::model::{
    AuditEvent, AuditFilter, AuditSnapshot,
    audit::{AccessEvent, AuditPosition, SubjectType},
    principal::DEFAULT_PROJECT,
    project::DEFAULT_PROJECT_SLUG,
};

type Row = (
    (i64, DateTime<Utc>, String, String),
    (Option<i64>, Option<i64>, Option<i64>, Option<i64>),
    (String, Option<IpNet>, Option<String>),
    (Option<String>, Option<i64>, Option<i64>),
    Option<serde_json::Value>,
    serde_json::Value,
);

const MAINTAIN_PARTITIONS: &str =
    "SELECT line FROM maintain_audit_partitions(make_interval(secs => $1)) AS lines (line)";

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

impl Store {
    /// Creates the partitions of the coming months, and drops those whose events are all older than the retention, which is at
    /// least 90 days; `None` keeps all events. Returns what was done, as lines for the log. If another node is doing it, nothing.
    #[tracing::instrument(name = "store.maintain_audit_partitions", level = "debug", skip_all)]
    pub async fn maintain_audit_partitions(&self, retention: Option<Duration>) -> Result<Vec<String>, StoreError> {
        let maintain = sql_query(MAINTAIN_PARTITIONS)
            .bind::<Nullable<Double>, _>(retention.map(|retention| retention.as_secs_f64()));
        let lines: Vec<Line> = maintain.load(&mut *self.write_connection().await?).await?;
        Ok(lines.into_iter().map(|Line { line }| line).collect())
    }

    /// Events, newest first, from the one that follows the position `after`: all, or those of these projects.
    #[tracing::instrument(name = "store.list_audit_events", level = "debug", skip_all)]
    pub async fn list_audit_events(
        &self,
        filter: &AuditFilter,
        of_projects: Option<&[i64]>,
        after: Option<AuditPosition>,
        limit: usize,
    ) -> Result<Vec<AuditEvent>, StoreError> {
        use audit_events as e;
        let shared = self.read_connection().await?;
        let mut query = e::table
            .left_join(projects::table.on(e::project_id.eq(projects::id.nullable())))
            .order((e::occurred_at.desc(), e::id.desc()))
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select((
                (e::id, e::occurred_at, e::action, e::subject_type),
                (e::subject_id, e::key_id, e::actor_user_id, e::actor_key_id),
                (e::credential_type, e::client_ip, e::operation),
                (projects::slug.nullable(), e::principal_id, e::minted_by),
                e::before,
                e::after,
            ))
            .into_boxed();
        if let Some((time, id)) = after {
            // The first condition is what an index serves; few events have the same time.
            query = query.filter(e::occurred_at.le(time)).filter(e::occurred_at.lt(time).or(e::id.lt(id)));
        }
        if let Some(ids) = of_projects {
            // Of users, only their roles are a matter of a project. Servers of version 0.1.0 wrote all of their events as if they
            // were one of the default project.
            let is_of_project = e::subject_type.ne(SubjectType::User.as_str()).or(e::project_id.ne(DEFAULT_PROJECT));
            query = query.filter(e::project_id.eq_any(ids.to_vec())).filter(is_of_project);
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

    /// Records that a caller was denied an operation.
    #[tracing::instrument(name = "store.record_denied_access", level = "debug", skip_all)]
    pub async fn record_denied_access(&self, event: &AccessEvent) -> Result<(), StoreError> {
        insert_access_event(&mut *self.write_connection().await?, event).await
    }
}

/// Writes an event that no change accompanies.
pub(super) async fn insert_access_event(
    connection: &mut AsyncPgConnection,
    event: &AccessEvent,
) -> Result<(), StoreError> {
    use audit_events as e;
    // Servers of version 0.1.0 list events only if they have these members.
    let unchanged = json!({ "disabled": false, "revoked": false, "deleted": false });
    let insert = diesel::insert_into(e::table).values((
        e::occurred_at.eq(event.occurred_at),
        e::action.eq(event.action.as_str()),
        e::subject_type.eq(event.subject_type.as_str()),
        e::subject_id.eq(event.subject_id),
        e::actor_user_id.eq(event.actor_user_id),
        e::actor_key_id.eq(event.actor_key_id),
        e::credential_type.eq(event.credential_type.as_str()),
        e::client_ip.eq(event.client_ip.map(IpNet::from)),
        e::operation.eq(event.operation),
        e::project_id.eq(None::<i64>),
        e::principal_id.eq(event.actor_user_id.or(event.subject_id)),
        e::minted_by.eq(event.minted_by),
        e::before.eq(&unchanged),
        e::after.eq(&unchanged),
    ));
    insert.execute(connection).await?;
    Ok(())
}

fn event(row: Row) -> Result<AuditEvent, StoreError> {
    let (event, ids, (credential_type, client_ip, operation), (project, principal_id, minted_by), before, after) = row;
    let snapshot = |value| serde_json::from_value::<AuditSnapshot>(value).map_err(StoreError::internal);
    let (id, occurred_at, action, subject_type) = event;
    let (subject_id, key_id, actor_user_id, actor_key_id) = ids;
    Ok(AuditEvent {
        id,
        occurred_at,
        action,
        subject_id,
        key_id,
        actor_user_id,
        actor_key_id,
        credential_type,
        client_ip: client_ip.map(|network| network.addr()),
        operation,
        project: project.filter(|slug| subject_type != SubjectType::User.as_str() || slug != DEFAULT_PROJECT_SLUG),
        subject_type,
        principal_id,
        minted_by,
        before: before.map(snapshot).transpose()?,
        after: snapshot(after)?,
    })
}
