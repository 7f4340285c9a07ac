//! The task that watches over the server of the cluster: starts it anew when it
//! ends, keeps its log small, and stops it in the end.
//!
//! A killed backend is not its business: the postmaster recovers from that itself.

use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

use super::cluster::{Cluster, Server};
use super::error::EmbeddedError;

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A server that ran this long is taken to be sound, so pauses start short again.
const SOUND_AFTER: Duration = Duration::from_secs(10);

const LOG_CHECK: Duration = Duration::from_secs(30);

/// Keeps the server running until `stop` is sent or its sender is dropped, and then
/// stops it. Owning the cluster, it holds the data directory's lock until the end.
pub(super) async fn run(
    cluster: Cluster,
    mut server: Server,
    mut stop: oneshot::Receiver<()>,
) -> Result<(), EmbeddedError> {
    let mut pause = FIRST_PAUSE;
    let mut ready_since = Instant::now();
    let mut log_check = interval(LOG_CHECK);
    log_check.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = &mut stop => return server.stop().await,
            _ = log_check.tick() => cluster.keep_log_small(),
            ended = server.wait() => {
                match ended {
                    Ok(status) => tracing::error!(%status, "Postgres ended, starting it again"),
                    Err(error) => tracing::error!(%error, "Postgres is lost, starting it again"),
                }
                if ready_since.elapsed() > SOUND_AFTER {
                    pause = FIRST_PAUSE;
                }
                match restart(&cluster, &mut stop, &mut pause).await? {
                    Some(restarted) => server = restarted,
                    None => return Ok(()),
                }
                ready_since = Instant::now();
                tracing::info!("Postgres is back");
            }
        }
    }
}

/// Tries until the server is ready, with growing pauses. `None` if it was to stop.
async fn restart(
    cluster: &Cluster,
    stop: &mut oneshot::Receiver<()>,
    pause: &mut Duration,
) -> Result<Option<Server>, EmbeddedError> {
    loop {
        tokio::select! {
            _ = &mut *stop => return Ok(None),
            () = sleep(*pause) => *pause = LONGEST_PAUSE.min(*pause * 2),
        }
        let mut server = match cluster.launch().await {
            Ok(server) => server,
            Err(error) => {
                tracing::error!(%error, "can't start Postgres, trying again");
                continue;
            }
        };
        let outcome = tokio::select! {
            _ = &mut *stop => None,
            outcome = cluster.make_ready(&mut server) => Some(outcome),
        };
        match outcome {
            None => return server.stop().await.map(|()| None),
            Some(Ok(())) => return Ok(Some(server)),
            Some(Err(error)) => {
                tracing::error!(%error, "can't start Postgres, trying again");
                if let Err(error) = server.stop().await {
                    tracing::error!(%error, "can't stop Postgres");
                }
            }
        }
    }
}
