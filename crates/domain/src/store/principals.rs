//! Statements that read principals, and those on users, by command. None of them is on the path of an ordinary request, except
//! that of a principal's standing, which is cached.

use chrono::{DateTime, Utc};
use diesel::{
    OptionalExtension, QueryResult,
    sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz},
};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};

use super::{
    Store, StoreError,
    active_caller::CallerBinds,
    durability::ENSURE_DURABLE,
    freshness::Subject,
    keys::write::{lock_out_writes, revoke_keys_of_user},
    rows::{Named, rights},
    server::{SERVER_RUN, ServerRun},
    sql::{Sql, SqlOut, Statement, push_template, unknown},
    transaction::TransactionGuard,
};
use crate::model::{AuditAction, Caller, Principal, PrincipalKind, Role, Standing, UserRole};

/// A user, as a login needs it.
pub struct LoginUser {
    /// The user.
    pub principal: Principal,
    /// An Argon2id hash in PHC format; `None` if the user has no password.
    pub password_hash: Option<String>,
}

impl Store {
    /// The user of this name, for a login.
    #[tracing::instrument(name = "store.find_user", level = "debug", skip_all)]
    pub async fn find_user(&self, name: &str) -> Result<Option<LoginUser>, StoreError> {
        let shared = self.login_reads.get().await?;
        let statement = Sql(FindLoginUser(name));
        let found = async { statement.get_result(&mut &shared.connection).await.optional() };
        let row: Option<(Option<String>, PrincipalRow)> = shared.within(self.login_timeout(), found).await?;
        Ok(row.map(|(password_hash, row)| LoginUser { principal: principal(row), password_hash }))
    }

    /// The caller's principal, if it is still active.
    #[tracing::instrument(name = "store.find_active_principal", level = "debug", skip_all)]
    pub async fn find_active_principal(
        &self,
        caller: &Caller,
        now: DateTime<Utc>,
    ) -> Result<Option<Principal>, StoreError> {
        let shared = self.read_connection().await?;
        let statement = Sql(FindActivePrincipal(CallerBinds::new(caller, now)));
        let row: Option<PrincipalRow> = statement.get_result(&mut &shared.connection).await.optional()?;
        Ok(row.map(principal))
    }

    /// Whether the tokens of the principal of this id are accepted, and what it may do.
    #[tracing::instrument(name = "store.find_standing", level = "debug", skip_all)]
    pub async fn find_standing(&self, id: i64) -> Result<Option<Standing>, StoreError> {
        type Row = (i64, i64, bool, bool, Vec<i64>, Vec<Named<Role>>);
        let shared = self.lookup_connections.get().await?;
        let (server, found): (_, Option<Row>) = Sql(FindStanding(id)).get_result(&mut &shared.connection).await?;
        self.lookup_connections.check(&shared, ServerRun::new(server))?;
        Ok(found.map(|(project_id, token_generation, disabled, is_administrator, projects, roles)| Standing {
            principal_id: id,
            project_id,
            token_generation,
            disabled,
            rights: rights(is_administrator, projects, roles),
        }))
    }

    /// All users, by name.
    #[tracing::instrument(name = "store.list_users", level = "debug", skip_all)]
    pub async fn list_users(&self) -> Result<Vec<Principal>, StoreError> {
        let shared = self.read_connection().await?;
        let rows: Vec<PrincipalRow> = Sql(ListUsers).load(&mut &shared.connection).await?;
        Ok(rows.into_iter().map(principal).collect())
    }

    /// The id of the new user; `None` if the name is taken.
    #[tracing::instrument(name = "store.insert_user", level = "debug", skip_all)]
    pub async fn insert_user(
        &self,
        name: &str,
        role: UserRole,
        password_hash: &str,
        created_at: DateTime<Utc>,
    ) -> Result<Option<i64>, StoreError> {
        let statement = Sql(InsertUser {
            name,
            role: role.as_str(),
            is_administrator: role == UserRole::Admin,
            is_verifier: role == UserRole::Verifier,
            password_hash,
            created_at,
        });
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

    /// Makes a user an administrator or not, and sets its role in the default project. Whether there is such a user.
    #[tracing::instrument(name = "store.set_role", level = "debug", skip_all)]
    pub async fn set_role(&self, name: &str, role: UserRole, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mutation = UserMutation { role: Some(role), ..UserMutation::new(AuditAction::SetRole) };
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
        self.freshness().invalidate([Subject::Principal(id)]);
        Ok(revoked)
    }

    /// Changes a user, and returns its id.
    async fn mutate_user(
        &self,
        name: &str,
        now: DateTime<Utc>,
        mutation: UserMutation<'_>,
    ) -> Result<Option<i64>, StoreError> {
        let statement = Sql(MutateUser::new(name, now, &mutation));
        // All rows are loaded, see `keys::write`.
        let ids: Vec<i64> = statement.load(&mut *self.write_connection().await?).await?;
        let id = ids.into_iter().next();
        self.freshness().invalidate(id.map(Subject::Principal));
        Ok(id)
    }
}

/// The columns of a [`PrincipalRow`], of a principal `u`.
const PRINCIPAL_COLUMNS: &str = "u.id, u.kind, u.project_id, (SELECT p.slug FROM projects p WHERE p.id = u.project_id), \
    COALESCE(u.name, u.external_id, ''), u.token_generation, u.disabled_at, u.created_at, u.is_administrator, {member_projects}, \
    {member_slugs}, {member_roles}";
type PrincipalTypes = (
    (BigInt, Text, BigInt, Text, Text, BigInt, Nullable<Timestamptz>, Timestamptz),
    (Bool, Array<BigInt>, Array<Text>, Array<Text>),
);
type PrincipalRow = (
    (i64, Named<PrincipalKind>, i64, String, String, i64, Option<DateTime<Utc>>, DateTime<Utc>),
    (bool, Vec<i64>, Vec<String>, Vec<Named<Role>>),
);

/// The projects and roles of a principal `u`, in one order.
const MEMBER_PROJECTS: &str =
    "ARRAY(SELECT m.project_id FROM members m WHERE m.principal_id = u.id ORDER BY m.project_id)";
const MEMBER_SLUGS: &str = "ARRAY(SELECT p.slug FROM members m INNER JOIN projects p ON p.id = m.project_id \
    WHERE m.principal_id = u.id ORDER BY m.project_id)";
const MEMBER_ROLES: &str = "ARRAY(SELECT m.role FROM members m WHERE m.principal_id = u.id ORDER BY m.project_id)";

fn principal(row: PrincipalRow) -> Principal {
    let ((id, Named(kind), project_id, project, name, token_generation, disabled_at, created_at), of_rights) = row;
    let (is_administrator, projects, slugs, roles) = of_rights;
    Principal {
        id,
        kind,
        project_id,
        project,
        name,
        roles: slugs.into_iter().zip(roles.iter().map(|role| role.0)).collect(),
        rights: rights(is_administrator, projects, roles),
        token_generation,
        disabled_at,
        created_at,
    }
}

/// Pushes the parts that describe a principal `u`.
fn push_principal(name: &str, out: &mut SqlOut<'_, '_>) -> QueryResult<()> {
    match name {
        "principal" => push_template(out, PRINCIPAL_COLUMNS, push_principal)?,
        "member_projects" => out.push_sql(MEMBER_PROJECTS),
        "member_slugs" => out.push_sql(MEMBER_SLUGS),
        "member_roles" => out.push_sql(MEMBER_ROLES),
        _ => unknown(name)?,
    }
    Ok(())
}

struct FindLoginUser<'a>(&'a str);

impl Statement for FindLoginUser<'_> {
    type Id = FindLoginUser<'static>;
    type Row = (Nullable<Text>, PrincipalTypes);
    const SQL: &'static str =
        "SELECT u.password_hash, {principal} FROM principals u WHERE u.name = {name} AND u.kind = 'user'";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "name" => out.push_bind_param::<Text, _>(self.0),
            _ => push_principal(name, out),
        }
    }
}

struct FindActivePrincipal(CallerBinds);

impl Statement for FindActivePrincipal {
    type Id = Self;
    type Row = PrincipalTypes;
    const SQL: &'static str = "SELECT {principal} FROM principals u WHERE {principal_is_active}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "principal_is_active" => self.0.push_principal_is_active(out),
            _ => push_principal(name, out),
        }
    }
}

struct ListUsers;

impl Statement for ListUsers {
    type Id = Self;
    type Row = PrincipalTypes;
    const SQL: &'static str = "SELECT {principal} FROM principals u WHERE u.kind = 'user' ORDER BY u.name";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        push_principal(name, out)
    }
}

/// The standing of the principal of this id. Always one row, for the server.
struct FindStanding(i64);

impl Statement for FindStanding {
    type Id = Self;
    type Row = (Nullable<Timestamptz>, Nullable<(BigInt, BigInt, Bool, Bool, Array<BigInt>, Array<Text>)>);
    const SQL: &'static str = "
        SELECT s.server, u.project_id, u.token_generation,
            u.disabled_at IS NOT NULL OR u.kind <> 'user' AND p.disabled_at IS NOT NULL, u.is_administrator,
            {member_projects}, {member_roles}
        FROM (SELECT {server} AS server) s
        LEFT JOIN (principals u INNER JOIN projects p ON p.id = u.project_id) ON u.id = {id}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "server" => out.push_sql(SERVER_RUN),
            "id" => out.push_bind_param::<BigInt, _>(&self.0)?,
            _ => push_principal(name, out)?,
        }
        Ok(())
    }
}

/// A user `u` with its role in an audit event. Servers of version 0.1.0 list events only if they have the members `revoked` and `deleted`.
const SNAPSHOT: &str = "jsonb_build_object('username', u.name, 'role', u.role, 'disabled', u.disabled_at IS NOT NULL, \
    'revoked', false, 'deleted', false)";
/// The role of a user `u`, as servers of version 0.1.0 know it.
const ROLE: &str = "CASE WHEN u.is_administrator THEN 'admin' WHEN EXISTS (SELECT FROM members m \
    WHERE m.principal_id = u.id AND m.project_id = 1 AND m.role = 'verifier') THEN 'verifier' ELSE 'member' END";

struct InsertUser<'a> {
    name: &'a str,
    role: &'static str,
    is_administrator: bool,
    is_verifier: bool,
    password_hash: &'a str,
    created_at: DateTime<Utc>,
}

impl Statement for InsertUser<'_> {
    type Id = InsertUser<'static>;
    type Row = BigInt;
    const SQL: &'static str = "
        WITH created AS (
            INSERT INTO principals AS u (name, password_hash, is_administrator, created_at)
            VALUES ({name}, {password_hash}, {is_administrator}, {created_at})
            RETURNING u.*, {ensure_durable}
        ), membership AS (
            INSERT INTO members (principal_id, kind, project_id, role) SELECT u.id, u.kind, 1, 'verifier' FROM created u
            WHERE {is_verifier}
        ), event AS (
            INSERT INTO audit_events (occurred_at, action, subject_type, subject_id, project_id, principal_id, before, after,
                credential_type)
            SELECT {created_at}, 'create', 'user', u.id, NULL, u.id, NULL, {snapshot}, 'command'
            FROM (SELECT created.*, {role} AS role FROM created) u
        )
        SELECT id FROM created";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "name" => out.push_bind_param::<Text, _>(self.name)?,
            "password_hash" => out.push_bind_param::<Text, _>(self.password_hash)?,
            "role" => out.push_bind_param::<Text, _>(self.role)?,
            "is_administrator" => out.push_bind_param::<Bool, _>(&self.is_administrator)?,
            "is_verifier" => out.push_bind_param::<Bool, _>(&self.is_verifier)?,
            "created_at" => out.push_bind_param::<Timestamptz, _>(&self.created_at)?,
            "snapshot" => out.push_sql(SNAPSHOT),
            "ensure_durable" => out.push_sql(ENSURE_DURABLE),
            _ => unknown(name)?,
        }
        Ok(())
    }
}

/// What is done to a user. What is `None` stays as it is.
struct UserMutation<'a> {
    action: AuditAction,
    password_hash: Option<&'a str>,
    role: Option<UserRole>,
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
    action: &'static str,
    revokes_tokens: bool,
    password_hash: Option<&'a str>,
    role: Option<&'static str>,
    disabled: Option<bool>,
}

impl<'a> MutateUser<'a> {
    fn new(name: &'a str, now: DateTime<Utc>, mutation: &UserMutation<'a>) -> Self {
        Self {
            name,
            now,
            action: mutation.action.as_str(),
            // What a role permits is read when it is used.
            revokes_tokens: mutation.role.is_none(),
            password_hash: mutation.password_hash,
            role: mutation.role.map(UserRole::as_str),
            disabled: mutation.disabled,
        }
    }
}

impl Statement for MutateUser<'_> {
    type Id = MutateUser<'static>;
    type Row = BigInt;
    // FOR UPDATE would wait for all transactions that are creating keys of the user: their foreign keys lock the user's row.
    const SQL: &'static str = "
        WITH old AS MATERIALIZED (
            SELECT u.*, {current_role} AS role FROM principals u WHERE u.name = {name} AND u.kind = 'user' FOR NO KEY UPDATE
        ), new AS (
            UPDATE principals u SET token_generation = u.token_generation + CASE WHEN {revokes_tokens} THEN 1 ELSE 0 END,
                password_hash = COALESCE({password_hash}, u.password_hash),
                is_administrator = COALESCE({role} = 'admin', u.is_administrator),
                disabled_at = CASE {disabled} WHEN true THEN {now} WHEN false THEN NULL ELSE u.disabled_at END
            FROM old WHERE u.id = old.id
            RETURNING u.*, COALESCE({role}, old.role) AS role, {ensure_durable}
        ), verifier AS (
            INSERT INTO members (principal_id, kind, project_id, role) SELECT u.id, u.kind, 1, 'verifier' FROM new u
            WHERE {role} = 'verifier'
            ON CONFLICT (principal_id, project_id) DO UPDATE SET role = excluded.role
        ), removed AS (
            DELETE FROM members m USING new u WHERE m.principal_id = u.id AND m.project_id = 1 AND {role} = 'member'
        ), event AS (
            INSERT INTO audit_events (occurred_at, action, subject_type, subject_id, project_id, principal_id, before, after,
                credential_type)
            SELECT {now}, {action}, 'user', u.id, NULL, u.id, (SELECT {snapshot} FROM old u), {snapshot}, 'command' FROM new u
        )
        SELECT id FROM new";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "name" => out.push_bind_param::<Text, _>(self.name)?,
            "now" => out.push_bind_param::<Timestamptz, _>(&self.now)?,
            "action" => out.push_bind_param::<Text, _>(self.action)?,
            "revokes_tokens" => out.push_bind_param::<Bool, _>(&self.revokes_tokens)?,
            "password_hash" => out.push_bind_param::<Nullable<Text>, _>(&self.password_hash)?,
            "role" => out.push_bind_param::<Nullable<Text>, _>(&self.role)?,
            "disabled" => out.push_bind_param::<Nullable<Bool>, _>(&self.disabled)?,
            "current_role" => out.push_sql(ROLE),
            "snapshot" => out.push_sql(SNAPSHOT),
            "ensure_durable" => out.push_sql(ENSURE_DURABLE),
            _ => unknown(name)?,
        }
        Ok(())
    }
}
