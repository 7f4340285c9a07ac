//! The migrations, which are part of the program.

use std::collections::BTreeSet;

use diesel::{
    QueryDsl,
    dsl::sql,
    migration::{Migration, MigrationSource},
    pg::Pg,
    sql_types::Bool,
};
use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{ConnectionConfig, Store, StoreError, schema::__diesel_schema_migrations as schema_migrations};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");
/// The number of the advisory lock under which migrations run. It is arbitrary, but no other program may use it.
const LOCK: i64 = 0x6c61_7463_686b_6579;

/// Runs the pending migrations and returns their names. Many nodes may call it at once: one runs them, the others wait. It
/// takes a session lock, so the connection must not go through a pooler in transaction mode, unless nothing is pending.
pub async fn migrate(config: &ConnectionConfig) -> Result<Vec<String>, StoreError> {
    if is_complete(&config.connect().await.map_err(StoreError::unavailable)?).await? {
        return Ok(Vec::new());
    }
    with_migration_lock(config, |harness| {
        let run = harness.run_pending_migrations(MIGRATIONS)?;
        Ok(run.iter().map(ToString::to_string).collect())
    })
    .await
}

/// Reverts all migrations, which deletes all data. For the tests of the migrations.
pub async fn revert_all(config: &ConnectionConfig) -> Result<usize, StoreError> {
    with_migration_lock(config, |harness| Ok(harness.revert_all_migrations(MIGRATIONS)?.len())).await
}

type Harness = AsyncMigrationHarness<AsyncPgConnection>;

async fn with_migration_lock<T>(
    config: &ConnectionConfig,
    work: impl FnOnce(&mut Harness) -> diesel::migration::Result<T>,
) -> Result<T, StoreError> {
    let mut connection = config.connect().await.map_err(StoreError::unavailable)?;
    // A migration may take long. The lock is released with the connection.
    let prepare = format!("SET statement_timeout = 0; SELECT pg_advisory_lock({LOCK})");
    connection.batch_execute(&prepare).await?;
    work(&mut AsyncMigrationHarness::new(connection)).map_err(StoreError::internal)
}

impl Store {
    /// Whether the database responds and has all migrations of this program.
    #[tracing::instrument(name = "store.is_migrated", level = "debug", skip_all)]
    pub async fn is_migrated(&self) -> Result<bool, StoreError> {
        let applied = applied_versions(&self.read_connection().await?.connection).await?;
        has_all(applied)
    }
}

/// Whether no migration is pending. Works on an empty database too.
async fn is_complete(mut connection: &AsyncPgConnection) -> Result<bool, StoreError> {
    let exists = diesel::select(sql::<Bool>("to_regclass('__diesel_schema_migrations') IS NOT NULL"));
    Ok(exists.get_result(&mut connection).await? && has_all(applied_versions(connection).await?)?)
}

async fn applied_versions(mut connection: &AsyncPgConnection) -> Result<Vec<String>, StoreError> {
    Ok(schema_migrations::table.select(schema_migrations::version).load(&mut connection).await?)
}

fn has_all(applied: Vec<String>) -> Result<bool, StoreError> {
    let applied: BTreeSet<String> = applied.into_iter().collect();
    let needed: Vec<Box<dyn Migration<Pg>>> = MIGRATIONS.migrations().map_err(StoreError::internal)?;
    Ok(needed.iter().all(|migration| applied.contains(&migration.name().version().to_string())))
}
