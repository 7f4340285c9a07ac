//! Migrations run in both directions, once, and also when several processes run them at the same time.

use std::{fs, path::Path, sync::Arc};

use futures_util::future::join_all;
use latchkey_domain::store::migrations::{migrate, revert_all};
use latchkey_test_support::database::TestDatabase;

use crate::names;

const TABLES: &str = "SELECT table_name::text FROM information_schema.tables \
                      WHERE table_schema = 'public' ORDER BY table_name";

/// The number of migrations in the repository.
fn migration_count() -> usize {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.join("up.sql").exists()).count()
}

// Migrating blocks its thread, so the runtime needs another one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrations_run_up_and_down_and_up_again() {
    let database = TestDatabase::empty().await;
    let applied = migrate(&database.connection_settings()).await.unwrap();
    assert_eq!(applied.len(), migration_count(), "{applied:?}");
    let migrated = names(&database, TABLES).await;
    assert_eq!(
        migrated,
        [
            "__diesel_schema_migrations",
            "api_keys",
            "audit_events",
            "audit_events_default",
            "audit_events_initial",
            "change_log",
            "idempotency_keys",
            "key_usage",
            "known_logins",
            "login_attempts",
            "login_counters",
            "members",
            "principals",
            "projects",
            "users"
        ]
    );
    assert_eq!(revert_all(&database.connection_settings()).await.unwrap(), applied.len());
    assert_eq!(names(&database, TABLES).await, ["__diesel_schema_migrations"]);
    assert_eq!(migrate(&database.connection_settings()).await.unwrap(), applied);
    assert_eq!(names(&database, TABLES).await, migrated);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrating_a_migrated_database_does_nothing() {
    let database = TestDatabase::migrated().await;
    assert_eq!(migrate(&database.connection_settings()).await.unwrap(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 5)]
async fn of_four_concurrent_processes_one_migrates() {
    let database = Arc::new(TestDatabase::empty().await);
    let runs = (0..4).map(|_| {
        let database = Arc::clone(&database);
        tokio::spawn(async move { migrate(&database.connection_settings()).await.unwrap().len() })
    });
    let mut counts: Vec<usize> = join_all(runs).await.into_iter().map(Result::unwrap).collect();
    counts.sort_unstable();
    assert_eq!(counts, [0, 0, 0, migration_count()]);
}

/// docs/OPERATIONS.md says of each table what bounds it and what removes its rows.
#[tokio::test]
async fn every_table_has_a_documented_bound() {
    let operations = include_str!("../../../../docs/OPERATIONS.md");
    let (_, bounds) =
        operations.split_once("| table | what bounds it | what removes its rows |\n|---|---|---|\n").unwrap();
    let rows = bounds.lines().map_while(|line| line.strip_prefix("| `"));
    let mut documented: Vec<&str> = rows.map(|row| row.split_once('`').unwrap().0).collect();
    documented.sort_unstable();
    let database = TestDatabase::migrated().await;
    let tables = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') \
                  AND NOT relispartition";
    let mut tables = names(&database, tables).await;
    tables.sort_unstable();
    assert_eq!(documented, tables);
}
