//! The operations on the policy of a key.

use latchkey_api::{
    apis::api_key_policies::{ApiKeyPolicies, GetApiKeyPolicyResponse, SetApiKeyPolicyResponse},
    models, types,
};

use super::{
    ApiError, Service,
    etag::{etag, parse_if_match},
    responses::{key_not_found, key_revoked, precondition_failed},
    validation,
};
use crate::{
    keys::{get::get, mutation::Outcome, set_policy::set_policy},
    model::{
        Caller, Error, Policy, PolicyError, RateLimit,
        policy::{parse_networks, parse_scopes},
    },
};

impl ApiKeyPolicies for Service {
    async fn get_api_key_policy(&self, caller: Caller, item_id: i64) -> Result<GetApiKeyPolicyResponse, ApiError> {
        Ok(match get(&self.store, &self.env, &caller, item_id).await? {
            Some(key) => {
                GetApiKeyPolicyResponse::Ok { etag: etag(&key, self.env.clock.now()), body: policy_model(key.policy) }
            }
            None => GetApiKeyPolicyResponse::NotFound(key_not_found()),
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
            Err(error) => {
                return Ok(SetApiKeyPolicyResponse::UnprocessableContent(validation::policy_error(&["body"], error)));
            }
        };
        let precondition = parse_if_match(if_match.as_deref());
        Ok(match set_policy(&self.store, &self.env, &caller, item_id, &precondition, policy).await? {
            Outcome::Done(key) => {
                SetApiKeyPolicyResponse::Ok { etag: etag(&key, self.env.clock.now()), body: policy_model(key.policy) }
            }
            Outcome::NotFound => SetApiKeyPolicyResponse::NotFound(key_not_found()),
            Outcome::Revoked(_) => SetApiKeyPolicyResponse::Conflict(key_revoked()),
            Outcome::PreconditionFailed => SetApiKeyPolicyResponse::PreconditionFailed(precondition_failed("API key")),
        })
    }
}

fn policy_model(policy: Policy) -> models::ApiKeyPolicyRead {
    let networks = policy.networks.map(|networks| networks.iter().map(ToString::to_string).collect());
    let rate_limit = policy.rate_limit.map(rate_limit_model);
    models::ApiKeyPolicyRead {
        scopes: policy.scopes,
        networks,
        not_before: policy.not_before.map(types::DateTime),
        rate_limit,
    }
}

pub(super) fn rate_limit_model(limit: RateLimit) -> models::RateLimitRead {
    models::RateLimitRead { requests: limit.requests.into(), seconds: limit.seconds.into() }
}

/// The rate limit of a body, which the contract has limited to what fits.
pub(super) fn parse_rate_limit(limit: models::RateLimit) -> Result<RateLimit, Error> {
    Ok(RateLimit {
        requests: u32::try_from(limit.requests).map_err(Error::internal)?,
        seconds: u32::try_from(limit.seconds).map_err(Error::internal)?,
    })
}

/// The policy of a body.
pub(super) fn parse_policy(model: models::ApiKeyPolicy) -> Result<Result<Policy, PolicyError>, Error> {
    let rate_limit = model.rate_limit.flatten().map(parse_rate_limit).transpose()?;
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
