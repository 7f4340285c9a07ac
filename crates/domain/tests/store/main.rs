//! The database that the store relies on: its migrations, its constraints, and the schema as the store declares it.

mod audit_partitions;
mod change_log;
mod constraints;
mod migrations;
mod runtime_role;
mod schema;
mod spans;

use latchkey_test_support::database::TestDatabase;

/// The name of the first column's value in each row.
async fn names(database: &TestDatabase, query: &str) -> Vec<String> {
    database.query(query).await.iter().map(|row| row.get(0)).collect()
}
