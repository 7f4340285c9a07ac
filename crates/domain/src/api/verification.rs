//! The operations that verify keys: for back ends, for gateways, and as token introspection (RFC 7662).

use std::{net::IpAddr, time::Duration};

use http::StatusCode;
use latchkey_api::{
    apis::{
        Credentials, responses,
        verification::{
            ForwardAuthResponse, IntrospectTokenResponse, Verification as VerificationApi, VerifyApiKeyResponse,
        },
    },
    models, types,
};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::{
    ApiError, Attribution, RequestContext, Service,
    problem::{self, ProblemCode},
    validation::policy_error,
};
use crate::{
    model::{Caller, KeySnapshot, policy::parse_scopes},
    verification::{
        evaluate::{VerificationCode, VerificationRequest},
        rate_limit::RateLimitState,
        verify::{Verification, verify},
    },
};

/// What is percent-encoded in a header value: what is not visible, and the escape itself.
const HEADER_VALUE_ESCAPES: &AsciiSet = &CONTROLS.add(b' ').add(b'%');

impl VerificationApi for Service {
    async fn verify_api_key(
        &self,
        _caller: Caller,
        body: models::ApiKeyVerify,
    ) -> Result<VerifyApiKeyResponse, ApiError> {
        let scopes = match body.scopes.flatten().map(parse_scopes).transpose() {
            Ok(scopes) => scopes.unwrap_or_default(),
            Err(error) => return Ok(VerifyApiKeyResponse::UnprocessableContent(policy_error(&["body"], error))),
        };
        // The contract has checked its format.
        let client_ip = body.ip.flatten().map(|ip| ip.parse::<IpAddr>()).transpose().map_err(ApiError::internal)?;
        let request = VerificationRequest { scopes: &scopes, client_ip };
        let verification = verify(&self.verifier, &body.key, &request).await?;
        Attribution::set_verified_key(verification.key_id());
        let key = verification.valid_key();
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
                user_id: key.map(|key| key.user_id),
                username: key.map(|key| key.username.to_string()),
                scopes: key.and_then(|key| key.policy().scopes.clone()),
                expires_at: key.and_then(|key| key.state.expires_at).map(types::DateTime),
                metadata: None,
                retry_after_seconds: retry_after.map(seconds_rounded_up),
            },
        })
    }

    async fn introspect_token(
        &self,
        _caller: Caller,
        body: models::IntrospectionRequest,
    ) -> Result<IntrospectTokenResponse, ApiError> {
        let verification = verify(&self.verifier, &body.token, &VerificationRequest::default()).await?;
        Attribution::set_verified_key(verification.key_id());
        let stale = verification.is_stale().then_some(true);
        Ok(IntrospectTokenResponse::Ok(match verification.valid_key() {
            None => INACTIVE,
            Some(key) => models::TokenIntrospection {
                active: true,
                scope: Some(scope_list(key).unwrap_or_else(|| key.role.scopes().to_string())),
                username: Some(key.username.to_string()),
                token_type: Some("Bearer".to_owned()),
                exp: key.state.expires_at.map(|time| time.timestamp()),
                iat: Some(key.created_at.timestamp()),
                nbf: key.state.not_before.map(|time| time.timestamp()),
                sub: Some(key.user_id.to_string()),
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
        // X-API-Key takes precedence, because the client may need Authorization for another service.
        let text = match (credentials.api_key, credentials.bearer) {
            (Ok(Some(text)), _) | (Ok(None), Ok(Some(text))) => text,
            (Ok(None), Ok(None)) => return Ok(ForwardAuthResponse::Unauthorized(problem::missing_credentials())),
            (Err(_), _) | (Ok(None), Err(_)) => {
                let detail = "Send one API key, in X-API-Key or as a bearer token.";
                return Ok(unauthorized(ProblemCode::InvalidCredentials, detail));
            }
        };
        let scopes = query.scope.unwrap_or_default();
        let scopes: Vec<String> = scopes.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect();
        let request = VerificationRequest { scopes: &scopes, client_ip: context.client_ip };
        let verification = verify(&self.verifier, text, &request).await?;
        Attribution::set_verified_key(verification.key_id());
        let Some(key) = verification.valid_key() else {
            return Ok(deny(&verification, &scopes));
        };
        let (rate_limit, rate_limit_policy) = rate_limit_headers(verification.rate_limit);
        Ok(ForwardAuthResponse::Ok {
            x_latchkey_key_id: key.id,
            x_latchkey_user_id: key.user_id,
            x_latchkey_username: utf8_percent_encode(&key.username, HEADER_VALUE_ESCAPES).to_string(),
            x_latchkey_scopes: scope_list(key).unwrap_or_else(|| "*".to_owned()),
            x_latchkey_stale: verification.is_stale().then(|| "true".to_owned()),
            rate_limit,
            rate_limit_policy,
        })
    }
}

/// The response about every token that is not active, whatever the reason (RFC 7662, section 2.2).
const INACTIVE: models::TokenIntrospection = models::TokenIntrospection {
    active: false,
    scope: None,
    username: None,
    token_type: None,
    exp: None,
    iat: None,
    nbf: None,
    sub: None,
    jti: None,
    stale: None,
};

/// The scopes of a key, separated by spaces; `None` if its policy has none.
fn scope_list(key: &KeySnapshot) -> Option<String> {
    key.policy().scopes.as_ref().map(|scopes| scopes.join(" "))
}

/// 401 for an invalid key, 403 for one that does not permit the request, 429 for one over its rate limit.
fn deny(verification: &Verification, scopes: &[String]) -> ForwardAuthResponse {
    match verification.code {
        VerificationCode::InsufficientScope => ForwardAuthResponse::Forbidden(problem::insufficient_scope(scopes)),
        VerificationCode::NetworkNotAllowed => ForwardAuthResponse::Forbidden(problem::forbidden(
            ProblemCode::NetworkNotAllowed,
            "The API key may not be used from this address.",
        )),
        VerificationCode::RateLimited => {
            let (rate_limit, rate_limit_policy) = rate_limit_headers(verification.rate_limit);
            let retry_after = verification.rate_limit.and_then(|state| state.retry_after).unwrap_or_default();
            ForwardAuthResponse::TooManyRequests(responses::RateLimited {
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
            unauthorized(ProblemCode::PrincipalDisabled, "The user of the API key is disabled.")
        }
        VerificationCode::NotFound | VerificationCode::Valid => {
            unauthorized(ProblemCode::InvalidCredentials, "The API key is invalid.")
        }
    }
}

fn unauthorized(code: ProblemCode, detail: &str) -> ForwardAuthResponse {
    ForwardAuthResponse::Unauthorized(problem::unauthorized(code, detail))
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
