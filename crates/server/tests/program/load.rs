//! Clients that create and change keys without pause, and remember what was acknowledged.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use crate::{
    client::{Answer, Client},
    wait::wait_until,
};

const CLIENTS: usize = 4;
/// Changes of a key for each key that is created.
const CHANGES: usize = 3;

/// Clients at work.
pub struct Load {
    over: Arc<AtomicBool>,
    ledger: Arc<Mutex<Ledger>>,
    clients: Vec<JoinHandle<()>>,
}

/// What became of every request.
#[derive(Default)]
pub struct Ledger {
    keys: BTreeMap<i64, Descriptions>,
    /// How many answers were good.
    acknowledged: usize,
    /// Answers that were neither good nor what a server without its database should say.
    wrong: Vec<Answer>,
    /// How many answers said that the database is away.
    pub unavailable: usize,
    /// How many requests got no answer.
    pub unanswered: usize,
}

/// The descriptions that a key may have.
struct Descriptions {
    acknowledged: String,
    /// Asked for since then, and not known to be done or not.
    unknown: BTreeSet<String>,
}

impl Load {
    /// Half of the clients use the token, the others a key of their own.
    pub fn start(address: SocketAddr, token: &str) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let ledger = Arc::new(Mutex::new(Ledger::default()));
        let clients = (0..CLIENTS).map(|number| {
            let mut client = Client::new(address).with_token(token);
            if number % 2 == 1 {
                client = client.with_key_instead();
            }
            let (over, ledger) = (Arc::clone(&over), Arc::clone(&ledger));
            thread::spawn(move || work(number, &client, &over, &ledger))
        });
        Self { clients: clients.collect(), over, ledger }
    }

    /// Waits until this many more requests were answered well.
    pub fn wait_for_more(&self, count: usize) {
        let enough = self.ledger.lock().unwrap().acknowledged + count;
        wait_until("more good answers", || self.ledger.lock().unwrap().acknowledged >= enough);
    }

    /// Lets the clients end their last request, and tells what became of all.
    pub fn stop(self) -> Ledger {
        self.over.store(true, Ordering::Relaxed);
        for client in self.clients {
            client.join().unwrap();
        }
        Arc::into_inner(self.ledger).unwrap().into_inner().unwrap()
    }
}

fn work(number: usize, client: &Client, over: &AtomicBool, ledger: &Mutex<Ledger>) {
    let mut own: Vec<i64> = Vec::new();
    for turn in 0.. {
        if over.load(Ordering::Relaxed) {
            return;
        }
        let description = format!("client {number}, turn {turn}");
        if turn % (CHANGES + 1) == 0 || own.is_empty() {
            let answer = client.try_create_key(&description);
            own.extend(ledger.lock().unwrap().created(description, answer));
        } else {
            let id = own[turn % own.len()];
            let answer = client.try_describe_key(id, &description);
            ledger.lock().unwrap().changed(id, description, answer);
        }
    }
}

impl Ledger {
    /// The id of the new key, when there is one for certain.
    fn created(&mut self, description: String, answer: reqwest::Result<Answer>) -> Option<i64> {
        let id = self.good(answer)?.json()["id"].as_i64().unwrap();
        self.keys.insert(id, Descriptions { acknowledged: description, unknown: BTreeSet::new() });
        Some(id)
    }

    fn changed(&mut self, id: i64, description: String, answer: reqwest::Result<Answer>) {
        let good = self.good(answer).is_some();
        let descriptions = self.keys.get_mut(&id).unwrap();
        if good {
            *descriptions = Descriptions { acknowledged: description, unknown: BTreeSet::new() };
        } else {
            descriptions.unknown.insert(description);
        }
    }

    fn good(&mut self, answer: reqwest::Result<Answer>) -> Option<Answer> {
        match answer {
            Err(_) => self.unanswered += 1,
            Ok(answer) if answer.status < 300 => {
                self.acknowledged += 1;
                return Some(answer);
            }
            Ok(answer) if answer.is_unavailable() => self.unavailable += 1,
            Ok(answer) => self.wrong.push(answer),
        }
        None
    }

    /// Whether the server has all that was acknowledged, as it was acknowledged last, and answered nothing wrong.
    pub fn assert_kept(&self, client: &Client) {
        assert!(self.wrong.is_empty(), "{} wrong answers, such as {:?}", self.wrong.len(), self.wrong[0]);
        assert!(self.keys.len() > CLIENTS, "the load was too light to tell anything");
        for (id, Descriptions { acknowledged, unknown }) in &self.keys {
            let answer = client.get(&format!("/v1/api-keys/{id}"));
            assert_eq!(answer.status, 200, "key {id}, acknowledged, is lost: {answer:?}");
            let description = answer.json()["description"].as_str().unwrap().to_owned();
            assert!(
                description == *acknowledged || unknown.contains(&description),
                "key {id} was last acknowledged as {acknowledged:?}, and is {description:?}"
            );
        }
    }
}
