//! The operations on keys, as the contract has them.

use http::{HeaderValue, StatusCode};
use latchkey_api::{
    apis::api_keys::{
        ApiKeys, CreateApiKeyResponse, DeleteApiKeyResponse, GetApiKeyResponse, ListApiKeysResponse,
        UpdateApiKeyResponse,
    },
    models, types,
};
use secrecy::{ExposeSecret, SecretString};

use super::Service;
use crate::{
    answers,
    error::Failure,
    identity::Caller,
    keys::{
        create::{Wish, create},
        delete::delete,
        get::get,
        list::list,
        record::{KeyRecord, KeyStatus},
        update::{Change, update},
    },
};

impl ApiKeys for Service {
    async fn create_api_key(
        &self,
        caller: Caller,
        body: models::ApiKeyRecordCreate,
    ) -> Result<CreateApiKeyResponse, Failure> {
        let wish =
            Wish { description: body.description.flatten(), expires_at: body.expires_at.flatten().map(|time| time.0) };
        let Self { store, peppers, key_prefix, surroundings, .. } = self;
        let (record, key) = create(store, peppers, key_prefix, surroundings, &caller, wish).await?;
        let location = HeaderValue::try_from(format!("/v1/api-keys/{}", record.id)).map_err(Failure::internal)?;
        Ok(CreateApiKeyResponse::Status201 { body: self.read_model(record, Some(key)), location })
    }

    async fn get_api_key(&self, caller: Caller, item_id: i64) -> Result<GetApiKeyResponse, Failure> {
        Ok(match get(&self.store, &caller, item_id).await? {
            Some(record) => GetApiKeyResponse::Status200(self.read_model(record, None)),
            None => GetApiKeyResponse::Status404(no_such_key()),
        })
    }

    async fn update_api_key(
        &self,
        caller: Caller,
        item_id: i64,
        body: models::ApiKeyRecordCreate,
    ) -> Result<UpdateApiKeyResponse, Failure> {
        let change = Change {
            description: body.description,
            expires_at: body.expires_at.map(|expires_at| expires_at.map(|time| time.0)),
        };
        Ok(match update(&self.store, &caller, item_id, change).await? {
            Some(record) => UpdateApiKeyResponse::Status200(self.read_model(record, None)),
            None => UpdateApiKeyResponse::Status404(no_such_key()),
        })
    }

    async fn delete_api_key(&self, caller: Caller, item_id: i64) -> Result<DeleteApiKeyResponse, Failure> {
        let found = delete(&self.store, &caller, item_id, self.surroundings.now()).await?;
        Ok(if found { DeleteApiKeyResponse::Status204 } else { DeleteApiKeyResponse::Status404(no_such_key()) })
    }

    async fn list_api_keys(
        &self,
        caller: Caller,
        query: models::ListApiKeysQuery,
    ) -> Result<ListApiKeysResponse, Failure> {
        let models::ListApiKeysQuery { limit, cursor, status } = query;
        let after = match cursor {
            None => None,
            Some(cursor) => match self.cursors.read(caller.user_id, &cursor) {
                Some(after) => Some(after),
                None => return Ok(ListApiKeysResponse::Status422(forged_cursor())),
            },
        };
        let count = usize::try_from(limit).map_err(Failure::internal)?;
        let page = list(&self.store, &caller, self.surroundings.now(), count, after, status.map(key_status)).await?;
        let link = page.next.map(|last| {
            let cursor = self.cursors.write(caller.user_id, last);
            let status = status.map(|status| format!("&status={}", status.as_str())).unwrap_or_default();
            HeaderValue::try_from(format!("</v1/api-keys/?limit={limit}{status}&cursor={cursor}>; rel=\"next\""))
        });
        Ok(ListApiKeysResponse::Status200 {
            link: link.transpose().map_err(Failure::internal)?,
            body: page.records.into_iter().map(|record| self.read_model(record, None)).collect(),
        })
    }
}

impl Service {
    /// The record as its owner sees it; `key` only in the answer that made it.
    fn read_model(&self, record: KeyRecord, key: Option<SecretString>) -> models::ApiKeyRecordRead {
        let status = record.status(self.surroundings.now());
        models::ApiKeyRecordRead {
            id: record.id,
            key_prefix: record.key_prefix,
            user_id: record.user_id,
            status: Some(status_model(status).as_str().to_owned()),
            created_at: Some(types::DateTime(record.created_at)),
            expires_at: record.expires_at.map(types::DateTime),
            description: record.description,
            full_key: Some(key.map(|key| key.expose_secret().to_owned())),
        }
    }
}

fn status_model(status: KeyStatus) -> models::ApiKeyStatus {
    match status {
        KeyStatus::Active => models::ApiKeyStatus::Active,
        KeyStatus::Pending => models::ApiKeyStatus::Pending,
        KeyStatus::Disabled => models::ApiKeyStatus::Disabled,
        KeyStatus::Revoked => models::ApiKeyStatus::Revoked,
        KeyStatus::Expired => models::ApiKeyStatus::Expired,
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

/// Another user's key is answered exactly so as well.
fn no_such_key() -> models::Problem {
    answers::problem_model(StatusCode::NOT_FOUND, "There is no such key.")
}

/// The one fault that the contract's schemas cannot see.
fn forged_cursor() -> models::HttpValidationError {
    models::HttpValidationError {
        detail: Some(vec![models::ValidationError {
            loc: vec![
                models::LocationInner::String("query".to_owned()),
                models::LocationInner::String("cursor".to_owned()),
            ],
            msg: "Value error, the cursor is not from a Link of this user's pages".to_owned(),
            r_type: "value_error".to_owned(),
        }]),
    }
}
