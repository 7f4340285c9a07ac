//! Stands between a node and its database, and holds back what the database answers: on the connections on which the node
//! listens to the change log, or from a certain question on.

use std::{
    net,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream, UnixStream},
    runtime::Runtime,
    sync::watch,
    time::sleep,
};
use tokio_postgres::{Config, config::Host};

/// How the answers on connections to the change log fare.
#[derive(Debug, Clone, Copy)]
pub enum ChangeLog {
    Prompt,
    Late(Duration),
    /// The connection stays open, and nothing ever comes of it again.
    Cut,
}

#[derive(Clone)]
struct Rules {
    change_log: ChangeLog,
    /// From a question with these bytes on, a connection is not answered.
    held: Option<Vec<u8>>,
}

/// A relay; it ends when it is dropped.
pub struct Relay {
    pub url: String,
    rules: watch::Sender<Rules>,
    holds: Arc<AtomicBool>,
    _runtime: Runtime,
}

impl Relay {
    pub fn to(url: &str) -> Self {
        Self::listening(net::TcpListener::bind("127.0.0.1:0").unwrap(), url)
    }

    pub fn listening(listener: net::TcpListener, url: &str) -> Self {
        let config: Config = url.parse().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        listener.set_nonblocking(true).unwrap();
        let listener = runtime.block_on(async { TcpListener::from_std(listener) }).unwrap();
        let address = listener.local_addr().unwrap();
        let url = format!("postgres://{}@{address}/{}", config.get_user().unwrap(), config.get_dbname().unwrap());
        let (rules, _) = watch::channel(Rules { change_log: ChangeLog::Prompt, held: None });
        let holds = Arc::new(AtomicBool::new(false));
        let connections = Connections { config: Arc::new(config), rules: rules.subscribe(), holds: Arc::clone(&holds) };
        runtime.spawn(connections.accept(listener));
        Self { url, rules, holds, _runtime: runtime }
    }

    pub fn treat_change_log(&self, treatment: ChangeLog) {
        self.rules.send_modify(|rules| rules.change_log = treatment);
    }

    /// Holds the answers from the next question on that has these bytes.
    pub fn hold(&self, bytes: Vec<u8>) {
        self.holds.store(false, Ordering::Relaxed);
        self.rules.send_modify(|rules| rules.held = Some(bytes));
    }

    /// Whether such a question came.
    pub fn holds(&self) -> bool {
        self.holds.load(Ordering::Relaxed)
    }

    /// Lets through what was held.
    pub fn release(&self) {
        self.rules.send_modify(|rules| rules.held = None);
    }
}

#[derive(Clone)]
struct Connections {
    config: Arc<Config>,
    rules: watch::Receiver<Rules>,
    holds: Arc<AtomicBool>,
}

impl Connections {
    async fn accept(self, listener: TcpListener) {
        loop {
            let (client, _) = listener.accept().await.unwrap();
            tokio::spawn(self.clone().relay(client));
        }
    }

    async fn relay(self, client: TcpStream) {
        client.set_nodelay(true).unwrap();
        let port = self.config.get_ports().first().copied().unwrap_or(5432);
        // When the database is away, the client's connection is closed.
        match &self.config.get_hosts()[0] {
            Host::Tcp(host) => {
                let Ok(server) = TcpStream::connect((host.as_str(), port)).await else { return };
                self.pass(client, server.into_split()).await;
            }
            Host::Unix(directory) => {
                let path = directory.join(format!(".s.PGSQL.{port}"));
                let Ok(server) = UnixStream::connect(path).await else { return };
                self.pass(client, server.into_split()).await;
            }
        }
    }

    async fn pass(&self, client: TcpStream, server: (impl AsyncRead + Unpin, impl AsyncWrite + Unpin)) {
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server;
        let state = ConnectionState::default();
        // Either side may close; then both are closed.
        tokio::select! {
            _ = self.pass_questions(from_client, to_server, &state) => {}
            _ = self.pass_answers(from_server, to_client, &state) => {}
        }
    }

    async fn pass_questions(
        &self,
        mut from_client: impl AsyncRead + Unpin,
        mut to_server: impl AsyncWrite + Unpin,
        state: &ConnectionState,
    ) -> std::io::Result<()> {
        // The first message has a length but no type; the nodes here do not ask for TLS before it.
        let mut is_first = true;
        loop {
            let mut message = Vec::new();
            if !is_first {
                message.push(from_client.read_u8().await?);
            }
            is_first = false;
            let length = from_client.read_u32().await?;
            message.extend_from_slice(&length.to_be_bytes());
            let start = message.len();
            message.resize(start + usize::try_from(length).unwrap() - 4, 0);
            from_client.read_exact(&mut message[start..]).await?;
            if contains(&message, b"LISTEN latchkey_changes") {
                state.is_change_log.store(true, Ordering::Relaxed);
            }
            if self.rules.borrow().held.as_ref().is_some_and(|held| contains(&message, held)) {
                state.is_held.store(true, Ordering::Relaxed);
                self.holds.store(true, Ordering::Relaxed);
            }
            to_server.write_all(&message).await?;
        }
    }

    async fn pass_answers(
        &self,
        mut from_server: impl AsyncRead + Unpin,
        mut to_client: impl AsyncWrite + Unpin,
        state: &ConnectionState,
    ) -> std::io::Result<()> {
        let mut rules = self.rules.clone();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let length = from_server.read(&mut buffer).await?;
            if length == 0 {
                return Ok(());
            }
            if state.is_change_log.load(Ordering::Relaxed) {
                let treatment = rules.borrow().change_log;
                match treatment {
                    ChangeLog::Prompt => {}
                    ChangeLog::Late(delay) => sleep(delay).await,
                    ChangeLog::Cut => std::future::pending().await,
                }
            }
            if state.is_held.swap(false, Ordering::Relaxed) {
                let _ = rules.wait_for(|rules| rules.held.is_none()).await;
            }
            to_client.write_all(&buffer[..length]).await?;
        }
    }
}

#[derive(Default)]
struct ConnectionState {
    is_change_log: AtomicBool,
    is_held: AtomicBool,
}

fn contains(message: &[u8], part: &[u8]) -> bool {
    message.windows(part.len()).any(|window| window == part)
}
