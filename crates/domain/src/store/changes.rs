//! Statements on the change log. On a connection of their own, which can be told of changes (`LISTEN`), with unnamed
//! statements, so that a pooler in transaction mode may stand in between.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use diesel::{sql_query, sql_types::Text};
use diesel_async::RunQueryDsl;
use tokio::sync::Notify;
use tokio_postgres::{
    Client,
    types::{ToSql, Type},
};

use super::{Store, error::StoreError};
use crate::verification::freshness::{Changed, MOST_CHANGES};

/// One row always, for the snapshot; and one for each entry that the last snapshot did not see. The index serves the first
/// condition, which the second implies.
const SINCE: &str = "SELECT s.snapshot::text, pg_snapshot_xmin(s.snapshot)::text, s.started, s.now, c.key_id, c.user_id, \
                     (extract(epoch FROM c.changed_at) * 1000000)::bigint \
                     FROM (SELECT pg_current_snapshot() AS snapshot, pg_postmaster_start_time()::text AS started, \
                     (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now) s \
                     LEFT JOIN changes c ON c.transaction >= pg_snapshot_xmin($1::text::pg_snapshot) \
                     AND NOT pg_visible_in_snapshot(c.transaction, $1::text::pg_snapshot) LIMIT $2";
/// Those that another node removes at the same time are left to it.
const REMOVE: &str = "DELETE FROM changes WHERE id IN (SELECT id FROM changes WHERE transaction < $1::text::xid8 LIMIT 10000 \
                      FOR UPDATE SKIP LOCKED)";

/// A connection to the change log.
pub struct ChangeLog {
    client: Client,
    told: Arc<Notify>,
}

/// What the change log answers.
pub struct Changes {
    /// What of the log was seen, to ask on from.
    pub snapshot: String,
    /// The oldest transaction that may not have ended yet.
    pub oldest_running: String,
    /// Tells one run of a database server from another.
    pub server_started: String,
    /// The database's clock.
    pub database_time: DateTime<Utc>,
    /// What has changed.
    pub changed: Vec<Changed>,
    /// More has changed than is worth telling.
    pub are_cut: bool,
    /// How long ago the newest of it was written.
    pub lag: Duration,
}

impl Store {
    /// A connection that is told of changes.
    pub async fn open_change_log(&self) -> Result<ChangeLog, StoreError> {
        let told = Arc::new(Notify::new());
        let (client, run) = self.connection.open_told(Arc::clone(&told)).await.map_err(StoreError::unavailable)?;
        tokio::spawn(run);
        client.batch_execute("LISTEN latchkey_changes").await.map_err(StoreError::unavailable)?;
        Ok(ChangeLog { client, told })
    }

    /// Removes some entries of transactions before this one; how many.
    pub async fn remove_changes(&self, transaction: &str) -> Result<usize, StoreError> {
        let remove = sql_query(REMOVE).bind::<Text, _>(transaction);
        Ok(remove.execute(&mut *self.writer().await?).await?)
    }
}

impl ChangeLog {
    /// Waits until there may be something new.
    pub async fn told(&self) {
        self.told.notified().await;
    }

    /// What a snapshot did not see; nothing, when there is no snapshot yet.
    pub async fn since(&self, snapshot: Option<&str>) -> Result<Changes, StoreError> {
        let most = MOST_CHANGES as i64;
        let parameters: [(&(dyn ToSql + Sync), Type); 2] = [(&snapshot, Type::TEXT), (&most, Type::INT8)];
        let rows = self.client.query_typed(SINCE, &parameters).await.map_err(StoreError::unavailable)?;
        let first = rows
            .as_slice()
            .first()
            .ok_or_else(|| StoreError::internal("the change log answered without a snapshot"))?;
        let now: i64 = first.get(3);
        let mut newest = None;
        let mut changed = Vec::new();
        for row in &rows {
            changed.extend(row.get::<_, Option<i64>>(4).map(Changed::Key));
            changed.extend(row.get::<_, Option<i64>>(5).map(Changed::User));
            newest = newest.max(row.get::<_, Option<i64>>(6));
        }
        let lag = newest.map_or(0, |newest| u64::try_from(now - newest).unwrap_or_default());
        Ok(Changes {
            snapshot: first.get(0),
            oldest_running: first.get(1),
            server_started: first.get(2),
            database_time: DateTime::from_timestamp_micros(now)
                .ok_or_else(|| StoreError::internal("the database's clock is out of range"))?,
            changed,
            are_cut: rows.len() >= MOST_CHANGES,
            lag: Duration::from_micros(lag),
        })
    }
}
