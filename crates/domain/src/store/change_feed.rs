//! Statements on the change feed: the log of key and user changes that the caches of all nodes follow.
//!
//! They run on a connection of their own, which can be notified of changes (`LISTEN`), and are unnamed, so that a pooler in
//! transaction mode may stand in between.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use diesel::{sql_query, sql_types::Text};
use diesel_async::RunQueryDsl;
use tokio::sync::Notify;
use tokio_postgres::{
    Client,
    types::{ToSql, Type},
};

use super::{
    Store, StoreError,
    freshness::{MAX_TRACKED_CHANGES, Subject},
};

/// Always one row, for the snapshot; and one for each entry that the last snapshot did not see. The index serves the first
/// condition, which follows from the second.
const POLL: &str = "
    SELECT s.snapshot::text, pg_snapshot_xmin(s.snapshot)::text, s.server_started, s.now, c.key_id, c.user_id,
        (extract(epoch FROM c.changed_at) * 1000000)::bigint
    FROM (
        SELECT pg_current_snapshot() AS snapshot, pg_postmaster_start_time()::text AS server_started,
            (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now
    ) s
    LEFT JOIN change_log c ON c.transaction >= pg_snapshot_xmin($1::text::pg_snapshot)
        AND NOT pg_visible_in_snapshot(c.transaction, $1::text::pg_snapshot)
    LIMIT $2";
/// Skips entries that another node prunes at the same time.
const PRUNE: &str = "
    DELETE FROM change_log WHERE id IN (
        SELECT id FROM change_log WHERE transaction < $1::text::xid8 LIMIT 10000 FOR UPDATE SKIP LOCKED)";

/// A connection to the change feed.
pub struct ChangeFeed {
    client: Client,
    notify: Arc<Notify>,
}

/// The result of a poll.
pub struct ChangeBatch {
    /// What the poll saw; the next one names it.
    pub snapshot: String,
    /// The oldest transaction that may still be running.
    pub oldest_active_xid: String,
    /// Identifies one run of the database server.
    pub server_started: String,
    /// The database's clock.
    pub database_time: DateTime<Utc>,
    /// What has changed.
    pub subjects: Vec<Subject>,
    /// Whether there are more changes than a node tracks, so that some are missing.
    pub is_truncated: bool,
    /// The age of the newest entry; zero if there is none.
    pub lag: Duration,
}

impl Store {
    /// Opens a connection that is notified of changes.
    #[tracing::instrument(name = "store.open_change_feed", level = "debug", skip_all)]
    pub async fn open_change_feed(&self) -> Result<ChangeFeed, StoreError> {
        let notify = Arc::new(Notify::new());
        let (client, connection) =
            self.connection.connect_with_notifications(Arc::clone(&notify)).await.map_err(StoreError::unavailable)?;
        tokio::spawn(connection);
        client.batch_execute("LISTEN latchkey_changes").await.map_err(StoreError::unavailable)?;
        Ok(ChangeFeed { client, notify })
    }

    /// Removes some entries of transactions before `xid`, and returns how many.
    #[tracing::instrument(name = "store.prune_change_log", level = "debug", skip_all)]
    pub async fn prune_change_log(&self, xid: &str) -> Result<usize, StoreError> {
        let prune = sql_query(PRUNE).bind::<Text, _>(xid);
        Ok(prune.execute(&mut *self.write_connection().await?).await?)
    }
}

impl ChangeFeed {
    /// Waits for a notification.
    pub async fn notified(&self) {
        self.notify.notified().await;
    }

    /// The entries that a snapshot did not see; none if there is no snapshot yet.
    pub async fn poll(&self, snapshot: Option<&str>) -> Result<ChangeBatch, StoreError> {
        let limit = i64::try_from(MAX_TRACKED_CHANGES).unwrap_or(i64::MAX);
        let parameters: [(&(dyn ToSql + Sync), Type); 2] = [(&snapshot, Type::TEXT), (&limit, Type::INT8)];
        let rows = self.client.query_typed(POLL, &parameters).await.map_err(StoreError::unavailable)?;
        let first = rows
            .as_slice()
            .first()
            .ok_or_else(|| StoreError::internal("the change feed responded without a snapshot"))?;
        let now: i64 = first.get(3);
        let mut newest = None;
        let mut subjects = Vec::new();
        for row in &rows {
            subjects.extend(row.get::<_, Option<i64>>(4).map(Subject::Key));
            subjects.extend(row.get::<_, Option<i64>>(5).map(Subject::User));
            newest = newest.max(row.get::<_, Option<i64>>(6));
        }
        let lag = newest.map_or(0, |newest| u64::try_from(now - newest).unwrap_or_default());
        Ok(ChangeBatch {
            snapshot: first.get(0),
            oldest_active_xid: first.get(1),
            server_started: first.get(2),
            database_time: DateTime::from_timestamp_micros(now)
                .ok_or_else(|| StoreError::internal("the database's clock is out of range"))?,
            subjects,
            is_truncated: rows.len() >= MAX_TRACKED_CHANGES,
            lag: Duration::from_micros(lag),
        })
    }
}
