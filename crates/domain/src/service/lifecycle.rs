//! The operations on the life of a key, as the contract has them.

use chrono::TimeDelta;
use http::StatusCode;
use latchkey_api::{
    apis::lifecycle::{
        DisableApiKeyResponse, EnableApiKeyResponse, GetApiKeyPolicyResponse, GetApiKeyUsageResponse, Lifecycle,
        RevokeApiKeyResponse, RotateApiKeyResponse, SetApiKeyPolicyResponse,
    },
    models, types,
};

use super::{Service, records};
use crate::{
    answers,
    error::Failure,
    identity::Caller,
    keys::{
        etag::Precondition,
        get::get,
        lifecycle::{self, Outcome},
        policy::{MAX_ITEMS, Policy, PolicyFault, read_networks, read_scopes},
        record::KeyRecord,
        rotate::{self, rotate},
        set_policy::{self, set_policy},
    },
};

impl Lifecycle for Service {
    async fn disable_api_key(&self, caller: Caller, item_id: i64) -> Result<DisableApiKeyResponse, Failure> {
        Ok(match lifecycle::disable(&self.store, &self.surroundings, &caller, item_id).await? {
            Outcome::Done(record) => {
                let records::Answer { body, e_tag, link } = self.changed(*record)?;
                DisableApiKeyResponse::Status200 { body, e_tag, link }
            }
            Outcome::NotFound => DisableApiKeyResponse::Status404(records::no_such_key()),
            Outcome::Revoked => DisableApiKeyResponse::Status409(revoked()),
        })
    }

    async fn enable_api_key(&self, caller: Caller, item_id: i64) -> Result<EnableApiKeyResponse, Failure> {
        Ok(match lifecycle::enable(&self.store, &self.surroundings, &caller, item_id).await? {
            Outcome::Done(record) => {
                let records::Answer { body, e_tag, link } = self.changed(*record)?;
                EnableApiKeyResponse::Status200 { body, e_tag, link }
            }
            Outcome::NotFound => EnableApiKeyResponse::Status404(records::no_such_key()),
            Outcome::Revoked => EnableApiKeyResponse::Status409(revoked()),
        })
    }

    async fn revoke_api_key(
        &self,
        caller: Caller,
        item_id: i64,
        body: models::ApiKeyRevoke,
    ) -> Result<RevokeApiKeyResponse, Failure> {
        let reason = body.reason.flatten();
        Ok(match lifecycle::revoke(&self.store, &self.surroundings, &caller, item_id, reason).await? {
            Some(record) => {
                let records::Answer { body, e_tag, link } = self.changed(record)?;
                RevokeApiKeyResponse::Status200 { body, e_tag, link }
            }
            None => RevokeApiKeyResponse::Status404(records::no_such_key()),
        })
    }

    async fn rotate_api_key(
        &self,
        caller: Caller,
        item_id: i64,
        idempotency_key: Option<String>,
        body: models::ApiKeyRotate,
    ) -> Result<RotateApiKeyResponse, Failure> {
        if let Some(fault) = records::idempotency_key_empty(idempotency_key.as_deref()) {
            return Ok(RotateApiKeyResponse::Status422(fault));
        }
        let overlap = TimeDelta::seconds(body.overlap_seconds.unwrap_or_default());
        let Self { store, maker, surroundings, .. } = self;
        let rotated = rotate(store, maker, surroundings, &caller, item_id, overlap, idempotency_key.as_deref()).await?;
        Ok(match rotated {
            rotate::Outcome::Rotated(record, key) => {
                self.note_changed(item_id);
                let location = records::location(&record)?;
                let records::Answer { body, e_tag, link } = self.answer(*record, Some(key))?;
                RotateApiKeyResponse::Status201 { body, location, e_tag, link }
            }
            rotate::Outcome::NotFound => RotateApiKeyResponse::Status404(records::no_such_key()),
            rotate::Outcome::NotRotatable => RotateApiKeyResponse::Status409(answers::problem_model(
                StatusCode::CONFLICT,
                "Only a key that is active or pending, and was not rotated or changed at the same time, can be rotated.",
            )),
            rotate::Outcome::NotCovered => return Err(Failure::NotCovered),
            rotate::Outcome::IdempotencyKeyReused => RotateApiKeyResponse::Status422(records::idempotency_key_reused()),
        })
    }

    async fn get_api_key_policy(&self, caller: Caller, item_id: i64) -> Result<GetApiKeyPolicyResponse, Failure> {
        Ok(match get(&self.store, &caller, item_id).await? {
            Some(record) => {
                GetApiKeyPolicyResponse::Status200 { e_tag: self.e_tag(&record)?, body: policy_model(record.policy) }
            }
            None => GetApiKeyPolicyResponse::Status404(records::no_such_key()),
        })
    }

    async fn set_api_key_policy(
        &self,
        caller: Caller,
        item_id: i64,
        if_match: Option<String>,
        body: models::ApiKeyPolicy,
    ) -> Result<SetApiKeyPolicyResponse, Failure> {
        let policy = match read_policy(body) {
            Ok(policy) => policy,
            Err(fault) => return Ok(SetApiKeyPolicyResponse::Status422(fault)),
        };
        let precondition = Precondition::read(if_match.as_deref());
        let Self { store, surroundings, .. } = self;
        Ok(match set_policy(store, surroundings, &caller, item_id, &precondition, policy).await? {
            set_policy::Outcome::Set(record) => {
                self.note_changed(item_id);
                SetApiKeyPolicyResponse::Status200 { e_tag: self.e_tag(&record)?, body: policy_model(record.policy) }
            }
            set_policy::Outcome::NotFound => SetApiKeyPolicyResponse::Status404(records::no_such_key()),
            set_policy::Outcome::Revoked => SetApiKeyPolicyResponse::Status409(revoked()),
            set_policy::Outcome::Changed => SetApiKeyPolicyResponse::Status412(records::changed_since()),
            set_policy::Outcome::NotCovered => return Err(Failure::NotCovered),
        })
    }

    async fn get_api_key_usage(&self, caller: Caller, item_id: i64) -> Result<GetApiKeyUsageResponse, Failure> {
        let Some(usage) = self.store.find_usage(&caller, item_id).await? else {
            self.store.confirm(&caller).await?;
            return Ok(GetApiKeyUsageResponse::Status404(records::no_such_key()));
        };
        Ok(GetApiKeyUsageResponse::Status200(models::ApiKeyUsage {
            key_id: item_id,
            valid_count: usage.valid,
            refused_count: usage.refused,
            last_used_at: usage.last_used_at.map(types::DateTime),
        }))
    }
}

impl Service {
    /// The answer with a record that was changed here, of which this node need not be told.
    fn changed(&self, record: KeyRecord) -> Result<records::Answer, Failure> {
        self.note_changed(record.id);
        self.answer(record, None)
    }
}

fn revoked() -> models::Problem {
    answers::problem_model(StatusCode::CONFLICT, "The key is revoked, for good.")
}

fn policy_model(policy: Policy) -> models::ApiKeyPolicy {
    let rate_limit = policy
        .rate_limit()
        .map(|limit| models::RateLimit { requests: limit.requests.into(), seconds: limit.seconds.into() });
    models::ApiKeyPolicy {
        scopes: Some(policy.scopes),
        networks: Some(policy.networks.map(|networks| networks.iter().map(ToString::to_string).collect())),
        not_before: Some(policy.not_before.map(types::DateTime)),
        rate_limit: Some(rate_limit),
    }
}

fn read_policy(body: models::ApiKeyPolicy) -> Result<Policy, models::HttpValidationError> {
    let rate_limit = body.rate_limit.flatten();
    let scopes = body.scopes.flatten().map(read_scopes).transpose().map_err(policy_fault)?;
    let networks = body.networks.flatten().map(|networks| read_networks(&networks)).transpose();
    Ok(Policy {
        scopes,
        networks: networks.map_err(policy_fault)?,
        not_before: body.not_before.flatten().map(|time| time.0),
        rate_limit_requests: rate_limit.as_ref().map(|limit| limit.requests),
        rate_limit_seconds: rate_limit.as_ref().map(|limit| limit.seconds),
    })
}

/// What the contract's schemas cannot see.
pub(super) fn policy_fault(fault: PolicyFault) -> models::HttpValidationError {
    let too_many = format!("List should have at most {MAX_ITEMS} items");
    match fault {
        PolicyFault::Scope(index) => records::scope_fault(index),
        PolicyFault::Network(index) => records::fault(
            &["body", "networks"],
            Some(index),
            "ip_any_network",
            "value is not a valid IPv4 or IPv6 network",
        ),
        PolicyFault::TooManyScopes => records::fault(&["body", "scopes"], None, "too_long", &too_many),
        PolicyFault::TooManyNetworks => records::fault(&["body", "networks"], None, "too_long", &too_many),
    }
}
