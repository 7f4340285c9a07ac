//! `latchkey migrate`: applies migrations, for deployments that migrate before their servers start.

use super::{CommandResult, database};
use crate::config::Database;

pub(super) async fn migrate(options: &Database) -> CommandResult {
    let database = database::connect_or_start(options).await?;
    let applied = database.migrate().await;
    database.close().await?;
    match applied?.as_slice() {
        [] => println!("the database is up to date"),
        applied => applied.iter().for_each(|migration| println!("applied {migration}")),
    }
    Ok(())
}
