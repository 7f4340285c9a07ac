//! The background tasks of a node. Each runs by itself, apart from the requests and from the others.

pub mod change_feed;
mod maintenance;
mod supervisor;

use std::{sync::Arc, time::Duration};

pub use self::{change_feed::ChangeFeedStats, supervisor::BackgroundTasks};
use crate::{
    model::{Env, error_chain},
    store::Store,
    verification::Verifier,
};

/// How often usage counters are flushed, and so the most that is lost if the process is killed.
const FLUSH_INTERVAL: Duration = Duration::from_secs(10);
/// How often keys that were used are stored under the current pepper.
const REHASH_INTERVAL: Duration = Duration::from_secs(1);

/// What the background tasks work on.
#[derive(Clone)]
pub struct Background {
    /// Where the tasks read and write.
    pub store: Arc<Store>,
    /// Whose buffers are flushed.
    pub verifier: Arc<Verifier>,
    /// The clock, which follows the database's.
    pub env: Env,
    /// What the change feed reports.
    pub change_feed: Arc<ChangeFeedStats>,
    /// For how long audit events are kept; `None` for ever.
    pub audit_retention: Option<Duration>,
}

impl Background {
    /// Starts all tasks. Without them no cache entry is ever fresh, and no usage is written. They end when the returned value is
    /// dropped.
    pub fn spawn(&self) -> BackgroundTasks {
        let mut tasks = BackgroundTasks::default();
        tasks.spawn("change_feed", {
            let background = self.clone();
            move || {
                let Background { store, env, change_feed, .. } = background.clone();
                async move { change_feed::follow(&store, &env.clock, &change_feed).await }
            }
        });
        tasks.spawn("usage_flush", {
            let background = self.clone();
            move || {
                let background = background.clone();
                async move {
                    loop {
                        tokio::time::sleep(FLUSH_INTERVAL).await;
                        background.flush_usage().await;
                    }
                }
            }
        });
        tasks.spawn("rehash", {
            let background = self.clone();
            move || {
                let background = background.clone();
                async move {
                    loop {
                        tokio::time::sleep(REHASH_INTERVAL).await;
                        background.verifier.rehash_queue().flush(&background.store).await;
                    }
                }
            }
        });
        tasks.spawn("maintenance", {
            let background = self.clone();
            move || {
                let Background { store, env, change_feed, audit_retention, .. } = background.clone();
                async move { maintenance::run(&store, &env.clock, &change_feed, audit_retention).await }
            }
        });
        tasks
    }

    /// Writes what is only in memory. Called before the process ends, too.
    pub async fn flush(&self) {
        self.flush_usage().await;
        self.verifier.rehash_queue().flush(&self.store).await;
    }

    async fn flush_usage(&self) {
        if let Err(error) = self.verifier.usage().flush(&self.store).await {
            tracing::warn!(cause = error_chain(&error), "failed to flush usage; it stays buffered");
        }
    }
}
