//! The operations on keys, except their lifecycle and policy.

use latchkey_api::{
    apis::{
        api_keys::{
            ApiKeys, CreateApiKeyResponse, DeleteApiKeyResponse, GetApiKeyResponse, GetApiKeyUsageResponse,
            ListApiKeysResponse, UpdateApiKeyResponse,
        },
        responses::IdempotencyConflict,
    },
    models, types,
};

use super::{
    ApiError, Service,
    api_key_policies::parse_policy,
    etag::parse_if_match,
    page_size,
    responses::{
        KeyResponse, idempotency_key_reused, key_model, key_not_found, key_quota_exceeded, location,
        precondition_failed,
    },
    validation,
};
use crate::{
    keys::{
        create::{self, NewKeyParams, create},
        delete::delete,
        get::get,
        list::list,
        mutation::{Outcome, wait_until_effective},
        update::update,
        usage::usage,
    },
    model::{Caller, KeyPatch, KeyStatus},
};

impl ApiKeys for Service {
    async fn create_api_key(
        &self,
        caller: Caller,
        idempotency_key: Option<String>,
        body: models::ApiKeyCreate,
    ) -> Result<CreateApiKeyResponse, ApiError> {
        let policy = match body.policy.flatten().map(parse_policy).transpose()?.transpose() {
            Ok(policy) => policy,
            Err(error) => {
                let error = validation::policy_error(&["body", "policy"], error);
                return Ok(CreateApiKeyResponse::UnprocessableContent(error));
            }
        };
        let params = NewKeyParams {
            description: body.description.flatten(),
            expires_at: body.expires_at.flatten().map(|time| time.0),
            policy,
        };
        let Self { store, issuer, env, .. } = self;
        Ok(match create(store, issuer, env, &caller, params, idempotency_key.as_deref()).await? {
            create::Outcome::Created(key, secret) => {
                let location = location(&key);
                let KeyResponse { body, etag, .. } = KeyResponse::new(*key, Some(secret), env.clock.now());
                CreateApiKeyResponse::Created { body, location, etag }
            }
            create::Outcome::IdempotencyKeyReused => {
                CreateApiKeyResponse::Conflict(IdempotencyConflict { body: idempotency_key_reused() })
            }
            create::Outcome::QuotaExceeded => {
                CreateApiKeyResponse::Conflict(IdempotencyConflict { body: key_quota_exceeded(issuer.quota()) })
            }
        })
    }

    async fn get_api_key(&self, caller: Caller, item_id: i64) -> Result<GetApiKeyResponse, ApiError> {
        Ok(match get(&self.store, &self.env, &caller, item_id).await? {
            Some(key) => {
                let KeyResponse { body, etag, link } = KeyResponse::new(key, None, self.env.clock.now());
                GetApiKeyResponse::Ok { body, etag, link }
            }
            None => GetApiKeyResponse::NotFound(key_not_found()),
        })
    }

    async fn update_api_key(
        &self,
        caller: Caller,
        item_id: i64,
        if_match: Option<String>,
        body: models::ApiKeyRecordCreate,
    ) -> Result<UpdateApiKeyResponse, ApiError> {
        let patch = KeyPatch {
            description: body.description,
            expires_at: body.expires_at.map(|expires_at| expires_at.map(|time| time.0)),
        };
        let precondition = parse_if_match(if_match.as_deref());
        Ok(match update(&self.store, &self.env, &caller, item_id, &precondition, patch).await? {
            Outcome::Done(key) | Outcome::Revoked(key) => {
                let KeyResponse { body, etag, link } = KeyResponse::new(*key, None, self.env.clock.now());
                UpdateApiKeyResponse::Ok { body, etag, link }
            }
            Outcome::NotFound => UpdateApiKeyResponse::NotFound(key_not_found()),
            Outcome::PreconditionFailed => UpdateApiKeyResponse::PreconditionFailed(precondition_failed()),
        })
    }

    async fn delete_api_key(
        &self,
        caller: Caller,
        item_id: i64,
        if_match: Option<String>,
        query: models::DeleteApiKeyQuery,
    ) -> Result<DeleteApiKeyResponse, ApiError> {
        let precondition = parse_if_match(if_match.as_deref());
        Ok(match delete(&self.store, &self.env, &caller, item_id, &precondition).await? {
            Outcome::Done(_) | Outcome::Revoked(_) => {
                wait_until_effective(query.wait_until_effective).await;
                DeleteApiKeyResponse::NoContent
            }
            Outcome::NotFound => DeleteApiKeyResponse::NotFound(key_not_found()),
            Outcome::PreconditionFailed => DeleteApiKeyResponse::PreconditionFailed(precondition_failed()),
        })
    }

    async fn list_api_keys(
        &self,
        caller: Caller,
        query: models::ListApiKeysQuery,
    ) -> Result<ListApiKeysResponse, ApiError> {
        let models::ListApiKeysQuery { limit, cursor, status } = query;
        let after = match self.key_cursors.parse(&caller, cursor.as_deref()) {
            Ok(position) => position.map(|[id]| id),
            Err(error) => return Ok(ListApiKeysResponse::UnprocessableContent(error)),
        };
        let now = self.env.clock.now();
        let page = list(&self.store, &caller, now, page_size(limit)?, after, status.map(key_status)).await?;
        let status = status.map(|status| format!("&status={}", status.as_str())).unwrap_or_default();
        let path = format!("/v1/api-keys/?limit={limit}{status}");
        Ok(ListApiKeysResponse::Ok {
            link: self.key_cursors.next_link(&caller, &path, page.next.map(|id| [id])),
            body: page.keys.into_iter().map(|key| key_model(key, None, now)).collect(),
        })
    }

    async fn get_api_key_usage(&self, caller: Caller, item_id: i64) -> Result<GetApiKeyUsageResponse, ApiError> {
        Ok(match usage(&self.store, &self.env, &caller, item_id).await? {
            Some(usage) => GetApiKeyUsageResponse::Ok(models::ApiKeyUsage {
                key_id: item_id,
                valid_count: usage.valid,
                invalid_count: usage.invalid,
                last_used_at: usage.last_used_at.map(types::DateTime),
            }),
            None => GetApiKeyUsageResponse::NotFound(key_not_found()),
        })
    }
}

fn key_status(status: models::ApiKeyStatus) -> KeyStatus {
    match status {
        models::ApiKeyStatus::Active => KeyStatus::Active,
        models::ApiKeyStatus::Pending => KeyStatus::Pending,
        models::ApiKeyStatus::Disabled => KeyStatus::Disabled,
        models::ApiKeyStatus::Revoked => KeyStatus::Revoked,
        models::ApiKeyStatus::Expired => KeyStatus::Expired,
    }
}
