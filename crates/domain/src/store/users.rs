//! Statements on users. None of them is on the path of an ordinary request.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, SelectableHelper,
    sql_types::{BigInt, Bool, Nullable, Text, Timestamptz},
};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};

use super::{
    Store, StoreError,
    durability::ENSURE_DURABLE,
    freshness::Subject,
    keys::write::{lock_out_writes, revoke_keys_of_user},
    rows::UserRow,
    schema::users,
    server::{SERVER_RUN, ServerRun},
    sql::{Sql, SqlOut, Statement, unknown},
    transaction::TransactionGuard,
};
use crate::model::{AuditAction, Role, User, UserStatus};

impl Store {
    /// The user of this name, for a login.
    #[tracing::instrument(name = "store.find_user", level = "debug", skip_all)]
    pub async fn find_user(&self, name: &str) -> Result<Option<User>, StoreError> {
        let shared = self.login_reads.get().await?;
        let query = users::table.filter(users::name.eq(name)).select(UserRow::as_select());
        let found = async { query.first(&mut &shared.connection).await.optional() };
        Ok(shared.within(self.login_timeout(), found).await?.map(User::from))
    }

    /// Whether the tokens of the user of this id are accepted.
    #[tracing::instrument(name = "store.find_user_status", level = "debug", skip_all)]
    pub async fn find_user_status(&self, id: i64) -> Result<Option<UserStatus>, StoreError> {
        let shared = self.lookup_connections.get().await?;
        let (server, found): (_, Option<(i64, bool)>) =
            Sql(FindUserStatus(id)).get_result(&mut &shared.connection).await?;
        self.lookup_connections.check(&shared, ServerRun::new(server))?;
        Ok(found.map(|(token_generation, disabled)| UserStatus { user_id: id, token_generation, disabled }))
    }

    /// All users, by name.
    #[tracing::instrument(name = "store.list_users", level = "debug", skip_all)]
    pub async fn list_users(&self) -> Result<Vec<User>, StoreError> {
        let shared = self.read_connection().await?;
        let query = users::table.order(users::name).select(UserRow::as_select());
        let rows: Vec<UserRow> = query.load(&mut &shared.connection).await?;
        Ok(rows.into_iter().map(User::from).collect())
    }

    /// The id of the new user; `None` if the name is taken.
    #[tracing::instrument(name = "store.insert_user", level = "debug", skip_all)]
    pub async fn insert_user(
        &self,
        name: &str,
        role: Role,
        password_hash: &str,
        created_at: DateTime<Utc>,
    ) -> Result<Option<i64>, StoreError> {
        let statement = Sql(InsertUser { name, role: role.as_str(), password_hash, created_at });
        // All rows are loaded, see `keys::write`.
        let result: QueryResult<Vec<i64>> = statement.load(&mut self.write_connection().await?).await;
        match result.map_err(StoreError::from) {
            Ok(rows) => Ok(rows.into_iter().next()),
            Err(StoreError::UniqueViolation { constraint }) if constraint == "users_name_key" => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Sets a user's password and revokes the user's bearer tokens. The user's id; `None` if there is no such user.
    #[tracing::instrument(name = "store.set_password", level = "debug", skip_all)]
    pub async fn set_password(&self, name: &str, hash: &str, now: DateTime<Utc>) -> Result<Option<i64>, StoreError> {
        let mutation = UserMutation { password_hash: Some(hash), ..UserMutation::new(AuditAction::SetPassword) };
        self.mutate_user(name, now, mutation).await
    }

    /// Disables or enables a user and revokes the user's bearer tokens. The user's id; `None` if there is no such user.
    #[tracing::instrument(name = "store.set_disabled", level = "debug", skip_all)]
    pub async fn set_disabled(
        &self,
        name: &str,
        disabled: bool,
        now: DateTime<Utc>,
    ) -> Result<Option<i64>, StoreError> {
        let action = if disabled { AuditAction::Disable } else { AuditAction::Enable };
        let mutation = UserMutation { disabled: Some(disabled), ..UserMutation::new(action) };
        self.mutate_user(name, now, mutation).await
    }

    /// Sets a user's role and, if it is another one, revokes the user's bearer tokens. Whether there is such a user.
    #[tracing::instrument(name = "store.set_role", level = "debug", skip_all)]
    pub async fn set_role(&self, name: &str, role: Role, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mutation = UserMutation { role: Some(role.as_str()), ..UserMutation::new(AuditAction::SetRole) };
        Ok(self.mutate_user(name, now, mutation).await?.is_some())
    }

    /// Revokes some keys of a user, and returns how many; fewer than `REVOCATION_BATCH` were the last. The user's tokens must be
    /// revoked already, so that nobody creates keys faster than they are revoked.
    #[tracing::instrument(name = "store.revoke_keys_of_user", level = "debug", skip_all)]
    pub async fn revoke_keys_of_user(&self, id: i64, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let mut guard = TransactionGuard::new(self.write_connection().await?);
        let result: Result<_, StoreError> = guard
            .connection()?
            .transaction(async |connection: &mut AsyncPgConnection| {
                lock_out_writes(connection).await?;
                Ok(revoke_keys_of_user(connection, id, now).await?)
            })
            .await;
        guard.release();
        let revoked = result?;
        self.freshness().invalidate([Subject::User(id)]);
        Ok(revoked)
    }

    /// Changes a user, and returns its id.
    async fn mutate_user(
        &self,
        name: &str,
        now: DateTime<Utc>,
        mutation: UserMutation<'_>,
    ) -> Result<Option<i64>, StoreError> {
        let statement = Sql(MutateUser { name, now, mutation });
        // All rows are loaded, see `keys::write`.
        let ids: Vec<i64> = statement.load(&mut *self.write_connection().await?).await?;
        let id = ids.into_iter().next();
        self.freshness().invalidate(id.map(Subject::User));
        Ok(id)
    }
}

/// A user `u` in an audit event. Servers of version 0.1.0 list events only if they have the members `revoked` and `deleted`.
const SNAPSHOT: &str = "jsonb_build_object('username', u.name, 'role', u.role, 'disabled', u.disabled_at IS NOT NULL, \
    'revoked', false, 'deleted', false)";

struct InsertUser<'a> {
    name: &'a str,
    role: &'a str,
    password_hash: &'a str,
    created_at: DateTime<Utc>,
}

impl Statement for InsertUser<'_> {
    type Id = InsertUser<'static>;
    type Row = BigInt;
    const SQL: &'static str = "
        WITH created AS (
            INSERT INTO users AS u (name, role, password_hash, created_at)
            VALUES ({name}, {role}, {password_hash}, {created_at})
            RETURNING u.id, {snapshot} AS snapshot, {ensure_durable}
        ), event AS (
            INSERT INTO audit_events (occurred_at, action, subject_type, subject_id, before, after, credential_type)
            SELECT {created_at}, 'create', 'user', u.id, NULL, u.snapshot, 'command' FROM created u
        )
        SELECT id FROM created";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "name" => out.push_bind_param::<Text, _>(self.name)?,
            "role" => out.push_bind_param::<Text, _>(self.role)?,
            "password_hash" => out.push_bind_param::<Text, _>(self.password_hash)?,
            "created_at" => out.push_bind_param::<Timestamptz, _>(&self.created_at)?,
            "snapshot" => out.push_sql(SNAPSHOT),
            "ensure_durable" => out.push_sql(ENSURE_DURABLE),
            _ => unknown(name)?,
        }
        Ok(())
    }
}

/// What is done to a user, apart from revoking the user's bearer tokens. What is `None` stays as it is.
struct UserMutation<'a> {
    action: AuditAction,
    password_hash: Option<&'a str>,
    role: Option<&'a str>,
    disabled: Option<bool>,
}

impl UserMutation<'_> {
    fn new(action: AuditAction) -> Self {
        Self { action, password_hash: None, role: None, disabled: None }
    }
}

struct MutateUser<'a> {
    name: &'a str,
    now: DateTime<Utc>,
    mutation: UserMutation<'a>,
}

impl Statement for MutateUser<'_> {
    type Id = MutateUser<'static>;
    type Row = BigInt;
    // FOR UPDATE would wait for all transactions that are creating keys of the user: their foreign keys lock the user's row.
    const SQL: &'static str = "
        WITH old AS MATERIALIZED (
            SELECT u.id, {snapshot} AS snapshot FROM users u WHERE u.name = {name} FOR NO KEY UPDATE
        ), new AS (
            UPDATE users u SET token_generation = u.token_generation + CASE WHEN {role} = u.role THEN 0 ELSE 1 END,
                password_hash = COALESCE({password_hash}, u.password_hash),
                role = COALESCE({role}, u.role),
                disabled_at = CASE {disabled} WHEN true THEN {now} WHEN false THEN NULL ELSE u.disabled_at END
            FROM old WHERE u.id = old.id
            RETURNING u.id, old.snapshot AS old_snapshot, {snapshot} AS snapshot, {ensure_durable}
        ), event AS (
            INSERT INTO audit_events (occurred_at, action, subject_type, subject_id, before, after, credential_type)
            SELECT {now}, {action}, 'user', u.id, u.old_snapshot, u.snapshot, 'command' FROM new u
        )
        SELECT id FROM new";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "name" => out.push_bind_param::<Text, _>(self.name)?,
            "now" => out.push_bind_param::<Timestamptz, _>(&self.now)?,
            "action" => out.push_bind_param::<Text, _>(self.mutation.action.as_str())?,
            "password_hash" => out.push_bind_param::<Nullable<Text>, _>(&self.mutation.password_hash)?,
            "role" => out.push_bind_param::<Nullable<Text>, _>(&self.mutation.role)?,
            "disabled" => out.push_bind_param::<Nullable<Bool>, _>(&self.mutation.disabled)?,
            "snapshot" => out.push_sql(SNAPSHOT),
            "ensure_durable" => out.push_sql(ENSURE_DURABLE),
            _ => unknown(name)?,
        }
        Ok(())
    }
}

/// Whether the tokens of the user of this id are accepted. Always one row, for the server.
struct FindUserStatus(i64);

impl Statement for FindUserStatus {
    type Id = Self;
    type Row = (Nullable<Timestamptz>, Nullable<(BigInt, Bool)>);
    const SQL: &'static str = "
        SELECT s.server, u.token_generation, u.disabled_at IS NOT NULL
        FROM (SELECT {server} AS server) s LEFT JOIN users u ON u.id = {id}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "server" => out.push_sql(SERVER_RUN),
            "id" => out.push_bind_param::<BigInt, _>(&self.0)?,
            _ => unknown(name)?,
        }
        Ok(())
    }
}
