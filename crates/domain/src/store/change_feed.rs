//! Statements on the change feed: the log of changes of keys, principals and projects that the caches of all nodes follow.
//!
//! They run on a connection of their own, which can be notified of changes (`LISTEN`), and are unnamed, so that a pooler in
//! transaction mode may stand in between.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use chrono::{DateTime, Utc};
use diesel::{sql_query, sql_types::Text};
use diesel_async::RunQueryDsl;
use tokio::sync::Notify;
use tokio_postgres::{
    Client, GenericClient,
    types::{ToSql, Type},
};

use super::{
    Store, StoreError,
    freshness::{MAX_TRACKED_CHANGES, Subject},
    server::{SERVER_RUN, ServerRun},
};

/// Always one row, for the snapshot; and one for each entry that the last snapshot did not see. The index serves the first
/// condition, which follows from the second.
static POLL: LazyLock<String> = LazyLock::new(|| {
    format!(
        "
    SELECT s.snapshot::text, pg_snapshot_xmin(s.snapshot)::text, s.server, s.now, c.key_id, c.user_id, c.project_id,
        (extract(epoch FROM c.changed_at) * 1000000)::bigint
    FROM (
        SELECT pg_current_snapshot() AS snapshot, (extract(epoch FROM {SERVER_RUN}) * 1000000)::bigint AS server,
            (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now
    ) s
    LEFT JOIN change_log c ON c.transaction >= pg_snapshot_xmin($1::text::pg_snapshot)
        AND NOT pg_visible_in_snapshot(c.transaction, $1::text::pg_snapshot)
    LIMIT $2"
    )
});
/// No key has a negative id, and it is unlikely that another node uses the same at the same time.
const INSERT_PROBE: &str = "
    INSERT INTO change_log (key_id) VALUES (-1 - floor(random() * 1e15)::bigint) RETURNING id, key_id";
const DELETE_PROBES: &str = "DELETE FROM change_log WHERE id IN ($1, $2)";
/// Skips entries that another node prunes at the same time.
const PRUNE: &str = "
    DELETE FROM change_log WHERE id IN (
        SELECT id FROM change_log WHERE transaction < $1::text::xid8 LIMIT 10000 FOR UPDATE SKIP LOCKED)";
/// Entries of transactions that have not begun: only a restored dump of another cluster has them, and each poll would return
/// them until this cluster's transaction ids have caught up. An entry of this cluster that a snapshot sees is below its xmax.
const PRUNE_RESTORED: &str = "
    DELETE FROM change_log WHERE id IN (
        SELECT id FROM change_log WHERE transaction >= pg_snapshot_xmax(pg_current_snapshot())
        LIMIT 10000 FOR UPDATE SKIP LOCKED)";

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
    /// The server, which is a primary.
    pub server: ServerRun,
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

    /// Whether snapshots on this database work as the feed needs them: of two transactions, the older one of which commits later,
    /// each entry is seen by the first poll after its commit, and by no other. They do not work where each node of a distributed
    /// database numbers transactions by itself.
    #[tracing::instrument(name = "store.has_reliable_snapshots", level = "debug", skip_all)]
    pub async fn has_reliable_snapshots(&self, feed: &ChangeFeed) -> Result<bool, StoreError> {
        let (mut older, younger) = (self.connect_probe().await?, self.connect_probe().await?);
        let start = feed.poll(None).await?;
        // Rolled back if it is dropped because of an error.
        let transaction = older.transaction().await.map_err(StoreError::unavailable)?;
        let first = insert_probe(&transaction).await?;
        let second = insert_probe(&younger).await?;
        let second_is_committed = feed.poll(Some(&start.snapshot)).await?;
        let unchanged = feed.poll(Some(&second_is_committed.snapshot)).await?;
        transaction.commit().await.map_err(StoreError::unavailable)?;
        let first_is_committed = feed.poll(Some(&unchanged.snapshot)).await?;
        let unchanged_again = feed.poll(Some(&first_is_committed.snapshot)).await?;
        let ids: [(&(dyn ToSql + Sync), Type); 2] = [(&first.id, Type::INT8), (&second.id, Type::INT8)];
        younger.query_typed(DELETE_PROBES, &ids).await.map_err(StoreError::unavailable)?;

        let polls = [&second_is_committed, &unchanged, &first_is_committed, &unchanged_again];
        if polls.iter().any(|batch| batch.is_truncated) {
            return Err(StoreError::unavailable("the change log has too many entries to be checked"));
        }
        let seen_by = |probe: &Probe| polls.map(|batch| batch.subjects.contains(&probe.subject));
        Ok(seen_by(&second) == [true, false, false, false] && seen_by(&first) == [false, false, true, false])
    }

    async fn connect_probe(&self) -> Result<Client, StoreError> {
        let (client, connection) = self.connection.connect_client().await.map_err(StoreError::unavailable)?;
        tokio::spawn(connection);
        Ok(client)
    }

    /// Removes some entries of transactions before `xid`, and returns how many.
    #[tracing::instrument(name = "store.prune_change_log", level = "debug", skip_all)]
    pub async fn prune_change_log(&self, xid: &str) -> Result<usize, StoreError> {
        let prune = sql_query(PRUNE).bind::<Text, _>(xid);
        Ok(prune.execute(&mut *self.write_connection().await?).await?)
    }

    /// Removes some entries that came with a restored dump of another cluster, and returns how many.
    #[tracing::instrument(name = "store.prune_restored_change_log", level = "debug", skip_all)]
    pub async fn prune_restored_change_log(&self) -> Result<usize, StoreError> {
        Ok(sql_query(PRUNE_RESTORED).execute(&mut *self.write_connection().await?).await?)
    }
}

/// An entry that [`Store::has_reliable_snapshots`] writes.
struct Probe {
    id: i64,
    subject: Subject,
}

async fn insert_probe(client: &impl GenericClient) -> Result<Probe, StoreError> {
    let rows = client.query_typed(INSERT_PROBE, &[]).await.map_err(StoreError::unavailable)?;
    let row = rows.as_slice().first().ok_or_else(|| StoreError::internal("the change log took no entry"))?;
    Ok(Probe { id: row.get(0), subject: Subject::Key(row.get(1)) })
}

impl ChangeFeed {
    /// Waits for a notification.
    pub async fn notified(&self) {
        self.notify.notified().await;
    }

    /// The entries that a snapshot did not see; none if there is no snapshot yet. Fails on a standby.
    pub async fn poll(&self, snapshot: Option<&str>) -> Result<ChangeBatch, StoreError> {
        let limit = i64::try_from(MAX_TRACKED_CHANGES).unwrap_or(i64::MAX);
        let parameters: [(&(dyn ToSql + Sync), Type); 2] = [(&snapshot, Type::TEXT), (&limit, Type::INT8)];
        let rows = self.client.query_typed(&POLL, &parameters).await.map_err(StoreError::unavailable)?;
        let first = rows
            .as_slice()
            .first()
            .ok_or_else(|| StoreError::internal("the change feed responded without a snapshot"))?;
        let now: i64 = first.get(3);
        let mut newest = None;
        let mut subjects = Vec::new();
        for row in &rows {
            subjects.extend(row.get::<_, Option<i64>>(4).map(Subject::Key));
            subjects.extend(row.get::<_, Option<i64>>(5).map(Subject::Principal));
            subjects.extend(row.get::<_, Option<i64>>(6).map(Subject::Project));
            newest = newest.max(row.get::<_, Option<i64>>(7));
        }
        let lag = newest.map_or(0, |newest| u64::try_from(now - newest).unwrap_or_default());
        Ok(ChangeBatch {
            snapshot: first.get(0),
            oldest_active_xid: first.get(1),
            server: ServerRun::new(first.get::<_, Option<i64>>(2).and_then(DateTime::from_timestamp_micros))
                .ok_or_else(|| StoreError::unavailable("the database server is a standby"))?,
            database_time: DateTime::from_timestamp_micros(now)
                .ok_or_else(|| StoreError::internal("the database's clock is out of range"))?,
            subjects,
            is_truncated: rows.len() >= MAX_TRACKED_CHANGES,
            lag: Duration::from_micros(lag),
        })
    }
}
