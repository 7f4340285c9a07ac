//! `latchkey migrate`: for a deployment that migrates before its servers start.

use super::{CommandResult, database};
use crate::config::Database;

pub(super) async fn migrate(options: &Database) -> CommandResult {
    let database = database::open_beside(options).await?;
    let run = database.migrate().await;
    database.close().await?;
    match run?.as_slice() {
        [] => println!("the database has every migration"),
        run => run.iter().for_each(|migration| println!("ran {migration}")),
    }
    Ok(())
}
