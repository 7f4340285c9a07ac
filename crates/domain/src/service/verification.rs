//! The operations that ask whether a key is good, as the contract and RFC 7662 and 7009 have them.

use std::net::IpAddr;

use http::{HeaderValue, StatusCode, request::Parts};
use latchkey_api::{
    apis::verification::{
        ForwardAuthResponse, IntrospectTokenResponse, RevokeTokenResponse, Verification as Operations,
        VerifyApiKeyResponse,
    },
    models, types,
};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::{Service, client_address, records};
use crate::{
    answers,
    error::Failure,
    identity::Caller,
    keys::{policy::read_scopes, revoke_held::revoke_held},
    verification::{
        forwarded::{Forwarded, forwarded_key},
        judge::{Code, Question},
        known_key::KnownKey,
        rate_limit::RateState,
        verify::{Verification, verify},
    },
};

/// What may not stand in a header's value as it is, or is the sign of what was replaced.
const NOT_VISIBLE: &AsciiSet = &CONTROLS.add(b' ').add(b'%');

impl Operations for Service {
    async fn verify_api_key(
        &self,
        _caller: Caller,
        body: models::ApiKeyVerify,
    ) -> Result<VerifyApiKeyResponse, Failure> {
        let scopes = match body.scopes.flatten().map(read_scopes).transpose() {
            Ok(scopes) => scopes.unwrap_or_default(),
            Err(fault) => return Ok(VerifyApiKeyResponse::Status422(super::lifecycle::policy_fault(fault))),
        };
        let address = match body.ip.flatten().map(|ip| ip.parse::<IpAddr>()).transpose() {
            Ok(address) => address,
            Err(_) => {
                let msg = "value is not a valid IPv4 or IPv6 address";
                return Ok(VerifyApiKeyResponse::Status422(records::fault(
                    &["body", "ip"],
                    None,
                    "ip_any_address",
                    msg,
                )));
            }
        };
        let verification = self.verify(&body.key, &Question { scopes: &scopes, address }).await?;
        let valid = verification.valid();
        let (rate_limit, rate_limit_policy) = rate_headers(verification.rate)?;
        Ok(VerifyApiKeyResponse::Status200 {
            rate_limit,
            rate_limit_policy,
            body: models::ApiKeyVerification {
                valid: valid.is_some(),
                code: code_model(verification.code),
                stale: verification.is_stale(),
                key_id: valid.map(|key| key.id),
                user_id: valid.map(|key| key.user_id),
                username: valid.map(|key| key.username.to_string()),
                scopes: valid.and_then(|key| key.policy().scopes.clone()),
                expires_at: valid.and_then(|key| key.validity.expires_at).map(types::DateTime),
            },
        })
    }

    async fn introspect_token(
        &self,
        _caller: Caller,
        body: models::IntrospectionRequest,
    ) -> Result<IntrospectTokenResponse, Failure> {
        let verification = self.verify(&body.token, &Question::default()).await?;
        let stale = verification.is_stale().then_some(true);
        Ok(IntrospectTokenResponse::Status200(match verification.valid() {
            None => INACTIVE,
            Some(key) => models::TokenIntrospection {
                active: true,
                scope: Some(scope_text(key).unwrap_or_else(|| key.role.scopes().to_string())),
                username: Some(key.username.to_string()),
                token_type: Some("Bearer".to_owned()),
                exp: key.validity.expires_at.map(|time| time.timestamp()),
                iat: Some(key.created_at.timestamp()),
                nbf: key.validity.not_before.map(|time| time.timestamp()),
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
    ) -> Result<ForwardAuthResponse, Failure> {
        let text = match forwarded_key(&request.headers) {
            Forwarded::Key(text) => text,
            Forwarded::Missing => return Err(Failure::KeyMissing),
            Forwarded::Unreadable => {
                return Err(Failure::KeyRefused("Send one key, in X-API-Key or as a bearer token."));
            }
        };
        let scopes = query.scope.unwrap_or_default();
        let scopes: Vec<String> = scopes.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect();
        let question = Question { scopes: &scopes, address: client_address(&request) };
        let verification = self.verify(text, &question).await?;
        let (rate_limit, rate_limit_policy) = rate_headers(verification.rate)?;
        let Some(key) = verification.valid() else {
            return refuse(&verification, scopes, rate_limit, rate_limit_policy);
        };
        let username = utf8_percent_encode(&key.username, NOT_VISIBLE).to_string();
        Ok(ForwardAuthResponse::Status200 {
            x_latchkey_key_id: HeaderValue::from(key.id),
            x_latchkey_user_id: HeaderValue::from(key.user_id),
            x_latchkey_username: HeaderValue::try_from(username).map_err(Failure::internal)?,
            x_latchkey_scopes: HeaderValue::try_from(scope_text(key).unwrap_or_else(|| "*".to_owned()))
                .map_err(Failure::internal)?,
            x_latchkey_stale: verification.is_stale().then(|| HeaderValue::from_static("true")),
            rate_limit,
            rate_limit_policy,
        })
    }

    async fn revoke_token(
        &self,
        request: Parts,
        body: models::RevocationRequest,
    ) -> Result<RevokeTokenResponse, Failure> {
        let Self { store, maker, surroundings, .. } = self;
        let revoked = revoke_held(store, &maker.peppers, surroundings, &body.token, client_address(&request)).await?;
        if let Some(id) = revoked {
            self.note_changed(id);
        }
        Ok(RevokeTokenResponse::Status200)
    }
}

impl Service {
    async fn verify(&self, text: &str, question: &Question<'_>) -> Result<Verification, Failure> {
        let Self { verifier, store, maker, surroundings, .. } = self;
        verify(verifier, store, &maker.peppers, surroundings, text, question).await
    }
}

/// Exactly this, whatever the reason (RFC 7662, section 2.2).
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

/// The scopes of a key that is narrowed.
fn scope_text(key: &KnownKey) -> Option<String> {
    key.policy().scopes.as_ref().map(|scopes| scopes.join(" "))
}

/// 401 for a key that is not good, 403 for one that may not do this, 429 for one that did it too often.
fn refuse(
    verification: &Verification,
    scopes: Vec<String>,
    rate_limit: Option<HeaderValue>,
    rate_limit_policy: Option<HeaderValue>,
) -> Result<ForwardAuthResponse, Failure> {
    let detail = match verification.code {
        Code::InsufficientScope => return Err(Failure::ScopeMissing(scopes)),
        Code::NetworkNotAllowed => return Err(Failure::NetworkNotAllowed),
        Code::RateLimited => {
            let wait = verification.rate.and_then(|rate| rate.retry_in).unwrap_or_default();
            return Ok(ForwardAuthResponse::Status429 {
                body: answers::problem_model(
                    StatusCode::TOO_MANY_REQUESTS,
                    "The key was used too often. Wait a little.",
                ),
                retry_after: HeaderValue::from(seconds_rounded_up(wait)),
                rate_limit,
                rate_limit_policy,
            });
        }
        Code::Pending => "The key is not good yet.",
        Code::Disabled => "The key is switched off.",
        Code::Revoked => "The key is revoked.",
        Code::Expired => "The key has expired.",
        Code::OwnerDisabled => "The key's owner is disabled.",
        Code::NotFound | Code::Valid => "The key is not good.",
    };
    Err(Failure::KeyRefused(detail))
}

/// `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10).
fn rate_headers(rate: Option<RateState>) -> Result<(Option<HeaderValue>, Option<HeaderValue>), Failure> {
    let Some(RateState { limit, remaining, full_in, .. }) = rate else {
        return Ok((None, None));
    };
    let state = format!("\"key\";r={remaining};t={}", seconds_rounded_up(full_in));
    let policy = format!("\"key\";q={};w={}", limit.requests, limit.seconds);
    let value = |text: String| HeaderValue::try_from(text).map(Some).map_err(Failure::internal);
    Ok((value(state)?, value(policy)?))
}

fn seconds_rounded_up(duration: std::time::Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

fn code_model(code: Code) -> models::ApiKeyVerificationCode {
    match code {
        Code::Valid => models::ApiKeyVerificationCode::Valid,
        Code::NotFound => models::ApiKeyVerificationCode::NotFound,
        Code::Pending => models::ApiKeyVerificationCode::Pending,
        Code::Disabled => models::ApiKeyVerificationCode::Disabled,
        Code::Revoked => models::ApiKeyVerificationCode::Revoked,
        Code::Expired => models::ApiKeyVerificationCode::Expired,
        Code::OwnerDisabled => models::ApiKeyVerificationCode::OwnerDisabled,
        Code::NetworkNotAllowed => models::ApiKeyVerificationCode::NetworkNotAllowed,
        Code::InsufficientScope => models::ApiKeyVerificationCode::InsufficientScope,
        Code::RateLimited => models::ApiKeyVerificationCode::RateLimited,
    }
}
