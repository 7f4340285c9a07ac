//! The operations on keys.

use latchkey_api::{
    apis::api_keys::{
        ApiKeys, CreateApiKeyResponse, DeleteApiKeyResponse, GetApiKeyResponse, ListApiKeysResponse,
        UpdateApiKeyResponse,
    },
    models,
};

use super::{
    ApiError, Service,
    etag::parse_if_match,
    page_size,
    responses::{KeyResponse, key_model, key_not_found, location, precondition_failed},
    validation,
};
use crate::{
    keys::{
        create::{self, NewKeyParams, create},
        delete::delete,
        get::get,
        list::list,
        update::{self, update},
    },
    model::{Caller, KeyPatch, KeyStatus},
};

impl ApiKeys for Service {
    async fn create_api_key(
        &self,
        caller: Caller,
        idempotency_key: Option<String>,
        body: models::ApiKeyRecordCreate,
    ) -> Result<CreateApiKeyResponse, ApiError> {
        if let Some(error) = validation::empty_idempotency_key(idempotency_key.as_deref()) {
            return Ok(CreateApiKeyResponse::Status422(error));
        }
        let params = NewKeyParams {
            description: body.description.flatten(),
            expires_at: body.expires_at.flatten().map(|time| time.0),
        };
        let Self { store, issuer, env, .. } = self;
        Ok(match create(store, issuer, env, &caller, params, idempotency_key.as_deref()).await? {
            create::Outcome::Created(key, secret) => {
                let location = location(&key)?;
                let KeyResponse { body, e_tag, .. } = KeyResponse::new(*key, Some(secret), self.env.clock.now())?;
                CreateApiKeyResponse::Status201 { body, location, e_tag }
            }
            create::Outcome::IdempotencyKeyReused => {
                CreateApiKeyResponse::Status422(validation::idempotency_key_reused())
            }
        })
    }

    async fn get_api_key(&self, caller: Caller, item_id: i64) -> Result<GetApiKeyResponse, ApiError> {
        Ok(match get(&self.store, &caller, item_id).await? {
            Some(key) => {
                let KeyResponse { body, e_tag, link } = KeyResponse::new(key, None, self.env.clock.now())?;
                GetApiKeyResponse::Status200 { body, e_tag, link }
            }
            None => GetApiKeyResponse::Status404(key_not_found()),
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
            update::Outcome::Updated(key) => {
                let KeyResponse { body, e_tag, link } = KeyResponse::new(*key, None, self.env.clock.now())?;
                UpdateApiKeyResponse::Status200 { body, e_tag, link }
            }
            update::Outcome::NotFound => UpdateApiKeyResponse::Status404(key_not_found()),
            update::Outcome::PreconditionFailed => UpdateApiKeyResponse::Status412(precondition_failed()),
        })
    }

    async fn delete_api_key(&self, caller: Caller, item_id: i64) -> Result<DeleteApiKeyResponse, ApiError> {
        Ok(match delete(&self.store, &self.env, &caller, item_id).await? {
            true => DeleteApiKeyResponse::Status204,
            false => DeleteApiKeyResponse::Status404(key_not_found()),
        })
    }

    async fn list_api_keys(
        &self,
        caller: Caller,
        query: models::ListApiKeysQuery,
    ) -> Result<ListApiKeysResponse, ApiError> {
        let models::ListApiKeysQuery { limit, cursor, status } = query;
        let after = match self.key_cursors.parse(&caller, cursor.as_deref()) {
            Ok(after) => after,
            Err(error) => return Ok(ListApiKeysResponse::Status422(error)),
        };
        let now = self.env.clock.now();
        let page = list(&self.store, &caller, now, page_size(limit)?, after, status.map(key_status)).await?;
        let status = status.map(|status| format!("&status={}", status.as_str())).unwrap_or_default();
        let path = format!("/v1/api-keys/?limit={limit}{status}");
        Ok(ListApiKeysResponse::Status200 {
            link: self.key_cursors.next_link(&caller, &path, page.next)?,
            body: page.keys.into_iter().map(|key| key_model(key, None, now)).collect(),
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
