//! The hooks that the generated handlers call around every operation: authentication, authorization, and errors.

use std::error::Error as StdError;

use axum::body::Bytes;
use http::{Method, request::Parts};
use http_body_util::LengthLimitError;
use latchkey_api::apis::{
    Authentication, Credentials, ErrorFormat, ErrorResponse, Hooks, Operation, SecurityScheme, operation, responses,
};
use latchkey_request_validation::{Location, ValidationError};

use super::{
    ApiError, Attribution, ClientIp, RequestContext, Service,
    cross_origin::{is_cross_origin, origin},
    problem::{self, ProblemCode},
    tokens, validation,
};
use crate::{
    identity::{authenticate, management_limits::RequestKind},
    model::{Caller, Credential, Error, Scope, error_chain},
};

/// How many validation errors a client without credentials gets: about 4 KiB.
const MAX_ANONYMOUS_ERRORS: usize = 20;

/// The error with which the HTTP server ends a body that is too slow.
#[derive(Debug, thiserror::Error)]
#[error("the body did not arrive in time")]
pub struct BodyTimeout;

impl Hooks for Service {
    type Context = RequestContext;
    type Caller = Caller;
    type Error = ApiError;

    fn context(&self, request: &Parts) -> RequestContext {
        RequestContext {
            client_ip: request.extensions.get::<ClientIp>().map(|client| client.0),
            is_cross_origin_login: request.uri.path() == operation::ISSUE_TOKEN.path && is_cross_origin(request),
            origin: origin(&request.headers),
        }
    }

    async fn authenticate(
        &self,
        operation: &'static Operation,
        context: &RequestContext,
        credentials: Credentials<'_>,
    ) -> Result<Caller, ApiError> {
        let invalid = |detail| move |_| ApiError::InvalidCredentials(ProblemCode::InvalidCredentials, detail);
        let credentials = authenticate::Credentials {
            bearer_token: credentials.bearer.map_err(invalid("Authorization is not one bearer token."))?,
            api_key: credentials.api_key.map_err(invalid("The API key in X-API-Key is invalid."))?,
            client_ip: context.client_ip,
            origin: context.origin.as_deref(),
        };
        let caller = match operation.authentication {
            Authentication::Cached => self.authenticator.authenticate_cached(credentials).await,
            // Boxed, so that the future of a cached authentication has no room for it.
            _ => Box::pin(self.authenticator.authenticate(credentials)).await,
        }?;
        Attribution::set_caller(&caller);
        Ok(caller)
    }

    async fn authorize(&self, operation: &'static Operation, caller: &Caller) -> Result<(), ApiError> {
        let scheme = match caller.credential {
            Credential::ApiKey { .. } => SecurityScheme::ApiKeyHeader,
            Credential::BearerToken | Credential::OwnerToken | Credential::KeyPossession { .. } => {
                SecurityScheme::OAuth2PasswordBearer
            }
        };
        let required = operation.scopes(scheme).unwrap_or_default();
        let has_scopes = |caller: &Caller| required.iter().all(|scope| caller.scopes.contains_str(scope));
        if !has_scopes(caller) || (operation.authentication == Authentication::Stored && needs_role(required)) {
            // Boxed, so that the future of other requests has no room for it.
            Box::pin(self.authorize_by_role(operation, caller, required, has_scopes)).await?;
        }
        // Verifications are authenticated otherwise, and have no such limit. What is denied does not count: a token that may only
        // read cannot use up the limit on writes.
        if operation.authentication == Authentication::Stored {
            let kind = if operation.method == Method::GET { RequestKind::Read } else { RequestKind::Write };
            let refused = |retry_after| ApiError::TooManyRequests(kind, retry_after);
            self.management_limits.check(caller, kind).map_err(refused)?;
        }
        Ok(())
    }

    fn on_unreadable_api_key(&self, operation: &'static Operation) -> ErrorResponse {
        invalid_request(operation, vec![validation::unreadable_api_key()], &[])
    }

    async fn on_invalid_request(&self, operation: &'static Operation, request: &Parts, body: &Bytes) -> ErrorResponse {
        let mut errors = match self.validator.validate(operation, request, body).await {
            Ok(errors) => errors,
            Err(error) => return self.on_error(operation, error.into()),
        };
        if errors.is_empty() {
            // The generated code rejected what the contract's schemas allow: they disagree, and a test is missing.
            tracing::error!(operation = operation.id, "rejected a request that the contract allows");
            errors.push(body_error("value_error", "Input does not match the contract"));
        }
        invalid_request(operation, errors, body)
    }

    fn on_body_error(&self, operation: &'static Operation, error: axum::Error) -> ErrorResponse {
        if is_caused_by::<LengthLimitError>(&error) {
            return problem::content_too_large();
        }
        if is_caused_by::<BodyTimeout>(&error) {
            return problem::request_timeout();
        }
        invalid_request(operation, vec![body_error("json_invalid", "The body was cut short")], &[])
    }

    fn on_error(&self, operation: &'static Operation, error: ApiError) -> ErrorResponse {
        match error {
            ApiError::MissingCredentials => ErrorResponse::Unauthorized(problem::missing_credentials()),
            ApiError::InvalidCredentials(code, detail) => {
                ErrorResponse::Unauthorized(problem::unauthorized(code, detail))
            }
            ApiError::OriginNotAllowed => ErrorResponse::Forbidden(problem::forbidden(
                ProblemCode::OriginNotAllowed,
                "The project of the owner does not allow pages of this origin.",
            )),
            ApiError::InsufficientScope(scopes) => ErrorResponse::Forbidden(problem::insufficient_scope(scopes)),
            ApiError::Domain(Error::TooManyLookups) => problem::unavailable(
                ProblemCode::TemporarilyUnavailable,
                "This address has sent many API keys that do not exist. Send one at a time.",
            ),
            ApiError::TooManyRequests(kind, retry_after) => problem::too_many_requests(kind, retry_after),
            ApiError::TooManyLogins => problem::unavailable(
                ProblemCode::TemporarilyUnavailable,
                "There are too many logins at the same time. Try again.",
            ),
            ApiError::Domain(Error::CallerInactive) => ErrorResponse::Unauthorized(problem::unauthorized(
                ProblemCode::PrincipalDisabled,
                "The credential is no longer valid: its principal is disabled or revoked it.",
            )),
            ApiError::Domain(Error::KeyInactive) => ErrorResponse::Unauthorized(problem::unauthorized(
                ProblemCode::InvalidCredentials,
                "The API key in X-API-Key is no longer valid.",
            )),
            ApiError::Domain(Error::Contention) => problem::unavailable(
                ProblemCode::ProcessingTimeout,
                "Other requests changed the same during each attempt. Try again.",
            ),
            ApiError::Domain(Error::InsufficientPermissions) => ErrorResponse::Forbidden(problem::forbidden(
                ProblemCode::InsufficientPermissions,
                "No credential can hand out more than it has, or control a key that has more.",
            )),
            ApiError::Domain(Error::InsufficientRole) => ErrorResponse::Forbidden(problem::forbidden(
                ProblemCode::InsufficientRole,
                "The role of the caller in the project does not permit this.",
            )),
            ApiError::Domain(Error::ExpiresTooLate) => {
                let msg = "The project limits how long its keys are valid; this would be longer";
                let location = ["body", "expires_at"].map(|name| Location::Name(name.to_owned())).to_vec();
                let error = ValidationError { loc: location, msg: msg.to_owned(), error_type: "value_error" };
                invalid_request(operation, vec![error], &[])
            }
            ApiError::Domain(Error::KeyManaged) => ErrorResponse::Forbidden(problem::forbidden(
                ProblemCode::KeyManaged,
                "A member of the project manages this API key. It can be restricted, revoked and deleted, but not extended.",
            )),
            ApiError::Domain(error @ Error::Unavailable(_)) => {
                tracing::warn!(operation = operation.id, cause = error_chain(&error), "database unavailable");
                problem::unavailable(ProblemCode::DatabaseUnavailable, "The database is unavailable. Try again.")
            }
            // Operations in projects have a response of their own for a project that is not found.
            ApiError::Domain(error @ (Error::Internal(_) | Error::ProjectNotFound)) => {
                tracing::error!(operation = operation.id, cause = error_chain(&error), "operation failed");
                problem::internal_error()
            }
        }
    }
}

impl Service {
    /// Fails for a caller whose credential or principal lacks a scope in all projects. No statement has checked yet that the
    /// credential is still valid. Checked in the cache, because denied requests are not limited.
    async fn authorize_by_role(
        &self,
        operation: &'static Operation,
        caller: &Caller,
        required: &'static [&'static str],
        has_scopes: impl Fn(&Caller) -> bool,
    ) -> Result<(), ApiError> {
        let is_stored = operation.authentication == Authentication::Stored;
        if is_stored && has_scopes(&self.authenticator.with_current_rights(caller.clone()).await?) {
            return Ok(());
        }
        self.denied_access.record(caller, operation.id).await;
        Err(ApiError::InsufficientScope(required))
    }
}

/// Whether an operation needs a scope that not every principal has.
fn needs_role(required: &[&str]) -> bool {
    !required.iter().all(|scope| Scope::parse(scope).is_some_and(Scope::is_of_keys))
}

fn invalid_request(operation: &'static Operation, mut errors: Vec<ValidationError>, body: &[u8]) -> ErrorResponse {
    if matches!(operation.authentication, Authentication::None | Authentication::Custom) {
        errors.truncate(MAX_ANONYMOUS_ERRORS);
    }
    match operation.error_format {
        ErrorFormat::OAuth => ErrorResponse::BadRequest(tokens::invalid_request(&errors, body)),
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
