//! Concurrent probers of one key, and everything that they observed.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use latchkey_test_support::wait::wait_until;

use crate::prober::{Outcome, Prober};

/// The pause of a prober between two requests, so that the probers of other keys get their share of the processors.
const PAUSE: Duration = Duration::from_millis(2);
/// The probers stop after this time, also when the test hangs.
const TIMEOUT: Duration = Duration::from_secs(120);

/// One verification and when it took place.
#[derive(Debug, Clone)]
pub struct Observation {
    /// The number of the node.
    pub node: usize,
    /// When the request was sent.
    pub requested_at: Instant,
    /// When the response had arrived.
    pub received_at: Instant,
    /// What the response was.
    pub outcome: Outcome,
}

impl Observation {
    /// Verifies the prober's key once.
    pub fn of(node: usize, prober: &mut Prober) -> Self {
        let requested_at = Instant::now();
        let outcome = prober.probe();
        Self { node, requested_at, received_at: Instant::now(), outcome }
    }
}

/// Running probers.
pub struct Observer {
    is_stopped: Arc<AtomicBool>,
    probers: Vec<RunningProber>,
}

struct RunningProber {
    /// When the key was last valid.
    last_valid: Arc<Mutex<Option<Instant>>>,
    thread: JoinHandle<Vec<Observation>>,
}

impl Observer {
    /// Starts the probers, the first of which is observed as node 0, and so on.
    pub fn start(probers: impl IntoIterator<Item = Prober>) -> Self {
        let is_stopped = Arc::new(AtomicBool::new(false));
        let probers = probers.into_iter().enumerate().map(|(node, prober)| {
            let (last_valid, is_stopped) = (Arc::new(Mutex::new(None)), Arc::clone(&is_stopped));
            let thread = thread::spawn({
                let last_valid = Arc::clone(&last_valid);
                move || observe(node, prober, &last_valid, &is_stopped)
            });
            RunningProber { last_valid, thread }
        });
        Self { probers: probers.collect(), is_stopped }
    }

    /// Waits until every prober has observed that the key is valid.
    pub fn wait_until_valid(&self) {
        wait_until("the key to be valid", || self.last_valid().all(|valid| valid.is_some()));
    }

    /// Whether some prober has observed within the last `period` that the key is valid.
    pub fn was_valid_within(&self, period: Duration) -> bool {
        self.last_valid().any(|valid| valid.is_some_and(|valid| valid.elapsed() < period))
    }

    fn last_valid(&self) -> impl Iterator<Item = Option<Instant>> {
        self.probers.iter().map(|prober| *prober.last_valid.lock().unwrap())
    }

    /// Stops the probers, and returns what they observed.
    pub fn stop(self) -> Vec<Observation> {
        self.is_stopped.store(true, Ordering::Relaxed);
        self.probers.into_iter().flat_map(|prober| prober.thread.join().unwrap()).collect()
    }
}

fn observe(
    node: usize,
    mut prober: Prober,
    last_valid: &Mutex<Option<Instant>>,
    is_stopped: &AtomicBool,
) -> Vec<Observation> {
    let started = Instant::now();
    let mut observations = Vec::new();
    while !is_stopped.load(Ordering::Relaxed) && started.elapsed() < TIMEOUT {
        let observation = Observation::of(node, &mut prober);
        if observation.outcome == Outcome::Valid {
            *last_valid.lock().unwrap() = Some(observation.received_at);
        }
        observations.push(observation);
        thread::sleep(PAUSE);
    }
    observations
}
