//! Clients that ask all nodes about one key without pause, and remember every answer.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use crate::{
    asker::{Answer, Asker},
    wait::wait_until,
};

/// Between an answer and the next question of a client, so that those who ask about other keys have their turn.
const PAUSE: Duration = Duration::from_millis(2);
/// Nobody asks for longer, whatever becomes of the test.
const LIMIT: Duration = Duration::from_secs(120);

/// An answer, and when.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The number of the node.
    pub node: usize,
    pub asked: Instant,
    pub answered: Instant,
    pub answer: Answer,
}

/// Clients at work.
pub struct Watch {
    over: Arc<AtomicBool>,
    clients: Vec<Client>,
}

struct Client {
    /// When the key was called good last.
    valid: Arc<Mutex<Option<Instant>>>,
    thread: JoinHandle<Vec<Seen>>,
}

impl Watch {
    /// One client for each of these, the first of which asks node 0.
    pub fn start(askers: impl IntoIterator<Item = Asker>) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let clients = askers.into_iter().enumerate().map(|(node, asker)| {
            let (valid, over) = (Arc::new(Mutex::new(None)), Arc::clone(&over));
            let thread = thread::spawn({
                let valid = Arc::clone(&valid);
                move || ask_on(node, asker, &valid, &over)
            });
            Client { valid, thread }
        });
        Self { clients: clients.collect(), over }
    }

    /// Waits until every client has heard that the key is good.
    pub fn wait_until_valid(&self) {
        wait_until("the key to be good", || self.last_valid().all(|valid| valid.is_some()));
    }

    /// Whether some client has heard so since then.
    pub fn is_valid_since(&self, since: Instant) -> bool {
        self.last_valid().any(|valid| valid.is_some_and(|valid| valid > since))
    }

    fn last_valid(&self) -> impl Iterator<Item = Option<Instant>> {
        self.clients.iter().map(|client| *client.valid.lock().unwrap())
    }

    /// Lets the clients end, and answers what they heard.
    pub fn stop(self) -> Vec<Seen> {
        self.over.store(true, Ordering::Relaxed);
        self.clients.into_iter().flat_map(|client| client.thread.join().unwrap()).collect()
    }
}

fn ask_on(node: usize, mut asker: Asker, valid: &Mutex<Option<Instant>>, over: &AtomicBool) -> Vec<Seen> {
    let begin = Instant::now();
    let mut seen = Vec::new();
    while !over.load(Ordering::Relaxed) && begin.elapsed() < LIMIT {
        let asked = Instant::now();
        let answer = asker.ask();
        let answered = Instant::now();
        if answer == Answer::Valid {
            *valid.lock().unwrap() = Some(answered);
        }
        seen.push(Seen { node, asked, answered, answer });
        thread::sleep(PAUSE);
    }
    seen
}
