//! The operations on keys, as the contract has them.

use latchkey_api::{
    apis::api_keys::{
        ApiKeys, CreateApiKeyResponse, DeleteApiKeyResponse, GetApiKeyResponse, ListApiKeysResponse,
        UpdateApiKeyResponse,
    },
    models,
};

use super::{Service, pages, records};
use crate::{
    error::Failure,
    identity::Caller,
    keys::{
        create::{self, Wish, create},
        delete::delete,
        etag::Precondition,
        get::get,
        list::list,
        record::KeyStatus,
        update::{self, Change, update},
    },
};

impl ApiKeys for Service {
    async fn create_api_key(
        &self,
        caller: Caller,
        idempotency_key: Option<String>,
        body: models::ApiKeyRecordCreate,
    ) -> Result<CreateApiKeyResponse, Failure> {
        if let Some(fault) = records::idempotency_key_empty(idempotency_key.as_deref()) {
            return Ok(CreateApiKeyResponse::Status422(fault));
        }
        let wish =
            Wish { description: body.description.flatten(), expires_at: body.expires_at.flatten().map(|time| time.0) };
        let Self { store, maker, surroundings, .. } = self;
        Ok(match create(store, maker, surroundings, &caller, wish, idempotency_key.as_deref()).await? {
            create::Outcome::Created(record, key) => {
                let location = records::location(&record)?;
                let records::Answer { body, e_tag, .. } = self.answer(*record, Some(key))?;
                CreateApiKeyResponse::Status201 { body, location, e_tag }
            }
            create::Outcome::IdempotencyKeyReused => CreateApiKeyResponse::Status422(records::idempotency_key_reused()),
        })
    }

    async fn get_api_key(&self, caller: Caller, item_id: i64) -> Result<GetApiKeyResponse, Failure> {
        Ok(match get(&self.store, &caller, item_id).await? {
            Some(record) => {
                let records::Answer { body, e_tag, link } = self.answer(record, None)?;
                GetApiKeyResponse::Status200 { body, e_tag, link }
            }
            None => GetApiKeyResponse::Status404(records::no_such_key()),
        })
    }

    async fn update_api_key(
        &self,
        caller: Caller,
        item_id: i64,
        if_match: Option<String>,
        body: models::ApiKeyRecordCreate,
    ) -> Result<UpdateApiKeyResponse, Failure> {
        let change = Change {
            description: body.description,
            expires_at: body.expires_at.map(|expires_at| expires_at.map(|time| time.0)),
        };
        let sets_expiry = change.expires_at.is_some();
        let precondition = Precondition::read(if_match.as_deref());
        let Self { store, surroundings, .. } = self;
        Ok(match update(store, surroundings, &caller, item_id, &precondition, change).await? {
            update::Outcome::Updated(record) => {
                if sets_expiry {
                    self.note_changed(item_id);
                }
                let records::Answer { body, e_tag, link } = self.answer(*record, None)?;
                UpdateApiKeyResponse::Status200 { body, e_tag, link }
            }
            update::Outcome::NotFound => UpdateApiKeyResponse::Status404(records::no_such_key()),
            update::Outcome::Changed => UpdateApiKeyResponse::Status412(records::changed_since()),
        })
    }

    async fn delete_api_key(&self, caller: Caller, item_id: i64) -> Result<DeleteApiKeyResponse, Failure> {
        Ok(match delete(&self.store, &self.surroundings, &caller, item_id).await? {
            true => {
                self.note_changed(item_id);
                DeleteApiKeyResponse::Status204
            }
            false => DeleteApiKeyResponse::Status404(records::no_such_key()),
        })
    }

    async fn list_api_keys(
        &self,
        caller: Caller,
        query: models::ListApiKeysQuery,
    ) -> Result<ListApiKeysResponse, Failure> {
        let models::ListApiKeysQuery { limit, cursor, status } = query;
        let after = match pages::begin(&self.cursors, &caller, cursor.as_deref()) {
            Ok(after) => after,
            Err(fault) => return Ok(ListApiKeysResponse::Status422(fault)),
        };
        let count = usize::try_from(limit).map_err(Failure::internal)?;
        let wanted = status.map(|status| {
            KeyStatus::named(status.as_str()).ok_or_else(|| Failure::internal("the contract has a status of its own"))
        });
        let page = list(&self.store, &caller, self.surroundings.now(), count, after, wanted.transpose()?).await?;
        let status = status.map(|status| format!("&status={}", status.as_str())).unwrap_or_default();
        let path = format!("/v1/api-keys/?limit={limit}{status}");
        Ok(ListApiKeysResponse::Status200 {
            link: pages::next_link(&self.cursors, &caller, &path, page.next)?,
            body: page.records.into_iter().map(|record| self.read_model(record, None)).collect(),
        })
    }
}
