//! Statements on users, for administrators and for commands. Each carries the condition that the actor may do it.

use chrono::{DateTime, Utc};
use diesel::{
    OptionalExtension, QueryResult,
    sql_types::{BigInt, Bool, Nullable, Text, Timestamptz},
};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};

use super::{
    Store, StoreError,
    active_caller::{AUDIT_CALLER_COLUMNS, CallerBinds},
    durability::ENSURE_DURABLE,
    freshness::Subject,
    keys::write::{lock_out_writes, revoke_keys_of_user},
    principals::{PRINCIPAL_EVENT_COLUMNS, PrincipalRow, PrincipalTypes, principal, push_principal},
    sql::{Sql, SqlOut, Statement, push_template, unknown},
    transaction::TransactionGuard,
};
use crate::model::{Actor, Caller, Error, NewUser, User, UserChange};

/// What became of a user who was to be created.
pub enum CreatedUser {
    /// The user's id.
    Created(i64),
    /// The name is taken.
    Taken,
    /// The actor may not.
    Nothing,
}

impl Store {
    /// Fails if a statement on users did nothing because of the actor: its credential is no longer valid, or it is no administrator.
    #[tracing::instrument(name = "store.ensure_administrator", level = "debug", skip_all)]
    pub async fn ensure_administrator(&self, actor: Actor<'_>, now: DateTime<Utc>) -> Result<(), Error> {
        let Actor::Caller(caller) = actor else { return Ok(()) };
        let principal = self.ensure_caller_active(caller, now).await?;
        if principal.rights.is_administrator() { Ok(()) } else { Err(Error::InsufficientRole) }
    }

    /// The users by id, from the one that follows the user `after`; only the one of a name, if there is one.
    #[tracing::instrument(name = "store.list_users", level = "debug", skip_all)]
    pub async fn list_users(
        &self,
        actor: Actor<'_>,
        now: DateTime<Utc>,
        name: Option<&str>,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<User>, StoreError> {
        let shared = self.read_connection().await?;
        let (after, limit) = (after.unwrap_or(0), i64::try_from(limit).unwrap_or(i64::MAX));
        let statement = Sql(ListUsers { actor: CallerBinds::new(actor, now), name, after, limit });
        let rows: Vec<UserRow> = statement.load(&mut &shared.connection).await?;
        Ok(rows.into_iter().map(user).collect())
    }

    /// The user of this id; `None` if there is none, or the actor may not read it.
    #[tracing::instrument(name = "store.get_user", level = "debug", skip_all)]
    pub async fn get_user(&self, actor: Actor<'_>, now: DateTime<Utc>, id: i64) -> Result<Option<User>, StoreError> {
        let shared = self.read_connection().await?;
        let statement = Sql(GetUser { actor: CallerBinds::new(actor, now), id });
        let row: Option<UserRow> = statement.get_result(&mut &shared.connection).await.optional()?;
        Ok(row.map(user))
    }

    /// Creates a user.
    #[tracing::instrument(name = "store.insert_user", level = "debug", skip_all)]
    pub async fn insert_user(
        &self,
        actor: Actor<'_>,
        now: DateTime<Utc>,
        new: &NewUser,
    ) -> Result<CreatedUser, StoreError> {
        let statement = Sql(InsertUser { actor: CallerBinds::new(actor, now), now, new });
        // All rows are loaded, see `keys::write`.
        let result: QueryResult<Vec<i64>> = statement.load(&mut *self.write_connection().await?).await;
        match result.map_err(StoreError::from) {
            Ok(rows) => Ok(rows.into_iter().next().map_or(CreatedUser::Nothing, CreatedUser::Created)),
            Err(StoreError::UniqueViolation { constraint }) if constraint == "users_name_key" => Ok(CreatedUser::Taken),
            Err(error) => Err(error),
        }
    }

    /// Changes a user, and ends the bearer tokens of the user if the change does. False if there is no such user, the actor may not,
    /// or no administrator would remain.
    #[tracing::instrument(name = "store.update_user", level = "debug", skip_all)]
    pub async fn update_user(
        &self,
        actor: Actor<'_>,
        now: DateTime<Utc>,
        id: i64,
        change: &UserChange,
    ) -> Result<bool, StoreError> {
        self.mutate_user(MutateUser::new(CallerBinds::new(actor, now), now, id, change)).await
    }

    /// Sets the password of the caller, and ends the caller's bearer tokens. False if the caller is no longer active.
    #[tracing::instrument(name = "store.set_own_password", level = "debug", skip_all)]
    pub async fn set_own_password(
        &self,
        caller: &Caller,
        now: DateTime<Utc>,
        password_hash: String,
    ) -> Result<bool, StoreError> {
        let change = UserChange { password_hash: Some(password_hash), ..UserChange::default() };
        let statement = MutateUser::new(CallerBinds::new(caller, now), now, caller.user_id, &change);
        self.mutate_user(MutateUser { own_generation: Some(caller.token_generation), ..statement }).await
    }

    /// Revokes some keys of a user, and returns how many; fewer than `REVOCATION_BATCH` were the last. The rights of the actor were
    /// checked. If other keys are to be created no more, the user's tokens must have ended already.
    #[tracing::instrument(name = "store.revoke_keys_of_user", level = "debug", skip_all)]
    pub async fn revoke_keys_of_user(
        &self,
        actor: Actor<'_>,
        now: DateTime<Utc>,
        id: i64,
    ) -> Result<usize, StoreError> {
        let mut guard = TransactionGuard::new(self.write_connection().await?);
        let result: Result<_, StoreError> = guard
            .connection()?
            .transaction(async |connection: &mut AsyncPgConnection| {
                lock_out_writes(connection).await?;
                Ok(revoke_keys_of_user(connection, actor, id, now).await?)
            })
            .await;
        guard.release();
        let revoked = result?;
        self.freshness().invalidate([Subject::Principal(id)]);
        Ok(revoked)
    }

    async fn mutate_user(&self, statement: MutateUser<'_>) -> Result<bool, StoreError> {
        let id = statement.id;
        let ids: Vec<i64> = Sql(statement).load(&mut *self.write_connection().await?).await?;
        self.freshness().invalidate([Subject::Principal(id)]);
        Ok(!ids.is_empty())
    }
}

type UserRow = (bool, PrincipalRow);

fn user((has_password, row): UserRow) -> User {
    User { principal: principal(row), has_password }
}

/// The condition that the actor manages users.
const IS_ADMINISTRATOR: &str = "EXISTS (SELECT FROM ({actor}) u WHERE u.is_administrator)";

fn push_is_administrator<'b>(actor: &'b CallerBinds, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
    push_template(out, IS_ADMINISTRATOR, |name, out| match name {
        "actor" => actor.push_actor(out),
        _ => unknown(name),
    })
}

struct ListUsers<'a> {
    actor: CallerBinds,
    name: Option<&'a str>,
    after: i64,
    limit: i64,
}

impl Statement for ListUsers<'_> {
    type Id = ListUsers<'static>;
    type Row = (Bool, PrincipalTypes);
    const SQL: &'static str = "
        SELECT u.password_hash IS NOT NULL, {principal} FROM principals u
        WHERE u.kind = 'user' AND u.id > {after} AND ({name} IS NULL OR u.name = {name}) AND {is_administrator}
        ORDER BY u.id LIMIT {limit}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "name" => out.push_bind_param::<Nullable<Text>, _>(&self.name),
            "after" => out.push_bind_param::<BigInt, _>(&self.after),
            "limit" => out.push_bind_param::<BigInt, _>(&self.limit),
            "is_administrator" => push_is_administrator(&self.actor, out),
            _ => push_principal(name, out),
        }
    }
}

struct GetUser {
    actor: CallerBinds,
    id: i64,
}

impl Statement for GetUser {
    type Id = Self;
    type Row = (Bool, PrincipalTypes);
    const SQL: &'static str = "
        SELECT u.password_hash IS NOT NULL, {principal} FROM principals u
        WHERE u.kind = 'user' AND u.id = {id} AND {is_administrator}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "id" => out.push_bind_param::<BigInt, _>(&self.id),
            "is_administrator" => push_is_administrator(&self.actor, out),
            _ => push_principal(name, out),
        }
    }
}

/// A user `u` with a role in an audit event. Servers of version 0.1.0 list events only if they have the members `revoked` and
/// `deleted`.
const SNAPSHOT: &str = "jsonb_build_object('username', u.name, 'role', u.role, 'disabled', u.disabled_at IS NOT NULL, \
    'revoked', false, 'deleted', false)";
/// The values of [`PRINCIPAL_EVENT_COLUMNS`] after the time and the action, for a user `u`.
const EVENT_SUBJECT: &str = "'user', u.id, NULL, u.id";

/// Pushes the parts that the statements here share.
fn push_written<'b>(name: &str, actor: &'b CallerBinds, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
    match name {
        "actor" => actor.push_actor(out)?,
        "snapshot" => out.push_sql(SNAPSHOT),
        "event_columns" => out.push_sql(PRINCIPAL_EVENT_COLUMNS),
        "event_subject" => out.push_sql(EVENT_SUBJECT),
        "ensure_durable" => out.push_sql(ENSURE_DURABLE),
        "audit_caller_columns" => out.push_sql(AUDIT_CALLER_COLUMNS),
        "audit_caller" => actor.push_audit_values(out)?,
        _ => unknown(name)?,
    }
    Ok(())
}

struct InsertUser<'a> {
    actor: CallerBinds,
    now: DateTime<Utc>,
    new: &'a NewUser,
}

impl Statement for InsertUser<'_> {
    type Id = InsertUser<'static>;
    type Row = BigInt;
    const SQL: &'static str = "
        WITH created AS (
            INSERT INTO principals AS u (name, password_hash, is_administrator, created_at)
            SELECT {name}, {password_hash}, {is_administrator}, {now} FROM ({actor}) u WHERE u.is_administrator
            RETURNING u.*, {ensure_durable}
        ), membership AS (
            INSERT INTO members (principal_id, kind, project_id, role) SELECT u.id, u.kind, 1, 'verifier' FROM created u
            WHERE {is_verifier}
        ), event AS (
            INSERT INTO audit_events ({event_columns}, before, after, {audit_caller_columns})
            SELECT {now}, 'create', {event_subject}, NULL, {snapshot}, {audit_caller}
            FROM (SELECT c.*, CASE WHEN {is_administrator} THEN 'admin' WHEN {is_verifier} THEN 'verifier' ELSE 'member' END AS role
                FROM created c) u
        )
        SELECT u.id FROM created u";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "name" => out.push_bind_param::<Text, _>(&self.new.name),
            "password_hash" => out.push_bind_param::<Nullable<Text>, _>(&self.new.password_hash),
            "is_administrator" => out.push_bind_param::<Bool, _>(&self.new.is_administrator),
            "is_verifier" => out.push_bind_param::<Bool, _>(&self.new.is_verifier),
            "now" => out.push_bind_param::<Timestamptz, _>(&self.now),
            _ => push_written(name, &self.actor, out),
        }
    }
}

struct MutateUser<'a> {
    actor: CallerBinds,
    now: DateTime<Utc>,
    id: i64,
    change: &'a UserChange,
    /// Whether an administrator must remain. By a command there can always be another.
    keeps_administrator: bool,
    /// The generation of the user's own token, which may change the user's password.
    own_generation: Option<i64>,
    /// The role in the default project, as servers of version 0.1.0 know it.
    default_role: Option<&'static str>,
}

impl<'a> MutateUser<'a> {
    fn new(actor: CallerBinds, now: DateTime<Utc>, id: i64, change: &'a UserChange) -> Self {
        Self {
            keeps_administrator: !actor.is_command()
                && (change.is_administrator == Some(false) || change.disabled == Some(true)),
            own_generation: None,
            default_role: change.is_verifier.map(|is_verifier| if is_verifier { "verifier" } else { "member" }),
            actor,
            now,
            id,
            change,
        }
    }
}

impl Statement for MutateUser<'_> {
    type Id = MutateUser<'static>;
    type Row = BigInt;
    // FOR UPDATE would wait for all transactions that are creating keys of the user: their foreign keys lock the user's row.
    //
    // Who takes an administrator away locks another one first, in the order of their ids, so that no two can do it at once.
    //
    // An event says one thing, so that none hides another.
    const SQL: &'static str = "
        WITH administrators AS MATERIALIZED (
            SELECT a.id FROM principals a WHERE a.is_administrator AND a.disabled_at IS NULL ORDER BY a.id FOR NO KEY UPDATE
        ), old AS MATERIALIZED (
            SELECT t.id, t.kind, t.name, t.disabled_at, t.is_administrator, t.of_project,
                CASE WHEN t.is_administrator THEN 'admin' ELSE t.of_project END AS role
            FROM (SELECT p.*, CASE WHEN EXISTS (SELECT FROM members m WHERE m.principal_id = p.id AND m.project_id = 1
                    AND m.role = 'verifier') THEN 'verifier' ELSE 'member' END AS of_project FROM principals p) t
            WHERE t.id = {id} AND t.kind = 'user' AND EXISTS (SELECT FROM ({actor}) u WHERE u.is_administrator OR {is_own})
                AND ({own_generation} IS NULL OR t.token_generation = {own_generation})
                AND (NOT {keeps_administrator} OR NOT t.is_administrator OR t.disabled_at IS NOT NULL
                    OR EXISTS (SELECT FROM administrators a WHERE a.id <> t.id))
            FOR NO KEY UPDATE OF t
        ), new AS (
            UPDATE principals t SET
                token_generation = t.token_generation
                    + CASE WHEN {password_hash} IS NOT NULL OR {disabled} <> (t.disabled_at IS NOT NULL) THEN 1 ELSE 0 END,
                password_hash = COALESCE({password_hash}, t.password_hash),
                is_administrator = COALESCE({is_administrator}, t.is_administrator),
                disabled_at = CASE {disabled} WHEN true THEN COALESCE(t.disabled_at, {now}) WHEN false THEN NULL
                    ELSE t.disabled_at END
            FROM old WHERE t.id = old.id AND ({password_hash} IS NOT NULL OR {default_role} IS NOT NULL
                OR {is_administrator} <> t.is_administrator OR {disabled} <> (t.disabled_at IS NOT NULL))
            RETURNING t.id, t.kind, t.name, t.disabled_at,
                CASE WHEN t.is_administrator THEN 'admin' ELSE COALESCE({default_role}, old.of_project) END AS role, {ensure_durable}
        ), verifier AS (
            INSERT INTO members (principal_id, kind, project_id, role) SELECT u.id, u.kind, 1, 'verifier' FROM new u
            WHERE {default_role} = 'verifier'
            ON CONFLICT (principal_id, project_id) DO UPDATE SET role = excluded.role
        ), removed AS (
            DELETE FROM members m USING new u WHERE m.principal_id = u.id AND m.project_id = 1 AND {default_role} = 'member'
        ), between_roles AS (
            SELECT o.id, o.name, o.disabled_at, n.role FROM old o, new n
        ), changed AS (
            SELECT 1 AS step, 'set_password' AS action, u.id, {snapshot} AS before, {snapshot} AS after FROM old u, new n
            WHERE {password_hash} IS NOT NULL
            UNION ALL SELECT 2, 'set_role', u.id, (SELECT {snapshot} FROM old u), {snapshot} FROM between_roles u, old o
            WHERE {default_role} IS NOT NULL OR u.role <> o.role
            UNION ALL SELECT 3, CASE WHEN u.disabled_at IS NULL THEN 'enable' ELSE 'disable' END, u.id,
                (SELECT {snapshot} FROM between_roles u), {snapshot} FROM new u, old o
            WHERE (u.disabled_at IS NULL) <> (o.disabled_at IS NULL)
        ), event AS (
            INSERT INTO audit_events ({event_columns}, before, after, {audit_caller_columns})
            SELECT {now}, u.action, {event_subject}, u.before, u.after, {audit_caller} FROM changed u ORDER BY u.step
        )
        SELECT u.id FROM old u";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "id" => out.push_bind_param::<BigInt, _>(&self.id),
            "now" => out.push_bind_param::<Timestamptz, _>(&self.now),
            "is_own" => {
                self.push("own_generation", out)?;
                out.push_sql(" IS NOT NULL");
                Ok(())
            }
            "own_generation" => out.push_bind_param::<Nullable<BigInt>, _>(&self.own_generation),
            "keeps_administrator" => out.push_bind_param::<Bool, _>(&self.keeps_administrator),
            "password_hash" => out.push_bind_param::<Nullable<Text>, _>(&self.change.password_hash),
            "is_administrator" => out.push_bind_param::<Nullable<Bool>, _>(&self.change.is_administrator),
            "disabled" => out.push_bind_param::<Nullable<Bool>, _>(&self.change.disabled),
            "default_role" => out.push_bind_param::<Nullable<Text>, _>(&self.default_role),
            _ => push_written(name, &self.actor, out),
        }
    }
}
