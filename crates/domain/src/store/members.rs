//! Statements on members of projects and on service accounts. Each carries the condition that the caller is an admin of the project.

use chrono::{DateTime, Utc};
use diesel::{
    OptionalExtension, QueryResult,
    sql_types::{BigInt, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;

use super::{
    Store, StoreError,
    active_caller::AUDIT_CALLER_COLUMNS,
    durability::ENSURE_DURABLE,
    freshness::Subject,
    principals::PRINCIPAL_EVENT_COLUMNS,
    project_access::ProjectAccess,
    rows::Named,
    sql::{Sql, SqlOut, Statement, unknown},
};
use crate::model::{Actor, Member, PrincipalKind, Role, Scope};

type MemberTypes = (BigInt, Text, Text, Text);
type MemberRow = (i64, Named<PrincipalKind>, String, Named<Role>);

/// What became of a service account that was to be created.
pub enum CreatedAccount {
    /// The member.
    Created(Member),
    /// The name is taken in the project.
    Taken,
    /// The caller may not.
    Nothing,
}

impl Store {
    /// The members of a project by id, from the one that follows the principal `after`.
    #[tracing::instrument(name = "store.list_members", level = "debug", skip_all)]
    pub async fn list_members(
        &self,
        actor: Actor<'_>,
        now: DateTime<Utc>,
        slug: &str,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<Member>, StoreError> {
        let shared = self.read_connection().await?;
        let access = ProjectAccess::new(actor, now, slug, Scope::ProjectAdmin);
        let limit = i64::try_from(limit).map_err(StoreError::internal)?;
        let statement = Sql(ListMembers { access, after: after.unwrap_or(0), limit });
        let rows: Vec<MemberRow> = statement.load(&mut &shared.connection).await?;
        Ok(rows.into_iter().map(member).collect())
    }

    /// The id of the service account of this name in a project, also if it is disabled.
    #[tracing::instrument(name = "store.find_service_account_id", level = "debug", skip_all)]
    pub async fn find_service_account_id(&self, project_id: i64, name: &str) -> Result<Option<i64>, StoreError> {
        let shared = self.read_connection().await?;
        let statement = Sql(FindServiceAccountId { project_id, name });
        Ok(statement.get_result(&mut &shared.connection).await.optional()?)
    }

    /// Gives a user, or a service account of the project, a role. `None` if there is none, or the caller may not.
    #[tracing::instrument(name = "store.set_member", level = "debug", skip_all)]
    pub async fn set_member(
        &self,
        actor: Actor<'_>,
        now: DateTime<Utc>,
        slug: &str,
        principal_id: i64,
        role: Role,
    ) -> Result<Option<Member>, StoreError> {
        let access = ProjectAccess::new(actor, now, slug, Scope::ProjectAdmin);
        let statement = Sql(SetMember { access, now, principal_id, role: role.as_str() });
        // All rows are loaded, see `keys::write`.
        let rows: Vec<MemberRow> = statement.load(&mut *self.write_connection().await?).await?;
        self.freshness().invalidate([Subject::Principal(principal_id)]);
        Ok(rows.into_iter().next().map(member))
    }

    /// Removes a member, and disables a service account. Whether there was one that the caller may remove.
    #[tracing::instrument(name = "store.remove_member", level = "debug", skip_all)]
    pub async fn remove_member(
        &self,
        actor: Actor<'_>,
        now: DateTime<Utc>,
        slug: &str,
        principal_id: i64,
    ) -> Result<bool, StoreError> {
        let access = ProjectAccess::new(actor, now, slug, Scope::ProjectAdmin);
        let statement = Sql(RemoveMember { access, now, principal_id });
        let rows: Vec<i64> = statement.load(&mut *self.write_connection().await?).await?;
        self.freshness().invalidate([Subject::Principal(principal_id)]);
        Ok(!rows.is_empty())
    }

    /// Creates a service account with a role.
    #[tracing::instrument(name = "store.insert_service_account", level = "debug", skip_all)]
    pub async fn insert_service_account(
        &self,
        actor: Actor<'_>,
        now: DateTime<Utc>,
        slug: &str,
        name: &str,
        role: Role,
    ) -> Result<CreatedAccount, StoreError> {
        let access = ProjectAccess::new(actor, now, slug, Scope::ProjectAdmin);
        let statement = Sql(InsertServiceAccount { access, now, name, role: role.as_str() });
        let rows: QueryResult<Vec<MemberRow>> = statement.load(&mut *self.write_connection().await?).await;
        match rows.map_err(StoreError::from) {
            Ok(rows) => Ok(match rows.into_iter().next() {
                Some(row) => CreatedAccount::Created(member(row)),
                None => CreatedAccount::Nothing,
            }),
            Err(StoreError::UniqueViolation { .. }) => Ok(CreatedAccount::Taken),
            Err(error) => Err(error),
        }
    }
}

fn member((principal_id, Named(kind), name, Named(role)): MemberRow) -> Member {
    Member { principal_id, kind, name, role }
}

/// A principal `t` with a role in an audit event. Servers of version 0.1.0 list events only if they have the members `revoked` and
/// `deleted`.
const SNAPSHOT: &str = "jsonb_build_object('username', t.name, 'role', t.role, 'disabled', t.disabled, 'revoked', false, \
    'deleted', false)";
/// The values of [`PRINCIPAL_EVENT_COLUMNS`] after the time and the action, for a principal `t` in the project `a`.
const EVENT_SUBJECT: &str = "t.kind, t.id, a.id, t.id";

/// Pushes the parts that the statements here share.
fn push_common<'b>(name: &str, access: &'b ProjectAccess, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
    match name {
        "access" => access.push(out)?,
        "snapshot" => out.push_sql(SNAPSHOT),
        "event_columns" => out.push_sql(PRINCIPAL_EVENT_COLUMNS),
        "event_subject" => out.push_sql(EVENT_SUBJECT),
        "ensure_durable" => out.push_sql(ENSURE_DURABLE),
        "audit_caller_columns" => out.push_sql(AUDIT_CALLER_COLUMNS),
        "audit_caller" => access.caller.push_audit_values(out)?,
        _ => unknown(name)?,
    }
    Ok(())
}

struct ListMembers {
    access: ProjectAccess,
    after: i64,
    limit: i64,
}

impl Statement for ListMembers {
    type Id = Self;
    type Row = MemberTypes;
    const SQL: &'static str = "
        SELECT t.id, t.kind, t.name, m.role
        FROM ({access}) a INNER JOIN members m ON m.project_id = a.id INNER JOIN principals t ON t.id = m.principal_id
        WHERE t.id > {after} ORDER BY t.id LIMIT {limit}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "after" => out.push_bind_param::<BigInt, _>(&self.after),
            "limit" => out.push_bind_param::<BigInt, _>(&self.limit),
            _ => push_common(name, &self.access, out),
        }
    }
}

struct FindServiceAccountId<'a> {
    project_id: i64,
    name: &'a str,
}

impl Statement for FindServiceAccountId<'_> {
    type Id = FindServiceAccountId<'static>;
    type Row = BigInt;
    const SQL: &'static str = "SELECT t.id FROM principals t \
        WHERE t.project_id = {project_id} AND t.kind = 'service_account' AND t.name = {name}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "project_id" => out.push_bind_param::<BigInt, _>(&self.project_id),
            "name" => out.push_bind_param::<Text, _>(self.name),
            _ => unknown(name),
        }
    }
}

struct SetMember {
    access: ProjectAccess,
    now: DateTime<Utc>,
    principal_id: i64,
    role: &'static str,
}

impl Statement for SetMember {
    type Id = Self;
    type Row = MemberTypes;
    // A member that has the role already is not written.
    const SQL: &'static str = "
        WITH access AS MATERIALIZED ({access}), old AS MATERIALIZED (
            SELECT t.id, t.kind, t.name, t.disabled_at IS NOT NULL AS disabled,
                (SELECT m.role FROM members m WHERE m.principal_id = t.id AND m.project_id = a.id) AS role
            FROM access a INNER JOIN principals t
                ON t.id = {principal_id} AND (t.kind = 'user'
                    OR t.kind = 'service_account' AND t.project_id = a.id AND t.disabled_at IS NULL)
            FOR NO KEY UPDATE OF t
        ), written AS (
            INSERT INTO members AS m (principal_id, kind, project_id, role)
            SELECT t.id, t.kind, a.id, {role} FROM old t, access a WHERE t.role IS DISTINCT FROM {role}
            ON CONFLICT (principal_id, project_id) DO UPDATE SET role = excluded.role
            RETURNING m.role, {ensure_durable}
        ), event AS (
            INSERT INTO audit_events ({event_columns}, before, after, {audit_caller_columns})
            SELECT {now}, 'set_role', {event_subject}, (SELECT {snapshot} FROM old t), {snapshot}, {audit_caller}
            FROM (SELECT o.id, o.kind, o.name, o.disabled, w.role FROM old o, written w) t, access a
        )
        SELECT t.id, t.kind, t.name, {role} FROM old t";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "now" => out.push_bind_param::<Timestamptz, _>(&self.now),
            "principal_id" => out.push_bind_param::<BigInt, _>(&self.principal_id),
            "role" => out.push_bind_param::<Text, _>(self.role),
            _ => push_common(name, &self.access, out),
        }
    }
}

struct RemoveMember {
    access: ProjectAccess,
    now: DateTime<Utc>,
    principal_id: i64,
}

impl Statement for RemoveMember {
    type Id = Self;
    type Row = BigInt;
    const SQL: &'static str = "
        WITH access AS MATERIALIZED ({access}), old AS MATERIALIZED (
            SELECT t.id, t.kind, t.name, t.disabled_at IS NOT NULL AS disabled, m.role
            FROM access a INNER JOIN members m ON m.project_id = a.id AND m.principal_id = {principal_id}
            INNER JOIN principals t ON t.id = m.principal_id
            FOR UPDATE OF t
        ), removed AS (
            DELETE FROM members m USING old t, access a WHERE m.principal_id = t.id AND m.project_id = a.id
            RETURNING m.principal_id, {ensure_durable}
        ), disabled AS (
            UPDATE principals u SET disabled_at = COALESCE(u.disabled_at, {now}), token_generation = u.token_generation + 1
            FROM removed r WHERE u.id = r.principal_id AND u.kind = 'service_account'
        ), event AS (
            INSERT INTO audit_events ({event_columns}, before, after, {audit_caller_columns})
            SELECT {now}, 'set_role', {event_subject}, (SELECT {snapshot} FROM old t), {snapshot}, {audit_caller}
            FROM (SELECT o.id, o.kind, o.name, o.disabled OR o.kind = 'service_account' AS disabled, NULL::text AS role
                FROM old o, removed) t, access a
        )
        SELECT r.principal_id FROM removed r";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "now" => out.push_bind_param::<Timestamptz, _>(&self.now),
            "principal_id" => out.push_bind_param::<BigInt, _>(&self.principal_id),
            _ => push_common(name, &self.access, out),
        }
    }
}

struct InsertServiceAccount<'a> {
    access: ProjectAccess,
    now: DateTime<Utc>,
    name: &'a str,
    role: &'static str,
}

impl Statement for InsertServiceAccount<'_> {
    type Id = InsertServiceAccount<'static>;
    type Row = MemberTypes;
    const SQL: &'static str = "
        WITH access AS MATERIALIZED ({access}), created AS (
            INSERT INTO principals AS t (kind, project_id, name, created_at)
            SELECT 'service_account', a.id, {name}, {now} FROM access a
            RETURNING t.id, t.kind, t.name, false AS disabled, {role} AS role, {ensure_durable}
        ), membership AS (
            INSERT INTO members (principal_id, kind, project_id, role) SELECT t.id, t.kind, a.id, t.role FROM created t, access a
        ), event AS (
            INSERT INTO audit_events ({event_columns}, before, after, {audit_caller_columns})
            SELECT {now}, 'create', {event_subject}, NULL, {snapshot}, {audit_caller} FROM created t, access a
        )
        SELECT t.id, t.kind, t.name, t.role FROM created t";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "now" => out.push_bind_param::<Timestamptz, _>(&self.now),
            "name" => out.push_bind_param::<Text, _>(self.name),
            "role" => out.push_bind_param::<Text, _>(self.role),
            _ => push_common(name, &self.access, out),
        }
    }
}
