//! The operations on the status, policy and usage of a key.

use chrono::TimeDelta;
use http::StatusCode;
use latchkey_api::{
    apis::lifecycle::{
        DisableApiKeyResponse, EnableApiKeyResponse, GetApiKeyPolicyResponse, GetApiKeyUsageResponse, Lifecycle,
        RevokeApiKeyResponse, RotateApiKeyResponse, SetApiKeyPolicyResponse,
    },
    models, types,
};

use super::{
    ApiError, Service,
    etag::parse_if_match,
    problem::problem_model,
    responses::{KeyResponse, etag_header, key_not_found, key_revoked, location, precondition_failed},
    validation,
};
use crate::{
    keys::{
        disable::{self, disable},
        enable::{self, enable},
        get::get,
        revoke::revoke,
        rotate::{self, rotate},
        set_policy::{self, set_policy},
        usage::usage,
    },
    model::{
        Caller, Error, Policy, PolicyError, RateLimit,
        policy::{parse_networks, parse_scopes},
    },
};

impl Lifecycle for Service {
    async fn disable_api_key(&self, caller: Caller, item_id: i64) -> Result<DisableApiKeyResponse, ApiError> {
        Ok(match disable(&self.store, &self.env, &caller, item_id).await? {
            disable::Outcome::Disabled(key) => {
                let KeyResponse { body, e_tag, link } = KeyResponse::new(*key, None, self.env.clock.now())?;
                DisableApiKeyResponse::Status200 { body, e_tag, link }
            }
            disable::Outcome::NotFound => DisableApiKeyResponse::Status404(key_not_found()),
            disable::Outcome::Revoked => DisableApiKeyResponse::Status409(key_revoked()),
        })
    }

    async fn enable_api_key(&self, caller: Caller, item_id: i64) -> Result<EnableApiKeyResponse, ApiError> {
        Ok(match enable(&self.store, &self.env, &caller, item_id).await? {
            enable::Outcome::Enabled(key) => {
                let KeyResponse { body, e_tag, link } = KeyResponse::new(*key, None, self.env.clock.now())?;
                EnableApiKeyResponse::Status200 { body, e_tag, link }
            }
            enable::Outcome::NotFound => EnableApiKeyResponse::Status404(key_not_found()),
            enable::Outcome::Revoked => EnableApiKeyResponse::Status409(key_revoked()),
        })
    }

    async fn revoke_api_key(
        &self,
        caller: Caller,
        item_id: i64,
        body: models::ApiKeyRevoke,
    ) -> Result<RevokeApiKeyResponse, ApiError> {
        Ok(match revoke(&self.store, &self.env, &caller, item_id, body.reason.flatten()).await? {
            Some(key) => {
                let KeyResponse { body, e_tag, link } = KeyResponse::new(key, None, self.env.clock.now())?;
                RevokeApiKeyResponse::Status200 { body, e_tag, link }
            }
            None => RevokeApiKeyResponse::Status404(key_not_found()),
        })
    }

    async fn rotate_api_key(
        &self,
        caller: Caller,
        item_id: i64,
        idempotency_key: Option<String>,
        body: models::ApiKeyRotate,
    ) -> Result<RotateApiKeyResponse, ApiError> {
        if let Some(error) = validation::empty_idempotency_key(idempotency_key.as_deref()) {
            return Ok(RotateApiKeyResponse::Status422(error));
        }
        let grace_period = TimeDelta::seconds(body.overlap_seconds.unwrap_or_default());
        let Self { store, issuer, env, .. } = self;
        let idempotency_key = idempotency_key.as_deref();
        Ok(match rotate(store, issuer, env, &caller, item_id, grace_period, idempotency_key).await? {
            rotate::Outcome::Rotated(key, secret) => {
                let location = location(&key)?;
                let KeyResponse { body, e_tag, link } = KeyResponse::new(*key, Some(secret), self.env.clock.now())?;
                RotateApiKeyResponse::Status201 { body, location, e_tag, link }
            }
            rotate::Outcome::NotFound => RotateApiKeyResponse::Status404(key_not_found()),
            rotate::Outcome::NotRotatable => RotateApiKeyResponse::Status409(problem_model(
                StatusCode::CONFLICT,
                "Only an active or pending API key that was not rotated or changed meanwhile can be rotated.",
            )),
            rotate::Outcome::IdempotencyKeyReused => {
                RotateApiKeyResponse::Status422(validation::idempotency_key_reused())
            }
        })
    }

    async fn get_api_key_policy(&self, caller: Caller, item_id: i64) -> Result<GetApiKeyPolicyResponse, ApiError> {
        Ok(match get(&self.store, &caller, item_id).await? {
            Some(key) => GetApiKeyPolicyResponse::Status200 {
                e_tag: etag_header(&key, self.env.clock.now())?,
                body: policy_model(key.policy),
            },
            None => GetApiKeyPolicyResponse::Status404(key_not_found()),
        })
    }

    async fn set_api_key_policy(
        &self,
        caller: Caller,
        item_id: i64,
        if_match: Option<String>,
        body: models::ApiKeyPolicy,
    ) -> Result<SetApiKeyPolicyResponse, ApiError> {
        let policy = match parse_policy(body)? {
            Ok(policy) => policy,
            Err(error) => return Ok(SetApiKeyPolicyResponse::Status422(validation::policy_error(error))),
        };
        let precondition = parse_if_match(if_match.as_deref());
        Ok(match set_policy(&self.store, &self.env, &caller, item_id, &precondition, policy).await? {
            set_policy::Outcome::Set(key) => SetApiKeyPolicyResponse::Status200 {
                e_tag: etag_header(&key, self.env.clock.now())?,
                body: policy_model(key.policy),
            },
            set_policy::Outcome::NotFound => SetApiKeyPolicyResponse::Status404(key_not_found()),
            set_policy::Outcome::Revoked => SetApiKeyPolicyResponse::Status409(key_revoked()),
            set_policy::Outcome::PreconditionFailed => SetApiKeyPolicyResponse::Status412(precondition_failed()),
        })
    }

    async fn get_api_key_usage(&self, caller: Caller, item_id: i64) -> Result<GetApiKeyUsageResponse, ApiError> {
        Ok(match usage(&self.store, &caller, item_id).await? {
            Some(usage) => GetApiKeyUsageResponse::Status200(models::ApiKeyUsage {
                key_id: item_id,
                valid_count: usage.valid,
                refused_count: usage.invalid,
                last_used_at: usage.last_used_at.map(types::DateTime),
            }),
            None => GetApiKeyUsageResponse::Status404(key_not_found()),
        })
    }
}

fn policy_model(policy: Policy) -> models::ApiKeyPolicy {
    models::ApiKeyPolicy {
        scopes: Some(policy.scopes),
        networks: Some(
            policy.networks.map(|networks| networks.into_iter().map(|network| network.to_string()).collect()),
        ),
        not_before: Some(policy.not_before.map(types::DateTime)),
        rate_limit: Some(
            policy
                .rate_limit
                .map(|limit| models::RateLimit { requests: limit.requests.into(), seconds: limit.seconds.into() }),
        ),
    }
}

/// The policy of a body whose rate limit the contract has already limited.
fn parse_policy(model: models::ApiKeyPolicy) -> Result<Result<Policy, PolicyError>, Error> {
    let rate_limit = match model.rate_limit.flatten() {
        None => None,
        Some(limit) => Some(RateLimit {
            requests: u32::try_from(limit.requests).map_err(Error::internal)?,
            seconds: u32::try_from(limit.seconds).map_err(Error::internal)?,
        }),
    };
    let parse = || {
        Ok(Policy {
            scopes: model.scopes.flatten().map(parse_scopes).transpose()?,
            networks: model.networks.flatten().as_deref().map(parse_networks).transpose()?,
            not_before: model.not_before.flatten().map(|time| time.0),
            rate_limit,
        })
    };
    Ok(parse())
}
