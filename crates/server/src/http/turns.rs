//! Turns that the work for one client address takes with HTTP/2, which brings thousands of requests at the same moment, so that
//! nobody else waits behind all of them.

use std::{future::poll_fn, mem, pin::pin, sync::Arc, task::Poll};

use tokio::{
    sync::{Semaphore, SemaphorePermit},
    task::yield_now,
};

/// How many connections of one address may be about to be read or written. Each may bring dozens of requests.
const CONNECTIONS: usize = 2;
/// How many requests from one address may be about to run.
const REQUESTS: usize = 32;

/// The turns of one address.
#[derive(Clone)]
pub(super) struct AddressTurns {
    pub(super) connections: Turns,
    pub(super) requests: Turns,
}

impl AddressTurns {
    pub(super) fn new() -> Self {
        Self { connections: Turns::new(CONNECTIONS), requests: Turns::new(REQUESTS) }
    }
}

/// A number of turns.
#[derive(Clone)]
pub(super) struct Turns(Arc<Semaphore>);

impl Turns {
    fn new(count: usize) -> Self {
        Self(Arc::new(Semaphore::new(count)))
    }

    /// Runs a future in turns, each of which ends when the future waits for something, such as a request's body or the database.
    /// While `is_exempt` returns true, it needs none.
    pub(super) async fn run<T>(&self, future: impl Future<Output = T>, is_exempt: impl Fn() -> bool) -> T {
        let mut future = pin!(future);
        loop {
            let turn = if is_exempt() { None } else { self.take().await };
            if let Poll::Ready(output) = poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await {
                return output;
            }
            drop(turn);
            woken().await;
        }
    }

    /// Waits until there is a turn, which ends when the returned value is dropped.
    async fn take(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed.
        let turn = self.0.acquire().await.ok();
        // Tasks that are woken together must find the turns taken, or all of them would be next to run.
        yield_now().await;
        turn
    }
}

/// Waits until the task is woken.
async fn woken() {
    let mut is_first = true;
    poll_fn(|_| if mem::take(&mut is_first) { Poll::Pending } else { Poll::Ready(()) }).await;
}

#[cfg(test)]
mod tests {
    use std::{
        future::pending,
        sync::atomic::{AtomicUsize, Ordering},
        time::Duration,
    };

    use tokio::{sync::Notify, time::timeout};

    use super::*;

    const TURNS: usize = 8;

    fn run(turns: &Turns, future: impl Future<Output = ()> + Send + 'static) {
        let turns = turns.clone();
        tokio::spawn(async move { turns.run(future, || false).await });
    }

    /// Fails if more than [`TURNS`] of the tasks that count here run while another task waits for one turn of the runtime.
    async fn wait_until_all_ran(ran: &AtomicUsize, all: usize) {
        let mut before = ran.load(Ordering::Relaxed);
        for _ in 0..100 {
            // One request of somebody else.
            yield_now().await;
            let now = ran.load(Ordering::Relaxed);
            assert!(now - before <= TURNS, "{} ran at once", now - before);
            before = now;
        }
        assert_eq!(before, all);
    }

    #[tokio::test]
    async fn of_many_tasks_few_are_next_to_run_and_those_that_wait_have_no_turn() {
        let turns = Turns::new(TURNS);
        for _ in 0..2 * TURNS {
            run(&turns, pending());
        }
        let ran = Arc::new(AtomicUsize::new(0));
        for _ in 0..10 * TURNS {
            let ran = Arc::clone(&ran);
            run(&turns, async move { _ = ran.fetch_add(1, Ordering::Relaxed) });
        }
        wait_until_all_ran(&ran, 10 * TURNS).await;
    }

    #[tokio::test]
    async fn tasks_that_are_woken_together_take_turns_again() {
        let (turns, ran, woken) = (Turns::new(TURNS), Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        for _ in 0..10 * TURNS {
            let (ran, woken) = (Arc::clone(&ran), Arc::clone(&woken));
            run(&turns, async move {
                ran.fetch_add(1, Ordering::Relaxed);
                woken.notified().await;
                ran.fetch_add(1, Ordering::Relaxed);
            });
        }
        wait_until_all_ran(&ran, 10 * TURNS).await;
        woken.notify_waiters();
        wait_until_all_ran(&ran, 20 * TURNS).await;
    }

    #[tokio::test]
    async fn an_exempt_task_needs_no_turn() {
        let turns = Turns::new(0);
        timeout(Duration::from_secs(10), turns.run(yield_now(), || true)).await.unwrap();
    }
}
