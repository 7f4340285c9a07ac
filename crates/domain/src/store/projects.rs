//! Statements on projects.

use chrono::TimeDelta;
use diesel::{
    QueryResult,
    sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;

use super::{
    Store, StoreError,
    server::{SERVER_RUN, ServerRun},
    sql::{Sql, SqlOut, Statement, unknown},
};
use crate::model::{Project, ProjectSettings};

/// The columns of a [`ProjectRow`], of a project `p`.
pub(super) const PROJECT_COLUMNS: &str = "p.id, p.slug, p.disabled_at IS NOT NULL, p.key_prefix, p.default_scopes, \
    p.default_lifetime_seconds, p.max_lifetime_seconds";
pub(super) type ProjectTypes = (BigInt, Text, Bool, Nullable<Text>, Array<Text>, Nullable<BigInt>, Nullable<BigInt>);
pub(super) type ProjectRow = (i64, String, bool, Option<String>, Vec<String>, Option<i64>, Option<i64>);

pub(super) fn project(row: ProjectRow) -> Project {
    let (id, slug, disabled, key_prefix, default_scopes, default_lifetime, max_lifetime) = row;
    let settings = ProjectSettings {
        key_prefix,
        default_scopes,
        default_lifetime: default_lifetime.and_then(TimeDelta::try_seconds),
        max_lifetime: max_lifetime.and_then(TimeDelta::try_seconds),
    };
    Project { id, slug, settings, disabled }
}

impl Store {
    /// The project of this id.
    #[tracing::instrument(name = "store.find_project", level = "debug", skip_all)]
    pub async fn find_project(&self, id: i64) -> Result<Option<Project>, StoreError> {
        let shared = self.lookup_connections.get().await?;
        let (server, found): (_, Option<ProjectRow>) = Sql(FindProject(id)).get_result(&mut &shared.connection).await?;
        self.lookup_connections.check(&shared, ServerRun::new(server))?;
        Ok(found.map(project))
    }

    /// The project of a key or principal, which always exists.
    pub async fn project_of(&self, project_id: i64) -> Result<Project, StoreError> {
        let missing = || StoreError::internal("a key or principal belongs to a project that does not exist");
        self.find_project(project_id).await?.ok_or_else(missing)
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
