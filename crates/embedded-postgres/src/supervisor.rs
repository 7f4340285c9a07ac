//! The task that supervises the server of the cluster: it restarts the server, truncates its log, and stops it.
//!
//! It ignores killed backends, from which the postmaster recovers itself.

use std::time::Duration;

use tokio::{
    sync::oneshot,
    time::{Instant, MissedTickBehavior, interval, sleep},
};

use crate::{
    EmbeddedError,
    cluster::{Cluster, Server},
};

/// The pause before the first restart. Each failure doubles it.
const MIN_BACKOFF: Duration = Duration::from_millis(50);
/// The longest pause before a restart.
const MAX_BACKOFF: Duration = Duration::from_secs(5);

/// A server that has run for this time is stable: the next pause is the shortest again.
const STABLE_AFTER: Duration = Duration::from_secs(10);

/// The time between two checks of the log's size.
const LOG_CHECK_INTERVAL: Duration = Duration::from_secs(30);

/// Keeps the server running until `stop` is sent or its sender is dropped, then stops it. The task owns the cluster, so
/// it holds the lock of the data directory until then.
pub(crate) async fn run(
    cluster: Cluster,
    mut server: Server,
    mut stop: oneshot::Receiver<()>,
) -> Result<(), EmbeddedError> {
    let mut backoff = MIN_BACKOFF;
    let mut ready_since = Instant::now();
    let mut log_check = interval(LOG_CHECK_INTERVAL);
    log_check.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = &mut stop => return server.stop().await,
            _ = log_check.tick() => cluster.truncate_log_if_large(),
            ended = server.wait() => {
                match ended {
                    Ok(status) => tracing::error!(%status, "Postgres exited; restarting it"),
                    Err(error) => tracing::error!(%error, "failed to wait for Postgres; restarting it"),
                }
                if ready_since.elapsed() > STABLE_AFTER {
                    backoff = MIN_BACKOFF;
                }
                match restart(&cluster, &mut stop, &mut backoff).await? {
                    Some(restarted) => server = restarted,
                    None => return Ok(()),
                }
                ready_since = Instant::now();
                tracing::info!("restarted Postgres");
            }
        }
    }
}

/// Restarts the server, with growing pauses, until it is ready. `None` when `stop` was sent meanwhile.
async fn restart(
    cluster: &Cluster,
    stop: &mut oneshot::Receiver<()>,
    backoff: &mut Duration,
) -> Result<Option<Server>, EmbeddedError> {
    loop {
        tokio::select! {
            _ = &mut *stop => return Ok(None),
            () = sleep(*backoff) => *backoff = MAX_BACKOFF.min(*backoff * 2),
        }
        let mut server = match cluster.launch().await {
            Ok(server) => server,
            Err(error) => {
                tracing::error!(%error, "failed to start Postgres; retrying");
                continue;
            }
        };
        let outcome = tokio::select! {
            _ = &mut *stop => None,
            outcome = cluster.wait_ready(&mut server) => Some(outcome),
        };
        match outcome {
            None => return server.stop().await.map(|()| None),
            Some(Ok(())) => return Ok(Some(server)),
            Some(Err(error)) => {
                tracing::error!(%error, "failed to start Postgres; retrying");
                if let Err(error) = server.stop().await {
                    tracing::error!(%error, "failed to stop Postgres");
                }
            }
        }
    }
}
