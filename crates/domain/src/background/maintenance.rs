//! Purges expired rows, and maintains the partitions of audit events.

use std::time::Duration;

use super::ChangeFeedStats;
use crate::{
    model::{Clock, MonotonicTime, error_chain},
    store::{Store, StoreError},
};

const INTERVAL: Duration = Duration::from_secs(10);
/// How often partitions are maintained. It matters once a month.
const PARTITIONS_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// Purges at once and then at intervals; never ends.
pub(super) async fn run(
    store: &Store,
    clock: &Clock,
    change_feed: &ChangeFeedStats,
    audit_retention: Option<Duration>,
) {
    let mut partitions_maintained_at: Option<MonotonicTime> = None;
    loop {
        let now = clock.monotonic();
        if partitions_maintained_at.is_none_or(|maintained_at| now.since(maintained_at) >= PARTITIONS_INTERVAL) {
            match store.maintain_audit_partitions(audit_retention).await {
                Ok(lines) => {
                    for line in lines {
                        tracing::info!("maintained the partitions of audit events: {line}");
                    }
                    partitions_maintained_at = Some(now);
                }
                // Tried again after the next purge.
                Err(error) => {
                    tracing::warn!(cause = error_chain(&error), "failed to maintain the partitions of audit events");
                }
            }
        }
        if let Err(error) = purge(store, clock, change_feed).await {
            tracing::warn!(cause = error_chain(&error), "failed to purge expired rows");
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

/// Removes, in batches, change-feed entries that came with a restored dump or that all nodes have seen, and expired idempotency
/// records and counts of logins.
async fn purge(store: &Store, clock: &Clock, change_feed: &ChangeFeedStats) -> Result<(), StoreError> {
    while store.prune_restored_change_log().await? > 0 {}
    while store.purge_idempotency_keys(clock.now()).await? > 0 {}
    while store.purge_login_attempts(clock.now()).await? > 0 {}
    if let Some(xid) = change_feed.take_prunable() {
        while store.prune_change_log(&xid).await? > 0 {}
    }
    Ok(())
}
