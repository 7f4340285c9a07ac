//! Tasks that are started again if they panic.

use std::time::Duration;

use tokio::task::JoinSet;
use tracing::Instrument;

const RESTART_DELAY: Duration = Duration::from_secs(1);

/// Running tasks, which end when this is dropped.
#[derive(Default)]
pub struct BackgroundTasks(JoinSet<()>);

impl BackgroundTasks {
    /// Starts a task, in a span of its name. If it ends or panics, it is started again after a second: without the change feed a
    /// node would verify keys from the database alone, and without the others a table would grow.
    pub(super) fn spawn<F: Future<Output = ()> + Send + 'static>(
        &mut self,
        name: &'static str,
        task: impl Fn() -> F + Send + 'static,
    ) {
        self.0.spawn(async move {
            loop {
                // In a set of its own, so that it ends with its supervisor.
                let mut running = JoinSet::new();
                running.spawn(task().instrument(tracing::info_span!("background", task = name)));
                // The panic hook has logged the cause.
                let _ = running.join_next().await;
                tracing::error!(task = name, "background task ended; restarting it");
                tokio::time::sleep(RESTART_DELAY).await;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_task_that_panics_is_started_again_until_it_is_dropped() {
        let starts = Arc::new(AtomicUsize::new(0));
        let mut tasks = BackgroundTasks::default();
        tasks.spawn("test", {
            let starts = Arc::clone(&starts);
            move || {
                let starts = Arc::clone(&starts);
                async move {
                    starts.fetch_add(1, Ordering::Relaxed);
                    panic!("on purpose");
                }
            }
        });
        tokio::time::sleep(RESTART_DELAY * 5 / 2).await;
        assert_eq!(starts.load(Ordering::Relaxed), 3);
        drop(tasks);
        tokio::time::sleep(RESTART_DELAY * 5).await;
        assert_eq!(starts.load(Ordering::Relaxed), 3);
    }
}
