//! The migrations, which are part of the program.

use std::{collections::BTreeSet, time::Duration};

use diesel::{
    QueryDsl,
    dsl::sql,
    migration::{Migration, MigrationSource},
    pg::Pg,
    sql_types::Bool,
};
use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use tokio::time::sleep;

use super::{ConnectionConfig, Store, StoreError, schema::__diesel_schema_migrations as schema_migrations};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");
/// The number of the advisory lock under which migrations run. It is arbitrary, but no other program may use it.
const LOCK: i64 = 0x6c61_7463_686b_6579;

const LOCK_POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Which migrations a database has. All lists are in order.
#[derive(Debug)]
pub struct MigrationStatus {
    /// The names of this program's migrations that were applied.
    pub applied: Vec<String>,
    /// The names of this program's migrations that were not applied.
    pub pending: Vec<String>,
    /// The versions of applied migrations that this program does not know: those of a later release, which this one works with.
    pub unknown: Vec<String>,
}

/// Which migrations the database has. Takes no lock, and works on an empty database too.
pub async fn status(config: &ConnectionConfig) -> Result<MigrationStatus, StoreError> {
    status_on(&config.connect().await.map_err(StoreError::unavailable)?).await
}

/// Runs the pending migrations and returns their names. Many nodes may call it at once: one runs them, the others wait. It
/// takes a session lock, so the connection must not go through a pooler in transaction mode, unless nothing is pending.
pub async fn migrate(config: &ConnectionConfig) -> Result<Vec<String>, StoreError> {
    let connection = config.connect().await.map_err(StoreError::unavailable)?;
    if status_on(&connection).await?.pending.is_empty() {
        return Ok(Vec::new());
    }
    ensure_may_migrate(&connection).await?;
    drop(connection);
    with_migration_lock(config, |harness| {
        let versions = harness.run_pending_migrations(MIGRATIONS)?;
        let migrations: Vec<Box<dyn Migration<Pg>>> = MIGRATIONS.migrations()?;
        let applied = migrations.iter().filter(|migration| versions.contains(&migration.name().version()));
        let mut names: Vec<String> = applied.map(|migration| migration.name().to_string()).collect();
        names.sort_unstable();
        Ok(names)
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
    // A migration may take long.
    connection.batch_execute("SET statement_timeout = 0").await?;
    // The lock is released with the connection. It is not waited for by one statement: the snapshot of that would block the
    // concurrent creation of an index by the node that has the lock, which waits for all snapshots to end.
    let lock = diesel::select(sql::<Bool>(&format!("pg_try_advisory_lock({LOCK})")));
    while !lock.clone().get_result(&mut connection).await? {
        sleep(LOCK_POLL_INTERVAL).await;
    }
    work(&mut AsyncMigrationHarness::new(connection)).map_err(StoreError::internal)
}

impl Store {
    /// Whether the database responds and has all migrations of this program.
    #[tracing::instrument(name = "store.is_migrated", level = "debug", skip_all)]
    pub async fn is_migrated(&self) -> Result<bool, StoreError> {
        let applied = applied_versions(&self.read_connection().await?.connection).await?;
        Ok(compare(applied)?.pending.is_empty())
    }
}

async fn status_on(mut connection: &AsyncPgConnection) -> Result<MigrationStatus, StoreError> {
    let exists = diesel::select(sql::<Bool>("to_regclass('__diesel_schema_migrations') IS NOT NULL"));
    compare(if exists.get_result(&mut connection).await? { applied_versions(connection).await? } else { Vec::new() })
}

/// Fails for a role that may serve only. Whatever else a migration is not allowed to do, it reports itself.
async fn ensure_may_migrate(mut connection: &AsyncPgConnection) -> Result<(), StoreError> {
    let owns_tables = diesel::select(sql::<Bool>(
        "coalesce((SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = coalesce(to_regclass('principals'), to_regclass('users'))),
            has_schema_privilege(current_schema(), 'CREATE'), false)",
    ));
    match owns_tables.get_result(&mut connection).await? {
        true => Ok(()),
        false => Err(StoreError::internal(
            "migrations are missing, and the role of the database URL may not apply them; run `latchkey migrate` with the role \
             that owns the tables",
        )),
    }
}

async fn applied_versions(mut connection: &AsyncPgConnection) -> Result<Vec<String>, StoreError> {
    Ok(schema_migrations::table.select(schema_migrations::version).load(&mut connection).await?)
}

fn compare(versions: Vec<String>) -> Result<MigrationStatus, StoreError> {
    let mut unknown: BTreeSet<String> = versions.into_iter().collect();
    let migrations: Vec<Box<dyn Migration<Pg>>> = MIGRATIONS.migrations().map_err(StoreError::internal)?;
    let mut status = MigrationStatus { applied: Vec::new(), pending: Vec::new(), unknown: Vec::new() };
    for migration in &migrations {
        let is_applied = unknown.remove(&migration.name().version().to_string());
        let list = if is_applied { &mut status.applied } else { &mut status.pending };
        list.push(migration.name().to_string());
    }
    status.applied.sort_unstable();
    status.pending.sort_unstable();
    status.unknown.extend(unknown);
    Ok(status)
}
