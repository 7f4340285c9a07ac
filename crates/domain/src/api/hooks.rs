//! The hooks that the generated handlers call around every operation: authentication, authorization, and errors.

use std::error::Error as StdError;

use http::request::Parts;
use http_body_util::LengthLimitError;
use latchkey_api::apis::{
    Authentication, Credentials, ErrorFormat, ErrorResponse, Hooks, Operation, SecurityScheme, responses,
};
use latchkey_request_validation::{Location, ValidationError};

use super::{
    ApiError, ClientIp, Service,
    problem::{self, ProblemCode},
    tokens, validation,
};
use crate::{
    identity::authenticate,
    model::{Caller, Credential, Error, error_chain},
};

/// The error with which the HTTP server ends a body that is too slow.
#[derive(Debug, thiserror::Error)]
#[error("the body did not arrive in time")]
pub struct BodyTimeout;

impl Hooks for Service {
    type Context = Option<ClientIp>;
    type Caller = Caller;
    type Error = ApiError;

    fn context(&self, request: &Parts) -> Option<ClientIp> {
        request.extensions.get::<ClientIp>().copied()
    }

    async fn authenticate(
        &self,
        operation: &'static Operation,
        context: &Option<ClientIp>,
        credentials: Credentials<'_>,
    ) -> Result<Caller, ApiError> {
        let invalid = |detail| move |_| ApiError::InvalidCredentials(ProblemCode::InvalidCredentials, detail);
        let credentials = authenticate::Credentials {
            bearer_token: credentials.bearer.map_err(invalid("Authorization is not one bearer token."))?,
            api_key: credentials.api_key.map_err(invalid("The API key in X-API-Key is invalid."))?,
            client_ip: context.map(|client| client.0),
        };
        let caller = match operation.authentication {
            Authentication::Cached => self.authenticator.authenticate_cached(credentials).await,
            // Boxed, so that the future of a cached authentication has no room for it.
            _ => Box::pin(self.authenticator.authenticate(credentials)).await,
        };
        Ok(caller?)
    }

    fn authorize(&self, operation: &'static Operation, caller: &Caller) -> Result<(), ApiError> {
        let scheme = match caller.credential {
            Credential::ApiKey { .. } => SecurityScheme::ApiKeyHeader,
            Credential::BearerToken | Credential::KeyPossession { .. } => SecurityScheme::OAuth2PasswordBearer,
        };
        let required = operation.scopes(scheme).unwrap_or_default();
        match required.iter().all(|scope| caller.scopes.contains_str(scope)) {
            true => Ok(()),
            false => Err(ApiError::InsufficientScope(required)),
        }
    }

    fn on_invalid_request(&self, operation: &'static Operation, request: &Parts, body: &[u8]) -> ErrorResponse {
        let mut errors = self.validator.validate(operation.id, request, body);
        if errors.is_empty() {
            // The generated code rejected what the contract's schemas allow: they disagree, and a test is missing.
            tracing::error!(operation = operation.id, "rejected a request that the contract allows");
            errors.push(body_error("value_error", "Input does not match the contract"));
        }
        invalid_request(operation, errors)
    }

    fn on_body_error(&self, operation: &'static Operation, error: axum::Error) -> ErrorResponse {
        if is_caused_by::<LengthLimitError>(&error) {
            return problem::content_too_large();
        }
        if is_caused_by::<BodyTimeout>(&error) {
            return problem::request_timeout();
        }
        invalid_request(operation, vec![body_error("json_invalid", "The body was cut short")])
    }

    fn on_error(&self, operation: &'static Operation, error: ApiError) -> ErrorResponse {
        match error {
            ApiError::MissingCredentials => ErrorResponse::Unauthorized(problem::missing_credentials()),
            ApiError::InvalidCredentials(code, detail) => {
                ErrorResponse::Unauthorized(problem::unauthorized(code, detail))
            }
            ApiError::InsufficientScope(scopes) => ErrorResponse::Forbidden(problem::insufficient_scope(scopes)),
            ApiError::Domain(Error::CallerInactive) => ErrorResponse::Unauthorized(problem::unauthorized(
                ProblemCode::PrincipalDisabled,
                "The credential is no longer valid: its user is disabled or revoked it.",
            )),
            ApiError::Domain(Error::KeyInactive) => ErrorResponse::Unauthorized(problem::unauthorized(
                ProblemCode::InvalidCredentials,
                "The API key in X-API-Key is no longer valid.",
            )),
            ApiError::Domain(Error::Contention) => problem::unavailable(
                ProblemCode::ProcessingTimeout,
                "The API key changed during each attempt. Try again.",
            ),
            ApiError::Domain(Error::InsufficientPermissions) => ErrorResponse::Forbidden(problem::forbidden(
                ProblemCode::InsufficientPermissions,
                "No credential can hand out more than it has.",
            )),
            ApiError::Domain(error @ Error::Unavailable(_)) => {
                tracing::warn!(operation = operation.id, cause = error_chain(&error), "database unavailable");
                problem::unavailable(ProblemCode::DatabaseUnavailable, "The database is unavailable. Try again.")
            }
            ApiError::Domain(error @ Error::Internal(_)) => {
                tracing::error!(operation = operation.id, cause = error_chain(&error), "operation failed");
                problem::internal_error()
            }
        }
    }
}

fn invalid_request(operation: &'static Operation, errors: Vec<ValidationError>) -> ErrorResponse {
    match operation.error_format {
        ErrorFormat::OAuth => ErrorResponse::BadRequest(tokens::invalid_request(&errors)),
        ErrorFormat::Problem => {
            let body = validation::validation_errors(errors);
            ErrorResponse::UnprocessableContent(responses::ValidationError { body })
        }
    }
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
