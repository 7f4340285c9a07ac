//! Work of milliseconds, such as the hash of a password, apart from the threads that serve requests.

use std::thread;

use tokio::sync::oneshot;

use crate::model::Error;

/// What is added to the nice value of the threads. Requests come first; under full load, such work still gets a tenth of a
/// processor.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// Runs work on a thread of its own, which gives way to those that serve requests. The work goes on if the returned future is
/// dropped. Callers bound how much of it runs at once.
pub(crate) async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let (sender, receiver) = oneshot::channel();
    let work = move || {
        lower_priority();
        // The request may have been cancelled.
        let _ = sender.send(work());
    };
    thread::Builder::new().name("offload".to_owned()).spawn(work).map_err(Error::internal)?;
    receiver.await.map_err(Error::internal)
}

/// Only Linux has priorities of threads; elsewhere this would change the process.
fn lower_priority() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICE) {
        tracing::debug!(%error, "failed to lower the priority of a thread");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_runs_on_another_thread_and_its_panic_is_an_error() {
        let here = thread::current().id();
        assert_ne!(run(|| thread::current().id()).await.unwrap(), here);
        run(|| panic!("of a test")).await.unwrap_err();
    }

    #[tokio::test]
    #[cfg(target_os = "linux")]
    async fn work_gives_way_to_requests() {
        let nice = || rustix::process::getpriority_process(None).unwrap();
        let before = nice();
        assert_eq!(run(nice).await.unwrap(), (before + NICE).min(19));
        assert_eq!(nice(), before);
    }
}
