//! Implements the generated traits of the contract: contract types to domain types and back. Only this module knows HTTP.
//!
//! [`Service`] has what the operations share, and the hooks that run around each of them. The traits are implemented beside it,
//! one file each.

mod api_key_lifecycle;
mod api_key_policies;
mod api_keys;
mod audit;
mod error;
mod etag;
mod hooks;
mod pagination;
pub mod problem;
mod responses;
mod tokens;
mod users;
mod validation;
mod verification;

use std::{net::IpAddr, num::NonZeroUsize, sync::Arc, time::Duration};

use latchkey_api::types::{self, DateTime};
use latchkey_request_validation::{Formats, RequestValidator};
use secrecy::SecretSlice;

use self::pagination::CursorCodec;
pub use self::{error::ApiError, hooks::BodyTimeout};
use crate::{
    background::{Background, BackgroundTasks, ChangeFeedStats},
    identity::{
        authenticate::Authenticator, issue_token::LoginNameHasher, password::PasswordHasher, token_signer::TokenSigner,
    },
    keys::issuer::KeyIssuer,
    model::{Env, Error, KeyPrefix, Peppers},
    store::Store,
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
}

/// The implementation of the contract.
pub struct Service {
    store: Arc<Store>,
    env: Env,
    issuer: KeyIssuer,
    verifier: Arc<Verifier>,
    authenticator: Authenticator,
    passwords: PasswordHasher,
    login_names: LoginNameHasher,
    key_cursors: CursorCodec<1>,
    event_cursors: CursorCodec<2>,
    validator: RequestValidator,
    change_feed: Arc<ChangeFeedStats>,
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
            authenticator: Authenticator::new(
                Arc::clone(&store),
                Arc::clone(&verifier),
                Arc::clone(&peppers),
                tokens,
                env.clock.clone(),
            ),
            issuer: KeyIssuer::new(peppers, config.key_prefix, &token_secret)?,
            passwords: PasswordHasher::new(config.password_hash_concurrency),
            login_names: LoginNameHasher::new(&token_secret)?,
            key_cursors: CursorCodec::new(&token_secret, "keys")?,
            event_cursors: CursorCodec::new(&token_secret, "events")?,
            validator: RequestValidator::new(crate::CONTRACT, formats).map_err(ApiError::internal)?,
            change_feed: Arc::default(),
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

    /// How keys are verified.
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// What is known of the change feed.
    pub fn change_feed(&self) -> &ChangeFeedStats {
        &self.change_feed
    }
}

/// The address that a request came from. The HTTP server puts it into the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientIp(pub IpAddr);

/// The number of items of a page.
fn page_size(limit: i64) -> Result<usize, Error> {
    usize::try_from(limit).map_err(Error::internal)
}
