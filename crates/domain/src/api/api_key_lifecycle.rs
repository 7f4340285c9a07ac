//! The operations that change the status of a key.

use chrono::TimeDelta;
use http::StatusCode;
use latchkey_api::{
    apis::{
        api_key_lifecycle::{
            ApiKeyLifecycle, DisableApiKeyResponse, EnableApiKeyResponse, RevokeApiKeyResponse, RotateApiKeyResponse,
        },
        responses::RotationConflict,
    },
    models,
};

use super::{
    ApiError, Service,
    etag::parse_if_match,
    problem::{ProblemCode, problem},
    responses::{
        KeyResponse, idempotency_key_reused, key_not_found, key_quota_exceeded, key_revoked, location,
        precondition_failed,
    },
};
use crate::{
    keys::{
        disable::disable,
        enable::enable,
        mutation::{Outcome, wait_until_effective},
        revoke::revoke,
        rotate::{self, RotateParams, rotate},
    },
    model::Caller,
};

impl ApiKeyLifecycle for Service {
    async fn disable_api_key(
        &self,
        caller: Caller,
        item_id: i64,
        if_match: Option<String>,
        query: models::DisableApiKeyQuery,
    ) -> Result<DisableApiKeyResponse, ApiError> {
        let precondition = parse_if_match(if_match.as_deref());
        Ok(match disable(&self.store, &self.env, &caller, item_id, &precondition).await? {
            Outcome::Done(key) => {
                wait_until_effective(query.wait_until_effective).await;
                let KeyResponse { body, etag, link } = KeyResponse::new(*key, None, self.env.clock.now());
                DisableApiKeyResponse::Ok { body, etag, link }
            }
            Outcome::NotFound => DisableApiKeyResponse::NotFound(key_not_found()),
            Outcome::Revoked(_) => DisableApiKeyResponse::Conflict(key_revoked()),
            Outcome::PreconditionFailed => DisableApiKeyResponse::PreconditionFailed(precondition_failed("API key")),
        })
    }

    async fn enable_api_key(
        &self,
        caller: Caller,
        item_id: i64,
        if_match: Option<String>,
    ) -> Result<EnableApiKeyResponse, ApiError> {
        let precondition = parse_if_match(if_match.as_deref());
        Ok(match enable(&self.store, &self.env, &caller, item_id, &precondition).await? {
            Outcome::Done(key) => {
                let KeyResponse { body, etag, link } = KeyResponse::new(*key, None, self.env.clock.now());
                EnableApiKeyResponse::Ok { body, etag, link }
            }
            Outcome::NotFound => EnableApiKeyResponse::NotFound(key_not_found()),
            Outcome::Revoked(_) => EnableApiKeyResponse::Conflict(key_revoked()),
            Outcome::PreconditionFailed => EnableApiKeyResponse::PreconditionFailed(precondition_failed("API key")),
        })
    }

    async fn revoke_api_key(
        &self,
        caller: Caller,
        item_id: i64,
        if_match: Option<String>,
        query: models::RevokeApiKeyQuery,
        body: models::ApiKeyRevoke,
    ) -> Result<RevokeApiKeyResponse, ApiError> {
        let precondition = parse_if_match(if_match.as_deref());
        let reason = body.reason.flatten();
        Ok(match revoke(&self.store, &self.env, &caller, item_id, &precondition, reason).await? {
            Outcome::Done(key) | Outcome::Revoked(key) => {
                wait_until_effective(query.wait_until_effective).await;
                let KeyResponse { body, etag, link } = KeyResponse::new(*key, None, self.env.clock.now());
                RevokeApiKeyResponse::Ok { body, etag, link }
            }
            Outcome::NotFound => RevokeApiKeyResponse::NotFound(key_not_found()),
            Outcome::PreconditionFailed => RevokeApiKeyResponse::PreconditionFailed(precondition_failed("API key")),
        })
    }

    async fn rotate_api_key(
        &self,
        caller: Caller,
        item_id: i64,
        if_match: Option<String>,
        idempotency_key: Option<String>,
        body: models::ApiKeyRotate,
    ) -> Result<RotateApiKeyResponse, ApiError> {
        let params = RotateParams {
            precondition: &parse_if_match(if_match.as_deref()),
            grace_period: TimeDelta::seconds(body.grace_period_seconds.unwrap_or_default()),
            idempotency_key: idempotency_key.as_deref(),
        };
        let Self { store, issuer, env, .. } = self;
        Ok(match rotate(store, issuer, env, &caller, item_id, params).await? {
            rotate::Outcome::Rotated(key, secret) => {
                let location = location(&key);
                let KeyResponse { body, etag, link } = KeyResponse::new(*key, Some(secret), env.clock.now());
                RotateApiKeyResponse::Created { body, location, etag, link }
            }
            rotate::Outcome::NotFound => RotateApiKeyResponse::NotFound(key_not_found()),
            rotate::Outcome::PreconditionFailed => {
                RotateApiKeyResponse::PreconditionFailed(precondition_failed("API key"))
            }
            rotate::Outcome::NotRotatable => RotateApiKeyResponse::Conflict(RotationConflict {
                body: problem(
                    StatusCode::CONFLICT,
                    ProblemCode::KeyNotRotatable,
                    "Only an active or pending API key that was not rotated or changed meanwhile can be rotated.",
                ),
            }),
            rotate::Outcome::IdempotencyKeyReused => {
                RotateApiKeyResponse::Conflict(RotationConflict { body: idempotency_key_reused() })
            }
            rotate::Outcome::QuotaExceeded => {
                RotateApiKeyResponse::Conflict(RotationConflict { body: key_quota_exceeded(issuer.quota()) })
            }
        })
    }
}
