//! The world of a test: a database, a clock, a server in front, users with credentials, and a client.

use std::{
    collections::BTreeMap,
    num::NonZeroUsize,
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use http::Method;
use latchkey_domain::{
    Clock as ServiceClock, Env, Rng, Service, ServiceConfig, TimeSource,
    background::BackgroundTasks,
    identity::{password::PasswordHasher, token_signer::TokenSigner, users},
    model::{Caller, KeyPrefix, Peppers, Role, Scopes},
    store::{ConnectionConfig, Store, StoreConfig},
    verification::VerifierConfig,
};
use latchkey_server::{
    http::{
        Limits, app,
        listener::{ConnectionLimits, serve},
    },
    telemetry::metrics::Metrics,
};
use reqwest::{Client, ClientBuilder, RequestBuilder};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::OnceCell};

use crate::{answer::Answered, database::Database};

/// Every user's, unless a test sets another.
pub const PASSWORD: &str = "correct horse battery staple";
/// Where every clock begins.
pub const START: &str = "2030-01-01T00:00:00Z";
/// A database that is away: nothing listens there.
pub const NO_DATABASE: &str = "postgres://nobody@127.0.0.1:1/nothing";

/// What may differ from one server to another.
pub struct Options {
    /// Of the database; the world's own when `None`.
    pub database_url: Option<String>,
    pub peppers: &'static [i16],
    pub token_secret: u8,
    pub limits: Limits,
    pub connections: ConnectionLimits,
    /// Whether the server follows the change log, and so answers from memory.
    pub follows: bool,
    pub stale_limit: Duration,
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
                header_timeout: long,
                idle_timeout: long,
                drain_timeout: long,
            },
            follows: false,
            stale_limit: long,
        }
    }
}

/// The time, as the test sets it.
#[derive(Clone)]
pub struct Clock {
    now: Arc<Mutex<DateTime<Utc>>>,
    broken: Arc<AtomicBool>,
}

impl Clock {
    fn new() -> Self {
        Self { now: Arc::new(Mutex::new(START.parse().unwrap())), broken: Arc::default() }
    }

    pub fn now(&self) -> DateTime<Utc> {
        assert!(!self.broken.load(Ordering::Relaxed), "the clock is broken");
        *self.now.lock().unwrap()
    }

    pub fn advance(&self, by: TimeDelta) {
        *self.now.lock().unwrap() += by;
    }

    /// From now on whoever asks for the time panics: the one way for a test to make a handler do so.
    pub fn break_down(&self) {
        self.broken.store(true, Ordering::Relaxed);
    }
}

impl TimeSource for Clock {
    fn utc(&self) -> DateTime<Utc> {
        self.now()
    }

    /// The machine's, because the change feed runs by it.
    fn monotonic(&self) -> Duration {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        START.elapsed() + Duration::from_secs(1)
    }
}

/// A user of the world's database.
pub struct User {
    pub id: i64,
    pub name: &'static str,
    role: Role,
}

/// An API key, and the record that it came with.
pub struct Key {
    pub id: i64,
    pub secret: String,
}

/// A server and its clients; several may share a database and a clock.
pub struct World {
    pub database: Arc<Database>,
    pub clock: Clock,
    pub address: std::net::SocketAddr,
    client: Client,
    env: Env,
    tokens: TokenSigner,
    /// To prepare, beside the server.
    store: Store,
    /// What is served.
    pub service: Arc<Service>,
    _background_tasks: Option<BackgroundTasks>,
}

impl World {
    /// A fresh database, and a server as it is by default.
    pub async fn new() -> Self {
        Self::with(Options::default()).await
    }

    pub async fn with(options: Options) -> Self {
        Self::on(Arc::new(Database::migrated().await), Clock::new(), options).await
    }

    /// Another server on the same database, at the same time.
    pub async fn beside(&self, options: Options) -> Self {
        Self::on(Arc::clone(&self.database), self.clock.clone(), options).await
    }

    async fn on(database: Arc<Database>, clock: Clock, options: Options) -> Self {
        let env = Env { clock: ServiceClock::new(clock.clone()), rng: Rng::new(random) };
        let url = options.database_url.unwrap_or_else(|| database.url());
        let service = Service::new(ServiceConfig {
            store: store(&url, &env),
            env: env.clone(),
            peppers: peppers(options.peppers),
            key_prefix: KeyPrefix::new("lk").unwrap(),
            token_secret: secret(options.token_secret),
            token_ttl: Duration::from_secs(3600),
            password_hash_concurrency: NonZeroUsize::new(2).unwrap(),
            verification: VerifierConfig { cache_capacity: 1_000, max_stale: options.stale_limit },
        });
        let service = Arc::new(service.unwrap());
        let background_tasks = options.follows.then(|| service.spawn_background_tasks());
        let metrics = Arc::new(Metrics::new().unwrap());
        let open = metrics.open_connections().clone();
        let app = app(Arc::clone(&service), metrics, options.limits);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        // Ends with the test's runtime.
        tokio::spawn(serve(listener, app, options.connections, open, std::future::pending()));
        Self {
            store: store(&database.url(), &env),
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

    /// A user whose password is [`PASSWORD`].
    pub async fn user(&self, name: &'static str, role: Role) -> User {
        static HASH: OnceCell<String> = OnceCell::const_new();
        let make = || async { self.passwords().hash(PASSWORD.into(), &self.env.rng).await.unwrap() };
        let hash = HASH.get_or_init(make).await;
        let id = self.store.insert_user(name, role, hash, self.clock.now()).await.unwrap().unwrap();
        User { id, name, role }
    }

    pub async fn set_password(&self, user: &User, password: &str) {
        users::set_password(&self.store, &self.passwords(), &self.env, user.name, password.into())
            .await
            .unwrap();
    }

    pub async fn disable(&self, user: &User) {
        users::disable(&self.store, &self.env, user.name).await.unwrap();
    }

    pub async fn enable(&self, user: &User) {
        users::enable(&self.store, user.name).await.unwrap();
    }

    fn passwords(&self) -> PasswordHasher {
        PasswordHasher::new(NonZeroUsize::MIN)
    }

    /// A bearer token with all that the user's role may do, as `/token` would issue it now.
    pub async fn token(&self, user: &User) -> String {
        self.narrow_token(user, user.role.scopes()).await
    }

    /// A bearer token that may do only this.
    pub async fn narrow_token(&self, user: &User, scopes: Scopes) -> String {
        let generation = self.store.find_user(user.name).await.unwrap().unwrap().token_generation;
        let caller = if scopes == user.role.scopes() {
            Caller::with_token(user.id, generation, scopes)
        } else {
            Caller::with_restricted_token(user.id, generation, scopes)
        };
        self.tokens.sign(&caller, self.clock.now()).unwrap().expose_secret().to_owned()
    }

    /// A user with a token, for tests that need one of each.
    pub async fn member(&self, name: &'static str) -> (User, String) {
        let user = self.user(name, Role::Member).await;
        let token = self.token(&user).await;
        (user, token)
    }

    /// A user with a token who may verify.
    pub async fn verifier(&self, name: &'static str) -> (User, String) {
        let user = self.user(name, Role::Verifier).await;
        let token = self.token(&user).await;
        (user, token)
    }

    /// What is answered about a key, to whoever has this token.
    pub async fn verify(&self, token: &str, key: &str) -> Value {
        let answer = self.post("/v1/api-keys/verify").bearer_auth(token).json(&json!({ "key": key })).answer().await;
        assert_eq!(answer.status, 200, "{answer}");
        answer.json()
    }

    /// A fresh key of the token's user.
    pub async fn key(&self, token: &str) -> Key {
        self.key_of(token, json!({})).await
    }

    pub async fn key_of(&self, token: &str, wish: Value) -> Key {
        let answer = self.post("/v1/api-keys/").bearer_auth(token).json(&wish).answer().await;
        assert_eq!(answer.status, 201, "{answer}");
        let record = answer.json();
        Key { id: record["id"].as_i64().unwrap(), secret: record["full_key"].as_str().unwrap().to_owned() }
    }

    /// Keys that nobody knows, so many that making them over HTTP would take too long; `columns` sets more of them, and
    /// may use the number `n` of the key.
    pub async fn many_keys(&self, user: &User, count: usize, columns: &[(&str, &str)]) {
        let names: String = columns.iter().map(|(name, _)| format!(", {name}")).collect();
        let values: String = columns.iter().map(|(_, value)| format!(", {value}")).collect();
        let sql = format!(
            "INSERT INTO api_keys (user_id, pepper, hash, key_prefix, created_at{names}) \
             SELECT {}, 1, sha256(random()::text::bytea || int4send(n)), 'lk_000000000', '{START}'{values} \
             FROM generate_series(1, {count}) n",
            user.id
        );
        self.database.execute(&sql).await;
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("http://{}{path}", self.address))
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, path)
    }

    pub fn put(&self, path: &str) -> RequestBuilder {
        self.request(Method::PUT, path)
    }

    pub fn patch(&self, path: &str) -> RequestBuilder {
        self.request(Method::PATCH, path)
    }

    pub fn delete(&self, path: &str) -> RequestBuilder {
        self.request(Method::DELETE, path)
    }

    /// A request for a token.
    pub fn login(&self, name: &str, password: &str) -> RequestBuilder {
        self.post("/token").form(&[("grant_type", "password"), ("username", name), ("password", password)])
    }
}

#[expect(clippy::disallowed_methods, reason = "what the tests hand in comes from the machine")]
fn random(bytes: &mut [u8]) {
    getrandom::fill(bytes).unwrap();
}

/// A client of the server, however it is to speak.
pub fn client(builder: ClientBuilder) -> Client {
    // Nothing is encrypted here, but as the program downloads over TLS, reqwest insists on having what it takes.
    let _ = rustls::crypto::ring::default_provider().install_default();
    builder.no_proxy().build().unwrap()
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

fn secret(byte: u8) -> secrecy::SecretSlice<u8> {
    vec![byte; 32].into()
}

fn peppers(numbers: &[i16]) -> Peppers {
    let of_number = |number: &i16| (*number, secret(u8::try_from(*number).unwrap()));
    Peppers::new(numbers.iter().map(of_number).collect::<BTreeMap<_, _>>()).unwrap()
}
