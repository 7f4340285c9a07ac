//! The hooks that the generated handlers call around every operation: authentication, invalid requests, and errors.

use std::error::Error as StdError;

use axum::response::Response;
use http::{StatusCode, request::Parts};
use http_body_util::LengthLimitError;
use latchkey_api::apis::{Hooks, Operation, operation};
use latchkey_request_validation::{Location, ValidationError};

use super::{
    ApiError, Service, client_ip,
    credentials::{self, SingleHeader},
    problem, tokens,
};
use crate::{
    identity::authenticate::{AuthError, Credentials},
    model::{Caller, Error, error_chain},
};

/// The operations that authenticate from the cache: they have no statement of their own, and run on every request to somebody
/// else's API.
const AUTHENTICATED_FROM_CACHE: [&Operation; 2] = [&operation::VERIFY_API_KEY, &operation::INTROSPECT_TOKEN];

/// The operations whose errors are those of RFC 6749, section 5.2.
const OAUTH_ERRORS: [&Operation; 2] = [&operation::ISSUE_TOKEN, &operation::REVOKE_TOKEN];

/// The error with which the HTTP server ends a body that is too slow.
#[derive(Debug, thiserror::Error)]
#[error("the body did not arrive in time")]
pub struct BodyTimeout;

impl Hooks for Service {
    type Caller = Caller;
    type Error = ApiError;

    async fn authenticate(&self, operation: &'static Operation, request: &Parts) -> Result<Caller, Response> {
        let credentials = read_credentials(request).map_err(problem::invalid_credentials)?;
        let caller = match AUTHENTICATED_FROM_CACHE.contains(&operation) {
            true => self.authenticator.authenticate_cached(credentials).await,
            // Boxed, so that the future of a cached authentication has no room for it.
            false => Box::pin(self.authenticator.authenticate(credentials)).await,
        };
        let caller = caller.map_err(|error| match error {
            AuthError::MissingCredentials => problem::missing_credentials(),
            AuthError::InvalidCredentials(detail) => problem::invalid_credentials(detail),
            AuthError::Failed(error) => self.failed(operation, error.into()),
        })?;
        let required = || operation.schemes.iter().flat_map(|scheme| scheme.scopes).copied();
        if required().any(|scope| !caller.scopes.contains_str(scope)) {
            return Err(problem::insufficient_scope(&required().collect::<Vec<_>>()));
        }
        Ok(caller)
    }

    fn reject(&self, operation: &'static Operation, request: &Parts, body: &[u8]) -> Response {
        let mut errors = self.validator.validate(operation.id, request, body);
        if errors.is_empty() {
            // The generated code rejected what the contract's schemas allow: they disagree, and a test is missing.
            tracing::error!(operation = operation.id, "rejected a request that the contract allows");
            errors.push(body_error("value_error", "Input does not match the contract"));
        }
        invalid_request(operation, &errors)
    }

    fn unreadable(&self, operation: &'static Operation, _request: &Parts, error: axum::Error) -> Response {
        if is_caused_by::<LengthLimitError>(&error) {
            return problem::problem(StatusCode::PAYLOAD_TOO_LARGE, "The body is larger than this server accepts.");
        }
        if is_caused_by::<BodyTimeout>(&error) {
            return problem::problem(StatusCode::REQUEST_TIMEOUT, "The body did not arrive in time.");
        }
        invalid_request(operation, &[body_error("json_invalid", "The body was cut short")])
    }

    fn failed(&self, operation: &'static Operation, error: ApiError) -> Response {
        match error {
            ApiError::MissingCredentials => problem::missing_credentials(),
            ApiError::InvalidKey(detail) => problem::invalid_credentials(detail),
            ApiError::InsufficientScope(scopes) => problem::insufficient_scope(&scopes),
            ApiError::NetworkNotAllowed => problem::forbidden("The API key may not be used from this address."),
            ApiError::Domain(Error::CallerInactive) => {
                problem::invalid_credentials("The credential is no longer valid: its user is disabled or revoked it.")
            }
            ApiError::Domain(Error::InsufficientPermissions) => {
                problem::forbidden("No credential can hand out more than it has.")
            }
            ApiError::Domain(error @ Error::Unavailable(_)) => {
                tracing::warn!(operation = operation.id, cause = error_chain(&error), "database unavailable");
                problem::unavailable("The database is unavailable. Try again.")
            }
            ApiError::Domain(error @ Error::Internal(_)) => {
                tracing::error!(operation = operation.id, cause = error_chain(&error), "operation failed");
                problem::problem(StatusCode::INTERNAL_SERVER_ERROR, "An internal error occurred; see the server's log.")
            }
        }
    }
}

fn read_credentials(request: &Parts) -> Result<Credentials<'_>, &'static str> {
    let value = |header, invalid| match header {
        SingleHeader::Missing => Ok(None),
        SingleHeader::Value(value) => Ok(Some(value)),
        SingleHeader::Invalid => Err(invalid),
    };
    let headers = &request.headers;
    Ok(Credentials {
        bearer_token: value(credentials::bearer_token(headers), "Authorization is not one bearer token.")?,
        api_key: value(credentials::api_key(headers), "The API key in X-API-Key is invalid.")?,
        client_ip: client_ip(request),
    })
}

fn invalid_request(operation: &'static Operation, errors: &[ValidationError]) -> Response {
    if OAUTH_ERRORS.contains(&operation) {
        return tokens::invalid_request(errors);
    }
    problem::validation_errors(errors)
}

fn body_error(error_type: &'static str, msg: &str) -> ValidationError {
    ValidationError { loc: vec![Location::Name("body".to_owned())], msg: msg.to_owned(), error_type }
}

fn is_caused_by<T: StdError + 'static>(error: &axum::Error) -> bool {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<T>() {
            return true;
        }
        cause = error.source();
    }
    false
}
