//! `latchkey migrate`: applies migrations, for deployments that migrate before their servers start, or lists them.

use std::process::ExitCode;

use latchkey_domain::store::migrations::MigrationStatus;

use super::{
    CommandResult,
    database::{self, DatabaseHandle},
};
use crate::config::Migrate;

/// The exit code of `latchkey migrate --status` if a migration is pending; 1 and 2 are those of errors.
const PENDING: u8 = 3;

pub(super) async fn migrate(options: &Migrate) -> CommandResult<ExitCode> {
    let database = database::connect_or_start(&options.database).await?;
    let result = match options.status {
        true => print_status(&database).await,
        false => apply(&database, options.grant_to.as_deref()).await,
    };
    database.close().await?;
    result
}

async fn apply(database: &DatabaseHandle, runtime_role: Option<&str>) -> CommandResult<ExitCode> {
    match database.migrate().await?.as_slice() {
        [] => println!("the database is up to date"),
        applied => print_all("applied", applied),
    }
    if let Some(role) = runtime_role {
        database.grant_to(role).await?;
        println!("granted the privileges of a server to the role");
    }
    Ok(ExitCode::SUCCESS)
}

async fn print_status(database: &DatabaseHandle) -> CommandResult<ExitCode> {
    let MigrationStatus { applied, pending, unknown } = database.migration_status().await?;
    print_all("applied", &applied);
    print_all("pending", &pending);
    print_all("unknown", &unknown);
    Ok(if pending.is_empty() { ExitCode::SUCCESS } else { PENDING.into() })
}

fn print_all(state: &str, migrations: &[String]) {
    for migration in migrations {
        println!("{state} {migration}");
    }
}
