//! The operations tagged `Verification`.

use axum::response::Response;
use http::StatusCode;

use crate::{
    models,
    types::{self, Respond, ResponseError},
};

/// The operations tagged `Verification`.
pub trait Verification: super::Hooks {
    /// Authorize a proxied request.
    ///
    /// For gateways that authorize each request with a subrequest: nginx `auth_request`, HAProxy, Caddy, Traefik, Envoy. The key is taken from the client's `X-API-Key` header, or else from its bearer token. **Every method, and every path below this one, gets the same response**, because gateways forward the method and path of their clients. The query is only read at exactly this path, because below it the query is the client's. Only keys of the project `default` are valid here; `projectForwardAuth` is for those of other projects.
    ///
    /// `forwardAuth`: GET /v1/forward-auth
    fn forward_auth(
        &self,
        context: Self::Context,
        credentials: super::Credentials<'_>,
        query: models::ForwardAuthQuery,
    ) -> impl Future<Output = Result<ForwardAuthResponse, Self::Error>> + Send;

    /// Introspect an API key.
    ///
    /// OAuth 2.0 token introspection (RFC 7662) of an API key. The response for a key that is not valid, for any reason, is exactly `{"active":false}`. A key that is restricted to networks is inactive here, because no client address is known.
    ///
    /// `introspectToken`: POST /v1/introspect
    fn introspect_token(
        &self,
        caller: Self::Caller,
        body: models::IntrospectionRequest,
    ) -> impl Future<Output = Result<IntrospectTokenResponse, Self::Error>> + Send;

    /// Authorize a proxied request by a project's key.
    ///
    /// As `forwardAuth`, for the keys of the project that the path names: the gateway's configuration says which, and not its client. Keys of other projects are invalid here, and so are all keys if there is no such project.
    ///
    /// `projectForwardAuth`: GET /v1/projects/{project}/forward-auth
    fn project_forward_auth(
        &self,
        context: Self::Context,
        credentials: super::Credentials<'_>,
        project: String,
        query: models::ProjectForwardAuthQuery,
    ) -> impl Future<Output = Result<ProjectForwardAuthResponse, Self::Error>> + Send;

    /// Verify an API key.
    ///
    /// Decides whether a key is valid for a request. The status is 200 whenever a decision was made: `valid` is the decision, `code` its reason. At most one second after a key was revoked, disabled, deleted or restricted, no node reports it as valid on the old terms. `stale` is true when the database is unreachable and the decision was made from the key cache. Every verification counts towards the key's usage, and one that is otherwise valid towards its rate limit.
    ///
    /// `verifyApiKey`: POST /v1/api-keys/verify
    fn verify_api_key(
        &self,
        caller: Self::Caller,
        body: models::ApiKeyVerify,
    ) -> impl Future<Output = Result<VerifyApiKeyResponse, Self::Error>> + Send;
}

/// The responses of `forwardAuth`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum ForwardAuthResponse {
    /// The request is authorized; the headers identify the key.
    Ok(super::responses::Authorized),
    /// The request has no credentials, or invalid ones.
    Unauthorized(super::responses::Unauthorized),
    /// The credential lacks a scope, or may not do this.
    Forbidden(super::responses::Forbidden),
    /// The key's rate limit is exceeded.
    TooManyRequests(super::responses::RateLimited),
}

impl Respond for ForwardAuthResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok(response) => response.respond(),
            Self::Unauthorized(response) => response.respond(),
            Self::Forbidden(response) => response.respond(),
            Self::TooManyRequests(response) => response.respond(),
        }
    }
}

/// The responses of `introspectToken`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum IntrospectTokenResponse {
    /// The introspection response (RFC 7662, section 2.2).
    Ok(models::TokenIntrospection),
}

impl Respond for IntrospectTokenResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok(body) => types::content(StatusCode::OK, "application/json", &body),
        }
    }
}

/// The responses of `projectForwardAuth`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum ProjectForwardAuthResponse {
    /// The request is authorized; the headers identify the key.
    Ok(super::responses::Authorized),
    /// The request has no credentials, or invalid ones.
    Unauthorized(super::responses::Unauthorized),
    /// The credential lacks a scope, or may not do this.
    Forbidden(super::responses::Forbidden),
    /// The key's rate limit is exceeded.
    TooManyRequests(super::responses::RateLimited),
}

impl Respond for ProjectForwardAuthResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok(response) => response.respond(),
            Self::Unauthorized(response) => response.respond(),
            Self::Forbidden(response) => response.respond(),
            Self::TooManyRequests(response) => response.respond(),
        }
    }
}

/// The responses of `verifyApiKey`; those of the hooks come from [`super::ErrorResponse`].
#[must_use]
pub enum VerifyApiKeyResponse {
    /// The decision.
    Ok {
        /// The content.
        body: models::ApiKeyVerification,
        /// What remains of the key's rate limit as `"key";r=…;t=…`: requests, and seconds until the limit is fully available again; absent if the key has no rate limit.
        rate_limit: Option<String>,
        /// The key's rate limit as `"key";q=…;w=…`, requests in a window of seconds; absent if the key has none.
        rate_limit_policy: Option<String>,
    },
    /// Validation Error.
    UnprocessableContent(super::responses::ValidationError),
}

impl Respond for VerifyApiKeyResponse {
    fn respond(self) -> Result<Response, ResponseError> {
        match self {
            Self::Ok { body, rate_limit, rate_limit_policy } => {
                let mut response = types::content(StatusCode::OK, "application/json", &body)?;
                types::set_header(&mut response, "ratelimit", rate_limit)?;
                types::set_header(&mut response, "ratelimit-policy", rate_limit_policy)?;
                Ok(response)
            }
            Self::UnprocessableContent(response) => response.respond(),
        }
    }
}
