//! The service: what its operations share, and the hooks that surround each of them. The traits of the contract are
//! implemented beside this file, one file for each; they translate, call an operation, and translate back.

mod api_keys;
mod audit;
mod lifecycle;
mod pages;
mod records;
mod tokens;
mod users;
mod verification;

use std::{error::Error, net::IpAddr, num::NonZeroUsize, time::Duration};

use axum::response::Response;
use http::{StatusCode, request::Parts};
use http_body_util::LengthLimitError;
use latchkey_api::{
    apis::{Hooks, Operation, operation},
    types::DateTime,
};
use latchkey_request_validation::{Location, RequestValidator, ValidationError};
use secrecy::SecretSlice;

use crate::{
    ClientAddress, Surroundings, answers,
    error::{Failure, in_one_line},
    identity::{
        Caller,
        authentication::{Credentials, Judges, Refusal, authenticate, authenticate_from_memory},
        password::Passwords,
        token::Tokens,
    },
    keys::{cursor::Cursors, hash::Peppers, key::KeyPrefix, making::KeyMaker},
    store::Store,
    verification::{Verifier, VerifierSettings, freshness::Changed},
};

/// What a service is made of.
pub struct Settings {
    /// Where everything is kept.
    pub store: Store,
    /// The time, and randomness.
    pub surroundings: Surroundings,
    /// Under which keys are hashed.
    pub peppers: Peppers,
    /// How new keys begin.
    pub key_prefix: KeyPrefix,
    /// Signs bearer tokens and cursors; at least 256 bits, the same on every node.
    pub token_secret: SecretSlice<u8>,
    /// How long a bearer token is good.
    pub token_lifetime: Duration,
    /// How many passwords are hashed at once.
    pub parallel_hashing: NonZeroUsize,
    /// How keys are verified.
    pub verification: VerifierSettings,
}

/// The implementation of the contract.
pub struct Service {
    store: Store,
    surroundings: Surroundings,
    maker: KeyMaker,
    verifier: Verifier,
    tokens: Tokens,
    cursors: Cursors,
    event_cursors: Cursors,
    passwords: Passwords,
    validator: RequestValidator,
}

impl Service {
    /// Puts a service together; it connects nowhere yet.
    pub fn new(settings: Settings) -> Result<Self, Failure> {
        Ok(Self {
            tokens: Tokens::new(&settings.token_secret, settings.token_lifetime).map_err(Failure::internal)?,
            cursors: Cursors::new(&settings.token_secret, "keys").map_err(Failure::internal)?,
            event_cursors: Cursors::new(&settings.token_secret, "events").map_err(Failure::internal)?,
            maker: KeyMaker::new(settings.peppers, settings.key_prefix, &settings.token_secret)
                .map_err(Failure::internal)?,
            verifier: Verifier::new(settings.verification),
            passwords: Passwords::new(settings.parallel_hashing),
            validator: RequestValidator::new(crate::CONTRACT, |text| DateTime::parse(text).is_some())
                .map_err(Failure::internal)?,
            store: settings.store,
            surroundings: settings.surroundings,
        })
    }

    /// What must go on beside the requests: without it nothing is answered from memory, and no usage is written. Never ends.
    pub async fn work(&self) {
        self.verifier.work(&self.store, &self.surroundings).await;
    }

    /// Writes what is in memory alone; before the process ends.
    pub async fn finish(&self) {
        self.verifier.flush(&self.store).await;
    }

    /// How keys are verified.
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// Takes note of a change that was made here, of which this node need not be told.
    fn note_changed(&self, key_id: i64) {
        self.verifier.freshness.note([Changed::Key(key_id)]);
    }

    /// Where everything is kept.
    pub fn store(&self) -> &Store {
        &self.store
    }
}

/// The operations whose callers are judged from memory: they have no statement of their own that would check their user, and
/// are asked on every request of somebody else's.
const FROM_MEMORY: [&Operation; 2] = [&operation::VERIFY_API_KEY, &operation::INTROSPECT_TOKEN];

/// The operations whose errors are those of RFC 6749, section 5.2.
const OAUTH_ERRORS: [&Operation; 2] = [&operation::ISSUE_TOKEN, &operation::REVOKE_TOKEN];

impl Hooks for Service {
    type Caller = Caller;
    type Error = Failure;

    async fn authenticate(&self, operation: &'static Operation, request: &Parts) -> Result<Caller, Response> {
        let Self { store, verifier, maker, tokens, surroundings, .. } = self;
        let judges = Judges { store, verifier, peppers: &maker.peppers, tokens, surroundings };
        let credentials = Credentials { headers: &request.headers, address: client_address(request) };
        let caller = match FROM_MEMORY.contains(&operation) {
            true => authenticate_from_memory(judges, credentials).await,
            // Boxed, as the others should not have to carry a place for it about.
            false => Box::pin(authenticate(judges, credentials)).await,
        };
        let caller = caller.map_err(|refusal| match refusal {
            Refusal::Missing => answers::credential_missing(),
            Refusal::Bad(detail) => answers::credential_bad(detail),
            Refusal::Failed(failure) => self.failed(operation, failure),
        })?;
        let asked = || operation.schemes.iter().flat_map(|scheme| scheme.scopes).copied();
        if asked().any(|scope| !caller.scopes.contain_named(scope)) {
            return Err(answers::scope_missing(&asked().collect::<Vec<_>>()));
        }
        Ok(caller)
    }

    fn reject(&self, operation: &'static Operation, request: &Parts, body: &[u8]) -> Response {
        let mut errors = self.validator.validate(operation.id, request, body);
        if errors.is_empty() {
            // The fast path refused what the contract's schemas allow: they disagree, and a test is missing.
            tracing::error!(
                operation = operation.id,
                "a request was refused for a reason that the contract does not name"
            );
            errors.push(ValidationError {
                loc: vec![Location::Name("body".to_owned())],
                msg: "Input does not keep to the contract".to_owned(),
                error_type: "value_error",
            });
        }
        if OAUTH_ERRORS.contains(&operation) { tokens::refuse(&errors) } else { answers::faults(&errors) }
    }

    fn unreadable(&self, operation: &'static Operation, _request: &Parts, error: axum::Error) -> Response {
        if is_caused_by::<LengthLimitError>(&error) {
            return answers::problem(StatusCode::PAYLOAD_TOO_LARGE, "The body is larger than this server accepts.");
        }
        if is_caused_by::<BodyTimeout>(&error) {
            return answers::problem(StatusCode::REQUEST_TIMEOUT, "The body did not arrive in time.");
        }
        let error = ValidationError {
            loc: vec![Location::Name("body".to_owned())],
            msg: "The body was cut short".to_owned(),
            error_type: "json_invalid",
        };
        if OAUTH_ERRORS.contains(&operation) { tokens::refuse(&[error]) } else { answers::faults(&[error]) }
    }

    fn failed(&self, operation: &'static Operation, error: Failure) -> Response {
        match &error {
            Failure::CallerGone => answers::credential_bad("The user of this credential is disabled, or ended it."),
            Failure::NotCovered => answers::forbidden("No credential can hand out more than it has."),
            Failure::KeyMissing => answers::credential_missing(),
            Failure::KeyRefused(detail) => answers::credential_bad(detail),
            Failure::ScopeMissing(scopes) => answers::scope_missing(scopes),
            Failure::NetworkNotAllowed => answers::forbidden("The key may not be used from there."),
            Failure::Unavailable(cause) => {
                tracing::warn!(operation = operation.id, cause = in_one_line(cause.as_ref()), "{error}");
                answers::unavailable("The database does not answer. Try again.")
            }
            Failure::Internal(cause) => {
                tracing::error!(operation = operation.id, cause = in_one_line(cause.as_ref()), "{error}");
                answers::problem(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong here; the log says what.")
            }
        }
    }
}

/// Where a request came from, as far as whoever serves the routes says.
fn client_address(request: &Parts) -> Option<IpAddr> {
    request.extensions.get::<ClientAddress>().map(|client| client.0)
}

/// The error with which whoever serves the routes ends a body that is too slow.
#[derive(Debug, thiserror::Error)]
#[error("the body did not arrive in time")]
pub struct BodyTimeout;

fn is_caused_by<T: Error + 'static>(error: &axum::Error) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<T>() {
            return true;
        }
        cause = error.source();
    }
    false
}
