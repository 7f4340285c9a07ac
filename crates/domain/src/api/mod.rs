//! Implements the generated traits of the contract: contract types to domain types and back. Only this module knows HTTP.
//!
//! [`Service`] has what the operations share, and the hooks that run around each of them. The traits are implemented beside it,
//! one file each.

mod api_key_lifecycle;
mod api_key_policies;
mod api_key_search;
mod api_keys;
mod attribution;
mod audit;
pub mod cross_origin;
mod error;
pub mod etag;
mod hooks;
mod members;
mod owners;
pub mod pagination;
pub mod problem;
mod projects;
mod responses;
mod tokens;
mod users;
mod validation;
mod verification;

use std::{
    net::IpAddr,
    num::{NonZeroU32, NonZeroUsize},
    sync::Arc,
    time::Duration,
};

use latchkey_api::types::{self, DateTime};
use latchkey_request_validation::{Formats, RequestValidator};
use secrecy::SecretSlice;

pub use self::{attribution::Attribution, error::ApiError, hooks::BodyTimeout};
use self::{pagination::CursorCodec, validation::RejectedRequests};
use crate::{
    audit::denied_access::DeniedAccess,
    background::{Background, BackgroundTasks, ChangeFeedStats},
    identity::{
        authenticate::Authenticator,
        issue_token::Logins,
        management_limits::{ManagementLimits, ManagementLimitsConfig},
        password::PasswordHasher,
        token_signer::TokenSigner,
    },
    keys::{issuer::KeyIssuer, quota::KeyQuota},
    model::{Clock, Env, Error, KeyPrefix, Peppers},
    projects::origins::AllowedOrigins,
    store::{Store, freshness::FRESHNESS_BOUND},
    verification::{Verifier, VerifierConfig},
};

/// What a service is made of.
pub struct ServiceConfig {
    /// Where everything is stored.
    pub store: Store,
    /// The clock and the random source.
    pub env: Env,
    /// The peppers under which keys are hashed.
    pub peppers: Peppers,
    /// How new keys begin.
    pub key_prefix: KeyPrefix,
    /// Signs bearer tokens and cursors; at least 256 bits, the same on every node.
    pub token_secret: SecretSlice<u8>,
    /// How long a bearer token is valid, in whole seconds.
    pub token_ttl: Duration,
    /// How many passwords are hashed at once.
    pub password_hash_concurrency: NonZeroUsize,
    /// How keys are verified.
    pub verification: VerifierConfig,
    /// For how long audit events are kept, at least 90 days; `None` for ever.
    pub audit_retention: Option<Duration>,
    /// The most keys that a user may have, apart from deleted ones.
    pub max_keys_per_user: NonZeroU32,
    /// How many management requests one credential may send.
    pub management_limits: ManagementLimitsConfig,
}

/// The implementation of the contract.
pub struct Service {
    store: Arc<Store>,
    env: Env,
    issuer: KeyIssuer,
    verifier: Arc<Verifier>,
    authenticator: Authenticator,
    management_limits: ManagementLimits,
    logins: Arc<Logins>,
    key_cursors: CursorCodec<1>,
    event_cursors: CursorCodec<2>,
    project_cursors: CursorCodec<1>,
    owner_cursors: CursorCodec<1>,
    member_cursors: CursorCodec<1>,
    user_cursors: CursorCodec<1>,
    search_cursors: CursorCodec<2>,
    revocation_cursors: CursorCodec<3>,
    origins: AllowedOrigins,
    denied_access: DeniedAccess,
    validator: RejectedRequests,
    change_feed: Arc<ChangeFeedStats>,
    audit_retention: Option<Duration>,
}

impl Service {
    /// Builds a service. It does not connect to the database yet.
    pub fn new(config: ServiceConfig) -> Result<Self, ApiError> {
        let ServiceConfig { env, token_secret, .. } = config;
        let store = Arc::new(config.store);
        let peppers = Arc::new(config.peppers);
        let tokens = TokenSigner::new(&token_secret, config.token_ttl).map_err(ApiError::internal)?;
        let (clock, verification) = (env.clock.clone(), config.verification);
        let verifier = Arc::new(Verifier::new(Arc::clone(&store), Arc::clone(&peppers), clock, verification));
        let formats = Formats {
            date_time: |text| DateTime::parse(text).is_some(),
            ip_address: types::is_ip_address,
            ip_network: types::is_ip_network,
        };
        Ok(Self {
            authenticator: Authenticator::new(Arc::clone(&verifier), tokens, env.clock.clone()),
            management_limits: ManagementLimits::new(config.management_limits, env.clock.clone()),
            issuer: KeyIssuer::new(
                peppers,
                config.key_prefix,
                KeyQuota::new(config.max_keys_per_user, env.clock.clone()),
                &token_secret,
            )?,
            logins: Arc::new(Logins::new(
                &token_secret,
                PasswordHasher::new(config.password_hash_concurrency),
                env.clock.clone(),
            )?),
            key_cursors: CursorCodec::new(&token_secret, "keys")?,
            event_cursors: CursorCodec::new(&token_secret, "events")?,
            project_cursors: CursorCodec::new(&token_secret, "projects")?,
            owner_cursors: CursorCodec::new(&token_secret, "owners")?,
            member_cursors: CursorCodec::new(&token_secret, "members")?,
            user_cursors: CursorCodec::new(&token_secret, "users")?,
            search_cursors: CursorCodec::new(&token_secret, "search")?,
            revocation_cursors: CursorCodec::new(&token_secret, "revocation")?,
            origins: AllowedOrigins::new(Arc::clone(&store), env.clock.clone()),
            validator: RejectedRequests::new(
                RequestValidator::new(crate::CONTRACT, formats).map_err(ApiError::internal)?,
            ),
            denied_access: DeniedAccess::new(Arc::clone(&store), env.clock.clone()),
            change_feed: Arc::default(),
            audit_retention: config.audit_retention,
            store,
            env,
            verifier,
        })
    }

    /// What runs beside the requests; see [`Background::spawn`].
    pub fn background(&self) -> Background {
        Background {
            store: Arc::clone(&self.store),
            verifier: Arc::clone(&self.verifier),
            env: self.env.clone(),
            change_feed: Arc::clone(&self.change_feed),
            audit_retention: self.audit_retention,
        }
    }

    /// Starts the background tasks, which end when the returned value is dropped.
    #[must_use]
    pub fn spawn_background_tasks(&self) -> BackgroundTasks {
        self.background().spawn()
    }

    /// Where everything is stored.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Tells the time.
    pub fn clock(&self) -> &Clock {
        &self.env.clock
    }

    /// How keys are verified.
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// The origins of web pages that may use owner tokens.
    pub fn allowed_origins(&self) -> &AllowedOrigins {
        &self.origins
    }

    /// What logins share.
    pub fn logins(&self) -> &Logins {
        &self.logins
    }

    /// The limits on management requests.
    pub fn management_limits(&self) -> &ManagementLimits {
        &self.management_limits
    }

    /// Whether changes that other nodes acknowledge take effect here within the promised time: the change feed was read less than
    /// [`FRESHNESS_BOUND`] ago, or no key is cached because the database does not support the feed.
    pub fn follows_changes(&self) -> bool {
        let since_last_sync = self.store.freshness().since_last_sync();
        self.change_feed.is_unreliable() || since_last_sync.is_some_and(|since| since < FRESHNESS_BOUND)
    }

    /// What is known of the change feed.
    pub fn change_feed(&self) -> &ChangeFeedStats {
        &self.change_feed
    }
}

/// What is known of a request apart from its parameters.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// Where it came from, if that is known.
    client_ip: Option<IpAddr>,
    /// Whether it is a login that a page of another origin made a browser send.
    is_cross_origin_login: bool,
    /// The origin of the web page that sent it, if one did.
    origin: Option<Box<str>>,
}

/// The address that a request came from. The HTTP server puts it into the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientIp(pub IpAddr);

/// The number of items of a page.
fn page_size(limit: i64) -> Result<usize, Error> {
    usize::try_from(limit).map_err(Error::internal)
}
