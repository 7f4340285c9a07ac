//! Statements that read principals. None of them is on the path of an ordinary request, except that of a principal's standing, which
//! is cached.

use chrono::{DateTime, Utc};
use diesel::{
    OptionalExtension, QueryResult,
    sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;

use super::{
    Store, StoreError,
    active_caller::CallerBinds,
    rows::{Named, rights},
    server::{SERVER_RUN, ServerRun},
    sql::{Sql, SqlOut, Statement, push_template, unknown},
};
use crate::model::{Caller, Principal, PrincipalKind, Role, Standing};

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
}

/// The columns of an audit event of a principal, up to who caused it.
pub(super) const PRINCIPAL_EVENT_COLUMNS: &str =
    "occurred_at, action, subject_type, subject_id, project_id, principal_id";

/// The columns of a [`PrincipalRow`], of a principal `u`.
const PRINCIPAL_COLUMNS: &str = "u.id, u.kind, u.project_id, (SELECT p.slug FROM projects p WHERE p.id = u.project_id), \
    COALESCE(u.name, u.external_id, ''), u.token_generation, u.disabled_at, u.created_at, u.is_administrator, {member_projects}, \
    {member_slugs}, {member_roles}";
pub(super) type PrincipalTypes = (
    (BigInt, Text, BigInt, Text, Text, BigInt, Nullable<Timestamptz>, Timestamptz),
    (Bool, Array<BigInt>, Array<Text>, Array<Text>),
);
pub(super) type PrincipalRow = (
    (i64, Named<PrincipalKind>, i64, String, String, i64, Option<DateTime<Utc>>, DateTime<Utc>),
    (bool, Vec<i64>, Vec<String>, Vec<Named<Role>>),
);

/// The projects and roles of a principal `u`, in one order.
const MEMBER_PROJECTS: &str =
    "ARRAY(SELECT m.project_id FROM members m WHERE m.principal_id = u.id ORDER BY m.project_id)";
const MEMBER_SLUGS: &str = "ARRAY(SELECT p.slug FROM members m INNER JOIN projects p ON p.id = m.project_id \
    WHERE m.principal_id = u.id ORDER BY m.project_id)";
const MEMBER_ROLES: &str = "ARRAY(SELECT m.role FROM members m WHERE m.principal_id = u.id ORDER BY m.project_id)";

pub(super) fn principal(row: PrincipalRow) -> Principal {
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
pub(super) fn push_principal(name: &str, out: &mut SqlOut<'_, '_>) -> QueryResult<()> {
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
