//! Stands between a server and its database, can be cut, and counts what the server asks: how many statements it has prepared and
//! how many it ran. The database itself cannot tell, as prepared statements belong to sessions that only they can see.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream, UnixStream},
    sync::watch,
};
use tokio_postgres::{Config, config::Host};

use crate::database::Database;

/// What went through since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub prepared: usize,
    pub run: usize,
}

/// A relay; it ends with the test's runtime.
pub struct Relay {
    pub url: String,
    prepared: Arc<AtomicUsize>,
    run: Arc<AtomicUsize>,
    is_cut: watch::Sender<bool>,
}

impl Relay {
    pub async fn to(database: &Database) -> Self {
        let config: Config = database.url().parse().unwrap();
        let (host, port) = (config.get_hosts()[0].clone(), config.get_ports().first().copied().unwrap_or(5432));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (user, name) = (config.get_user().unwrap(), config.get_dbname().unwrap());
        let password = config.get_password().map(|password| format!(":{}", String::from_utf8_lossy(password)));
        let address = listener.local_addr().unwrap();
        let url = format!("postgres://{user}{}@{address}/{name}", password.unwrap_or_default());
        let relay = Self { url, prepared: Arc::default(), run: Arc::default(), is_cut: watch::Sender::new(false) };
        let is_cut = relay.is_cut.subscribe();
        let (prepared, run) = (Arc::clone(&relay.prepared), Arc::clone(&relay.run));
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let (prepared, run, host) = (Arc::clone(&prepared), Arc::clone(&run), host.clone());
                let mut is_cut = is_cut.clone();
                let connection = async move {
                    match host {
                        Host::Tcp(host) => {
                            let server = TcpStream::connect((host, port)).await.unwrap();
                            relay_connection(client, server.into_split(), &prepared, &run).await;
                        }
                        Host::Unix(directory) => {
                            let server = UnixStream::connect(directory.join(format!(".s.PGSQL.{port}"))).await.unwrap();
                            relay_connection(client, server.into_split(), &prepared, &run).await;
                        }
                    }
                };
                tokio::spawn(async move {
                    tokio::select! {
                        biased;
                        _ = is_cut.wait_for(|is_cut| *is_cut) => {}
                        () = connection => {}
                    }
                });
            }
        });
        relay
    }

    /// Ends every connection, and takes no other.
    pub fn cut(&self) {
        self.is_cut.send_replace(true);
    }

    /// Lets connections through again.
    pub fn mend(&self) {
        self.is_cut.send_replace(false);
    }

    pub fn counts(&self) -> Counts {
        Counts { prepared: self.prepared.load(Ordering::Relaxed), run: self.run.load(Ordering::Relaxed) }
    }
}

async fn relay_connection(
    client: TcpStream,
    (mut from_server, mut to_server): (impl AsyncRead + Unpin, impl AsyncWrite + Unpin),
    prepared: &AtomicUsize,
    run: &AtomicUsize,
) {
    let (mut from_client, mut to_client) = client.into_split();
    let questions = async {
        // The first message has a length but no type; the servers here do not ask for TLS before it.
        let mut is_first = true;
        loop {
            let mut head = Vec::new();
            if !is_first {
                head.push(from_client.read_u8().await?);
            }
            match head.first() {
                Some(b'P') => _ = prepared.fetch_add(1, Ordering::Relaxed),
                Some(b'E' | b'Q') => _ = run.fetch_add(1, Ordering::Relaxed),
                _ => {}
            }
            let length = from_client.read_u32().await?;
            head.extend_from_slice(&length.to_be_bytes());
            let mut body = vec![0; usize::try_from(length).unwrap() - 4];
            from_client.read_exact(&mut body).await?;
            head.append(&mut body);
            to_server.write_all(&head).await?;
            to_server.flush().await?;
            is_first = false;
        }
        #[expect(unreachable_code, reason = "gives the block its type")]
        Ok::<(), std::io::Error>(())
    };
    let answers = tokio::io::copy(&mut from_server, &mut to_client);
    // Either side may close; then both are closed.
    tokio::select! {
        _ = questions => {}
        _ = answers => {}
    }
}
