//! `latchkey serve`

use std::{
    net::SocketAddr,
    num::{NonZeroU32, NonZeroUsize},
    time::Duration,
};

use clap::Args;
use ipnet::IpNet;
use latchkey_domain::{
    model::{KeyPrefix, RateLimit},
    store::freshness::MAX_AGE,
};

use super::{Database, DatabasePools, Secrets, processors};

/// What `maintain_audit_partitions` in the database requires.
const MIN_AUDIT_RETENTION: Duration = Duration::from_secs(90 * 24 * 60 * 60);
/// A token cannot be revoked alone, so one that leaks unnoticed is of use for a day at most.
const MAX_TOKEN_TTL: Duration = Duration::from_hours(24);

/// `latchkey serve`
#[derive(Args)]
pub struct Serve {
    /// The HTTP server.
    #[command(flatten)]
    pub http: Http,
    /// The database.
    #[command(flatten)]
    pub database: Database,
    /// Do not apply migrations at start; fail if the database lacks one.
    ///
    /// For deployments that run `latchkey migrate` with a database user who may change tables, before their servers start
    /// with one who may not.
    #[arg(long, env = "LATCHKEY_NO_MIGRATE", help_heading = "Database")]
    pub no_migrate: bool,
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
    /// What bounds what users can store.
    #[command(flatten)]
    pub growth: Growth,
    /// Threads, and the account.
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
    /// The address of a second listener, for `/metrics`, `/livez` and `/readyz` only [default: none]
    ///
    /// It has connections of its own, so it responds also when the maximum of the first listener is reached. `/metrics` is then
    /// served here only. It needs no credentials: do not choose an address that clients can reach.
    #[arg(long, env = "LATCHKEY_MANAGEMENT_LISTEN")]
    pub management_listen: Option<SocketAddr>,
    /// Networks of the proxies in front (CIDR, separated by commas) whose `X-Forwarded-For` is trusted [default: none]
    ///
    /// Without them, the client's address is the proxy's, in logs, audit events, network restrictions and login limits. A
    /// network that is too wide lets its hosts choose their address.
    #[arg(long, env = "LATCHKEY_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpNet>,
    /// The maximum number of connections served at the same time.
    ///
    /// Further connections wait in the backlog of the socket. It is lowered at start if the process may not open as many files
    /// (`ulimit -Hn`). Too low, and clients with many idle connections keep others out. Too high, and the process may run
    /// out of memory.
    #[arg(long, env = "LATCHKEY_MAX_CONNECTIONS", default_value = "4096")]
    pub max_connections: NonZeroUsize,
    /// The maximum number of connections from one IPv4 address or IPv6 /64; trusted proxies have no such limit.
    ///
    /// A further connection is closed at once. Too low, and clients behind one NAT, or a proxy that is not trusted, are kept
    /// out. Too high, and a few addresses can occupy all connections.
    #[arg(long, env = "LATCHKEY_MAX_CONNECTIONS_PER_IP", default_value = "256")]
    pub max_connections_per_ip: NonZeroUsize,
    /// The maximum size of a request's body, in bytes; 24 kB at most for operations that need no credentials.
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
    /// How long nothing of a response can be written, because the client does not read.
    ///
    /// Then the connection is closed. Too low, and clients on slow networks fail. Too high, and clients that do not read
    /// occupy connections and memory for longer.
    #[arg(long, env = "LATCHKEY_WRITE_TIMEOUT", default_value = "30s", value_parser = humantime::parse_duration)]
    pub write_timeout: Duration,
    /// How long a request may take, from its head to its response.
    ///
    /// Then it gets 503. It should be longer than the timeouts of the database, whose errors are more precise, and shorter
    /// than those of proxies in front.
    #[arg(long, env = "LATCHKEY_REQUEST_TIMEOUT", default_value = "30s", value_parser = humantime::parse_duration)]
    pub request_timeout: Duration,
    /// How long requests are still accepted after SIGTERM, while `/readyz` fails.
    ///
    /// A second signal ends it. Set it where a load balancer needs time to notice that the node is not ready, such as 10s
    /// in Kubernetes.
    #[arg(long, env = "LATCHKEY_SHUTDOWN_DELAY", default_value = "0s", value_parser = humantime::parse_duration)]
    pub shutdown_delay: Duration,
    /// How long requests in flight may take to complete after SIGTERM and the shutdown delay.
    ///
    /// Then they are aborted. It should be at least the request timeout, and shorter, with the shutdown delay, than the time
    /// after which the supervisor kills the process, such as `terminationGracePeriodSeconds` in Kubernetes.
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
    /// The lifetime of a bearer token; from 1s to 24h.
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
    /// Each takes about 300 bytes. One of more than 1 KiB, with many scopes or much metadata, counts once for each KiB, so the
    /// cache takes 1 KiB times this number at most. Lower than the number of keys in use, verifications cost a query more often, and fewer
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

/// What bounds what users can store.
#[derive(Args)]
#[command(next_help_heading = "Limits and retention")]
pub struct Growth {
    /// How many management requests that change something one credential may send to a node, as REQUESTS/TIME; `none` for no limit.
    ///
    /// That many may be sent at once, and they become available again evenly over the time. Bearer tokens of one user count
    /// together, each key counts by itself. Further requests get 429. Each change adds an audit event. Too low, and programs that
    /// create many keys have to wait. Too high, and one leaked credential can fill the database.
    #[arg(long, env = "LATCHKEY_WRITE_RATE_LIMIT", default_value = "600/10s", value_parser = request_limit)]
    pub write_rate_limit: RequestLimit,
    /// How many management requests that change nothing one credential may send to a node, as REQUESTS/TIME; `none` for no limit.
    ///
    /// They count like those that change something. Verifications have no such limit. Too low, and programs that list many keys
    /// have to wait. Too high, and one leaked credential can occupy the database.
    #[arg(long, env = "LATCHKEY_READ_RATE_LIMIT", default_value = "3000/10s", value_parser = request_limit)]
    pub read_rate_limit: RequestLimit,
    /// The maximum number of keys that a user may have, apart from deleted ones.
    ///
    /// A user who has that many can neither create nor rotate keys (409), until others are deleted. Too low, and users with many
    /// customers of their own are kept from working. Too high, and one user can fill the database.
    #[arg(long, env = "LATCHKEY_MAX_KEYS_PER_USER", default_value = "100000")]
    pub max_keys_per_user: NonZeroU32,
    /// How long audit events are kept; at least 90 days, or `none` to keep them for ever.
    ///
    /// Events of a whole month are removed together, once all of them are older. Of nodes with different values, the shortest
    /// counts. Too short, and an incident that is found late cannot be investigated. Too long, and the database grows.
    #[arg(long, env = "LATCHKEY_AUDIT_RETENTION", default_value = "none", value_parser = retention)]
    pub audit_retention: Retention,
}

/// How long something is kept; `None` for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention(pub Option<Duration>);

/// A limit on requests; `None` for no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestLimit(pub Option<RateLimit>);

/// Threads, and the account.
#[derive(Args)]
#[command(next_help_heading = "Resources")]
pub struct Resources {
    /// The number of threads that serve requests [default: one for each processor]
    ///
    /// Fewer can be faster when Postgres runs on the same machine and needs the processors. More than there are processors
    /// gain nothing.
    #[arg(long, env = "LATCHKEY_WORKER_THREADS")]
    pub worker_threads: Option<NonZeroUsize>,
    /// The maximum number of passwords hashed at the same time [default: one for each processor but one, at least 1]
    ///
    /// Each takes a processor for tens of milliseconds, and about 20 MB. Too low, and logins wait for each other. Too high,
    /// and many logins at once slow down all other requests.
    #[arg(long, env = "LATCHKEY_PASSWORD_HASH_CONCURRENCY")]
    pub password_hash_concurrency: Option<NonZeroUsize>,
    /// The account that root switches to once the listeners are bound, with a database URL only [default: `nobody`]
    ///
    /// It must be allowed to connect to the database. With `root`, the server keeps all privileges. With an embedded Postgres
    /// it keeps them as well, because it controls the processes of another account.
    #[arg(long, env = "LATCHKEY_RUN_AS")]
    pub run_as: Option<String>,
}

impl Resources {
    /// The number of threads that serve requests.
    pub fn worker_threads(&self) -> NonZeroUsize {
        self.worker_threads.unwrap_or_else(processors)
    }

    /// The number of passwords hashed at the same time.
    pub fn password_hash_concurrency(&self) -> NonZeroUsize {
        // One processor is left for everything else.
        self.password_hash_concurrency
            .or_else(|| NonZeroUsize::new(processors().get() - 1))
            .unwrap_or(NonZeroUsize::MIN)
    }
}

fn key_prefix(text: &str) -> Result<KeyPrefix, String> {
    KeyPrefix::new(text)
        .ok_or_else(|| "a prefix has 1 to 8 lowercase letters and digits, and starts with a letter".to_owned())
}

fn request_limit(text: &str) -> Result<RequestLimit, String> {
    if text == "none" {
        return Ok(RequestLimit(None));
    }
    let limit = text.split_once('/').and_then(|(requests, time)| {
        let (requests, time) = (requests.parse().ok()?, humantime::parse_duration(time).ok()?);
        Some(RateLimit { requests, seconds: time.as_secs().try_into().ok()? })
    });
    let limit = limit.filter(|limit: &RateLimit| limit.requests > 0 && (1..=86_400).contains(&limit.seconds));
    limit.map(|limit| RequestLimit(Some(limit))).ok_or_else(|| {
        "a limit is a number of requests and a time from 1s to 24h, such as 600/10s, or `none`".to_owned()
    })
}

fn retention(text: &str) -> Result<Retention, String> {
    if text == "none" {
        return Ok(Retention(None));
    }
    let retention = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    // The database refuses less from any client.
    if retention < MIN_AUDIT_RETENTION {
        return Err("audit events are kept for at least 90 days".to_owned());
    }
    Ok(Retention(Some(retention)))
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
    if ttl > MAX_TOKEN_TTL {
        return Err(format!("a token must be valid for at most {}h", MAX_TOKEN_TTL.as_secs() / 3600));
    }
    Ok(ttl)
}
