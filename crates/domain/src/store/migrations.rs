//! The migrations, which the program carries with it.

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

use super::{
    Store, connection::ConnectionSettings, error::StoreError, schema::__diesel_schema_migrations as migrations_run,
};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");
/// Of the advisory lock under which migrations run; any number would do that nobody else takes.
const LOCK: i64 = 0x6c61_7463_686b_6579;

/// Runs the migrations that the database lacks, and answers their names. Many may call it at once, on many machines:
/// one runs them, the others wait. Needs a connection of its own, so not one through a pooler in transaction mode; unless
/// there is nothing to do, when it takes no lock.
pub async fn migrate(settings: &ConnectionSettings) -> Result<Vec<String>, StoreError> {
    if is_complete(&settings.open().await.map_err(StoreError::unavailable)?).await? {
        return Ok(Vec::new());
    }
    in_harness(settings, |harness| {
        let run = harness.run_pending_migrations(MIGRATIONS)?;
        Ok(run.iter().map(ToString::to_string).collect())
    })
    .await
}

/// Takes every migration back, and with them all data. For the tests of the migrations.
pub async fn revert_all(settings: &ConnectionSettings) -> Result<usize, StoreError> {
    in_harness(settings, |harness| Ok(harness.revert_all_migrations(MIGRATIONS)?.len())).await
}

type Harness = AsyncMigrationHarness<AsyncPgConnection>;

async fn in_harness<T>(
    settings: &ConnectionSettings,
    work: impl FnOnce(&mut Harness) -> diesel::migration::Result<T>,
) -> Result<T, StoreError> {
    let mut connection = settings.open().await.map_err(StoreError::unavailable)?;
    // A migration may take long; the lock goes with the connection.
    let prepare = format!("SET statement_timeout = 0; SELECT pg_advisory_lock({LOCK})");
    connection.batch_execute(&prepare).await?;
    work(&mut AsyncMigrationHarness::new(connection)).map_err(StoreError::internal)
}

impl Store {
    /// Whether the database answers, and has all the migrations that this program needs.
    pub async fn is_migrated(&self) -> Result<bool, StoreError> {
        let run = versions(&self.reader().await?.connection).await?;
        has_all(run)
    }
}

/// Whether there is nothing to do, also on an empty database.
async fn is_complete(mut connection: &AsyncPgConnection) -> Result<bool, StoreError> {
    let exists = diesel::select(sql::<Bool>("to_regclass('__diesel_schema_migrations') IS NOT NULL"));
    Ok(exists.get_result(&mut connection).await? && has_all(versions(connection).await?)?)
}

async fn versions(mut connection: &AsyncPgConnection) -> Result<Vec<String>, StoreError> {
    Ok(migrations_run::table.select(migrations_run::version).load(&mut connection).await?)
}

fn has_all(run: Vec<String>) -> Result<bool, StoreError> {
    let run: BTreeSet<String> = run.into_iter().collect();
    let needed: Vec<Box<dyn Migration<Pg>>> = MIGRATIONS.migrations().map_err(StoreError::internal)?;
    Ok(needed.iter().all(|migration| run.contains(&migration.name().version().to_string())))
}
