//! Three nodes on one Postgres, and an administrator.

use std::{
    process::Command,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use latchkey_test_support::{
    client::Client,
    database::{Session, TestDatabase},
    nodes::{PASSWORD, create_user, serve},
    program::Server,
    tcp_proxy::TcpProxy,
};
use reqwest::Method;
use serde_json::json;

use crate::{
    prober::{Credential, Prober},
    revocation_method::SCOPE,
};

pub const NODES: usize = 3;
/// The log lines of millions of requests would fill the memory. The line that says that a server has started is needed.
const LOG: &str = "warn,latchkey_server::commands=info";

/// The last statement of a connection that follows the change feed is its `LISTEN` or a poll.
const TERMINATE_CHANGE_FEED: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
                                     AND pid <> pg_backend_pid() AND query ~ 'LISTEN latchkey_changes|pg_snapshot_xmin'";

/// Held by the one scenario that runs.
static TURN: Mutex<()> = Mutex::new(());

/// Permission to run a scenario. They run one after another because each measures time.
pub struct Turn {
    _turn: MutexGuard<'static, ()>,
}

/// Terminates the connections that follow the change feed, and returns how many there were.
pub fn terminate_change_feed(session: &Session) -> usize {
    session.rows(TERMINATE_CHANGE_FEED).len()
}

impl Turn {
    /// Waits until no other scenario runs.
    pub fn take() -> Self {
        // A scenario that panicked has reported its failure itself.
        Self { _turn: TURN.lock().unwrap_or_else(PoisonError::into_inner) }
    }
}

/// Running nodes. They stop when this is dropped.
pub struct Fleet {
    pub nodes: Vec<Server>,
    /// A client of each node, with the administrator's token.
    pub clients: Vec<Client>,
    pub token: String,
    /// How many projects were created.
    projects: AtomicUsize,
    command: Box<dyn Fn(usize) -> Command + Send + Sync>,
}

/// An API key.
#[derive(Debug, Clone)]
pub struct Key {
    pub id: i64,
    pub secret: String,
    pub principal: Principal,
}

/// Whom a key belongs to.
#[derive(Debug, Clone)]
pub enum Principal {
    Administrator,
    /// The owner [`OWNER`] of a project of its own.
    Owner {
        project: String,
    },
    /// A service account of a project of its own, with a role by which it verifies keys.
    ServiceAccount {
        project: String,
        id: i64,
    },
}

/// The external id of the owners.
pub const OWNER: &str = "acme";
/// The name of the service accounts.
const SERVICE_ACCOUNT: &str = "gateway";

impl Fleet {
    /// Starts nodes on a database.
    pub fn on(database: &TestDatabase) -> Self {
        let url = database.url().to_owned();
        Self::start(database.url(), move |_| serve(&url))
    }

    /// Starts nodes on a database, the first of which reaches it through a proxy.
    pub fn behind_proxy(database: &TestDatabase) -> (TcpProxy, Self) {
        let proxy = TcpProxy::start(database.url());
        let urls = [proxy.url().to_owned(), database.url().to_owned()];
        let fleet = Self::start(database.url(), move |node| serve(&urls[node.min(1)]));
        (proxy, fleet)
    }

    /// Starts each node by a command. `url` is the URL of their database.
    pub fn start(url: &str, command: impl Fn(usize) -> Command + Send + Sync + 'static) -> Self {
        let nodes: Vec<Server> = (0..NODES).map(|number| start_node(command(number))).collect();
        create_user(url, "gateway", "admin");
        let token = nodes[0].client().token("gateway", PASSWORD);
        let clients = nodes.iter().map(|node| node.client().with_token(&token)).collect();
        Self { nodes, clients, token, projects: AtomicUsize::new(0), command: Box::new(command) }
    }

    /// Stops a node by a function, and starts another in its place.
    pub fn replace(&mut self, node: usize, stop: impl FnOnce(Server)) {
        stop(self.nodes.remove(node));
        let started = start_node((self.command)(node));
        self.clients[node] = started.client().with_token(&self.token);
        self.nodes.insert(node, started);
    }

    /// Creates a key through a node. The key has [`SCOPE`].
    pub fn create_key(&self, node: usize) -> Key {
        self.create_key_with(node, &json!({ "scopes": [SCOPE] }))
    }

    /// Creates a key with this policy through a node.
    pub fn create_key_with(&self, node: usize, policy: &serde_json::Value) -> Key {
        let client = &self.clients[node];
        let (id, secret) = client.create_key("of a test");
        let request = client.request(Method::PUT, &format!("/v1/api-keys/{id}/policy")).json(policy);
        let response = client.send(request);
        assert_eq!(response.status, 200, "{response:?}");
        Key { id, secret, principal: Principal::Administrator }
    }

    /// Creates a project with an owner through a node, and issues a key to the owner. The key has [`SCOPE`].
    pub fn issue_owner_key(&self, node: usize) -> Key {
        let project = self.create_project(node);
        let (id, secret) =
            self.issue(node, &project, &json!({ "external_id": OWNER, "policy": { "scopes": [SCOPE] } }));
        Key { id, secret, principal: Principal::Owner { project } }
    }

    /// Creates a project with a service account through a node, and issues a key to the account. The key has [`SCOPE`],
    /// and verifies keys of the project.
    pub fn issue_service_account_key(&self, node: usize) -> Key {
        let project = self.create_project(node);
        let path = format!("/v1/projects/{project}/service-accounts");
        let account = self.post(node, &path, &json!({ "name": SERVICE_ACCOUNT, "role": "verifier" }));
        let scopes = [SCOPE, "latchkey:verify"];
        let body = json!({ "service_account": SERVICE_ACCOUNT, "policy": { "scopes": scopes } });
        let (id, secret) = self.issue(node, &project, &body);
        let principal = Principal::ServiceAccount { project, id: account["user_id"].as_i64().unwrap() };
        Key { id, secret, principal }
    }

    /// Creates a project through a node, and returns its slug.
    fn create_project(&self, node: usize) -> String {
        let slug = format!("p{}", self.projects.fetch_add(1, Ordering::Relaxed));
        self.post(node, "/v1/projects", &json!({ "slug": slug }));
        slug
    }

    /// Issues a key of a project through a node; returns the id of its record, and the key.
    fn issue(&self, node: usize, project: &str, body: &serde_json::Value) -> (i64, String) {
        let record = self.post(node, &format!("/v1/projects/{project}/api-keys"), body);
        (record["id"].as_i64().unwrap(), record["full_key"].as_str().unwrap().to_owned())
    }

    /// Creates something through a node.
    fn post(&self, node: usize, path: &str, body: &serde_json::Value) -> serde_json::Value {
        let response = self.clients[node].send(self.clients[node].request(Method::POST, path).json(body));
        assert_eq!(response.status, 201, "{response:?}");
        response.json()
    }

    /// A prober of a key at one node, with the administrator's token; a key of a service account verifies itself.
    pub fn prober(&self, node: usize, key: &Key) -> Prober {
        let credential = match key.principal {
            Principal::ServiceAccount { .. } => Credential::Key(key.secret.clone()),
            Principal::Administrator | Principal::Owner { .. } => Credential::Token(self.token.clone()),
        };
        Prober::new(self.nodes[node].address, &credential, &key.secret, &[SCOPE])
    }

    /// A prober of a key at each node.
    pub fn probers(&self, key: &Key) -> Vec<Prober> {
        (0..NODES).map(|node| self.prober(node, key)).collect()
    }
}

fn start_node(mut command: Command) -> Server {
    Server::spawn(command.env("LATCHKEY_LOG", LOG), None)
}
