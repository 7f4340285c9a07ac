//! Clients that create and change keys concurrently, and record what was acknowledged.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use crate::{client::Client, response::Response, wait::wait_until};

const CLIENTS: usize = 4;
/// Changes for each key that is created.
const CHANGES: usize = 3;

/// Running clients.
pub struct Load {
    is_stopped: Arc<AtomicBool>,
    ledger: Arc<Mutex<Ledger>>,
    clients: Vec<JoinHandle<()>>,
}

/// The outcome of every request.
#[derive(Default)]
pub struct Ledger {
    keys: BTreeMap<i64, Descriptions>,
    /// The number of successful responses.
    acknowledged: usize,
    /// Responses that neither succeeded nor said that the database is unavailable.
    unexpected: Vec<Response>,
    /// The number of responses that said that the database is unavailable.
    pub unavailable: usize,
    /// The number of requests without a response.
    pub unanswered: usize,
}

/// The descriptions that a key may have.
struct Descriptions {
    acknowledged: String,
    /// Requested since then, with an unknown outcome.
    uncertain: BTreeSet<String>,
}

impl Load {
    /// Starts the clients. Half of them use the token, the others a key of their own.
    pub fn start(address: SocketAddr, token: &str) -> Self {
        let is_stopped = Arc::new(AtomicBool::new(false));
        let ledger = Arc::new(Mutex::new(Ledger::default()));
        let clients = (0..CLIENTS).map(|number| {
            let mut client = Client::new(address).with_token(token);
            if number % 2 == 1 {
                client = client.with_new_key();
            }
            let (is_stopped, ledger) = (Arc::clone(&is_stopped), Arc::clone(&ledger));
            thread::spawn(move || send_requests(number, &client, &is_stopped, &ledger))
        });
        Self { clients: clients.collect(), is_stopped, ledger }
    }

    /// Waits until this many more requests have succeeded.
    pub fn wait_for_more(&self, count: usize) {
        let expected = self.ledger.lock().unwrap().acknowledged + count;
        wait_until("more requests to succeed", || self.ledger.lock().unwrap().acknowledged >= expected);
    }

    /// Lets the clients complete their last request, and returns the outcome of all.
    pub fn stop(self) -> Ledger {
        self.is_stopped.store(true, Ordering::Relaxed);
        for client in self.clients {
            client.join().unwrap();
        }
        Arc::into_inner(self.ledger).unwrap().into_inner().unwrap()
    }
}

fn send_requests(number: usize, client: &Client, is_stopped: &AtomicBool, ledger: &Mutex<Ledger>) {
    let mut keys: Vec<i64> = Vec::new();
    for turn in 0.. {
        if is_stopped.load(Ordering::Relaxed) {
            return;
        }
        let description = format!("client {number}, turn {turn}");
        if turn % (CHANGES + 1) == 0 || keys.is_empty() {
            let response = client.try_create_key(&description);
            keys.extend(ledger.lock().unwrap().record_creation(description, response));
        } else {
            let id = keys[turn % keys.len()];
            let response = client.try_describe_key(id, &description);
            ledger.lock().unwrap().record_change(id, description, response);
        }
    }
}

impl Ledger {
    /// Returns the id of the new key, when its creation was acknowledged.
    fn record_creation(&mut self, description: String, response: reqwest::Result<Response>) -> Option<i64> {
        let id = self.record(response)?.json()["id"].as_i64().unwrap();
        self.keys.insert(id, Descriptions { acknowledged: description, uncertain: BTreeSet::new() });
        Some(id)
    }

    fn record_change(&mut self, id: i64, description: String, response: reqwest::Result<Response>) {
        let is_acknowledged = self.record(response).is_some();
        let descriptions = self.keys.get_mut(&id).unwrap();
        if is_acknowledged {
            *descriptions = Descriptions { acknowledged: description, uncertain: BTreeSet::new() };
        } else {
            descriptions.uncertain.insert(description);
        }
    }

    /// Returns the response when it is successful.
    fn record(&mut self, response: reqwest::Result<Response>) -> Option<Response> {
        match response {
            Err(_) => self.unanswered += 1,
            Ok(response) if response.status.is_success() => {
                self.acknowledged += 1;
                return Some(response);
            }
            Ok(response) if response.is_unavailable() => self.unavailable += 1,
            Ok(response) => self.unexpected.push(response),
        }
        None
    }

    /// Panics unless every key is as it was last acknowledged, and no response was unexpected.
    pub fn assert_durable(&self, client: &Client) {
        let unexpected = &self.unexpected;
        assert!(unexpected.is_empty(), "{} unexpected responses, such as {:?}", unexpected.len(), unexpected[0]);
        assert!(self.keys.len() > CLIENTS, "too few keys were created for a meaningful test");
        for (id, Descriptions { acknowledged, uncertain }) in &self.keys {
            let response = client.get(&format!("/v1/api-keys/{id}"));
            assert_eq!(response.status, 200, "key {id} was acknowledged, and is lost: {response:?}");
            let description = response.json()["description"].as_str().unwrap().to_owned();
            assert!(
                description == *acknowledged || uncertain.contains(&description),
                "key {id} was last acknowledged as {acknowledged:?}, and is {description:?}"
            );
        }
    }
}
