//! The operations that verify keys, and the one that revokes a key for whoever holds it (RFC 7662 and RFC 7009).

use std::{net::IpAddr, time::Duration};

use http::{HeaderValue, StatusCode, request::Parts};
use latchkey_api::{
    apis::verification::{
        ForwardAuthResponse, IntrospectTokenResponse, RevokeTokenResponse, Verification as VerificationApi,
        VerifyApiKeyResponse,
    },
    models, types,
};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::{
    ApiError, Service, client_ip,
    credentials::{SingleHeader, forwarded_key},
    problem::problem_model,
    validation::{policy_error, validation_error},
};
use crate::{
    keys::revoke_by_token::revoke_by_token,
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
            Err(error) => return Ok(VerifyApiKeyResponse::Status422(policy_error(error))),
        };
        let client_ip = match body.ip.flatten().map(|ip| ip.parse::<IpAddr>()).transpose() {
            Ok(ip) => ip,
            Err(_) => {
                let msg = "value is not a valid IPv4 or IPv6 address";
                return Ok(VerifyApiKeyResponse::Status422(validation_error(
                    &["body", "ip"],
                    None,
                    "ip_any_address",
                    msg,
                )));
            }
        };
        let request = VerificationRequest { scopes: &scopes, client_ip };
        let verification = verify(&self.verifier, &body.key, &request).await?;
        let key = verification.valid_key();
        let (rate_limit, rate_limit_policy) = rate_limit_headers(verification.rate_limit)?;
        Ok(VerifyApiKeyResponse::Status200 {
            rate_limit,
            rate_limit_policy,
            body: models::ApiKeyVerification {
                valid: key.is_some(),
                code: code_model(verification.code),
                stale: verification.is_stale(),
                key_id: key.map(|key| key.id),
                user_id: key.map(|key| key.user_id),
                username: key.map(|key| key.username.to_string()),
                scopes: key.and_then(|key| key.policy().scopes.clone()),
                expires_at: key.and_then(|key| key.state.expires_at).map(types::DateTime),
            },
        })
    }

    async fn introspect_token(
        &self,
        _caller: Caller,
        body: models::IntrospectionRequest,
    ) -> Result<IntrospectTokenResponse, ApiError> {
        let verification = verify(&self.verifier, &body.token, &VerificationRequest::default()).await?;
        let stale = verification.is_stale().then_some(true);
        Ok(IntrospectTokenResponse::Status200(match verification.valid_key() {
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
        request: Parts,
        query: models::ForwardAuthQuery,
    ) -> Result<ForwardAuthResponse, ApiError> {
        let text = match forwarded_key(&request.headers) {
            SingleHeader::Value(text) => text,
            SingleHeader::Missing => return Err(ApiError::MissingCredentials),
            SingleHeader::Invalid => {
                return Err(ApiError::InvalidKey("Send one API key, in X-API-Key or as a bearer token."));
            }
        };
        let scopes = query.scope.unwrap_or_default();
        let scopes: Vec<String> = scopes.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect();
        let verification_request = VerificationRequest { scopes: &scopes, client_ip: client_ip(&request) };
        let verification = verify(&self.verifier, text, &verification_request).await?;
        let (rate_limit, rate_limit_policy) = rate_limit_headers(verification.rate_limit)?;
        let Some(key) = verification.valid_key() else {
            return deny(&verification, scopes, rate_limit, rate_limit_policy);
        };
        let username = utf8_percent_encode(&key.username, HEADER_VALUE_ESCAPES).to_string();
        Ok(ForwardAuthResponse::Status200 {
            x_latchkey_key_id: HeaderValue::from(key.id),
            x_latchkey_user_id: HeaderValue::from(key.user_id),
            x_latchkey_username: HeaderValue::try_from(username).map_err(ApiError::internal)?,
            x_latchkey_scopes: HeaderValue::try_from(scope_list(key).unwrap_or_else(|| "*".to_owned()))
                .map_err(ApiError::internal)?,
            x_latchkey_stale: verification.is_stale().then(|| HeaderValue::from_static("true")),
            rate_limit,
            rate_limit_policy,
        })
    }

    async fn revoke_token(
        &self,
        request: Parts,
        body: models::RevocationRequest,
    ) -> Result<RevokeTokenResponse, ApiError> {
        let client_ip = client_ip(&request);
        revoke_by_token(&self.store, self.issuer.peppers(), &self.env, &body.token, client_ip).await?;
        Ok(RevokeTokenResponse::Status200)
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
fn deny(
    verification: &Verification,
    scopes: Vec<String>,
    rate_limit: Option<HeaderValue>,
    rate_limit_policy: Option<HeaderValue>,
) -> Result<ForwardAuthResponse, ApiError> {
    let detail = match verification.code {
        VerificationCode::InsufficientScope => return Err(ApiError::InsufficientScope(scopes)),
        VerificationCode::NetworkNotAllowed => return Err(ApiError::NetworkNotAllowed),
        VerificationCode::RateLimited => {
            let retry_after = verification.rate_limit.and_then(|state| state.retry_after).unwrap_or_default();
            return Ok(ForwardAuthResponse::Status429 {
                body: problem_model(
                    StatusCode::TOO_MANY_REQUESTS,
                    "The API key is over its rate limit. Wait, then try again.",
                ),
                retry_after: HeaderValue::from(seconds_rounded_up(retry_after)),
                rate_limit,
                rate_limit_policy,
            });
        }
        VerificationCode::Pending => "The API key is not valid yet.",
        VerificationCode::Disabled => "The API key is disabled.",
        VerificationCode::Revoked => "The API key is revoked.",
        VerificationCode::Expired => "The API key is expired.",
        VerificationCode::PrincipalDisabled => "The user of the API key is disabled.",
        VerificationCode::NotFound | VerificationCode::Valid => "The API key is invalid.",
    };
    Err(ApiError::InvalidKey(detail))
}

/// `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10).
fn rate_limit_headers(state: Option<RateLimitState>) -> Result<(Option<HeaderValue>, Option<HeaderValue>), ApiError> {
    let Some(RateLimitState { limit, remaining, reset_after, .. }) = state else {
        return Ok((None, None));
    };
    let state = format!("\"key\";r={remaining};t={}", seconds_rounded_up(reset_after));
    let policy = format!("\"key\";q={};w={}", limit.requests, limit.seconds);
    let value = |text: String| HeaderValue::try_from(text).map(Some).map_err(ApiError::internal);
    Ok((value(state)?, value(policy)?))
}

fn seconds_rounded_up(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

fn code_model(code: VerificationCode) -> models::ApiKeyVerificationCode {
    match code {
        VerificationCode::Valid => models::ApiKeyVerificationCode::Valid,
        VerificationCode::NotFound => models::ApiKeyVerificationCode::NotFound,
        VerificationCode::Pending => models::ApiKeyVerificationCode::Pending,
        VerificationCode::Disabled => models::ApiKeyVerificationCode::Disabled,
        VerificationCode::Revoked => models::ApiKeyVerificationCode::Revoked,
        VerificationCode::Expired => models::ApiKeyVerificationCode::Expired,
        VerificationCode::PrincipalDisabled => models::ApiKeyVerificationCode::OwnerDisabled,
        VerificationCode::NetworkNotAllowed => models::ApiKeyVerificationCode::NetworkNotAllowed,
        VerificationCode::InsufficientScope => models::ApiKeyVerificationCode::InsufficientScope,
        VerificationCode::RateLimited => models::ApiKeyVerificationCode::RateLimited,
    }
}
