//! A server in the test's own process, with a database, a clock that the test sets, users with credentials, and a
//! client.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    num::{NonZeroU32, NonZeroUsize},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use http::Method;
use latchkey_domain::{
    Env, Rng, Service, ServiceConfig, TimeSource,
    background::BackgroundTasks,
    identity::{management_limits::ManagementLimitsConfig, password::PasswordHasher, token_signer::TokenSigner, users},
    model::{Actor, Caller, KeyPrefix, Peppers, Scopes, UserChange, UserRole},
    store::{ConnectionConfig, Store, StoreConfig},
    verification::VerifierConfig,
};
use latchkey_server::{
    http::{
        Apps, Limits,
        listener::{ConnectionLimits, serve},
    },
    telemetry::metrics::Metrics,
};
use reqwest::{Client, ClientBuilder, RequestBuilder};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::OnceCell};

use crate::{database::TestDatabase, install_tls_provider, response::SendChecked};

/// The password of every user, unless a test sets another.
pub const PASSWORD: &str = "correct horse battery staple";
/// The time at which every clock starts.
pub const START: &str = "2030-01-01T00:00:00Z";
/// The URL of a database that cannot be reached: nothing listens there.
pub const UNREACHABLE_DATABASE: &str = "postgres://nobody@127.0.0.1:1/nothing";

/// The configuration of a server under test.
pub struct Options {
    /// The URL of the database; the app's own database, with the runtime role, when `None`.
    pub database_url: Option<String>,
    /// The numbers of its peppers; a pepper's bytes follow from its number.
    pub peppers: &'static [i16],
    /// Every byte of the secret that signs bearer tokens.
    pub token_secret: u8,
    /// Limits of a request.
    pub limits: Limits,
    /// Limits of a connection.
    pub connections: ConnectionLimits,
    /// Whether the server follows the change feed, and so may verify keys from its cache.
    pub change_feed: bool,
    /// How long cached keys still verify while the database cannot be reached.
    pub max_stale: Duration,
    /// How many management requests a credential may send.
    pub management_limits: ManagementLimitsConfig,
    /// For how long audit events are kept; for ever when `None`.
    pub audit_retention: Option<Duration>,
    /// The most keys of a user.
    pub max_keys_per_user: NonZeroU32,
}

impl Default for Options {
    fn default() -> Self {
        let long = Duration::from_secs(60);
        Self {
            database_url: None,
            peppers: &[1],
            token_secret: 1,
            limits: Limits {
                max_body_bytes: 64 * 1024,
                body_idle_timeout: long,
                request_timeout: long,
                trusted_proxies: Vec::new(),
            },
            connections: ConnectionLimits {
                max_connections: 64,
                max_connections_per_ip: 64,
                trusted_proxies: Vec::new(),
                header_timeout: long,
                idle_timeout: long,
                write_timeout: long,
                drain_timeout: long,
            },
            change_feed: false,
            max_stale: long,
            management_limits: ManagementLimitsConfig::default(),
            audit_retention: None,
            max_keys_per_user: NonZeroU32::MAX,
        }
    }
}

impl Options {
    /// The default configuration, with a database that cannot be reached.
    pub fn without_database() -> Self {
        Self { database_url: Some(UNREACHABLE_DATABASE.to_owned()), ..Self::default() }
    }
}

/// A clock that stands still until the test advances it. Only its monotonic time passes by itself, by a nanosecond at each
/// reading, because successive readings of a real one differ.
#[derive(Clone)]
pub struct Clock {
    wall: Arc<Mutex<WallTime>>,
    /// Nanoseconds.
    monotonic: Arc<AtomicU64>,
    is_poisoned: Arc<AtomicBool>,
}

struct WallTime {
    now: DateTime<Utc>,
    /// What a reading adds.
    step: TimeDelta,
}

impl Clock {
    fn new() -> Self {
        let wall = WallTime { now: START.parse().unwrap(), step: TimeDelta::zero() };
        let monotonic = AtomicU64::new(1_000_000_000);
        Self { wall: Arc::new(Mutex::new(wall)), monotonic: Arc::new(monotonic), is_poisoned: Arc::default() }
    }

    /// The current time; panics when the clock is poisoned.
    pub fn now(&self) -> DateTime<Utc> {
        assert!(!self.is_poisoned.load(Ordering::Relaxed), "the clock is poisoned");
        let mut wall = self.wall.lock().unwrap();
        let (now, step) = (wall.now, wall.step);
        wall.now = now + step;
        now
    }

    /// Moves the time, backwards when `by` is negative.
    pub fn advance(&self, by: TimeDelta) {
        self.wall.lock().unwrap().now += by;
    }

    /// Makes each later reading move the time by `step`, as it passes between two readings of a real clock.
    pub fn step_at_each_reading(&self, step: TimeDelta) {
        self.wall.lock().unwrap().step = step;
    }

    /// Moves the monotonic time, by which cache entries and rate limits are measured.
    pub fn advance_monotonic(&self, by: Duration) {
        self.monotonic.fetch_add(by.as_nanos().try_into().unwrap(), Ordering::Relaxed);
    }

    /// Makes every later [`Clock::now`] panic: the one way for a test to make a handler panic.
    pub fn poison(&self) {
        self.is_poisoned.store(true, Ordering::Relaxed);
    }
}

impl TimeSource for Clock {
    fn utc(&self) -> DateTime<Utc> {
        self.now()
    }

    fn monotonic(&self) -> Duration {
        Duration::from_nanos(self.monotonic.fetch_add(1, Ordering::Relaxed))
    }
}

/// A user in the app's database.
pub struct User {
    /// The id in the database.
    pub id: i64,
    /// The name to log in with.
    pub name: &'static str,
}

/// An API key.
pub struct Key {
    /// The id of its record.
    pub id: i64,
    /// The key itself.
    pub secret: String,
}

/// A server and its client. Several may share a database and a clock.
pub struct TestApp {
    /// The database, which the server uses unless [`Options::database_url`] names another.
    pub database: Arc<TestDatabase>,
    /// The server's clock.
    pub clock: Clock,
    /// Where the server accepts connections.
    pub address: SocketAddr,
    /// The service behind the server.
    pub service: Arc<Service>,
    client: Client,
    env: Env,
    tokens: TokenSigner,
    /// A store of the test's own, to prepare rows with.
    store: Store,
    _background_tasks: Option<BackgroundTasks>,
}

impl TestApp {
    /// Starts a server with the default configuration on a new database.
    pub async fn new() -> Self {
        Self::with(Options::default()).await
    }

    /// Starts a server on a new database.
    pub async fn with(options: Options) -> Self {
        Self::start(Arc::new(TestDatabase::migrated().await), Clock::new(), options).await
    }

    /// Starts another server on the same database, with the same clock.
    pub async fn second_node(&self, options: Options) -> Self {
        Self::start(Arc::clone(&self.database), self.clock.clone(), options).await
    }

    async fn start(database: Arc<TestDatabase>, clock: Clock, options: Options) -> Self {
        let env = Env { clock: latchkey_domain::Clock::new(clock.clone()), rng: Rng::new(fill_random) };
        let url = options.database_url.as_deref().unwrap_or(database.runtime_url());
        let service = Service::new(ServiceConfig {
            store: store(url, &env),
            env: env.clone(),
            peppers: peppers(options.peppers),
            key_prefix: KeyPrefix::new("lk").unwrap(),
            token_secret: secret(options.token_secret),
            token_ttl: Duration::from_secs(3600),
            password_hash_concurrency: NonZeroUsize::new(2).unwrap(),
            verification: VerifierConfig { cache_capacity: 1_000, max_stale: options.max_stale },
            audit_retention: options.audit_retention,
            max_keys_per_user: options.max_keys_per_user,
            management_limits: options.management_limits,
        });
        let service = Arc::new(service.unwrap());
        let background_tasks = options.change_feed.then(|| service.spawn_background_tasks());
        let metrics = Arc::new(Metrics::new().unwrap());
        let connections = metrics.connections().clone();
        let app = Apps::new(Arc::clone(&service), metrics, options.limits).public(true);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        // It ends with the test's runtime.
        tokio::spawn(serve(listener, app, options.connections, connections, std::future::pending()));
        Self {
            store: store(database.url(), &env),
            tokens: TokenSigner::new(&secret(options.token_secret), Duration::from_secs(3600)).unwrap(),
            database,
            clock,
            address,
            client: client(Client::builder()),
            env,
            service,
            _background_tasks: background_tasks,
        }
    }

    /// Creates a user with [`PASSWORD`].
    pub async fn create_user(&self, name: &'static str, role: UserRole) -> User {
        static HASH: OnceCell<String> = OnceCell::const_new();
        let hash = || async { passwords().hash(PASSWORD.into(), &self.env.rng).await.unwrap() };
        let hash = HASH.get_or_init(hash).await;
        // By SQL, so that the audit trail has what the test does, and nothing else.
        let insert = format!(
            "INSERT INTO users (name, role, password_hash, created_at) VALUES ('{name}', '{}', '{hash}', '{}') RETURNING id",
            role.as_str(),
            self.clock.now(),
        );
        User { id: self.database.query(&insert).await[0].get(0), name }
    }

    /// Sets another password.
    pub async fn set_password(&self, user: &User, password: &str) {
        let hash = passwords().hash(password.into(), &self.env.rng).await.unwrap();
        self.change_user(user, UserChange { password_hash: Some(hash), ..UserChange::default() }).await;
    }

    /// Disables a user.
    pub async fn disable_user(&self, user: &User) {
        self.change_user(user, UserChange { disabled: Some(true), ..UserChange::default() }).await;
    }

    /// Enables a user.
    pub async fn enable_user(&self, user: &User) {
        self.change_user(user, UserChange { disabled: Some(false), ..UserChange::default() }).await;
    }

    async fn change_user(&self, user: &User, change: UserChange) {
        users::update(&self.store, &self.env, Actor::Command, user.id, &change).await.unwrap();
    }

    /// An unrestricted bearer token, as `POST /token` would issue it now.
    pub async fn token(&self, user: &User) -> String {
        self.sign(user, Caller::with_token).await
    }

    /// A bearer token with these scopes only.
    pub async fn restricted_token(&self, user: &User, scopes: Scopes) -> String {
        self.sign(user, |id, generation| Caller::with_restricted_token(id, generation, scopes)).await
    }

    async fn sign(&self, user: &User, caller: impl FnOnce(i64, i64) -> Caller) -> String {
        let found = self.store.find_user(user.name).await.unwrap().unwrap();
        let caller = caller(user.id, found.principal.token_generation);
        self.tokens.sign(&caller, &found.principal.rights, self.clock.now()).unwrap().expose_secret().to_owned()
    }

    /// Creates a user of the role `member`, and returns it with a bearer token.
    pub async fn with_member(&self, name: &'static str) -> (User, String) {
        self.with_user(name, UserRole::Member).await
    }

    /// Creates a user of the role `verifier`, and returns it with a bearer token.
    pub async fn with_verifier(&self, name: &'static str) -> (User, String) {
        self.with_user(name, UserRole::Verifier).await
    }

    /// Creates a user of the role `admin`, and returns it with a bearer token.
    pub async fn with_admin(&self, name: &'static str) -> (User, String) {
        self.with_user(name, UserRole::Admin).await
    }

    async fn with_user(&self, name: &'static str, role: UserRole) -> (User, String) {
        let user = self.create_user(name, role).await;
        let token = self.token(&user).await;
        (user, token)
    }

    /// Waits until a poll of the change feed has ended that began after this call; panics when there is none within 20 s.
    pub async fn wait_for_poll(&self) {
        // One poll may be under way.
        let enough = self.service.change_feed().polls() + 2;
        let polled = async {
            while self.service.change_feed().polls() < enough {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), polled).await.expect("the change feed is not polled");
    }

    /// Verifies a key with a bearer token, and returns the body of the 200 response.
    pub async fn verify(&self, token: &str, key: &str) -> Value {
        let request = self.post("/v1/api-keys/verify").bearer_auth(token).json(&json!({ "key": key }));
        let response = request.send_checked().await;
        assert_eq!(response.status, 200, "{response}");
        response.json()
    }

    /// Creates a key of the token's user.
    pub async fn create_key(&self, token: &str) -> Key {
        self.create_key_with(token, json!({})).await
    }

    /// Creates a key of the token's user with this request body.
    pub async fn create_key_with(&self, token: &str, body: Value) -> Key {
        let response = self.post("/v1/api-keys/").bearer_auth(token).json(&body).send_checked().await;
        assert_eq!(response.status, 201, "{response}");
        let record = response.json();
        Key { id: record["id"].as_i64().unwrap(), secret: record["full_key"].as_str().unwrap().to_owned() }
    }

    /// Inserts keys whose secrets are unknown, for tests that need more than can be created over HTTP in reasonable
    /// time. `columns` sets further columns to SQL expressions, which may use the number `n` of the key, from 1.
    pub async fn insert_keys(&self, user: &User, count: usize, columns: &[(&str, &str)]) {
        let (names, values): (Vec<&str>, Vec<&str>) = columns.iter().map(|(name, value)| (*name, *value)).unzip();
        let names = [&["user_id", "pepper", "hash", "key_prefix", "created_at"], names.as_slice()].concat().join(", ");
        let user_id = user.id.to_string();
        let created_at = format!("'{START}'");
        let defaults = [&user_id, "1", "sha256(random()::text::bytea || int4send(n))", "'lk_000000000'", &created_at];
        let values = [&defaults, values.as_slice()].concat().join(", ");
        let sql = format!("INSERT INTO api_keys ({names}) SELECT {values} FROM generate_series(1, {count}) n");
        self.database.execute(&sql).await;
    }

    pub(crate) fn rng(&self) -> Rng {
        self.env.rng.clone()
    }

    /// A request without a credential.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("http://{}{path}", self.address))
    }

    /// A GET request without a credential.
    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    /// A POST request without a credential.
    pub fn post(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, path)
    }

    /// A PUT request without a credential.
    pub fn put(&self, path: &str) -> RequestBuilder {
        self.request(Method::PUT, path)
    }

    /// A PATCH request without a credential.
    pub fn patch(&self, path: &str) -> RequestBuilder {
        self.request(Method::PATCH, path)
    }

    /// A DELETE request without a credential.
    pub fn delete(&self, path: &str) -> RequestBuilder {
        self.request(Method::DELETE, path)
    }

    /// A request for a bearer token.
    pub fn login(&self, name: &str, password: &str) -> RequestBuilder {
        self.post("/token").form(&[("grant_type", "password"), ("username", name), ("password", password)])
    }
}

/// Builds an HTTP client of a server under test.
pub fn client(builder: ClientBuilder) -> Client {
    install_tls_provider();
    builder.no_proxy().build().unwrap()
}

#[expect(clippy::disallowed_methods, reason = "this is where the tests inject randomness")]
fn fill_random(bytes: &mut [u8]) {
    getrandom::fill(bytes).unwrap();
}

fn store(url: &str, env: &Env) -> Store {
    let store = Store::new(StoreConfig {
        connection: ConnectionConfig::new(url, Duration::from_secs(5), Duration::from_secs(30)).unwrap(),
        write_pool_size: 4,
        read_connections: 2,
        acquire_timeout: Duration::from_secs(10),
        clock: env.clock.clone(),
    });
    store.unwrap()
}

fn passwords() -> PasswordHasher {
    PasswordHasher::new(NonZeroUsize::MIN)
}

fn secret(byte: u8) -> secrecy::SecretSlice<u8> {
    vec![byte; 32].into()
}

pub(crate) fn peppers(numbers: &[i16]) -> Peppers {
    let pepper = |number: &i16| (*number, secret(u8::try_from(*number).unwrap()));
    Peppers::new(numbers.iter().map(pepper).collect::<BTreeMap<_, _>>()).unwrap()
}
