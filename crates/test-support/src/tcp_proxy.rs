//! A proxy between a server and its Postgres. It counts statements, which Postgres itself cannot do for another
//! session's prepared ones; it closes connections; and it delays or withholds responses.

use std::{
    net,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
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

use crate::database::host_and_port;

/// How responses pass on the connections that listen to the change feed.
#[derive(Debug, Clone, Copy)]
pub enum ChangeFeed {
    /// At once.
    Normal,
    /// After this time.
    Delayed(Duration),
    /// Never; the connection stays open, also after the next change of this setting.
    Stalled,
}

/// The statements that were sent since the proxy started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatementCounts {
    /// `Parse` messages.
    pub prepared: usize,
    /// `Execute` and simple `Query` messages.
    pub executed: usize,
}

/// A running proxy; it stops when this is dropped.
pub struct TcpProxy {
    url: String,
    rules: watch::Sender<Rules>,
    target: watch::Sender<(Host, u16)>,
    counters: Arc<Counters>,
    /// Always there, until it is shut down by `drop`.
    runtime: Option<Runtime>,
}

#[derive(Clone)]
struct Rules {
    is_disconnected: bool,
    change_feed: ChangeFeed,
    /// Responses are withheld from the first request that contains these bytes.
    withheld: Option<Vec<u8>>,
}

#[derive(Default)]
struct Counters {
    prepared: AtomicUsize,
    executed: AtomicUsize,
    is_withholding: AtomicBool,
}

impl TcpProxy {
    /// Starts a proxy to the database at a URL, on a free port of the loopback interface.
    pub fn start(url: &str) -> Self {
        Self::start_on(net::TcpListener::bind("127.0.0.1:0").unwrap(), url)
    }

    /// Starts a proxy on a listener.
    pub fn start_on(listener: net::TcpListener, url: &str) -> Self {
        let config: Config = url.parse().unwrap();
        let address = listener.local_addr().unwrap();
        let (user, name) = (config.get_user().unwrap(), config.get_dbname().unwrap());
        let password = config.get_password().map(|password| format!(":{}", String::from_utf8_lossy(password)));
        let url = format!("postgres://{user}{}@{address}/{name}?sslmode=disable", password.unwrap_or_default());
        let (rules, _) =
            watch::channel(Rules { is_disconnected: false, change_feed: ChangeFeed::Normal, withheld: None });
        let counters = Arc::new(Counters::default());
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        listener.set_nonblocking(true).unwrap();
        let listener = {
            let _context = runtime.enter();
            TcpListener::from_std(listener).unwrap()
        };
        let (target, _) = watch::channel(host_and_port(&config));
        let upstream =
            Upstream { target: target.subscribe(), rules: rules.subscribe(), counters: Arc::clone(&counters) };
        runtime.spawn(upstream.accept(listener));
        Self { url, rules, target, counters, runtime: Some(runtime) }
    }

    /// The URL of the database by way of the proxy.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The statements that were sent so far.
    pub fn counts(&self) -> StatementCounts {
        let Counters { prepared, executed, .. } = &*self.counters;
        StatementCounts { prepared: prepared.load(Ordering::Relaxed), executed: executed.load(Ordering::Relaxed) }
    }

    /// Closes every connection, and each new one as soon as it is accepted.
    pub fn disconnect(&self) {
        self.rules.send_modify(|rules| rules.is_disconnected = true);
    }

    /// Leads new connections to the server of another URL, as a virtual address does. Open ones stay where they are.
    pub fn redirect(&self, url: &str) {
        self.target.send_replace(host_and_port(&url.parse().unwrap()));
    }

    /// Passes new connections again.
    pub fn reconnect(&self) {
        self.rules.send_modify(|rules| rules.is_disconnected = false);
    }

    /// Changes how responses pass on the connections that listen to the change feed.
    pub fn set_change_feed(&self, change_feed: ChangeFeed) {
        self.rules.send_modify(|rules| rules.change_feed = change_feed);
    }

    /// Withholds the response to the next request that contains these bytes, and all later ones on its connection.
    pub fn withhold_response_to(&self, bytes: Vec<u8>) {
        self.counters.is_withholding.store(false, Ordering::Relaxed);
        self.rules.send_modify(|rules| rules.withheld = Some(bytes));
    }

    /// Whether such a request came.
    pub fn is_withholding(&self) -> bool {
        self.counters.is_withholding.load(Ordering::Relaxed)
    }

    /// Passes the responses that were withheld.
    pub fn release(&self) {
        self.rules.send_modify(|rules| rules.withheld = None);
    }
}

impl Drop for TcpProxy {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Waiting for it is not allowed within the runtime of an async test.
            runtime.shutdown_background();
        }
    }
}

/// Where connections lead, and what happens to them.
#[derive(Clone)]
struct Upstream {
    target: watch::Receiver<(Host, u16)>,
    rules: watch::Receiver<Rules>,
    counters: Arc<Counters>,
}

impl Upstream {
    async fn accept(self, listener: TcpListener) {
        loop {
            let (client, _) = listener.accept().await.unwrap();
            let upstream = self.clone();
            tokio::spawn(async move {
                let mut rules = upstream.rules.clone();
                tokio::select! {
                    biased;
                    _ = rules.wait_for(|rules| rules.is_disconnected) => {}
                    () = upstream.connect(client) => {}
                }
            });
        }
    }

    /// Closes the client's connection when Postgres cannot be reached.
    async fn connect(&self, client: TcpStream) {
        client.set_nodelay(true).unwrap();
        let (host, port) = self.target.borrow().clone();
        match host {
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
        // When one side closes, both are closed.
        tokio::select! {
            _ = self.pass_requests(from_client, to_server, &state) => {}
            _ = self.pass_responses(from_server, to_client, &state) => {}
        }
    }

    async fn pass_requests(
        &self,
        mut from_client: impl AsyncRead + Unpin,
        mut to_server: impl AsyncWrite + Unpin,
        state: &ConnectionState,
    ) -> std::io::Result<()> {
        // The startup message has a length but no type. No client here asks for TLS before it.
        let mut is_first = true;
        loop {
            let mut message = Vec::new();
            if !is_first {
                message.push(from_client.read_u8().await?);
            }
            is_first = false;
            match message.first() {
                Some(b'P') => _ = self.counters.prepared.fetch_add(1, Ordering::Relaxed),
                Some(b'E' | b'Q') => _ = self.counters.executed.fetch_add(1, Ordering::Relaxed),
                _ => {}
            }
            let length = from_client.read_u32().await?;
            message.extend_from_slice(&length.to_be_bytes());
            let start = message.len();
            message.resize(start + usize::try_from(length).unwrap() - 4, 0);
            from_client.read_exact(&mut message[start..]).await?;
            if contains(&message, b"LISTEN latchkey_changes") {
                state.is_change_feed.store(true, Ordering::Relaxed);
            }
            if self.rules.borrow().withheld.as_ref().is_some_and(|bytes| contains(&message, bytes)) {
                state.is_withheld.store(true, Ordering::Relaxed);
                self.counters.is_withholding.store(true, Ordering::Relaxed);
            }
            to_server.write_all(&message).await?;
        }
    }

    async fn pass_responses(
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
            if state.is_change_feed.load(Ordering::Relaxed) {
                let change_feed = rules.borrow().change_feed;
                match change_feed {
                    ChangeFeed::Normal => {}
                    ChangeFeed::Delayed(delay) => sleep(delay).await,
                    ChangeFeed::Stalled => std::future::pending().await,
                }
            }
            if state.is_withheld.swap(false, Ordering::Relaxed) {
                let _ = rules.wait_for(|rules| rules.withheld.is_none()).await;
            }
            to_client.write_all(&buffer[..length]).await?;
        }
    }
}

/// What the requests of a connection mean for its responses.
#[derive(Default)]
struct ConnectionState {
    is_change_feed: AtomicBool,
    is_withheld: AtomicBool,
}

fn contains(message: &[u8], part: &[u8]) -> bool {
    message.windows(part.len()).any(|window| window == part)
}
