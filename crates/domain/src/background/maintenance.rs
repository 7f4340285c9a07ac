//! Purges expired rows.

use std::time::Duration;

use super::ChangeFeedStats;
use crate::{
    model::{Clock, error_chain},
    store::{Store, StoreError},
};

const INTERVAL: Duration = Duration::from_secs(10);

/// Purges at intervals; never ends.
pub(super) async fn run(store: &Store, clock: &Clock, change_feed: &ChangeFeedStats) {
    loop {
        tokio::time::sleep(INTERVAL).await;
        if let Err(error) = purge(store, clock, change_feed).await {
            tracing::warn!(cause = error_chain(&error), "failed to purge expired rows");
        }
    }
}

/// Removes, in batches, expired idempotency records, and change-feed entries that all nodes have seen.
async fn purge(store: &Store, clock: &Clock, change_feed: &ChangeFeedStats) -> Result<(), StoreError> {
    while store.purge_idempotency_keys(clock.now()).await? > 0 {}
    if let Some(xid) = change_feed.take_prunable() {
        while store.prune_change_log(&xid).await? > 0 {}
    }
    Ok(())
}
