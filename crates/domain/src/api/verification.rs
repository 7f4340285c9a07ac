//! The operations that verify keys: for back ends, for gateways, and as token introspection (RFC 7662).

use std::{net::IpAddr, time::Duration};

use http::StatusCode;
use latchkey_api::{
    apis::{
        Credentials, responses,
        verification::{
            ForwardAuthResponse, IntrospectTokenResponse, ProjectForwardAuthResponse, Verification as VerificationApi,
            VerifyApiKeyResponse,
        },
    },
    models, types,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{
    ApiError, Attribution, RequestContext, Service,
    problem::{self, ProblemCode},
    validation::policy_error,
};
use crate::{
    model::{Caller, KeySnapshot, Metadata, policy::parse_scopes, project::DEFAULT_PROJECT_SLUG},
    verification::{
        evaluate::{VerificationCode, VerificationRequest},
        rate_limit::RateLimitState,
        verify::{Reach, Verification, verify},
    },
};

/// What is percent-encoded in a header value: all but the unreserved characters of RFC 3986, section 2.3, so that no value has a
/// meaning of its own wherever a gateway puts it.
const HEADER_VALUE_ESCAPES: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl VerificationApi for Service {
    async fn verify_api_key(
        &self,
        caller: Caller,
        body: models::ApiKeyVerify,
    ) -> Result<VerifyApiKeyResponse, ApiError> {
        let scopes = match body.scopes.flatten().map(parse_scopes).transpose() {
            Ok(scopes) => scopes.unwrap_or_default(),
            Err(error) => return Ok(VerifyApiKeyResponse::UnprocessableContent(policy_error(&["body"], error))),
        };
        // The contract has checked its format.
        let client_ip = body.ip.flatten().map(|ip| ip.parse::<IpAddr>()).transpose().map_err(ApiError::internal)?;
        let request = VerificationRequest { scopes: &scopes, client_ip };
        let verification = verify(&self.verifier, &body.key, Reach::Rights(&caller.rights), &request).await?;
        Attribution::set_verified_key(verification.key_id());
        let (key, project) = verification.valid_key().unzip();
        let retry_after = verification.rate_limit.and_then(|state| state.retry_after);
        let (rate_limit, rate_limit_policy) = rate_limit_headers(verification.rate_limit);
        Ok(VerifyApiKeyResponse::Ok {
            rate_limit,
            rate_limit_policy,
            body: models::ApiKeyVerification {
                valid: key.is_some(),
                code: verification.code.as_str().into(),
                stale: verification.is_stale(),
                unrestricted: key.is_some_and(|key| key.policy().scopes.is_none()),
                key_id: key.map(|key| key.id),
                user_id: key.map(|key| key.principal.id),
                username: key.and_then(|key| key.principal.username()).map(str::to_owned),
                project: project.map(|project| project.slug.clone()),
                owner_external_id: key.and_then(|key| key.principal.external_id()).map(str::to_owned),
                scopes: key.and_then(|key| key.policy().scopes.clone()),
                expires_at: key.and_then(|key| key.state.expires_at).map(types::DateTime),
                metadata: key.and_then(|key| metadata_model(&key.metadata)),
                owner_metadata: key.and_then(|key| metadata_model(&key.principal.metadata)),
                retry_after_seconds: retry_after.map(seconds_rounded_up),
            },
        })
    }

    async fn introspect_token(
        &self,
        caller: Caller,
        body: models::IntrospectionRequest,
    ) -> Result<IntrospectTokenResponse, ApiError> {
        let reach = Reach::Rights(&caller.rights);
        let verification = verify(&self.verifier, &body.token, reach, &VerificationRequest::default()).await?;
        Attribution::set_verified_key(verification.key_id());
        let stale = verification.is_stale().then_some(true);
        Ok(IntrospectTokenResponse::Ok(match verification.valid_key() {
            None => INACTIVE,
            Some((key, project)) => models::TokenIntrospection {
                active: true,
                scope: scope_list(key),
                username: key.principal.username().map(str::to_owned),
                client_id: key.principal.external_id().map(str::to_owned),
                project: Some(project.slug.clone()),
                token_type: Some("Bearer".to_owned()),
                exp: key.state.expires_at.map(|time| time.timestamp()),
                iat: Some(key.created_at.timestamp()),
                nbf: key.state.not_before.map(|time| time.timestamp()),
                sub: Some(key.principal.id.to_string()),
                jti: Some(key.id.to_string()),
                stale,
            },
        }))
    }

    async fn forward_auth(
        &self,
        context: RequestContext,
        credentials: Credentials<'_>,
        query: models::ForwardAuthQuery,
    ) -> Result<ForwardAuthResponse, ApiError> {
        let decision = self.decide(&context, credentials, DEFAULT_PROJECT_SLUG, query.scope, query.metadata).await?;
        Ok(match decision {
            Decision::Authorized(authorized) => ForwardAuthResponse::Ok(authorized),
            Decision::Unauthorized(error) => ForwardAuthResponse::Unauthorized(error),
            Decision::Forbidden(error) => ForwardAuthResponse::Forbidden(error),
            Decision::TooManyRequests(error) => ForwardAuthResponse::TooManyRequests(error),
        })
    }

    async fn project_forward_auth(
        &self,
        context: RequestContext,
        credentials: Credentials<'_>,
        project: String,
        query: models::ProjectForwardAuthQuery,
    ) -> Result<ProjectForwardAuthResponse, ApiError> {
        let decision = self.decide(&context, credentials, &project, query.scope, query.metadata).await?;
        Ok(match decision {
            Decision::Authorized(authorized) => ProjectForwardAuthResponse::Ok(authorized),
            Decision::Unauthorized(error) => ProjectForwardAuthResponse::Unauthorized(error),
            Decision::Forbidden(error) => ProjectForwardAuthResponse::Forbidden(error),
            Decision::TooManyRequests(error) => ProjectForwardAuthResponse::TooManyRequests(error),
        })
    }
}

/// Whether a gateway shall let a request through.
enum Decision {
    Authorized(responses::Authorized),
    Unauthorized(responses::Unauthorized),
    Forbidden(responses::Forbidden),
    TooManyRequests(responses::RateLimited),
}

impl Service {
    /// Decides about a request with these credentials by the keys of a project.
    async fn decide(
        &self,
        context: &RequestContext,
        credentials: Credentials<'_>,
        project: &str,
        scope: Option<String>,
        metadata: Option<String>,
    ) -> Result<Decision, ApiError> {
        // X-API-Key takes precedence, because the client may need Authorization for another service.
        let text = match (credentials.api_key, credentials.bearer) {
            (Ok(Some(text)), _) | (Ok(None), Ok(Some(text))) => text,
            (Ok(None), Ok(None)) => return Ok(Decision::Unauthorized(problem::missing_credentials())),
            (Err(_), _) | (Ok(None), Err(_)) => {
                let detail = "Send one API key, in X-API-Key or as a bearer token.";
                return Ok(unauthorized(ProblemCode::InvalidCredentials, detail));
            }
        };
        let scopes = scope.unwrap_or_default();
        let scopes: Vec<String> = scopes.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect();
        let request = VerificationRequest { scopes: &scopes, client_ip: context.client_ip };
        let verification = verify(&self.verifier, text, Reach::Project(project), &request).await?;
        Attribution::set_verified_key(verification.key_id());
        let Some((key, project)) = verification.valid_key() else {
            return Ok(deny(&verification, &scopes));
        };
        let (rate_limit, rate_limit_policy) = rate_limit_headers(verification.rate_limit);
        Ok(Decision::Authorized(responses::Authorized {
            x_latchkey_key_id: key.id,
            x_latchkey_user_id: key.principal.id,
            x_latchkey_username: header_value(key.principal.username()),
            x_latchkey_project: project.slug.clone(),
            x_latchkey_owner: header_value(key.principal.external_id()),
            x_latchkey_owner_metadata: metadata.map(|names| metadata_header(&key.principal.metadata, &names)),
            x_latchkey_scopes: scope_list(key).unwrap_or_else(|| "*".to_owned()),
            x_latchkey_stale: verification.is_stale().then(|| "true".to_owned()),
            ratelimit: rate_limit,
            ratelimit_policy: rate_limit_policy,
        }))
    }
}

/// The response about every token that is not active, whatever the reason (RFC 7662, section 2.2).
const INACTIVE: models::TokenIntrospection = models::TokenIntrospection {
    active: false,
    scope: None,
    username: None,
    client_id: None,
    project: None,
    token_type: None,
    exp: None,
    iat: None,
    nbf: None,
    sub: None,
    jti: None,
    stale: None,
};

/// Metadata in a verification; absent if there is none.
fn metadata_model(metadata: &Metadata) -> Option<types::StringMap> {
    (!metadata.is_empty()).then(|| types::StringMap(metadata.clone().into()))
}

/// Those of the names that the metadata has, with their values.
fn metadata_header(metadata: &Metadata, names: &str) -> String {
    let value = |name| Some(format!("{name}={}", utf8_percent_encode(metadata.get(name)?, HEADER_VALUE_ESCAPES)));
    names.split(',').filter_map(value).collect::<Vec<_>>().join("&")
}

/// A name as the value of a header; empty if there is none.
fn header_value(name: Option<&str>) -> String {
    name.map(|name| utf8_percent_encode(name, HEADER_VALUE_ESCAPES).to_string()).unwrap_or_default()
}

/// The scopes of a key, separated by spaces; `None` if its policy has none.
fn scope_list(key: &KeySnapshot) -> Option<String> {
    key.policy().scopes.as_ref().map(|scopes| scopes.join(" "))
}

/// 401 for an invalid key, 403 for one that does not permit the request, 429 for one over its rate limit.
fn deny(verification: &Verification, scopes: &[String]) -> Decision {
    match verification.code {
        VerificationCode::InsufficientScope => Decision::Forbidden(problem::insufficient_scope(scopes)),
        VerificationCode::NetworkNotAllowed => Decision::Forbidden(problem::forbidden(
            ProblemCode::NetworkNotAllowed,
            "The API key may not be used from this address.",
        )),
        VerificationCode::RateLimited => {
            let (rate_limit, rate_limit_policy) = rate_limit_headers(verification.rate_limit);
            let retry_after = verification.rate_limit.and_then(|state| state.retry_after).unwrap_or_default();
            Decision::TooManyRequests(responses::RateLimited {
                body: problem::problem(
                    StatusCode::TOO_MANY_REQUESTS,
                    ProblemCode::RateLimited,
                    "The API key is over its rate limit. Wait, then try again.",
                ),
                retry_after: seconds_rounded_up(retry_after),
                ratelimit: rate_limit,
                ratelimit_policy: rate_limit_policy,
            })
        }
        VerificationCode::Pending => unauthorized(ProblemCode::KeyPending, "The API key is not valid yet."),
        VerificationCode::Disabled => unauthorized(ProblemCode::KeyDisabled, "The API key is disabled."),
        VerificationCode::Revoked => unauthorized(ProblemCode::KeyRevoked, "The API key is revoked."),
        VerificationCode::Expired => unauthorized(ProblemCode::KeyExpired, "The API key is expired."),
        VerificationCode::PrincipalDisabled => {
            unauthorized(ProblemCode::PrincipalDisabled, "The principal that the API key belongs to is disabled.")
        }
        VerificationCode::ProjectDisabled => {
            unauthorized(ProblemCode::ProjectDisabled, "The project of the API key is disabled.")
        }
        VerificationCode::NotFound | VerificationCode::Valid => {
            unauthorized(ProblemCode::InvalidCredentials, "The API key is invalid.")
        }
    }
}

fn unauthorized(code: ProblemCode, detail: &str) -> Decision {
    Decision::Unauthorized(problem::unauthorized(code, detail))
}

/// `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10).
fn rate_limit_headers(state: Option<RateLimitState>) -> (Option<String>, Option<String>) {
    let Some(RateLimitState { limit, remaining, reset_after, .. }) = state else {
        return (None, None);
    };
    let state = format!("\"key\";r={remaining};t={}", seconds_rounded_up(reset_after));
    let policy = format!("\"key\";q={};w={}", limit.requests, limit.seconds);
    (Some(state), Some(policy))
}

/// As `Retry-After` has it.
pub(super) fn seconds_rounded_up(duration: Duration) -> i64 {
    let seconds = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use strum::VariantArray;

    use super::*;

    #[test]
    fn the_contract_lists_every_code() {
        let contract: serde_json::Value = serde_json::from_str(crate::CONTRACT).unwrap();
        let code = &contract["components"]["schemas"]["APIKeyVerification"]["properties"]["code"];
        let codes: Vec<&str> = VerificationCode::VARIANTS.iter().map(|code| code.as_str()).collect();
        assert_eq!(code["x-extensible-enum"], serde_json::json!(codes));
    }

    #[test]
    fn seconds_are_rounded_up() {
        for (millis, seconds) in [(0, 0), (1, 1), (1000, 1), (1001, 2)] {
            assert_eq!(seconds_rounded_up(Duration::from_millis(millis)), seconds);
        }
    }
}
