//! `latchkey serve`

use std::{net::SocketAddr, num::NonZeroUsize, time::Duration};

use clap::Args;
use ipnet::IpNet;
use latchkey_domain::{model::KeyPrefix, store::freshness::MAX_AGE};

use super::{Database, DatabasePools, Secrets, processors};

/// `latchkey serve`
#[derive(Args)]
pub struct Serve {
    /// The HTTP server.
    #[command(flatten)]
    pub http: Http,
    /// The database.
    #[command(flatten)]
    pub database: Database,
    /// Connections to the database.
    #[command(flatten)]
    pub pools: DatabasePools,
    /// Secrets.
    #[command(flatten)]
    pub secrets: Secrets,
    /// Keys and tokens.
    #[command(flatten)]
    pub credentials: Credentials,
    /// The key cache.
    #[command(flatten)]
    pub cache: Cache,
    /// Threads.
    #[command(flatten)]
    pub resources: Resources,
}

/// The HTTP server.
#[derive(Args)]
#[command(next_help_heading = "HTTP")]
pub struct Http {
    /// The address to listen on, for HTTP/1.1 and HTTP/2 without TLS.
    #[arg(long, env = "LATCHKEY_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Networks of the proxies in front (CIDR, separated by commas) whose `X-Forwarded-For` is trusted [default: none]
    ///
    /// Without them, the client's address is the proxy's, in logs, audit events, network restrictions and login limits. A
    /// network that is too wide lets its hosts choose their address.
    #[arg(long, env = "LATCHKEY_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpNet>,
    /// The maximum number of connections served at the same time.
    ///
    /// Further connections wait in the backlog of the socket. Too low, and clients with many idle connections keep others
    /// out. Too high, and the process may run out of file descriptors (`ulimit -n`) or memory.
    #[arg(long, env = "LATCHKEY_MAX_CONNECTIONS", default_value = "4096")]
    pub max_connections: NonZeroUsize,
    /// The maximum size of a request's body, in bytes.
    ///
    /// A larger body gets 413. Too low, and valid requests with long descriptions or policies fail. Too high, and each
    /// request may occupy that much memory.
    #[arg(long, env = "LATCHKEY_MAX_BODY_BYTES", default_value = "65536")]
    pub max_body_bytes: usize,
    /// How long the head of a request may take to arrive, from its first byte; for the first request, from the start of the
    /// connection.
    ///
    /// Then the connection is closed. With HTTP/2 it applies to the first request only. Too low, and clients on slow
    /// networks fail. Too high, and connections that send nothing count against the maximum for longer.
    #[arg(long, env = "LATCHKEY_HEADER_TIMEOUT", default_value = "30s", value_parser = humantime::parse_duration)]
    pub header_timeout: Duration,
    /// How long a connection may stay open between requests.
    ///
    /// It counts from the end of a response, and the connection is then closed, with HTTP/2 gracefully. Proxies that keep
    /// connections open need a shorter timeout of their own, or requests meet a connection that is being closed. Too low,
    /// and clients open a connection for most requests. Too high, and idle connections count against the maximum for longer.
    #[arg(long, env = "LATCHKEY_IDLE_TIMEOUT", default_value = "30s", value_parser = humantime::parse_duration)]
    pub idle_timeout: Duration,
    /// How long a request's body may make no progress.
    ///
    /// Then the request gets 408. Too low, and clients on slow networks fail. Too high, and stalled requests hold their
    /// connections until the request timeout.
    #[arg(long, env = "LATCHKEY_BODY_IDLE_TIMEOUT", default_value = "10s", value_parser = humantime::parse_duration)]
    pub body_idle_timeout: Duration,
    /// How long a request may take, from its head to its response.
    ///
    /// Then it gets 503. It should be longer than the timeouts of the database, whose errors are more precise, and shorter
    /// than those of proxies in front.
    #[arg(long, env = "LATCHKEY_REQUEST_TIMEOUT", default_value = "30s", value_parser = humantime::parse_duration)]
    pub request_timeout: Duration,
    /// How long requests in flight may take to complete after SIGTERM.
    ///
    /// Then they are aborted. It should be at least the request timeout, and shorter than the time after which the
    /// supervisor kills the process, such as `terminationGracePeriodSeconds` in Kubernetes.
    #[arg(long, env = "LATCHKEY_DRAIN_TIMEOUT", default_value = "30s", value_parser = humantime::parse_duration)]
    pub drain_timeout: Duration,
}

/// Keys and tokens.
#[derive(Args)]
#[command(next_help_heading = "Keys and tokens")]
pub struct Credentials {
    /// The prefix of new keys: 1 to 8 lowercase letters and digits, starting with a letter.
    ///
    /// Keys with an earlier prefix stay valid.
    #[arg(long, env = "LATCHKEY_KEY_PREFIX", default_value = "lk", value_parser = key_prefix)]
    pub key_prefix: KeyPrefix,
    /// The lifetime of a bearer token; at least 1s.
    ///
    /// Too low, and clients log in often, which costs a password hash each time. Too high, and a leaked token is of use for
    /// longer; only disabling the user or setting a password revokes it earlier.
    #[arg(long, env = "LATCHKEY_TOKEN_TTL", default_value = "1h", value_parser = token_ttl)]
    pub token_ttl: Duration,
}

/// The key cache.
#[derive(Args)]
#[command(next_help_heading = "Cache")]
pub struct Cache {
    /// The maximum number of keys in the cache, which are verified without a query.
    ///
    /// Each takes about 300 bytes. Lower than the number of keys in use, verifications cost a query more often, and fewer
    /// keys stay valid while the database is unavailable. Too high only costs memory.
    #[arg(long, env = "LATCHKEY_KEY_CACHE_CAPACITY", default_value = "100000")]
    pub key_cache_capacity: NonZeroUsize,
    /// How long a key in the cache stays valid while the database is unavailable; from 0s (never) to 5m.
    ///
    /// Too low, and an outage of the database soon rejects every request with 503. Too high, and a key that was revoked by
    /// another node shortly before or during the outage stays valid for that long. Responses state that they are stale.
    #[arg(long, env = "LATCHKEY_MAX_STALE", default_value = "60s", value_parser = max_stale)]
    pub max_stale: Duration,
}

/// Threads.
#[derive(Args)]
#[command(next_help_heading = "Resources")]
pub struct Resources {
    /// The number of threads that serve requests [default: one for each processor]
    ///
    /// Fewer can be faster when Postgres runs on the same machine and needs the processors. More than there are processors
    /// gain nothing.
    #[arg(long, env = "LATCHKEY_WORKER_THREADS")]
    pub worker_threads: Option<NonZeroUsize>,
    /// The maximum number of passwords hashed at the same time [default: one for each processor]
    ///
    /// Each takes a processor for tens of milliseconds, and about 20 MB. Too low, and logins wait for each other. Too high,
    /// and many logins at once slow down all other requests.
    #[arg(long, env = "LATCHKEY_PASSWORD_HASH_CONCURRENCY")]
    pub password_hash_concurrency: Option<NonZeroUsize>,
}

impl Resources {
    /// The number of threads that serve requests.
    pub fn worker_threads(&self) -> NonZeroUsize {
        self.worker_threads.unwrap_or_else(processors)
    }

    /// The number of passwords hashed at the same time.
    pub fn password_hash_concurrency(&self) -> NonZeroUsize {
        self.password_hash_concurrency.unwrap_or_else(processors)
    }
}

fn key_prefix(text: &str) -> Result<KeyPrefix, String> {
    KeyPrefix::new(text)
        .ok_or_else(|| "a prefix has 1 to 8 lowercase letters and digits, and starts with a letter".to_owned())
}

fn max_stale(text: &str) -> Result<Duration, String> {
    let limit = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    if limit > MAX_AGE {
        return Err(format!("no key is cached for longer than {}", humantime::format_duration(MAX_AGE)));
    }
    Ok(limit)
}

fn token_ttl(text: &str) -> Result<Duration, String> {
    let ttl = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    if ttl < Duration::from_secs(1) {
        return Err("a token must be valid for at least one second".to_owned());
    }
    Ok(ttl)
}
