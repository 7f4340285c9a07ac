//! Three nodes on one Postgres, and a user who may do everything.

use std::{
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::json;

use crate::{
    asker::{Asker, Credential},
    client::Client,
    database::Database,
    ending::SCOPE,
    nodes::{PASSWORD, create_user, serve},
    relay::Relay,
    server::Server,
};

pub const NODES: usize = 3;
/// The requests of millions of questions would fill the memory; what is started must be said, for the harness.
const LOG: &str = "warn,latchkey_server::commands=info";

/// All scenarios look at times, so they take turns.
static TURN: Mutex<()> = Mutex::new(());

pub struct Turn {
    _turn: MutexGuard<'static, ()>,
}

impl Turn {
    pub fn take() -> Self {
        // A scenario that failed has told so itself.
        Self { _turn: TURN.lock().unwrap_or_else(PoisonError::into_inner) }
    }
}

/// Nodes at work; they are gone when this is dropped, and then their database.
pub struct Fleet {
    pub nodes: Vec<Server>,
    /// One for each node, with the user's token.
    pub clients: Vec<Client>,
    pub token: String,
    command: Box<dyn Fn(usize) -> Command + Send + Sync>,
}

/// A key that was made for a test.
#[derive(Debug, Clone)]
pub struct Key {
    pub id: i64,
    pub secret: String,
}

impl Fleet {
    /// On a database of a Postgres that is there.
    pub fn on(database: &Database) -> Self {
        let url = database.url.clone();
        Self::start(&database.url, move |_| serve(&url))
    }

    /// The same, but the way of the first node to the database leads through a relay.
    pub fn behind_relay(database: &Database) -> (Relay, Self) {
        let relay = Relay::to(&database.url);
        let urls = [relay.url.clone(), database.url.clone()];
        let fleet = Self::start(&database.url, move |node| serve(&urls[node.min(1)]));
        (relay, fleet)
    }

    /// By a command for each node; `url` leads to their database.
    pub fn start(url: &str, command: impl Fn(usize) -> Command + Send + Sync + 'static) -> Self {
        let nodes: Vec<Server> = (0..NODES).map(|number| start_node(command(number))).collect();
        create_user(url, "gateway", "admin");
        let token = nodes[0].client().token("gateway", PASSWORD);
        let clients = nodes.iter().map(|node| node.client().with_token(&token)).collect();
        Self { nodes, clients, token, command: Box::new(command) }
    }

    /// Ends a node in some way, and starts another in its place.
    pub fn replace(&mut self, node: usize, end: impl FnOnce(Server)) {
        end(self.nodes.remove(node));
        let started = start_node((self.command)(node));
        self.clients[node] = started.client().with_token(&self.token);
        self.nodes.insert(node, started);
    }

    /// A new key, made through one of the nodes, that has [`SCOPE`].
    pub fn create_key(&self, node: usize) -> Key {
        self.create_key_with(node, json!({ "scopes": [SCOPE] }))
    }

    /// A new key with this policy.
    pub fn create_key_with(&self, node: usize, policy: serde_json::Value) -> Key {
        let client = &self.clients[node];
        let (id, secret) = client.create_key("of a test");
        let narrowed =
            client.send(client.request(reqwest::Method::PUT, &format!("/v1/api-keys/{id}/policy")).json(&policy));
        assert_eq!(narrowed.status, 200, "{narrowed:?}");
        Key { id, secret }
    }

    /// Asks one node about a key, as the user.
    pub fn asker(&self, node: usize, key: &Key) -> Asker {
        Asker::new(self.nodes[node].address, &Credential::Token(self.token.clone()), &key.secret, &[SCOPE])
    }

    /// One for each node.
    pub fn askers(&self, key: &Key) -> Vec<Asker> {
        (0..NODES).map(|node| self.asker(node, key)).collect()
    }
}

fn start_node(mut command: Command) -> Server {
    Server::start_by(command.env("LATCHKEY_LOG", LOG), None)
}
