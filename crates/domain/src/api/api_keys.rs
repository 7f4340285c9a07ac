//! The operations on keys, except their lifecycle and policy.

use latchkey_api::{
    apis::{
        api_keys::{
            ApiKeys, CreateApiKeyResponse, DeleteApiKeyResponse, GetApiKeyMetadataResponse, GetApiKeyResponse,
            GetApiKeyUsageResponse, ListApiKeysResponse, SetApiKeyMetadataResponse, UpdateApiKeyResponse,
        },
        responses::IdempotencyConflict,
    },
    models, types,
};

use super::{
    ApiError, Service,
    api_key_policies::parse_policy,
    etag::{etag, parse_if_match},
    page_size,
    responses::{
        KeyResponse, idempotency_key_reused, key_model, key_not_found, key_quota_exceeded, location,
        precondition_failed,
    },
    validation::{self, parse_metadata},
};
use crate::{
    keys::{
        create::{self, NewKeyParams, create},
        delete::delete,
        get::get,
        list::list,
        metadata::{get_metadata, set_metadata},
        mutation::{Outcome, wait_until_effective},
        update::update,
        usage::usage,
    },
    model::{Caller, KeyPatch, KeyStatus, Metadata},
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
        let metadata = match body.metadata.map(parse_metadata).transpose() {
            Ok(metadata) => metadata.unwrap_or_default(),
            Err(error) => return Ok(CreateApiKeyResponse::UnprocessableContent(error)),
        };
        let params = NewKeyParams {
            description: body.description.flatten(),
            expires_at: body.expires_at.flatten().map(|time| time.0),
            policy,
            metadata,
        };
        let Self { store, issuer, env, .. } = self;
        let project = self.verifier.project(caller.project_id).await?;
        Ok(match create(store, issuer, env, &caller, &project, params, idempotency_key.as_deref()).await? {
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
            Outcome::PreconditionFailed => UpdateApiKeyResponse::PreconditionFailed(precondition_failed("API key")),
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
            Outcome::PreconditionFailed => DeleteApiKeyResponse::PreconditionFailed(precondition_failed("API key")),
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

    async fn get_api_key_metadata(&self, caller: Caller, item_id: i64) -> Result<GetApiKeyMetadataResponse, ApiError> {
        Ok(match get_metadata(&self.store, &self.env, &caller, item_id).await? {
            Some((key, metadata)) => {
                GetApiKeyMetadataResponse::Ok { etag: etag(&key, self.env.clock.now()), body: metadata_model(metadata) }
            }
            None => GetApiKeyMetadataResponse::NotFound(key_not_found()),
        })
    }

    async fn set_api_key_metadata(
        &self,
        caller: Caller,
        item_id: i64,
        if_match: Option<String>,
        body: models::ApiKeyMetadata,
    ) -> Result<SetApiKeyMetadataResponse, ApiError> {
        let metadata = match parse_metadata(body.metadata) {
            Ok(metadata) => metadata,
            Err(error) => return Ok(SetApiKeyMetadataResponse::UnprocessableContent(error)),
        };
        let precondition = parse_if_match(if_match.as_deref());
        Ok(match set_metadata(&self.store, &self.env, &caller, item_id, &precondition, &metadata).await? {
            Outcome::Done(key) | Outcome::Revoked(key) => {
                SetApiKeyMetadataResponse::Ok { etag: etag(&key, self.env.clock.now()), body: metadata_model(metadata) }
            }
            Outcome::NotFound => SetApiKeyMetadataResponse::NotFound(key_not_found()),
            Outcome::PreconditionFailed => {
                SetApiKeyMetadataResponse::PreconditionFailed(precondition_failed("API key"))
            }
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

fn metadata_model(metadata: Metadata) -> models::ApiKeyMetadataRead {
    models::ApiKeyMetadataRead { metadata: types::StringMap(metadata.into()) }
}

pub(super) fn key_status(status: models::ApiKeyStatus) -> KeyStatus {
    match status {
        models::ApiKeyStatus::Active => KeyStatus::Active,
        models::ApiKeyStatus::Pending => KeyStatus::Pending,
        models::ApiKeyStatus::Disabled => KeyStatus::Disabled,
        models::ApiKeyStatus::Revoked => KeyStatus::Revoked,
        models::ApiKeyStatus::Expired => KeyStatus::Expired,
    }
}
