//! Statements on projects. Those that act for a caller carry the condition that it may do so.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::{
    OptionalExtension, QueryResult,
    sql_types::{Array, BigInt, Bool, Cidr, Nullable, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use ipnet::IpNet;

use super::{
    Store, StoreError,
    active_caller::{AUDIT_CALLER_COLUMNS, CallerBinds},
    durability::ENSURE_DURABLE,
    freshness::Subject,
    project_access::ProjectAccess,
    rows::rate_limit,
    server::{SERVER_RUN, ServerRun},
    sql::{Sql, SqlOut, Statement, unknown},
};
use crate::model::{Actor, AuditAction, Caller, Project, ProjectSettings, Scope};

/// The columns of a [`ProjectRow`], of a project `p`.
pub(super) const PROJECT_COLUMNS: &str = "p.id, p.slug, p.disabled_at IS NOT NULL, p.version, p.created_at, p.key_prefix, \
    p.default_scopes, p.default_networks, p.default_rate_limit_requests, p.default_rate_limit_seconds, \
    p.default_lifetime_seconds, p.max_lifetime_seconds, p.allowed_origins";
pub(super) type ProjectTypes = (
    (BigInt, Text, Bool, BigInt, Timestamptz),
    (Nullable<Text>, Array<Text>, Nullable<Array<Cidr>>, Nullable<BigInt>, Nullable<BigInt>),
    (Nullable<BigInt>, Nullable<BigInt>, Array<Text>),
);
pub(super) type ProjectRow = (
    (i64, String, bool, i64, DateTime<Utc>),
    (Option<String>, Vec<String>, Option<Vec<IpNet>>, Option<i64>, Option<i64>),
    (Option<i64>, Option<i64>, Vec<String>),
);

pub(super) fn project(row: ProjectRow) -> Result<Project, StoreError> {
    let ((id, slug, disabled, version, created_at), policy, (default_lifetime, max_lifetime, allowed_origins)) = row;
    let (key_prefix, default_scopes, default_networks, requests, seconds) = policy;
    let settings = ProjectSettings {
        key_prefix,
        default_scopes,
        default_networks,
        default_rate_limit: rate_limit(requests, seconds)?,
        default_lifetime: default_lifetime.and_then(TimeDelta::try_seconds),
        max_lifetime: max_lifetime.and_then(TimeDelta::try_seconds),
        allowed_origins,
    };
    Ok(Project { id, slug, settings, disabled, version, created_at })
}

/// What became of a project that was to be written.
pub enum WrittenProject {
    /// The project.
    Done(Box<Project>),
    /// The caller may not, or the version of the project is another.
    Nothing,
    /// The slug or the prefix is taken.
    Taken,
}

impl Store {
    /// The project of this id.
    #[tracing::instrument(name = "store.find_project", level = "debug", skip_all)]
    pub async fn find_project(&self, id: i64) -> Result<Option<Project>, StoreError> {
        let shared = self.lookup_connections.get().await?;
        let (server, found): (_, Option<ProjectRow>) = Sql(FindProject(id)).get_result(&mut &shared.connection).await?;
        self.lookup_connections.check(&shared, ServerRun::new(server))?;
        found.map(project).transpose()
    }

    /// The project of a key or principal, which always exists.
    pub async fn project_of(&self, project_id: i64) -> Result<Project, StoreError> {
        let missing = || StoreError::internal("a key or principal belongs to a project that does not exist");
        self.find_project(project_id).await?.ok_or_else(missing)
    }

    /// The id of the project of this slug. Neither ever changes.
    #[tracing::instrument(name = "store.find_project_id", level = "debug", skip_all)]
    pub async fn find_project_id(&self, slug: &str) -> Result<Option<i64>, StoreError> {
        let shared = self.read_connection().await?;
        Ok(Sql(FindProjectId(slug)).get_result(&mut &shared.connection).await.optional()?)
    }

    /// The origins of web pages that may use owner tokens of any enabled project, at most `limit`.
    #[tracing::instrument(name = "store.list_origins", level = "debug", skip_all)]
    pub async fn list_origins(&self, limit: i64) -> Result<Vec<String>, StoreError> {
        let shared = self.read_connection().await?;
        Ok(Sql(ListOrigins(limit)).load(&mut &shared.connection).await?)
    }

    /// The project of this slug; `None` if there is none, or the caller may not read it.
    #[tracing::instrument(name = "store.get_project", level = "debug", skip_all)]
    pub async fn get_project(
        &self,
        caller: &Caller,
        now: DateTime<Utc>,
        slug: &str,
        scope: Scope,
    ) -> Result<Option<Project>, StoreError> {
        let shared = self.read_connection().await?;
        let statement = Sql(GetProject(ProjectAccess::new(caller, now, slug, scope)));
        let row: Option<ProjectRow> = statement.get_result(&mut &shared.connection).await.optional()?;
        row.map(project).transpose()
    }

    /// The projects in which the caller has a role, oldest first, after the one with the id `after`; all for an administrator.
    #[tracing::instrument(name = "store.list_projects", level = "debug", skip_all)]
    pub async fn list_projects(
        &self,
        actor: Actor<'_>,
        now: DateTime<Utc>,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<Project>, StoreError> {
        let shared = self.read_connection().await?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let statement = ListProjects { caller: CallerBinds::new(actor, now), after: after.unwrap_or(0), limit };
        let rows: Vec<ProjectRow> = Sql(statement).load(&mut &shared.connection).await?;
        rows.into_iter().map(project).collect()
    }

    /// Creates a project.
    #[tracing::instrument(name = "store.insert_project", level = "debug", skip_all)]
    pub async fn insert_project(
        &self,
        actor: Actor<'_>,
        now: DateTime<Utc>,
        slug: &str,
        settings: &ProjectSettings,
    ) -> Result<WrittenProject, StoreError> {
        let statement =
            InsertProject { caller: CallerBinds::new(actor, now), now, slug, settings: SettingsBinds::new(settings) };
        // All rows are loaded, see `keys::write`.
        let result: QueryResult<Vec<ProjectRow>> = Sql(statement).load(&mut *self.write_connection().await?).await;
        written(result)
    }

    /// Changes the project of this slug, if its version is still this one.
    #[tracing::instrument(name = "store.update_project", level = "debug", skip_all)]
    pub async fn update_project(
        &self,
        caller: &Caller,
        now: DateTime<Utc>,
        old: &Project,
        settings: &ProjectSettings,
        disabled: bool,
    ) -> Result<WrittenProject, StoreError> {
        let action = match (*settings == old.settings, disabled) {
            (false, _) => AuditAction::Update,
            (true, true) => AuditAction::Disable,
            (true, false) => AuditAction::Enable,
        };
        let statement = UpdateProject {
            access: ProjectAccess::new(caller, now, &old.slug, Scope::ProjectAdmin),
            now,
            version: old.version,
            disabled,
            action: action.as_str(),
            settings: SettingsBinds::new(settings),
        };
        let result: QueryResult<Vec<ProjectRow>> = Sql(statement).load(&mut *self.write_connection().await?).await;
        let written = written(result)?;
        self.freshness().invalidate([Subject::Project(old.id)]);
        Ok(written)
    }
}

fn written(result: QueryResult<Vec<ProjectRow>>) -> Result<WrittenProject, StoreError> {
    match result.map_err(StoreError::from) {
        Ok(rows) => match rows.into_iter().next() {
            Some(row) => Ok(WrittenProject::Done(Box::new(project(row)?))),
            None => Ok(WrittenProject::Nothing),
        },
        Err(StoreError::UniqueViolation { .. }) => Ok(WrittenProject::Taken),
        Err(error) => Err(error),
    }
}

/// The project of this id. Always one row, for the server.
struct FindProject(i64);

impl Statement for FindProject {
    type Id = Self;
    type Row = (Nullable<Timestamptz>, Nullable<ProjectTypes>);
    const SQL: &'static str =
        "SELECT s.server, {project} FROM (SELECT {server} AS server) s LEFT JOIN projects p ON p.id = {id}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "server" => out.push_sql(SERVER_RUN),
            "project" => out.push_sql(PROJECT_COLUMNS),
            "id" => out.push_bind_param::<BigInt, _>(&self.0)?,
            _ => unknown(name)?,
        }
        Ok(())
    }
}

struct FindProjectId<'a>(&'a str);

impl Statement for FindProjectId<'_> {
    type Id = FindProjectId<'static>;
    type Row = BigInt;
    const SQL: &'static str = "SELECT p.id FROM projects p WHERE p.slug = {slug}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "slug" => out.push_bind_param::<Text, _>(self.0),
            _ => unknown(name),
        }
    }
}

struct ListOrigins(i64);

impl Statement for ListOrigins {
    type Id = Self;
    type Row = Text;
    const SQL: &'static str = "SELECT DISTINCT unnest(p.allowed_origins) FROM projects p \
        WHERE p.disabled_at IS NULL AND cardinality(p.allowed_origins) > 0 ORDER BY 1 LIMIT {limit}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "limit" => out.push_bind_param::<BigInt, _>(&self.0),
            _ => unknown(name),
        }
    }
}

struct GetProject(ProjectAccess);

impl Statement for GetProject {
    type Id = Self;
    type Row = ProjectTypes;
    const SQL: &'static str = "SELECT {project} FROM ({access}) p";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "project" => out.push_sql(PROJECT_COLUMNS),
            "access" => self.0.push(out)?,
            _ => unknown(name)?,
        }
        Ok(())
    }
}

struct ListProjects {
    caller: CallerBinds,
    after: i64,
    limit: i64,
}

impl Statement for ListProjects {
    type Id = Self;
    type Row = ProjectTypes;
    const SQL: &'static str = "
        SELECT {project} FROM ({actor}) u INNER JOIN projects p ON u.is_administrator
            OR EXISTS (SELECT FROM members m WHERE m.principal_id = u.id AND m.project_id = p.id)
        WHERE p.id > {after} ORDER BY p.id LIMIT {limit}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "project" => out.push_sql(PROJECT_COLUMNS),
            "actor" => self.caller.push_actor(out)?,
            "after" => out.push_bind_param::<BigInt, _>(&self.after)?,
            "limit" => out.push_bind_param::<BigInt, _>(&self.limit)?,
            _ => unknown(name)?,
        }
        Ok(())
    }
}

/// Settings, as statements bind them.
struct SettingsBinds {
    key_prefix: Option<String>,
    default_scopes: Vec<String>,
    default_networks: Option<Vec<IpNet>>,
    rate_limit_requests: Option<i64>,
    rate_limit_seconds: Option<i64>,
    default_lifetime: Option<i64>,
    max_lifetime: Option<i64>,
    allowed_origins: Vec<String>,
}

impl SettingsBinds {
    fn new(settings: &ProjectSettings) -> Self {
        let rate_limit = settings.default_rate_limit;
        Self {
            key_prefix: settings.key_prefix.clone(),
            default_scopes: settings.default_scopes.clone(),
            default_networks: settings.default_networks.clone(),
            rate_limit_requests: rate_limit.map(|limit| limit.requests.into()),
            rate_limit_seconds: rate_limit.map(|limit| limit.seconds.into()),
            default_lifetime: settings.default_lifetime.map(|lifetime| lifetime.num_seconds()),
            max_lifetime: settings.max_lifetime.map(|lifetime| lifetime.num_seconds()),
            allowed_origins: settings.allowed_origins.clone(),
        }
    }

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "key_prefix" => out.push_bind_param::<Nullable<Text>, _>(&self.key_prefix),
            "default_scopes" => out.push_bind_param::<Array<Text>, _>(&self.default_scopes),
            "default_networks" => {
                out.push_bind_param::<Nullable<Array<Cidr>>, Option<Vec<IpNet>>>(&self.default_networks)
            }
            "rate_limit_requests" => out.push_bind_param::<Nullable<BigInt>, _>(&self.rate_limit_requests),
            "rate_limit_seconds" => out.push_bind_param::<Nullable<BigInt>, _>(&self.rate_limit_seconds),
            "default_lifetime" => out.push_bind_param::<Nullable<BigInt>, _>(&self.default_lifetime),
            "max_lifetime" => out.push_bind_param::<Nullable<BigInt>, _>(&self.max_lifetime),
            "allowed_origins" => out.push_bind_param::<Array<Text>, _>(&self.allowed_origins),
            _ => unknown(name),
        }
    }
}

/// A project `p` in an audit event. Servers of version 0.1.0 list events only if they have the members `revoked` and `deleted`.
const SNAPSHOT: &str = "jsonb_build_object('disabled', p.disabled_at IS NOT NULL, 'revoked', false, 'deleted', false, \
    'scopes', p.default_scopes, 'networks', p.default_networks::text[], \
    'rate_limit', CASE WHEN p.default_rate_limit_requests IS NOT NULL THEN \
        jsonb_build_object('requests', p.default_rate_limit_requests, 'seconds', p.default_rate_limit_seconds) END, \
    'key_prefix', p.key_prefix, 'default_lifetime_seconds', p.default_lifetime_seconds, \
    'max_lifetime_seconds', p.max_lifetime_seconds, 'allowed_origins', p.allowed_origins)";
/// The columns of an event of a project `p`, and their values after the time and the action.
const EVENT_COLUMNS: &str = "occurred_at, action, subject_type, subject_id, project_id";
const EVENT_SUBJECT: &str = "'project', p.id, p.id";

struct InsertProject<'a> {
    caller: CallerBinds,
    now: DateTime<Utc>,
    slug: &'a str,
    settings: SettingsBinds,
}

impl Statement for InsertProject<'_> {
    type Id = InsertProject<'static>;
    type Row = ProjectTypes;
    const SQL: &'static str = "
        WITH created AS (
            INSERT INTO projects AS p (slug, key_prefix, default_scopes, default_networks, default_rate_limit_requests,
                default_rate_limit_seconds, default_lifetime_seconds, max_lifetime_seconds, allowed_origins, created_at)
            SELECT {slug}, {key_prefix}, {default_scopes}, {default_networks}, {rate_limit_requests}, {rate_limit_seconds},
                {default_lifetime}, {max_lifetime}, {allowed_origins}, {now}
            FROM ({actor}) u WHERE u.is_administrator
            RETURNING p.*, {ensure_durable}
        ), event AS (
            INSERT INTO audit_events ({event_columns}, before, after, {audit_caller_columns})
            SELECT {now}, 'create', {event_subject}, NULL, {snapshot}, {audit_caller} FROM created p
        )
        SELECT {project} FROM created p";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "slug" => out.push_bind_param::<Text, _>(self.slug),
            "now" => out.push_bind_param::<Timestamptz, _>(&self.now),
            "actor" => self.caller.push_actor(out),
            "audit_caller" => self.caller.push_audit_values(out),
            _ => push_written(name, &self.settings, out),
        }
    }
}

struct UpdateProject {
    access: ProjectAccess,
    now: DateTime<Utc>,
    version: i64,
    disabled: bool,
    action: &'static str,
    settings: SettingsBinds,
}

impl Statement for UpdateProject {
    type Id = Self;
    type Row = ProjectTypes;
    const SQL: &'static str = "
        WITH access AS MATERIALIZED ({access}), old AS MATERIALIZED (
            SELECT p.* FROM access a INNER JOIN projects p ON p.id = a.id WHERE p.version = {version} FOR UPDATE OF p
        ), new AS (
            UPDATE projects p SET version = p.version + 1, key_prefix = {key_prefix}, default_scopes = {default_scopes},
                default_networks = {default_networks}, default_rate_limit_requests = {rate_limit_requests},
                default_rate_limit_seconds = {rate_limit_seconds}, default_lifetime_seconds = {default_lifetime},
                max_lifetime_seconds = {max_lifetime}, allowed_origins = {allowed_origins},
                disabled_at = CASE WHEN {disabled} THEN COALESCE(p.disabled_at, {now}) END
            FROM old WHERE p.id = old.id
            RETURNING p.*, {ensure_durable}
        ), event AS (
            INSERT INTO audit_events ({event_columns}, before, after, {audit_caller_columns})
            SELECT {now}, {action}, {event_subject}, (SELECT {snapshot} FROM old p), {snapshot}, {audit_caller} FROM new p
        )
        SELECT {project} FROM new p";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "access" => self.access.push(out),
            "now" => out.push_bind_param::<Timestamptz, _>(&self.now),
            "version" => out.push_bind_param::<BigInt, _>(&self.version),
            "disabled" => out.push_bind_param::<Bool, _>(&self.disabled),
            "action" => out.push_bind_param::<Text, _>(self.action),
            "audit_caller" => self.access.caller.push_audit_values(out),
            _ => push_written(name, &self.settings, out),
        }
    }
}

/// Pushes the parts that the statements that write projects share.
fn push_written<'b>(name: &str, settings: &'b SettingsBinds, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
    match name {
        "project" => out.push_sql(PROJECT_COLUMNS),
        "snapshot" => out.push_sql(SNAPSHOT),
        "ensure_durable" => out.push_sql(ENSURE_DURABLE),
        "event_columns" => out.push_sql(EVENT_COLUMNS),
        "event_subject" => out.push_sql(EVENT_SUBJECT),
        "audit_caller_columns" => out.push_sql(AUDIT_CALLER_COLUMNS),
        _ => return settings.push(name, out),
    }
    Ok(())
}
