//! The service: what its operations share, and the hooks that surround each of them. The traits of the contract are
//! implemented beside this file, one file for each; they translate, call an operation, and translate back.

mod api_keys;
mod tokens;
mod users;

use std::{error::Error, num::NonZeroUsize, time::Duration};

use axum::response::Response;
use http::{StatusCode, request::Parts};
use http_body_util::LengthLimitError;
use latchkey_api::apis::{Hooks, Operation, operation};
use secrecy::SecretSlice;

use crate::{
    Surroundings, answers,
    error::{Failure, in_one_line},
    identity::{
        Caller,
        authentication::{self, Refusal},
        password::Passwords,
        token::Tokens,
    },
    keys::{cursor::Cursors, hash::Peppers, key::KeyPrefix},
    rejection::{Checker, Fault, Loc},
    store::Store,
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
}

/// The implementation of the contract.
pub struct Service {
    store: Store,
    surroundings: Surroundings,
    peppers: Peppers,
    key_prefix: KeyPrefix,
    tokens: Tokens,
    cursors: Cursors,
    passwords: Passwords,
    checker: Checker,
}

impl Service {
    /// Puts a service together; it connects nowhere yet.
    pub fn new(settings: Settings) -> Result<Self, Failure> {
        Ok(Self {
            tokens: Tokens::new(&settings.token_secret, settings.token_lifetime).map_err(Failure::internal)?,
            cursors: Cursors::new(&settings.token_secret).map_err(Failure::internal)?,
            passwords: Passwords::new(settings.parallel_hashing, &settings.surroundings)?,
            checker: Checker::new(crate::CONTRACT).map_err(Failure::internal)?,
            store: settings.store,
            surroundings: settings.surroundings,
            peppers: settings.peppers,
            key_prefix: settings.key_prefix,
        })
    }

    /// Where everything is kept.
    pub fn store(&self) -> &Store {
        &self.store
    }
}

impl Hooks for Service {
    type Caller = Caller;
    type Error = Failure;

    async fn authenticate(&self, operation: &'static Operation, request: &Parts) -> Result<Caller, Response> {
        let Self { store, peppers, tokens, surroundings, .. } = self;
        let caller = authentication::authenticate(store, peppers, tokens, surroundings, &request.headers).await;
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
        let mut faults = self.checker.faults(operation.id, request, body);
        if faults.is_empty() {
            // The fast path refused what the contract's schemas allow: they disagree, and a test is missing.
            tracing::error!(
                operation = operation.id,
                "a request was refused for a reason that the contract does not name"
            );
            faults.push(Fault {
                loc: vec![Loc::Name("body".to_owned())],
                msg: "Input does not keep to the contract".to_owned(),
                kind: "value_error",
            });
        }
        if *operation == operation::ISSUE_TOKEN { tokens::refuse(&faults) } else { answers::faults(&faults) }
    }

    fn unreadable(&self, operation: &'static Operation, _request: &Parts, error: axum::Error) -> Response {
        if is_caused_by::<LengthLimitError>(&error) {
            return answers::problem(StatusCode::PAYLOAD_TOO_LARGE, "The body is larger than this server accepts.");
        }
        if is_caused_by::<BodyTimeout>(&error) {
            return answers::problem(StatusCode::REQUEST_TIMEOUT, "The body did not arrive in time.");
        }
        let fault = Fault {
            loc: vec![Loc::Name("body".to_owned())],
            msg: "The body was cut short".to_owned(),
            kind: "json_invalid",
        };
        if *operation == operation::ISSUE_TOKEN { tokens::refuse(&[fault]) } else { answers::faults(&[fault]) }
    }

    fn failed(&self, operation: &'static Operation, error: Failure) -> Response {
        match &error {
            Failure::CallerGone => answers::credential_bad("The user of this credential is disabled, or ended it."),
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
